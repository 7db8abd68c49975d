"""The rows of the ledger that a filed batch leaves behind."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from crm.base import bulk
from crm.base.db import table
from crm.filing import flagging, known
from crm.mail.letter import Flag, Letter, Unreadable
from crm.mail.models import Copy, CopyState, RawLetter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.letter import Arrival
    from crm.mail.models import Folder, Mailbox

_COPY = [
    "folder_id",
    "uidvalidity",
    "uid",
    "mailbox_id",
    "state",
    "rule",
    "message_id",
    "digest",
    "headprint",
    "size",
    "received_at",
    "flags",
    "labels",
    "differs",
    "error",
    "attempts",
]

#: A failed copy that is read at last, or one that was gone and is back, takes its new state.
_AGAIN = (
    "(workspace_id, folder_id, uidvalidity, uid) do update set state = excluded.state,"
    " rule = excluded.rule, message_id = coalesce(excluded.message_id, copy.message_id),"
    " digest = excluded.digest, headprint = excluded.headprint, size = excluded.size,"
    " received_at = excluded.received_at,"
    " flags = excluded.flags, labels = excluded.labels, differs = excluded.differs,"
    " error = excluded.error,"
    " attempts = copy.attempts + excluded.attempts where copy.state in (3, 4)"
)


def stored_copy(placed: Placed, mailbox: Mailbox) -> tuple[Any, ...]:
    """Return the row of a letter that was read."""
    a, letter = placed.arrival, placed.letter
    return (
        a.uid,
        mailbox.id,
        CopyState.STORED,
        "",
        placed.message_id,
        letter.digest,
        letter.headprint,
        letter.size,
        a.received_at,
        flagging.written(a.flags),
        " ".join(a.labels),
        placed.differs,
        "",
        0,
    )


def unread_copy(folder: Folder, arrival: Arrival) -> tuple[Any, ...]:
    """Return the row of a letter that a rule skips, or that could not be read."""
    failed = arrival.letter if isinstance(arrival.letter, Unreadable) else None
    return (
        arrival.uid,
        folder.mailbox_id,
        CopyState.FAILED if failed else CopyState.SKIPPED,
        arrival.skipped,
        None,
        failed.digest if failed else None,
        arrival.headprint or None,
        failed.size if failed else 0,
        arrival.received_at,
        flagging.written(arrival.flags),
        " ".join(arrival.labels),
        False,
        failed.error if failed else "",
        1 if failed else 0,
    )


def insert_copies(session: Session, folder: Folder, copies: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of the ledger."""
    rows = [(folder.id, folder.uidvalidity, *copy) for copy in copies]
    bulk.insert(session, table(Copy), folder.workspace_id, _COPY, rows, on_conflict=_AGAIN)


def insert_raw(
    session: Session, workspace_id: UUID, letters: Iterable[Letter | Unreadable | None]
) -> None:
    """Keep the bytes of what could not be read."""
    kept = {u.digest: u for u in letters if isinstance(u, Unreadable) and u.raw}
    rows = [
        (d, len(u.raw), zlib.compress(u.raw, 6), json.dumps([asdict(part) for part in u.left]))
        for d, u in sorted(kept.items())
    ]
    columns = ("digest", "size", "body", "parts_left")
    bulk.insert(session, table(RawLetter), workspace_id, columns, rows, on_conflict="do nothing")


def stand_in(session: Session, mailbox: Mailbox, folder: Folder, placed: Sequence[Placed]) -> None:
    """Let letters that we have sent stand in their mailbox before the server's copy has come.

    Under UIDVALIDITY 0, which no server gives (RFC 3501, section 9: nz-number), and gone: no sum
    of the ledger counts it, and nothing is fetched by it. Where a copy has come, it needs none.
    """
    bulk.run(
        session,
        "insert into copy (workspace_id, folder_id, uidvalidity, uid, mailbox_id, state, rule,"
        "   message_id, size, received_at, flags, differs, error, attempts)"
        " select %(ws)s, %(folder)s, 0, v.uid, %(mailbox)s, %(gone)s, '', v.message_id, 0, v.at,"
        "   %(flags)s, false, '', 0"
        " from unnest(%(uids)s::bigint[], %(messages)s::uuid[], %(ats)s::timestamptz[])"
        "   as v(uid, message_id, at)"
        " where not exists (select from copy c where c.workspace_id = %(ws)s"
        "   and c.message_id = v.message_id and c.mailbox_id = %(mailbox)s)"
        " on conflict do nothing",
        {
            "ws": mailbox.workspace_id,
            "folder": folder.id,
            "mailbox": mailbox.id,
            "gone": CopyState.GONE,
            "flags": Flag.SEEN.value,
            "uids": [p.arrival.uid for p in placed],
            "messages": [p.message_id for p in placed],
            "ats": [p.arrival.received_at for p in placed],
        },
    )


def drop_stand_ins(session: Session, mailbox: Mailbox, message_ids: Sequence[UUID]) -> None:
    """Take away what stood for copies that have come."""
    if message_ids:
        bulk.run(
            session,
            "delete from copy where workspace_id = %s and message_id = any(%s::uuid[])"
            " and mailbox_id = %s and uidvalidity = 0",
            (mailbox.workspace_id, list(message_ids), mailbox.id),
        )


def forget_raw(session: Session, workspace_id: UUID) -> None:
    """Drop the bytes that no letter in quarantine bears any more.

    Filing waits meanwhile: a letter that is being kept would lose its own.
    """
    known.lock(session, workspace_id)
    bulk.run(
        session,
        "delete from raw_letter r where r.workspace_id = %(ws)s and not exists ("
        " select from folder f join copy c on c.workspace_id = f.workspace_id"
        "   and c.folder_id = f.id and c.state = %(failed)s"
        " where f.workspace_id = r.workspace_id and c.digest = r.digest)",
        {"ws": workspace_id, "failed": CopyState.FAILED},
    )
