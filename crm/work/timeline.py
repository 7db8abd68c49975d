"""The past of a record: page through it, record what happened.

A page is the newest lines of each of the viewer's audiences, merged: it costs the same whether
most of a timeline is hidden or nothing is. Pages go by moment and id, never by number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete

from crm.base import bulk, ids
from crm.mail.letter import Kind
from crm.mail.models import HELD, Shares
from crm.work import meetings, records
from crm.work.models import Activity, ActivityKind, ActivityLink, LinkRule, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.db import Session
    from crm.mail.visibility import Viewer
    from crm.work.meetings import Meeting
    from crm.workspace.models import User


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ends and the next one begins."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.timestamp():.6f}.{self.id.hex}"


def mark(text: str) -> Mark | None:
    """Read a mark as it is written; None for nonsense."""
    at, _point, id_ = text.rpartition(".")
    found = ids.parse(id_)
    try:
        moment = datetime.fromtimestamp(float(at), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Mark(moment, found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a timeline, as far as the viewer may see it.

    `summary` is empty where the viewer may know that it happened and no more.
    """

    id: UUID
    kind: ActivityKind
    at: datetime
    summary: str
    who: str
    rule: LinkRule
    since: datetime
    message_id: UUID | None
    thread_id: UUID | None
    rfc_id: str
    direction: int
    message_kind: int
    seen: Shares
    means: str = ""
    in_doubt: bool = False  # who wrote it may not be who they seem
    snippet: str = ""  # how what was written begins, where the viewer may read it
    meeting: Meeting | None = None

    @property
    def automatic(self) -> bool:
        """Tell whether a machine sent it."""
        return self.message_kind not in (0, Kind.PERSON, Kind.INVITATION)


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, newest first, and where older ones begin."""

    entries: tuple[Entry, ...]
    older: Mark | None = None


_LINES = """
with nearest as (
  select distinct on (l.at, l.activity_id) l.at, l.activity_id, l.rule, l.since
  from unnest(%(audiences)s::uuid[]) u(audience)
  cross join lateral (
    select l.at, l.activity_id, l.rule, l.since from activity_link l
    where l.workspace_id = %(ws)s and l.record_id = %(record)s and l.audience = u.audience
      and (l.at, l.activity_id) {than} (%(at)s, %(id)s)
    order by l.at {way}, l.activity_id {way} limit %(size)s
  ) l
  order by l.at {way}, l.activity_id {way} limit %(size)s
)
select a.id, a.kind, n.at,
  case when a.message_id is null or v.seen >= %(headers)s
    then coalesce(nullif(a.summary, ''), m.subject, '') else '' end,
  coalesce(case when m.suspicions = '' then nullif(m.from_name, '') end, m.from_email, w.name, ''),
  n.rule, n.since, a.message_id, a.thread_id,
  case when v.seen >= %(headers)s then coalesce(m.rfc_id, '') else '' end,
  coalesce(m.direction, 0), coalesce(m.kind, 0), coalesce(v.seen, %(everything)s),
  coalesce(m.means, ''), coalesce(m.suspicions, '') <> '',
  case when v.seen >= %(everything)s then coalesce(m.snippet, '') else '' end
from nearest n
  join activity a on a.workspace_id = %(ws)s and a.id = n.activity_id
  left join message m on m.workspace_id = %(ws)s and m.id = a.message_id
  left join "user" w on w.workspace_id = %(ws)s and w.id = a.user_id
  left join lateral (
    select case when exists (
      select from copy c where c.workspace_id = %(ws)s and c.message_id = m.id
        and c.state = any(%(held)s::smallint[]) and c.mailbox_id = any(%(mine)s::uuid[]))
      then %(everything)s else m.shares end as seen
    where m.id is not null
  ) v on true
order by n.at {way}, n.activity_id {way}
"""
_PAGE = _LINES.format(than="<", way="desc")
_AROUND = f"({_PAGE}) union all ({_LINES.format(than='>', way='asc')})"
_COMING = 2  # So many meetings to come are told of.
_LAST_ID = UUID(int=2**128 - 1)  # A mark with it is behind every line of its moment.


def page(
    session: Session, viewer: Viewer, record_id: UUID, before: Mark | None = None, size: int = 20
) -> Page:
    """Read a record's timeline, newest first, starting before a mark."""
    lines = _lines(session, viewer, record_id, before, size + 1)
    older = Mark(lines[size - 1].at, lines[size - 1].id) if len(lines) > size else None
    return Page(tuple(_with_meetings(session, viewer, lines[:size])), older)


def around(
    session: Session, viewer: Viewer, record_id: UUID, *, at: datetime, size: int = 10
) -> tuple[Page, tuple[Entry, ...]]:
    """Read what was, newest first, and apart from it the next meetings, the nearest first.

    What is dated ahead and is no meeting was written by a clock that is fast: it has happened.
    """
    lines = _lines(session, viewer, record_id, Mark(at, _LAST_ID), size, both_ways=True)
    found = sorted(_with_meetings(session, viewer, lines), key=lambda e: (e.at, e.id))
    ahead = [e for e in found if e.at > at and e.kind is ActivityKind.MEETING][:_COMING]
    was = [e for e in found if e.at <= at or e.kind is not ActivityKind.MEETING][::-1][:size]
    return Page(tuple(was)), tuple(ahead)


def count(session: Session, viewer: Viewer, record_id: UUID, most: int = 1000) -> int:
    """Count a timeline's lines for a viewer, at most one more than `most`: never the whole."""
    rows = bulk.run(
        session,
        "select count(*) from (select distinct l.at, l.activity_id"
        " from unnest(%s::uuid[]) u(audience) cross join lateral ("
        "   select l.at, l.activity_id from activity_link l"
        "   where l.workspace_id = %s and l.record_id = %s and l.audience = u.audience"
        "   limit %s) l limit %s) c",
        (viewer.audiences, viewer.workspace_id, record_id, most + 1, most + 1),
    )
    return int(rows.scalar_one())


_LAST = """
select r.id, max(l.at) as at from unnest(%(records)s::uuid[]) r(id)
cross join unnest(%(audiences)s::uuid[]) u(audience)
cross join lateral (
  select l.at from activity_link l
  where l.workspace_id = %(ws)s and l.record_id = r.id and l.audience = u.audience
    and l.at <= %(now)s
  order by l.at desc, l.activity_id desc limit 1
) l
group by r.id
"""


def last_of(
    session: Session, viewer: Viewer, record_ids: Sequence[UUID], *, at: datetime
) -> dict[UUID, datetime]:
    """Return when records last had a line that the viewer may see; who has none is left out.

    A meeting that is still to come is nothing that happened.
    """
    values: dict[str, Any] = {"now": at, "ws": viewer.workspace_id}
    values |= {"records": list(record_ids), "audiences": viewer.audiences}
    return {row.id: row.at for row in bulk.run(session, _LAST, values)}


def record(
    session: Session,
    kind: ActivityKind,
    *,
    by: User,
    at: datetime,
    summary: str,
    on: Sequence[tuple[Record, UUID]],
    activity_id: UUID | None = None,
    thread_id: UUID | None = None,
    rule: LinkRule = LinkRule.MANUAL,
) -> Activity:
    """Append what somebody did to the timelines of records, for everyone to see.

    Raises NotFoundError where one of the records is not there, or is somebody else's.
    """
    records.check(session, by.workspace_id, on)
    activity = Activity(
        workspace_id=by.workspace_id,
        id=activity_id or ids.new(),
        kind=kind,
        at=at,
        summary=summary,
        thread_id=thread_id,
        user_id=by.id,
    )
    session.add(activity)
    for which, record_id in dict.fromkeys(on):
        session.add(
            ActivityLink(
                workspace_id=by.workspace_id,
                record_id=record_id,
                audience=ids.EVERYONE,
                at=at,
                activity_id=activity.id,
                record=which,
                rule=rule,
                since=at,
            )
        )
    session.flush()
    return activity


def forget(session: Session, workspace_id: UUID, activity_id: UUID, kind: ActivityKind) -> None:
    """Take a line of this kind off every timeline: what it told was taken back."""
    session.flush()
    session.execute(
        delete(Activity).where(
            Activity.workspace_id == workspace_id,
            Activity.id == activity_id,
            Activity.kind == kind,
        )
    )


def _lines(
    session: Session,
    viewer: Viewer,
    record_id: UUID,
    beyond: Mark | None,
    size: int,
    *,
    both_ways: bool = False,
) -> list[Entry]:
    statement = _AROUND if both_ways else _PAGE
    values: dict[str, Any] = {
        "ws": viewer.workspace_id,
        "record": record_id,
        "audiences": viewer.audiences,
        "mine": list(viewer.mailboxes),
        "at": beyond.at if beyond else "infinity",
        "id": beyond.id if beyond else _LAST_ID,
        "size": size,
        "headers": Shares.HEADERS,
        "everything": Shares.EVERYTHING,
        "held": HELD,
    }
    return [_entry(row) for row in bulk.run(session, statement, values)]


def _with_meetings(session: Session, viewer: Viewer, entries: Sequence[Entry]) -> list[Entry]:
    """Return lines with their meetings; of one that has several, that by which it stands now."""
    asked = [e.message_id for e in entries if e.kind is ActivityKind.MEETING and e.message_id]
    found = meetings.of_lines(session, viewer, asked)
    now = {(one.id, one.at) for one in found.values()}
    shown = (e for e in entries if e.kind is not ActivityKind.MEETING or (e.id, e.at) in now)
    return [replace(e, meeting=found[e.id]) if e.id in found else e for e in shown]


def _entry(row: Any) -> Entry:
    id_, kind, at, summary, who, rule, since, message, thread, rfc_id, way, sort, seen, *told = row
    return Entry(
        id_,
        ActivityKind(kind),
        at,
        summary,
        who,
        LinkRule(rule),
        since,
        message,
        thread,
        rfc_id,
        way,
        sort,
        Shares(seen),
        *told,
    )
