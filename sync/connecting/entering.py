"""Try whether a password lets us into a mailbox, before it takes the old one's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.credentials import imap_login
from sync.sources.imap import ImapSource

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox

#: Somebody waits before a page: so many seconds without a sign of the server, and in all.
_TIMEOUT, _WITHIN = 8.0, 20.0


def enter(mailbox: Mailbox, password: str, settings: Settings, vault: Vault) -> None:
    """Log in with a password and leave again. Raises the errors of `sync.errors`."""
    login = imap_login(mailbox, settings, vault, password)
    plain = settings.allow_plain_imap
    with ImapSource(login, timeout=_TIMEOUT, within=_WITHIN, allow_plain=plain) as source:
        source.folders(until=0)  # To have been let in is enough: none is asked about.
