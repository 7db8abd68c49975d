"""From which addresses besides its own a mailbox's owner sends: they are ours too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from crm.base import addresses
from crm.mail import mailboxes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.models import Mailbox

#: Who adds an address at their provider's writes from it before long.
EVERY: Final = timedelta(hours=1)


def are_due(mailbox: Mailbox, at: datetime) -> bool:
    """Tell whether to ask for them: where that was long ago, or before another login."""
    asked = mailbox.place.get(mailboxes.ALIASES_AT)
    return asked is None or at - datetime.fromisoformat(asked) >= EVERY


def note(session: Session, mailbox: Mailbox, found: Sequence[str], *, at: datetime) -> None:
    """Note them, and when they were asked for."""
    valid = sorted({email for email in found if addresses.parse(email) is not None})
    current = mailboxes.get(session, mailbox.workspace_id, mailbox.id)
    told = {"aliases": valid, mailboxes.ALIASES_AT: at.isoformat()}
    mailboxes.note_place(session, current, told)
