"""Who may see a message: the one place that says so.

A mailbox says what colleagues see of its messages: nothing, that it happened, the headers, or
everything. Its owner may choose otherwise for a thread. A message shows as much as the most open
of the mailboxes that have it allows (`message.shares`, kept up to date as rows are written), and
whoever has it in a mailbox of their own sees all of it. Every read of messages, activities,
attachments, search and counts asks here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select
from sqlalchemy.orm import aliased

from crm.base.db import among
from crm.base.ids import EVERYONE
from crm.mail.models import HELD, Copy, Mailbox, Message, Shares

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User


#: A copy of the viewer's own, whatever copies the query asks for beside it.
_Own = aliased(Copy)


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
    mine = session.scalars(
        select(Mailbox.id).where(
            Mailbox.workspace_id == user.workspace_id, Mailbox.user_id == user.id
        )
    )
    return Viewer(user, tuple(mine))


def of(viewer: Viewer, least: Shares = Shares.HAPPENED) -> ColumnElement[bool]:
    """Give the condition that a viewer may see at least so much of a message."""
    here = Message.workspace_id == viewer.workspace_id
    return and_(here, or_(Message.shares >= least, has_copy(viewer)))


def level(viewer: Viewer) -> ColumnElement[int]:
    """Give how much of a message a viewer may see, as a value of Shares."""
    return case((has_copy(viewer), literal(int(Shares.EVERYTHING))), else_=Message.shares)


def has_copy(viewer: Viewer) -> ColumnElement[bool]:
    """Give the condition that a message is in a mailbox of the viewer's own."""
    return exists().where(
        _Own.workspace_id == Message.workspace_id,
        _Own.message_id == Message.id,
        _Own.state.in_(HELD),
        among(_Own.mailbox_id, viewer.mailboxes),
    )
