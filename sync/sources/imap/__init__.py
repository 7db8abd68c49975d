"""Mail on an IMAP server (RFC 3501). Only reads: EXAMINE and BODY.PEEK, never a flag."""

from sync.reaching import addresses_of
from sync.sources.imap.login import ImapLogin
from sync.sources.imap.mailbox import ImapSource

__all__ = ["ImapLogin", "ImapSource", "addresses_of"]
