"""Real servers that tests run, and proxies that do them harm."""
