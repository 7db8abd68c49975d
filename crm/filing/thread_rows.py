"""The rows of threads and of the inbox that a filed batch leaves behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.db import table
from crm.mail.letter import Flag, Letter
from crm.mail.models import Direction, InboxThread, Mention, Thread, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.joining import Joined
    from crm.mail.models import Mailbox

_GROW_INBOX = (
    "(workspace_id, mailbox_id, thread_id) do update set"
    " messages = inbox_thread.messages + excluded.messages,"
    " unseen = inbox_thread.unseen + excluded.unseen,"
    " turn = case when excluded.last_at >= inbox_thread.last_at then excluded.turn"
    "   else inbox_thread.turn end,"
    " last_message_id = case when excluded.last_at >= inbox_thread.last_at"
    "   then excluded.last_message_id else inbox_thread.last_message_id end,"
    " last_at = greatest(inbox_thread.last_at, excluded.last_at)"
)

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
    f" on conflict {_GROW_INBOX}, shares = least(inbox_thread.shares, excluded.shares)",
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


def write_inbox(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> None:
    """Bring the mailbox's rows of the inbox up to date."""
    newest: dict[UUID, Placed] = {}
    unseen: Counter[UUID] = Counter()
    counts: Counter[UUID] = Counter()
    for p in placed:
        counts[p.thread_id] += 1
        unseen[p.thread_id] += Flag.SEEN not in p.arrival.flags and p.way is Direction.IN
        if p.thread_id not in newest or p.at > newest[p.thread_id].at:
            newest[p.thread_id] = p
    bulk.insert(
        session,
        table(InboxThread),
        mailbox.workspace_id,
        "mailbox_id thread_id last_at last_message_id messages unseen turn".split(),
        [
            (mailbox.id, t, p.at, p.message_id, counts[t], unseen[t], turn(p.letter, p.way))
            for t, p in sorted(newest.items())
        ],
        on_conflict=_GROW_INBOX,
    )


def turn(letter: Letter, way: Direction) -> Turn:
    """Tell who is to answer after this message: nobody answers a machine."""
    if letter.automatic or way is Direction.INTERNAL:
        return Turn.NOBODY
    return Turn.OURS if way is Direction.IN else Turn.THEIRS


def _merge_thread(session: Session, workspace_id: UUID, one: UUID, into: UUID) -> None:
    """Let one thread go into another: all that pointed at it points there, and its row says so."""
    values = {"ws": workspace_id, "one": one, "into": into}
    for statement in _MERGE:
        bulk.run(session, statement, values)
