"""The mailboxes at which the watcher waits, in all workspaces, and its call when there is news."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, select, update

from crm.mail.models import Mailbox, MailboxKind, MailboxState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: What one gets in by, as a short text that tells nothing of it.
_WAY_IN = func.md5(
    cast(Mailbox.place, Text) + func.coalesce(func.encode(Mailbox.secret, "hex"), "")
)


def listed(session: Session) -> dict[tuple[UUID, UUID], str]:
    """List the IMAP mailboxes to wait at, in all workspaces: for the scheduler's role alone.

    Each with a mark, which changes with its place, its secret, and the way in. One whose login
    was refused is not among them: who knocks there is the run, which knows when to stop.
    """
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id, _WAY_IN).where(
            Mailbox.kind == MailboxKind.IMAP,
            Mailbox.state.in_([MailboxState.LIVE, MailboxState.FAILING]),
            Mailbox.refusals == 0,
        )
    )
    return {(workspace_id, mailbox_id): mark for workspace_id, mailbox_id, mark in rows}


def call(session: Session, workspace_id: UUID, mailbox_id: UUID, *, at: datetime) -> bool:
    """Let a live mailbox be due at once; False where it is not live, and waits for its turn.

    A run that is under way goes on, and another one follows: see `mailboxes.note_success`. A server
    that fails us is not looked at more often because it says that there is news.
    """
    called = session.execute(
        update(Mailbox)
        .where(
            Mailbox.workspace_id == workspace_id,
            Mailbox.id == mailbox_id,
            Mailbox.state == MailboxState.LIVE,
        )
        # The clock of whoever looks at it may be a little behind ours.
        .values(due_at=at - timedelta(seconds=1))
        .returning(Mailbox.id)
    )
    return called.first() is not None
