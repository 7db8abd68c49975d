"""Hold what mail servers give back against what we have sent.

Anybody may write a bounce. It counts where it names the Message-ID of a message of ours and
somebody whom that went to: then it stands beside the message, and on the timeline of whom it did
not reach. Of one that names nobody, the only one whom the message went to is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from crm.base import addresses, bulk
from crm.base.db import table
from crm.filing import known
from crm.mail.letter import Role
from crm.mail.models import BounceRow, Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from crm.base.db import Session
    from crm.filing.batches import Placed

#: So many recipients of one bounce are kept.
_MOST: Final = 100
#: No status is as long (RFC 3463, section 2).
_LONGEST: Final = 20
_COLUMNS = ("message_id", "position", "recipient", "status", "permanent", "diagnostic", "returned")

#: Whom a blind copy did not reach is told beside the message, to its sender: no timeline has it.
_HELD = """
with found as (
  select distinct on (b.message_id, b.position)
    b.message_id, b.position, m.id as about_id, p.email, p.name, p.contact_id, p.role
  from bounce b
    join message m on m.workspace_id = b.workspace_id and m.ref = b.returned
      and m.direction <> %(in)s
    join participant p on p.workspace_id = m.workspace_id and p.message_id = m.id
      and p.role = any(%(sent_to)s::smallint[])
      and (p.email = b.recipient or (b.recipient = '' and 1 = (
        select count(distinct o.email) from participant o
        where o.workspace_id = m.workspace_id and o.message_id = m.id
          and o.role = any(%(sent_to)s::smallint[]))))
  where b.workspace_id = %(ws)s and b.about_id is null
    and (b.message_id = any(%(bounces)s::uuid[]) or b.returned = any(%(refs)s::uuid[]))
  order by b.message_id, b.position, m.at desc, p.role
), told as (
  update bounce b set about_id = f.about_id, recipient = f.email from found f
  where b.workspace_id = %(ws)s and b.message_id = f.message_id and b.position = f.position
), marked as (
  update message m set means = trim(m.means || ' returned')
  from (select distinct about_id from found) f
  where m.workspace_id = %(ws)s and m.id = f.about_id
    and array_position(string_to_array(m.means, ' '), 'returned') is null
), people as (
  select distinct on (message_id, email) * from found where role <> %(bcc)s
  order by message_id, email
)
insert into participant (workspace_id, message_id, position, role, email, name, contact_id)
select %(ws)s, f.message_id,
  (select coalesce(max(p.position), -1) from participant p
    where p.workspace_id = %(ws)s and p.message_id = f.message_id)
    + row_number() over (partition by f.message_id order by f.email),
  %(returned)s, f.email, f.name, f.contact_id
from people f
returning message_id
"""


def write(session: Session, workspace_id: UUID, placed: Sequence[Placed]) -> list[UUID]:
    """Write the bounces of a batch, and hold against them what was sent; most batches have none.

    Return the bounces of which we know now whom they are about, those that came before among them.
    """
    rows = [row for p in placed if p.new for row in _rows(p)]
    bulk.insert(session, table(BounceRow), workspace_id, _COLUMNS, rows)
    refs = {p.ref for p in placed if p.named and p.way is not Direction.IN}
    if not rows and not refs:
        return []
    found = bulk.run(
        session,
        _HELD,
        {
            "ws": workspace_id,
            "bounces": list({row[0] for row in rows}),
            "refs": list(refs),
            "in": Direction.IN,
            "sent_to": [Role.TO, Role.CC, Role.BCC],
            "bcc": Role.BCC,
            "returned": Role.RETURNED,
        },
    )
    return list({message_id for (message_id,) in found})


def _rows(p: Placed) -> Iterable[tuple[Any, ...]]:
    bounce = p.letter.meaning.bounce
    if bounce is None:
        return
    ref = known.refs([bounce.returned_id])[0] if bounce.returned_id else None
    parsed = (addresses.parse(email) for email in bounce.recipients[:_MOST])
    recipients = [address.email for address in parsed if address is not None]
    if not bounce.recipients and ref is not None:
        recipients = [""]
    status = bounce.status[:_LONGEST]
    for i, email in enumerate(recipients):
        yield (p.message_id, i, email, status, bounce.permanent, bounce.diagnostic, ref)
