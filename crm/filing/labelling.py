"""The labels of copies follow the mailbox, and with them what is read and what is in the bin.

A letter that comes into the bin, or among spam, is skipped by that rule from then on; what it told
stays where it was told, as with a letter that is deleted. One that comes out again, and was never
kept, is to be fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crm.base import bulk, events
from crm.filing import flagging, known
from crm.filing.thread_rows import write_inbox
from crm.mail.models import CopyState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.mail.letter import Flag
    from crm.mail.models import Folder, Mailbox

    Change = tuple[Collection[str], Collection[str]]  # what came, and what went


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a mailbox's labels mean in ours: flags, and the rule by which a copy is not kept."""

    flags: Callable[[frozenset[str]], frozenset[Flag]]
    rule: Callable[[frozenset[str]], str]


_ROWS = """
select c.uid, c.state, c.labels, c.message_id from copy c
where c.workspace_id = %(ws)s and c.folder_id = %(folder)s and c.uidvalidity = %(number)s
  and c.uid = any(%(uids)s::bigint[]) and c.state <> %(gone)s
order by c.uid
"""
_NOTE = """
with changed as (
  update copy c set labels = v.labels, flags = v.flags, state = v.state, rule = v.rule
  from unnest(%(uids)s::bigint[], %(labels)s::text[], %(flags)s::text[], %(states)s::smallint[],
    %(rules)s::text[]) as v(uid, labels, flags, state, rule)
  where c.workspace_id = %(ws)s and c.folder_id = %(folder)s and c.uidvalidity = %(number)s
    and c.uid = v.uid
  returning c.message_id
)
select distinct m.thread_id from changed
  join message m on m.workspace_id = %(ws)s and m.id = changed.message_id
"""
_FORGET = """
delete from copy where workspace_id = %(ws)s and folder_id = %(folder)s
  and uidvalidity = %(number)s and uid = any(%(uids)s::bigint[])
"""
#: As sets: joined, thousands would be held against thousands one by one.
_DIFFERING = """
with listed as (select uid from unnest(%(uids)s::bigint[]) as l(uid)),
had as (
  select uid, %(label)s = any(string_to_array(labels, ' ')) as borne from copy
  where workspace_id = %(ws)s and folder_id = %(folder)s and uidvalidity = %(number)s
    and uid > %(above)s and uid <= %(upto)s and state <> %(gone)s
),
came as (select uid from had where not borne intersect select uid from listed),
went as (select uid from had where borne except select uid from listed)
select uid, true from came union all select uid, false from went order by uid
"""
_LABELS = """
select distinct l.label from copy c, unnest(string_to_array(c.labels, ' ')) as l(label)
where c.workspace_id = %(ws)s and c.folder_id = %(folder)s and c.uidvalidity = %(number)s
  and c.state <> %(gone)s
"""


def change(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    changes: Mapping[int, Change],
    meaning: Meaning,
    *,
    at: datetime,
) -> list[int]:
    """Take over what labels came and went; return the UIDs that are to be fetched now.

    Their rows are dropped: cut a stretch for them in the same transaction. What the ledger does
    not have is passed over.
    """
    known.lock(session, folder.workspace_id)
    values = {**_where(folder), "uids": list(changes)}
    wanted, noted = list[int](), list[tuple[Any, ...]]()
    for uid, before, labelled, message_id in bulk.run(session, _ROWS, values):
        came, went = changes[uid]
        labels = (frozenset(labelled.split()) | frozenset(came)) - frozenset(went)
        rule = meaning.rule(labels)
        if before == CopyState.SKIPPED and not rule and message_id is None:
            wanted.append(uid)
            continue
        state = CopyState.SKIPPED if rule else CopyState.STORED
        if before == CopyState.FAILED:
            state, rule = CopyState.FAILED, ""
        text = " ".join(sorted(labels))
        noted.append((uid, text, flagging.written(meaning.flags(labels)), int(state), rule))
    bulk.run(session, _FORGET, {**values, "uids": wanted})
    if noted:
        _note(session, mailbox, folder, noted, at)
    return wanted


def differing(
    session: Session, folder: Folder, label: str, uids: Sequence[int], *, above: int, upto: int
) -> dict[int, Change]:
    """Return how what bears a label differs from what the ledger says: that it came, or went.

    Of the UIDs above one and up to another; those in `uids` bear it. What the ledger does not have
    is passed over.
    """
    values = {**_where(folder), "uids": list(uids), "label": label, "above": above, "upto": upto}
    rows = bulk.run(session, _DIFFERING, values)
    return {uid: (([label], []) if came else ([], [label])) for uid, came in rows}


def borne(session: Session, folder: Folder) -> frozenset[str]:
    """Return the labels, by their ids, that the ledger says some copy bears."""
    return frozenset(label for (label,) in bulk.run(session, _LABELS, _where(folder)))


def _note(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    noted: Sequence[tuple[Any, ...]],
    at: datetime,
) -> None:
    uids, labels, flags, states, rules = (list(column) for column in zip(*noted, strict=True))
    values = {"uids": uids, "labels": labels, "flags": flags, "states": states, "rules": rules}
    rows = bulk.run(session, _NOTE, {**_where(folder), **values})
    threads = [thread_id for (thread_id,) in rows]
    if threads:
        write_inbox(session, folder.workspace_id, threads, mailbox)
        kind = events.EventKind.FLAGGED
        events.append(session, folder.workspace_id, kind, threads, at=at, mailbox_id=mailbox.id)


def _where(folder: Folder) -> dict[str, Any]:
    return {
        "ws": folder.workspace_id,
        "folder": folder.id,
        "number": folder.uidvalidity,
        "gone": CopyState.GONE,
    }
