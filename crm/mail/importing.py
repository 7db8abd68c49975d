"""How a mailbox of Gmail comes in at first: over the API, or over IMAP as long as that works.

What was chosen stands in the mailbox's place, and beside it why IMAP was left, and until when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from crm.mail import mailboxes

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.mail.models import Mailbox

_KEY: Final = "import"


class Over(StrEnum):
    """What the letters of the first import come over."""

    API = "api"
    IMAP = "imap"


class Why(StrEnum):
    """Why IMAP was left."""

    REFUSED = "refused"  # it is turned off in the mailbox or by the admin, or the consent is short
    HIDDEN = "hidden"  # the owner does not show all mail over IMAP
    LIMIT = "limit"  # what may be fetched in a day, or the connections at a time, are used up
    BROKEN = "broken"  # it does not answer, or makes no sense


#: For how long IMAP is left alone. What its owner chose lasts until they choose otherwise.
PAUSES: Final = {
    Why.REFUSED: timedelta(days=365),
    Why.HIDDEN: timedelta(days=365),
    Why.LIMIT: timedelta(hours=1),
    Why.BROKEN: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class Left:
    """That IMAP was left, why, and when it is tried again."""

    why: Why
    until: datetime


def choice(over: Over) -> dict[str, Any]:
    """Return what of a choice stands in a mailbox's place."""
    return {_KEY: {"over": over.value}}


def chosen(mailbox: Mailbox) -> Over:
    """Return what was chosen for a mailbox."""
    return Over(mailbox.place.get(_KEY, {}).get("over", Over.API))


def left(mailbox: Mailbox) -> Left | None:
    """Return why IMAP was left the last time, if it was."""
    said = mailbox.place.get(_KEY, {})
    if "why" not in said:
        return None
    return Left(Why(said["why"]), datetime.fromisoformat(said["until"]))


def is_over_imap(mailbox: Mailbox, at: datetime) -> bool:
    """Tell whether letters are to come over IMAP now: at the first import, while it lets us."""
    if mailbox.synced_at is not None or chosen(mailbox) is not Over.IMAP:
        return False
    ended = left(mailbox)
    return ended is None or ended.until <= at


def leave(session: Session, mailbox: Mailbox, why: Why, *, at: datetime) -> None:
    """Note why IMAP was left; it is left alone for a while."""
    current = mailboxes.get(session, mailbox.workspace_id, mailbox.id)
    said = {
        **current.place.get(_KEY, {}),
        "why": why.value,
        "until": (at + PAUSES[why]).isoformat(),
    }
    mailboxes.note_place(session, current, {_KEY: said})
