"""What waits for its author to decide: messages that failed, and those nobody can tell of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crm.base import bulk
from crm.mail.models import OutgoingState

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

#: So many are named at a time: whoever decides of one sees the next.
MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Undecided:
    """A message of which its author decides: what it was about, and where it stands."""

    id: UUID
    state: OutgoingState
    subject: str
    thread_id: UUID | None  # None where it began one and has no place yet


def of_author(session: Session, user: User) -> list[Undecided]:
    """List what somebody has to decide of, oldest first, at most MOST of it."""
    rows = bulk.run(
        session,
        "select o.id, o.state, o.subject, m.thread_id from outgoing o"
        " left join message m on m.workspace_id = o.workspace_id"
        "   and m.id = coalesce(o.message_id, o.in_reply_to_id)"
        " where o.workspace_id = %(ws)s and o.author_id = %(author)s"
        "   and (o.state = 'failed' or o.state = 'unknown' and o.due_at is null)"
        " order by o.written_at, o.id limit %(most)s",
        {"ws": user.workspace_id, "author": user.id, "most": MOST},
    )
    return [Undecided(id_, OutgoingState(s), subject, thread) for id_, s, subject, thread in rows]
