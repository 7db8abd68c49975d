"""Looks for the letter that breaks a reader: by hand for long, in the tests for a moment."""
