"""From an event to a response: one module for each thing that a card can be about."""
