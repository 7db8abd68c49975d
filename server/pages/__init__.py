"""The web app: one module for each place in it. No SQL here, and no commit."""
