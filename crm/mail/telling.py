"""Whom to tell by mail that their mailbox is read no more: its owner, once.

Whoever does not look at a page does not see what stands there. A mailbox at whose server we have
stopped knocking is marked, and the mark is taken off before the mail leaves: a worker that dies
between the two tells nobody, and nobody is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from crm.mail.models import Mailbox, MailboxState
from crm.workspace import users, workspaces

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: When it is tried again, where the mail has not left for certain.
AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told, in which language, and of which mailbox."""

    email: str
    name: str
    language: str
    address: str


def due(session: Session, at: datetime) -> list[tuple[UUID, UUID]]:
    """List the mailboxes whose owners are to be told: for the scheduler's role alone."""
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id).where(
            Mailbox.state == MailboxState.NEEDS_LOGIN, Mailbox.tell_at <= at
        )
    )
    return [(workspace_id, mailbox_id) for workspace_id, mailbox_id in rows]


def claim(session: Session, workspace_id: UUID, mailbox_id: UUID, *, at: datetime) -> Notice | None:
    """Take the mark off, and return what to tell; None where there is nothing, or nobody, to tell.

    Nothing leaves a sandbox, and nobody is told who works here no more.
    """
    row = session.execute(
        update(Mailbox)
        .where(Mailbox.workspace_id == workspace_id, Mailbox.id == mailbox_id)
        .where(Mailbox.state == MailboxState.NEEDS_LOGIN, Mailbox.tell_at <= at)
        .values(tell_at=None)
        .returning(Mailbox.user_id, Mailbox.address)
    ).one_or_none()
    if row is None or workspaces.get(session, workspace_id).sandbox:
        return None
    owner = users.get(session, workspace_id, row.user_id)
    if not owner.active:
        return None
    return Notice(owner.email, owner.name, owner.language, row.address)


def put_back(session: Session, workspace_id: UUID, mailbox_id: UUID, *, at: datetime) -> None:
    """Mark a mailbox again: its owner has not been told, for certain."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.workspace_id == workspace_id, Mailbox.id == mailbox_id)
        .where(Mailbox.state == MailboxState.NEEDS_LOGIN)
        .values(tell_at=at + AGAIN)
    )
