"""Mail behind the Gmail API. Labels are state of a copy, and no folders."""

from sync.sources.gmail.bulk import BulkLogin
from sync.sources.gmail.client import GmailLogin
from sync.sources.gmail.mailbox import GmailSource

__all__ = ["BulkLogin", "GmailLogin", "GmailSource"]
