"""The mailboxes at which the watcher waits, in all workspaces, and its call when there is news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, select, update

from crm.mail.models import Mailbox, MailboxKind, MailboxState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: The clock of whoever looks at a due time may be a little behind ours.
BEFORE = timedelta(seconds=1)
#: What one gets in by, as a short text that tells nothing of it.
_MARK = func.md5(cast(Mailbox.place, Text) + func.coalesce(func.encode(Mailbox.secret, "hex"), ""))


@dataclass(frozen=True, slots=True)
class WayIn:
    """How one gets into a mailbox: a mark that changes with its place or its secret, and where.

    Where the login was refused lately, who knocks is the run, which knows when to stop.
    """

    mark: str
    host: str
    refused: bool = False


def ways(session: Session) -> dict[tuple[UUID, UUID], WayIn]:
    """Return the ways into the IMAP mailboxes of all workspaces: for the scheduler's role alone."""
    host, refused = func.lower(Mailbox.place["host"].astext), Mailbox.refusals > 0
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id, _MARK, host, refused).where(
            Mailbox.kind == MailboxKind.IMAP,
            Mailbox.state.in_([MailboxState.LIVE, MailboxState.FAILING]),
        )
    )
    return {(workspace_id, mailbox_id): WayIn(*way) for workspace_id, mailbox_id, *way in rows}


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
        .values(due_at=at - BEFORE)
        .returning(Mailbox.id)
    )
    return called.first() is not None
