"""What happened, for those who react to it: written in the transaction that makes it true.

    append ── commit ── NOTIFY wakes whoever listens ── after(mark) ── the events, and the next mark

A mark is a snapshot of PostgreSQL (`pg_current_snapshot`) as text: which transactions the reader
has seen. What comes after it is what was not visible in it, so that a slow transaction is neither
missed nor read twice, in whatever order the others commit. An event tells where something changed
and never what: whoever reads it asks for the rows, with the rights of whoever looks. What is older
than a day goes, a few rows with each that comes. A row that a backup brought into another cluster
bears a transaction that has not been there yet: it is told to nobody, and goes in the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import bulk, ids
from crm.base.db import Base, InWorkspace, belongs_to_workspace

if TYPE_CHECKING:
    from collections.abc import Collection

    from crm.base.db import Session

#: What is notified. The payload is the workspace's id, and nothing else.
CHANNEL = "inlay_event"
#: More threads than this are not named one by one: then any may have changed.
NAMED = 50
#: What a reader is given at once; who has missed more is told that anything may have changed.
READ = 200
#: In ASCII's digits, for PostgreSQL knows no others.
_MARK = re.compile(r"[0-9]{1,19}:[0-9]{1,19}:(?:[0-9]{1,19}(?:,[0-9]{1,19}){0,999})?\Z")


class EventKind(StrEnum):
    """What sort of thing happened."""

    FILED = "filed"
    FLAGGED = "flagged"
    CHANGED = "changed"


class Event(InWorkspace, Base):
    """Something happened. The key has the transaction first, for a mark is a set of those."""

    __tablename__ = "event"
    __table_args__ = (belongs_to_workspace(),)

    xact: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        autoincrement=False,
        server_default=text("pg_current_xact_id()::text::bigint"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    kind: Mapped[str]
    mailbox_id: Mapped[UUID | None]  # where mail came or was flagged
    threads: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))  # none: more than are named
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened in one transaction. Without threads, any may have changed."""

    kind: EventKind
    mailbox_id: UUID | None
    threads: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What happened after a mark, and the mark from which to read on."""

    events: tuple[Happened, ...]
    mark: str


#: A bigint is compared leakproof, so that the policy leaves the key its use; an xid8 is not.
_APPEND = """
with gone as (
  delete from event e using (
    select xact, id from event where workspace_id = %(ws)s
    order by xact, id limit 4 for update skip locked
  ) as oldest
  where e.workspace_id = %(ws)s and e.xact = oldest.xact and e.id = oldest.id
    and e.at < %(at)s - interval '1 day'
), strange as (
  delete from event e using (
    select xact, id from event where workspace_id = %(ws)s
      and xact >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      and xact <> pg_current_xact_id()::text::bigint
    order by xact, id limit 4 for update skip locked
  ) as latest
  where e.workspace_id = %(ws)s and e.xact = latest.xact and e.id = latest.id
), written as (
  insert into event (workspace_id, id, kind, mailbox_id, threads, at)
  values (%(ws)s, %(id)s, %(kind)s, %(mailbox)s, %(threads)s::uuid[], %(at)s)
)
select pg_notify(%(channel)s, %(ws)s::text)
"""
#: One statement, so that the next mark is the snapshot in which the events were looked for. What
#: lies above it and is not this transaction's own comes from another cluster.
_AFTER = """
with found as (
  select kind, mailbox_id, threads from event
  where workspace_id = %(ws)s
    and xact >= pg_snapshot_xmin(%(mark)s::pg_snapshot)::text::bigint
    and not pg_visible_in_snapshot(xact::text::xid8, %(mark)s::pg_snapshot)
    and (xact < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      or xact = pg_current_xact_id_if_assigned()::text::bigint)
  order by xact desc, id desc limit %(most)s
)
select pg_current_snapshot()::text, found.* from (values (1)) as one left join found on true
"""


def append(
    session: Session,
    workspace_id: UUID,
    kind: EventKind,
    threads: Collection[UUID],
    *,
    at: datetime,
    mailbox_id: UUID | None = None,
) -> None:
    """Write down what happened, and wake whoever listens once this transaction has committed."""
    values = {
        "ws": workspace_id,
        "id": ids.new(),
        "kind": kind,
        "mailbox": mailbox_id,
        "threads": sorted(threads) if len(threads) <= NAMED else [],
        "at": at,
        "channel": CHANNEL,
    }
    bulk.run(session, _APPEND, values)


def mark(session: Session) -> str:
    """Return the mark of this moment."""
    return str(bulk.run(session, "select pg_current_snapshot()::text", ()).scalar_one())


def parse_mark(said: str) -> str | None:
    """Return a mark that somebody hands back, or None where it is none."""
    if not _MARK.match(said):
        return None
    low, high, between = said.split(":")
    numbers = [int(number) for number in between.split(",") if number]
    fits = 0 < int(low) <= int(high) < 1 << 63 and numbers == sorted(set(numbers))
    return said if fits and all(int(low) <= n < int(high) for n in numbers) else None


def after(session: Session, workspace_id: UUID, since: str) -> Heard:
    """Return what happened after a mark, in no promised order.

    Of more than READ events nothing is told but that anything may have changed.
    """
    values = {"ws": workspace_id, "mark": since, "most": READ + 1}
    rows = bulk.run(session, _AFTER, values).all()
    now = str(rows[0][0])
    if len(rows) > READ:
        return Heard((Happened(EventKind.CHANGED, None, ()),), now)
    found = (Happened(EventKind(k), m, tuple(t)) for _, k, m, t in rows if k is not None)
    return Heard(tuple(found), now)
