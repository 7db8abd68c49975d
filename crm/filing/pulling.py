"""A contact that is met later pulls in the mail that is already there.

The timeline is then the same as if the contact had been there first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.filing import linking, meeting_rows
from crm.mail.letter import Kind, Role
from crm.mail.models import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

_CLAIM = """
update participant p set contact_id = v.contact_id
from unnest(%(emails)s::text[], %(contacts)s::uuid[]) as v(email, contact_id)
where p.workspace_id = %(ws)s and p.email = v.email and p.contact_id is distinct from v.contact_id
returning p.message_id, exists (select from meeting_message t
  where t.workspace_id = p.workspace_id and t.message_id = p.message_id)
"""

_TOUCH = """
update contact k set
  last_in_at = greatest(k.last_in_at, seen.came), last_out_at = greatest(k.last_out_at, seen.went)
from (
  select p.contact_id,
    max(m.at) filter (where m.direction = %(came)s and p.role = %(author)s
      and m.suspicions = '') as came,
    max(m.at) filter (where m.direction = %(went)s
      and p.role <> all(%(told_of)s::smallint[])) as went
  from participant p
    join message m on m.workspace_id = p.workspace_id and m.id = p.message_id
  where p.workspace_id = %(ws)s and p.contact_id = any(%(contacts)s::uuid[])
    and p.message_id = any(%(messages)s::uuid[]) and m.kind = any(%(personal)s::smallint[])
  group by p.contact_id
) seen
where k.workspace_id = %(ws)s and k.id = seen.contact_id
"""


def pull_in(
    session: Session, workspace_id: UUID, addresses: Mapping[str, UUID], *, since: datetime
) -> int:
    """Put the stored mail of these addresses on their contacts' timelines; count the messages."""
    values = {
        "ws": workspace_id,
        "emails": list(addresses),
        "contacts": list(addresses.values()),
        "came": Direction.IN,
        "went": Direction.OUT,
        "author": Role.FROM,
        "told_of": [Role.ORIGINAL, Role.INTRODUCED],
        "personal": [Kind.PERSON, Kind.INVITATION],
    }
    meets = dict(bulk.run(session, _CLAIM, values).all())
    claimed = sorted(meets)
    if claimed:
        linking.link(session, workspace_id, claimed, since=since)
        linking.unfile(session, workspace_id, claimed)
        meeting_rows.stand(session, workspace_id, [m for m in claimed if meets[m]])
        bulk.run(session, _TOUCH, {**values, "messages": claimed})
    return len(claimed)
