"""Who may see a message: the one place that says so.

A mailbox says what colleagues see of its messages: nothing, that it happened, the headers, or
everything. Its owner may choose otherwise for a thread. A message shows as much as the most open
of the mailboxes that have it allows (`message.shares`, kept up to date as rows are written), and
whoever has it in a mailbox of their own sees all of it. Every read of messages, activities,
attachments, search and counts asks here.

A statement that asks is built once, when its module is loaded, and says whose eyes it is for by
the values that travel with each call: without `values` it fails, and shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from crm.base.db import table
from crm.base.ids import EVERYONE
from crm.mail.letter import SENT as LABEL
from crm.mail.letter import Role
from crm.mail.models import HELD, Copy, Mailbox, MailboxKind, Message, Shares

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import InstrumentedAttribute

    from crm.base.db import Session
    from crm.workspace.models import User


#: The condition that a copy named `own` is its author's: it is in a mailbox of the author's
#: address, or in a Sent folder of one that the message did not go to. Gmail says by a label what
#: was sent through it, from whatever address; what was sent from here stands under number 0.
SENT = f"""
exists (select from mailbox b
    join folder f on f.workspace_id = b.workspace_id and f.id = own.folder_id
    join message s on s.workspace_id = b.workspace_id and s.id = own.message_id
  where b.workspace_id = own.workspace_id and b.id = own.mailbox_id
    and case when b.kind = '{MailboxKind.GMAIL.value}'
      then own.uidvalidity = 0 or '{LABEL}' = any(string_to_array(own.labels, ' '))
      else (b.address = s.from_email
      or f.role = 'sent' and not exists (select from participant p
        where p.workspace_id = s.workspace_id and p.message_id = s.id and p.email = b.address
          and p.role in ({Role.TO:d}, {Role.CC:d}))) end)
"""

#: A copy of the viewer's own, whatever copies the query asks for beside it.
_Own = aliased(Copy, name="own")
_MAILBOXES = bindparam("mailboxes", type_=ARRAY(Uuid()))
_box = table(Mailbox).c
_THEIRS = select(_box.id).where(
    _box.workspace_id == bindparam("workspace_id"), _box.user_id == bindparam("user_id")
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks, and the mailboxes that are theirs."""

    user: User
    mailboxes: tuple[UUID, ...]

    @property
    def workspace_id(self) -> UUID:
        """Return the workspace they look into."""
        return self.user.workspace_id

    @property
    def audiences(self) -> list[UUID]:
        """Return the audiences they belong to: everyone, and the owner of each mailbox."""
        return [EVERYONE, *self.mailboxes]


def viewer(session: Session, user: User) -> Viewer:
    """Find out whose mailboxes somebody looks with."""
    mine = session.scalars(_THEIRS, {"workspace_id": user.workspace_id, "user_id": user.id})
    return Viewer(user, tuple(mine))


def of(least: Shares = Shares.HAPPENED) -> ColumnElement[bool]:
    """Give the condition that whoever asks may see at least so much of a message."""
    here = Message.workspace_id == bindparam("workspace_id")
    return and_(here, or_(Message.shares >= least, has_copy()))


def level() -> ColumnElement[int]:
    """Give how much of a message whoever asks may see, as a value of Shares."""
    return case((has_copy(), literal(int(Shares.EVERYTHING))), else_=Message.shares)


def has_copy() -> ColumnElement[bool]:
    """Give the condition that a message is in a mailbox of whoever asks."""
    return exists().where(
        _Own.workspace_id == Message.workspace_id,
        _Own.message_id == Message.id,
        _Own.state.in_(HELD),
        in_own_mailbox(_Own.mailbox_id),
    )


def has_sent() -> ColumnElement[bool]:
    """Give the condition that whoever asks sent a message: theirs is its author's copy.

    Nobody else is shown whom its blind copies went to (RFC 5322, section 3.6.3).
    """
    return exists().where(
        _Own.workspace_id == Message.workspace_id,
        _Own.message_id == Message.id,
        _Own.state.in_(HELD),
        in_own_mailbox(_Own.mailbox_id),
        text(SENT),
    )


def in_own_mailbox(
    mailbox_id: InstrumentedAttribute[UUID] | ColumnElement[UUID],
) -> ColumnElement[bool]:
    """Give the condition that a mailbox is one of those of whoever asks."""
    return mailbox_id == any_(_MAILBOXES)


def values(viewer: Viewer) -> dict[str, Any]:
    """Give what a statement with one of these conditions is executed with: who asks."""
    return {"workspace_id": viewer.workspace_id, "mailboxes": list(viewer.mailboxes)}
