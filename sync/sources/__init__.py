"""Where mail lives: one module for each kind of source."""
