"""What people say of filed mail by hand: whose it is about, where it stays off, who may see it.

Each takes the workspace's filing lock before it looks: a letter that is being filed meanwhile
either is there already, or finds what was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.filing import known, linking, meeting_rows, refusing, sharing
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


#: So many messages are put back by one statement.
_AT_ONCE = 1000


def choose_shares(
    session: Session, viewer: Viewer, thread_id: UUID, shares: Shares | None, *, at: datetime
) -> None:
    """Make a thread private or open in the viewer's own mailboxes; None goes back to the rule."""
    known.lock(session, viewer.workspace_id)
    changed = inbox.choose_shares(session, viewer, thread_id, shares)
    linking.share(session, viewer.workspace_id, changed)
    meeting_rows.stand(session, viewer.workspace_id, changed)
    sharing.tell(session, viewer.workspace_id, at)


def link_thread(session: Session, deal: Deal, thread_id: UUID, *, by: User, at: datetime) -> None:
    """Say that a thread is about a deal, and bring its mail to the deal's timeline.

    With the moment that `unlink_thread` returned, all stands again as it stood before that.
    """
    known.lock(session, by.workspace_id)
    living = threads.living(session, by.workspace_id, thread_id) or thread_id
    deals.link_thread(session, deal, living, by=by, at=at)
    refusing.relink(session, by.workspace_id, deal.id)
    linking.link_threads(session, by.workspace_id, [living], since=at)


def unlink_thread(session: Session, deal: Deal, thread_id: UUID, *, by: User) -> datetime | None:
    """Say that a thread is not about a deal, and take its mail off the deal's timeline.

    Return since when it was linked; None where it was not, and nothing is changed.
    """
    known.lock(session, by.workspace_id)
    living = threads.living(session, by.workspace_id, thread_id) or thread_id
    since = deals.unlink_thread(session, deal, living, by=by)
    if since is not None:
        linking.unlink_thread(session, by.workspace_id, deal.id, living, since=since)
    return since


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
    linking.unfile(session, by.workspace_id, moved)
    meeting_rows.stand(session, by.workspace_id, moved)


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
    """Put a message back, or with `email` all from it: those too that came in the meantime.

    What else keeps the message off, be it refused itself or its address, is another refusal.
    """
    known.lock(session, by.workspace_id)
    links.put_back(session, message_id, record, record_id, by=by, email=email)
    moved = refusing.relink(session, by.workspace_id, record_id)
    came = _without_line(session, by.workspace_id, email, record_id) if email else []
    back = list({message_id, *moved, *came})
    for start in range(0, len(back), _AT_ONCE):
        some = back[start : start + _AT_ONCE]
        linking.link(session, by.workspace_id, some, since=at)
        linking.unfile(session, by.workspace_id, some)
        meeting_rows.stand(session, by.workspace_id, some)


def _is_from(session: Session, workspace_id: UUID, message_id: UUID, email: str) -> bool:
    found = bulk.run(
        session,
        "select from_email from message where workspace_id = %s and id = %s",
        (workspace_id, message_id),
    )
    return [email] == [sender for (sender,) in found]


def _without_line(session: Session, workspace_id: UUID, email: str, record_id: UUID) -> list[UUID]:
    """Return the messages of an address that have no line on a contact or a company of theirs.

    A deal keeps a line for what it refuses, by which that comes back.
    """
    rows = bulk.run(
        session,
        "select p.message_id from participant p"
        " where p.workspace_id = %(ws)s and p.email = %(email)s and p.role = %(author)s"
        " and exists (select from participant q"
        "   join contact c on c.workspace_id = q.workspace_id and c.id = q.contact_id"
        "   where q.workspace_id = p.workspace_id and q.message_id = p.message_id"
        "     and %(record)s in (c.id, c.company_id))"
        " and not exists (select from activity_link l where l.workspace_id = p.workspace_id"
        "   and l.record_id = %(record)s and l.activity_id = p.message_id)",
        {"ws": workspace_id, "email": email, "author": Role.FROM, "record": record_id},
    )
    return [message_id for (message_id,) in rows]
