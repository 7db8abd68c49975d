"""How the database came to be what it is: one file for each thing that is true afterwards."""
