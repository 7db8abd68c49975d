"""Real servers, private to the tests, and a liar in between."""
