"""Mailboxes, messages and the ledger of copies. Knows people; knows no server and no parser."""
