"""How fast Inlay is, measured on this machine: `make bench`, or `python -m benchmarks`.

The benchmarks stand beside the product and may use all of it; nothing of the product knows them.
"""
