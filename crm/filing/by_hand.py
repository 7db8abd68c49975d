"""What people say of filed mail by hand: whose it is about, where it stays off, who may see it.

Each takes the workspace's filing lock before it looks: a letter that is being filed meanwhile
either is there already, or finds what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.filing import known, linking, refusing
from crm.mail import inbox, threads
from crm.mail.letter import Role
from crm.sales import deals
from crm.work import links

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Shares
    from crm.mail.visibility import Viewer
    from crm.sales.models import Deal
    from crm.work.models import Record
    from crm.workspace.models import User


def choose_shares(session: Session, viewer: Viewer, thread_id: UUID, shares: Shares | None) -> None:
    """Make a thread private or open in the viewer's own mailboxes; None goes back to the rule."""
    known.lock(session, viewer.workspace_id)
    changed = inbox.choose_shares(session, viewer, thread_id, shares)
    linking.share(session, viewer.workspace_id, changed)


def link_thread(session: Session, deal: Deal, thread_id: UUID, *, by: User, at: datetime) -> None:
    """Say that a thread is about a deal, and bring its mail to the deal's timeline."""
    known.lock(session, by.workspace_id)
    living = threads.living(session, by.workspace_id, thread_id) or thread_id
    deals.link_thread(session, deal, living, by=by, at=at)
    linking.link_threads(session, by.workspace_id, [living], since=at)


def unlink_thread(session: Session, deal: Deal, thread_id: UUID, *, by: User) -> None:
    """Say that a thread is not about a deal, and take its mail off the deal's timeline."""
    known.lock(session, by.workspace_id)
    living = threads.living(session, by.workspace_id, thread_id) or thread_id
    deals.unlink_thread(session, deal, living, by=by)
    linking.unlink_thread(session, by.workspace_id, deal.id, living)


def take_off(
    session: Session,
    message_id: UUID,
    record: Record,
    record_id: UUID,
    *,
    by: User,
    at: datetime,
    email: str = "",
) -> None:
    """Take a message off a record: this one alone, or with `email` all from it for ever.

    A message that is from there is refused by the address alone: the way back may be taken beside
    any of them, and leaves none behind.
    """
    known.lock(session, by.workspace_id)
    refused: UUID | None = message_id
    if email and _is_from(session, by.workspace_id, message_id, email):
        links.put_back(session, message_id, record, record_id, by=by)
        refused = None
    links.take_off(session, refused, record, record_id, by=by, at=at, email=email)
    moved = refusing.unlink(session, by.workspace_id, record_id)
    linking.unfile(session, by.workspace_id, moved, "taken_off")


def put_back(
    session: Session,
    message_id: UUID,
    record: Record,
    record_id: UUID,
    *,
    by: User,
    at: datetime,
    email: str = "",
) -> None:
    """Put a message back, or with `email` all from it: those too that came in the meantime."""
    known.lock(session, by.workspace_id)
    links.put_back(session, message_id, record, record_id, by=by, email=email)
    moved = refusing.relink(session, by.workspace_id, record_id)
    came = _from(session, by.workspace_id, email) if email else []
    linking.link(session, by.workspace_id, came, since=at)
    linking.unfile(session, by.workspace_id, [*moved, *came], "taken_off")


def _is_from(session: Session, workspace_id: UUID, message_id: UUID, email: str) -> bool:
    found = bulk.run(
        session,
        "select from_email from message where workspace_id = %s and id = %s",
        (workspace_id, message_id),
    )
    return [email] == [sender for (sender,) in found]


def _from(session: Session, workspace_id: UUID, email: str) -> list[UUID]:
    """Return the messages of an address that stand nowhere because somebody took them off."""
    rows = bulk.run(
        session,
        "select m.id from participant p"
        " join message m on m.workspace_id = p.workspace_id and m.id = p.message_id"
        " where p.workspace_id = %s and p.email = %s and p.role = %s and m.unfiled = 'taken_off'",
        (workspace_id, email, Role.FROM),
    )
    return [message_id for (message_id,) in rows]
