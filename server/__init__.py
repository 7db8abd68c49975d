"""The doors: the web app, the add-on's address, the command line, the servers they need."""
