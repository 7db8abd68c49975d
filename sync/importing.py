"""Let a first import go over Gmail's IMAP where that was chosen, and note why it does not.

The least consent is for reading over the API. What IMAP takes is all of a mailbox, so it is asked
for where somebody wants it, and what a service account lacks of it is no trouble of the API's.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crm.base import clock
from crm.mail import importing
from sync import google
from sync.overviews import Overviews
from sync.patience import transact
from sync.sources.gmail import BulkLogin

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from crm.mail.models import Mailbox
    from sync.sources.gmail import GmailLogin

#: Where IMAP is unless an address says so: with TLS, and without (RFC 8314, section 3.2).
_PORTS = {"imaps": 993, "imap": 143}


def bulk_login(
    mailbox: Mailbox, settings: Settings, login: GmailLogin, secret: str
) -> BulkLogin | None:
    """Return what gets in over IMAP, where a first import goes that way now; else None.

    What was listed for it is forgotten while letters come over the API: there each comes as it is,
    and what changes until IMAP is chosen again is told to no overview.
    """
    kept = Overviews(mailbox.id, settings.redis_url)
    if not importing.is_over_imap(mailbox, clock.now()):
        if mailbox.synced_at is None:
            kept.forget()
        return None
    if mailbox.place.get("grant") == google.DELEGATION:
        place, scopes = mailbox.place, google.EVERYTHING
        everything = google.credentials(mailbox.address, place, settings, secret, scopes=scopes)
        login = replace(login, credentials=everything, tokens=None)
    way = urlsplit(settings.google_imap_url)

    def leave(why: importing.Why) -> None:
        note = partial(importing.leave, mailbox=mailbox, why=why, at=clock.now())
        transact(mailbox.workspace_id, note)

    return BulkLogin(
        login,
        host=way.hostname or "",
        port=way.port or _PORTS[way.scheme],
        security="tls" if way.scheme == "imaps" else "none",
        kept=kept,
        leave=leave,
    )
