"""The message that somebody has open in Gmail: which of ours it is, by Gmail's own id.

The event of the add-on names it `msg-f:` and a number: the id of Gmail's API in decimal digits,
which is the UID of the copy here. One that was sent from the web is named `msg-a:` and a word
that says nothing to us (developers.google.com/workspace/add-ons/concepts/event-objects). What an
event says is nobody's word: only the mailboxes of whoever looks are asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from crm.base import bulk
from crm.mail.mailboxes import STOPPED
from crm.mail.models import CopyState, MailboxKind

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: No id of a message; no copy has it.
NOBODYS: Final = -1
_LARGEST: Final = 2**63 - 1
_DECIMAL: Final = re.compile(r"msg-f:([0-9]{1,19})")
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{1,16}")

_PLACES = """
select b.id, b.address, b.kind = %(gmail)s, b.state, c.state, c.rule, c.message_id
from mailbox b
  left join folder f on f.workspace_id = b.workspace_id and f.mailbox_id = b.id
    and b.kind = %(gmail)s
  left join copy c on c.workspace_id = f.workspace_id and c.folder_id = f.id
    and c.uidvalidity = f.uidvalidity and c.uid = %(uid)s
where b.workspace_id = %(ws)s and b.user_id = %(user)s
  and (%(address)s = '' or b.address = %(address)s
    or b.place->'aliases' ? %(address)s)
order by c.uid is null, b.kind = %(gmail)s desc, b.address = %(address)s desc, b.id
"""


class Fate(StrEnum):
    """What is known of an open message."""

    FILED = "filed"  # it is here
    COMING = "coming"  # it is asked for, and comes in a moment
    LEFT_OUT = "left_out"  # a rule keeps it out
    UNREAD = "unread"  # it is in quarantine
    STOPPED = "stopped"  # its mailbox is not read now
    AWAITED = "awaited"  # its mailbox is read by other ways, by which it comes
    UNCONNECTED = "unconnected"  # no mailbox of theirs here is the one that is open
    GONE = "gone"  # Gmail does not have it
    UNSAID = "unsaid"  # Gmail did not say which it is, or not in time


@dataclass(frozen=True, slots=True)
class Opened:
    """An open message, as far as it is known: what became of it, by which rule, and where."""

    fate: Fate
    message_id: UUID | None = None
    rule: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The mailbox of somebody's in which a message lies, or would lie, and its copy there."""

    mailbox_id: UUID
    address: str
    gmail: bool  # of any other, Gmail's ids say nothing
    stopped: bool
    copy: CopyState | None
    rule: str
    message_id: UUID | None

    @property
    def opened(self) -> Opened | None:
        """Return what the ledger says of the message; None where it does not have it."""
        if self.copy is CopyState.FAILED:
            return Opened(Fate.UNREAD, address=self.address)
        if self.message_id is not None:
            return Opened(Fate.FILED, self.message_id, self.rule, self.address)
        if self.copy is CopyState.SKIPPED:
            return Opened(Fate.LEFT_OUT, rule=self.rule, address=self.address)
        return None


def number(name: str) -> int:
    """Return the UID that an event names, or an answer of the API; NOBODYS where it says none."""
    if (decimal := _DECIMAL.fullmatch(name)) is not None:
        found = int(decimal[1])
    elif _HEXADECIMAL.fullmatch(name):
        found = int(name, 16)
    else:
        return NOBODYS
    return found if 0 < found <= _LARGEST else NOBODYS


def find(session: Session, user: User, uid: int, *, address: str = "") -> Place | None:
    """Return where in their own mailboxes a message of Gmail is, or would be.

    `address` is whose Gmail it is, where Google says so: then no other mailbox counts. None where
    they have none, or several and none has the message.
    """
    rows = bulk.run(
        session,
        _PLACES,
        {
            "ws": user.workspace_id,
            "user": user.id,
            "uid": uid,
            "address": address.lower(),
            "gmail": MailboxKind.GMAIL,
        },
    ).all()
    found = [
        Place(
            mailbox_id,
            named,
            gmail,
            state in STOPPED,
            CopyState(copy) if copy is not None else None,
            rule or "",
            message_id,
        )
        for mailbox_id, named, gmail, state, copy, rule, message_id in rows
    ]
    unsure = not address and sum(place.gmail for place in found) > 1 and found[0].copy is None
    return found[0] if found and not unsure else None
