"""A message finds its place: contacts, thread, deals, timeline, with the reason for every link."""

from crm.filing.batches import Filed, file

__all__ = ["Filed", "file"]
