"""The rows of threads and of the inbox that a filed batch leaves behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.db import table
from crm.mail.letter import Flag, Kind
from crm.mail.models import HELD, Direction, Mention, Thread, Turn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.joining import Joined
    from crm.mail.models import Mailbox

#: Of two choices of one owner the closer holds; where one chose, the mailbox's rule is the other.
_CLOSER = """
(workspace_id, mailbox_id, thread_id) do update set shares = case
  when inbox_thread.shares is not distinct from excluded.shares then excluded.shares
  else (select least(coalesce(inbox_thread.shares, b.shares), coalesce(excluded.shares, b.shares))
    from mailbox b where b.workspace_id = excluded.workspace_id and b.id = excluded.mailbox_id)
  end
"""
_MERGE = (
    "update message set thread_id = %(into)s where workspace_id = %(ws)s and thread_id = %(one)s",
    "update activity set thread_id = %(into)s where workspace_id = %(ws)s and thread_id = %(one)s",
    "update mention set thread_id = %(into)s where workspace_id = %(ws)s and thread_id = %(one)s",
    "update task set thread_id = %(into)s where workspace_id = %(ws)s and thread_id = %(one)s",
    "insert into deal_thread (workspace_id, deal_id, thread_id, rule, since)"
    " select workspace_id, deal_id, %(into)s, rule, since from deal_thread"
    " where workspace_id = %(ws)s and thread_id = %(one)s on conflict do nothing",
    "delete from deal_thread where workspace_id = %(ws)s and thread_id = %(one)s",
    "insert into inbox_thread (workspace_id, mailbox_id, thread_id, last_at, last_message_id,"
    "   messages, unseen, turn, shares)"
    " select workspace_id, mailbox_id, %(into)s, last_at, last_message_id, messages, unseen, turn,"
    "   shares from inbox_thread where workspace_id = %(ws)s and thread_id = %(one)s"
    f" on conflict {_CLOSER}",
    "delete from inbox_thread where workspace_id = %(ws)s and thread_id = %(one)s",
    "update thread t set messages = t.messages + o.messages,"
    "   last_at = greatest(t.last_at, o.last_at)"
    " from thread o where t.workspace_id = %(ws)s and t.id = %(into)s"
    "   and o.workspace_id = %(ws)s and o.id = %(one)s",
    "update thread set merged_into = %(into)s, messages = 0"
    " where workspace_id = %(ws)s and id = %(one)s",
)


def choices(session: Session, mailbox: Mailbox, thread_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return what the owner has chosen colleagues to see of threads."""
    rows = bulk.run(
        session,
        "select thread_id, shares from inbox_thread where workspace_id = %s and mailbox_id = %s"
        " and thread_id = any(%s::uuid[]) and shares is not null",
        (mailbox.workspace_id, mailbox.id, list(thread_ids)),
    )
    return dict(rows.all())


def write_threads(
    session: Session, workspace_id: UUID, joined: Joined, fresh: Sequence[Placed]
) -> None:
    """Write new threads, what others gained, what was mentioned, and what became one."""
    counts = Counter(p.thread_id for p in fresh)
    newest: dict[UUID, Placed] = {}
    first: dict[UUID, Placed] = {}
    for p in sorted(fresh, key=lambda p: p.at):
        newest[p.thread_id] = p
        first.setdefault(p.thread_id, p)
    made = [(t, first[t].letter.subject, newest[t].at, counts[t], None) for t in sorted(joined.new)]
    columns = ("id", "subject", "last_at", "messages", "merged_into")
    bulk.insert(session, table(Thread), workspace_id, columns, made)
    grown = sorted(set(counts) - joined.new)
    if grown:
        bulk.run(
            session,
            "update thread t set messages = t.messages + v.n, last_at = greatest(t.last_at, v.at)"
            " from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as v(id, n, at)"
            " where t.workspace_id = %s and t.id = v.id",
            (grown, [counts[t] for t in grown], [newest[t].at for t in grown], workspace_id),
        )
    mentions = sorted(joined.mentions.items())
    bulk.insert(session, table(Mention), workspace_id, ("ref", "thread_id"), mentions)
    for thread_id in joined.merges:
        _merge_thread(session, workspace_id, thread_id, joined.thread(thread_id))


def write_inbox(
    session: Session,
    workspace_id: UUID,
    thread_ids: Collection[UUID],
    mailbox: Mailbox | None = None,
) -> None:
    """Work out anew the inbox rows of threads, in one mailbox or in all that have them."""
    values = {
        "ws": workspace_id,
        "threads": list(thread_ids),
        "mailbox": mailbox.id if mailbox is not None else None,
        "held": HELD,
        "seen": Flag.SEEN,
        "in": Direction.IN,
        "out": Direction.OUT,
        "personal": [Kind.PERSON, Kind.INVITATION],
        "bounce": Kind.BOUNCE,
        "ours": Turn.OURS,
        "theirs": Turn.THEIRS,
        "nobody": Turn.NOBODY,
    }
    bulk.run(session, _INBOX, values)


#: A message counts once however many copies a mailbox has; nobody is to answer a machine. A bounce
#: answers nothing, whoever wrote it: the turn stays whose it was.
_INBOX = """
with held as (
  select c.mailbox_id, m.thread_id, m.id, m.at, m.direction, m.kind,
    m.direction = %(in)s
      and bool_and(not string_to_array(c.flags, ' ') @> array[%(seen)s]) as unseen
  from message m
    join copy c on c.workspace_id = m.workspace_id and c.message_id = m.id
      and c.state = any(%(held)s::smallint[])
      and (%(mailbox)s::uuid is null or c.mailbox_id = %(mailbox)s::uuid)
  where m.workspace_id = %(ws)s and m.thread_id = any(%(threads)s::uuid[])
  group by c.mailbox_id, m.thread_id, m.id, m.at, m.direction, m.kind
), newest as (
  select distinct on (mailbox_id, thread_id) mailbox_id, thread_id, id, at
  from held order by mailbox_id, thread_id, at desc, id desc
), sums as (
  select mailbox_id, thread_id, count(*) as messages, count(*) filter (where unseen) as unseen,
    (array_agg(
      case when not kind = any(%(personal)s::smallint[]) then %(nobody)s::smallint
        when direction = %(in)s then %(ours)s::smallint
        when direction = %(out)s then %(theirs)s::smallint else %(nobody)s::smallint end
      order by at desc, id desc) filter (where kind <> %(bounce)s))[1] as turn
  from held group by mailbox_id, thread_id
)
insert into inbox_thread
  (workspace_id, mailbox_id, thread_id, last_at, last_message_id, messages, unseen, turn)
select %(ws)s, n.mailbox_id, n.thread_id, n.at, n.id, s.messages, s.unseen,
  coalesce(s.turn, %(nobody)s::smallint)
from newest n
  join sums s on s.mailbox_id = n.mailbox_id and s.thread_id = n.thread_id
on conflict (workspace_id, mailbox_id, thread_id) do update set
  last_at = excluded.last_at, last_message_id = excluded.last_message_id,
  messages = excluded.messages, unseen = excluded.unseen, turn = excluded.turn
"""


def _merge_thread(session: Session, workspace_id: UUID, one: UUID, into: UUID) -> None:
    """Let one thread go into another: all that pointed at it points there, and its row says so."""
    values = {"ws": workspace_id, "one": one, "into": into}
    for statement in _MERGE:
        bulk.run(session, statement, values)
