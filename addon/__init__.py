"""An event comes in, a card goes out. Knows crm; no Flask, no HTTP call, no SQL of its own."""
