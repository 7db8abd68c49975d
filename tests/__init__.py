"""The tests: they mirror the code; journeys cross it; the house checks its own rules."""
