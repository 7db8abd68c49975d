"""The foundation: errors, ids, the clock, addresses, the database. Knows nothing of the product."""
