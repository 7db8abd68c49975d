"""Connecting a mailbox: what to propose, what is in the way, and what would come in.

Knows mail servers and other people's providers. Knows neither pages nor commands, which both ask
here; and it stores nothing.
"""
