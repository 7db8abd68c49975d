"""What messages say of meetings, and the lines of these on timelines.

A line stands wherever that of the message does by which its meeting stands, and for whomever. Who
may read more than others, because it is in a mailbox of theirs, may have a line of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from crm.base import bulk, ids
from crm.base.db import table
from crm.filing import vouching
from crm.mail import identity
from crm.mail.letter import Role
from crm.mail.meaning import Method, Named
from crm.mail.models import HELD, Shares
from crm.work import convening, meetings
from crm.work.models import Activity, ActivityKind, MeetingMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.meaning import Meeting
    from crm.mail.models import Folder, Mailbox
    from crm.work.convening import Said, Standing

#: An answer that names no organizer goes to one of so many.
_MOST_HOSTS: Final = 5
_COLUMNS = (
    "message_id ref line_id method author sequence summary place starts_at ends_at whole_day"
    " repeats rhythm every organizer_name organizer_email attendees cancelled"
).split()
#: Another copy may say that it is its author's, and that one's words hold then: one that does not
#: say so takes nothing back.
_AGAIN = "(workspace_id, message_id, ref) do update set " + ", ".join(
    f"{name} = excluded.{name}" for name in _COLUMNS[3:]
)
_UNLESS_KNOWN = "where excluded.author <> '' and meeting_message.author = ''"
_ACTIVITY = ("id", "kind", "at", "message_id", "thread_id", "summary")
_ACTIVITY_AGAIN = "(workspace_id, id) do update set " + ", ".join(
    f"{name} = excluded.{name}" for name in ("at", "message_id", "thread_id", "summary")
)

#: What is said of the meetings that messages are about, and who has which message.
_SAID = f"""
select t.*, array(
  select distinct array[b.user_id, b.id] from copy c
    join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
  where c.workspace_id = t.workspace_id and c.message_id = t.message_id
    and c.state = any(%(held)s::smallint[])) as holders
from (select distinct o.ref from meeting_message o
    where o.workspace_id = %(ws)s and o.message_id = any(%(messages)s::uuid[])) r
  cross join lateral (
    select t.*, m.at, m.shares, m.thread_id from meeting_message t
      join message m on m.workspace_id = t.workspace_id and m.id = t.message_id
    where t.workspace_id = %(ws)s and t.ref = r.ref
    order by t.author <> '' and t.author = t.organizer_email desc, t.author <> '' desc, m.at desc,
      m.id limit {meetings.MOST}
  ) t
order by t.ref, t.at, t.message_id
"""

#: The lines of meetings as those of their messages are now, for everybody whom these are for
#: (`audience` null), or for one mailbox. In two steps: those that are gone, those that came.
_WANTED = """
with wanted as (
  select distinct on (o.record_id, a.audience, w.at, w.id)
    o.record_id, a.audience, w.at, w.id, o.record, o.rule, o.since
  from unnest(%(lines)s::uuid[], %(messages)s::uuid[], %(audiences)s::uuid[],
      %(moments)s::timestamptz[]) w(id, message_id, audience, at)
    join activity_link o on o.workspace_id = %(ws)s and o.activity_id = w.message_id
      and (w.audience is null or o.audience in (w.audience, %(everyone)s))
    cross join lateral (select coalesce(w.audience, o.audience) as audience) a
  order by o.record_id, a.audience, w.at, w.id, o.since
)
"""
_STAND = (
    f"""{_WANTED}
delete from activity_link l where l.workspace_id = %(ws)s and l.activity_id = any(%(lines)s::uuid[])
  and not exists (select from wanted w where w.id = l.activity_id and w.record_id = l.record_id
    and w.audience = l.audience and w.at = l.at)
""",
    f"""{_WANTED}
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select %(ws)s, record_id, audience, at, id, record, rule, since from wanted
on conflict do nothing
""",
)


def write(
    session: Session, mailbox: Mailbox, folder: Folder, placed: Sequence[Placed], *, own: bool
) -> None:
    """Keep what the letters of a batch say of meetings. Most batches have none.

    One that is known is kept again, for now its copy may say that it is its author's. `own` says
    that these are letters of ours without a copy yet.
    """
    workspace_id = mailbox.workspace_id
    letters = [(p, one) for p in sorted(placed, key=lambda p: p.at) for one in _meetings(p)]
    if not letters:
        return
    refs = _chosen(session, workspace_id, letters)
    authors = vouching.authors(session, mailbox, folder, [p for p, _one in letters], own=own)
    rows: dict[tuple[UUID, UUID], tuple[Any, ...]] = {}
    told = zip(letters, refs, authors, strict=True)
    for (p, one), ref, author in sorted(told, key=lambda one: not one[2]):
        rows.setdefault((p.message_id, ref), _row(p, ref, one, author))
    bulk.insert(
        session,
        table(MeetingMessage),
        workspace_id,
        _COLUMNS,
        list(rows.values()),
        on_conflict=f"{_AGAIN} {_UNLESS_KNOWN}",
    )


def stand(session: Session, workspace_id: UUID, message_ids: Iterable[UUID]) -> None:
    """Let the lines of the meetings that messages are about stand as these say, and where."""
    asked = list(message_ids)
    if not asked:
        return
    values = {"ws": workspace_id, "messages": asked, "held": HELD}
    rows = bulk.run(session, _SAID, values).all()
    if not rows:
        return
    lines = [line for _ref, some in groupby(rows, attrgetter("ref")) for line in _lines(list(some))]
    bulk.run(
        session,
        "delete from activity where workspace_id = %s and id = any(%s::uuid[])"
        " and id <> all(%s::uuid[])",
        (workspace_id, [row.line_id for row in rows], [line.id for line in lines]),
    )
    bulk.insert(
        session,
        table(Activity),
        workspace_id,
        _ACTIVITY,
        list({line.id: line.activity for line in reversed(lines)}.values()),
        on_conflict=_ACTIVITY_AGAIN,
    )
    values = {
        "ws": workspace_id,
        "lines": [line.id for line in lines],
        "messages": [line.message_id for line in lines],
        "audiences": [line.audience for line in lines],
        "moments": [line.at for line in lines],
        "everyone": ids.EVERYONE,
    }
    for statement in _STAND:
        bulk.run(session, statement, values)


def of_letters(placed: Iterable[Placed]) -> list[UUID]:
    """Return the messages of a batch that are about meetings."""
    return list({p.message_id for p in placed if p.letter.meaning.meetings})


@dataclass(frozen=True, slots=True)
class _Line:
    """A meeting's line by one of its messages: for whom that is, or for one mailbox."""

    id: UUID
    message_id: UUID
    thread_id: UUID
    audience: UUID | None
    at: datetime
    summary: str

    @property
    def activity(self) -> tuple[Any, ...]:
        kind = ActivityKind.MEETING
        return self.id, kind, self.at, self.message_id, self.thread_id, self.summary


def _lines(rows: Sequence[Any]) -> Iterator[_Line]:
    """Yield the lines of a meeting: as everybody may know it, then as some know it otherwise.

    Whoever has the same letters knows the same.
    """
    whole = [meetings.letter(row, whole=True) for row in rows]
    heads = [(told, replace(said, whole=False)) for told, said in whole]
    openly = _standing(rows, whole, heads, frozenset())
    if openly is not None:
        yield _line(rows, openly, None)
    having: dict[UUID, set[int]] = {}
    for number, row in enumerate(rows):
        for user, _box in row.holders if row.shares < Shares.EVERYTHING else ():
            having.setdefault(user, set()).add(number)
    alike: dict[frozenset[int], list[UUID]] = {}
    for user in sorted(having):
        alike.setdefault(frozenset(having[user]), []).append(user)
    for had, users in alike.items():
        own = _standing(rows, whole, heads, had)
        if own is None or (
            openly is not None
            and (own.said.message_id, own.at) == (openly.said.message_id, openly.at)
        ):
            continue
        for user in users:
            yield _line(rows, own, user)


def _standing(
    rows: Sequence[Any],
    whole: Sequence[tuple[Meeting, Said]],
    heads: Sequence[tuple[Meeting, Said]],
    had: frozenset[int],
) -> Standing | None:
    """Return how a meeting stands for whoever has some of its letters; None where none tells."""
    letters = []
    for number, row in enumerate(rows):
        if number in had or row.shares >= Shares.EVERYTHING:
            letters.append(whole[number])
        elif row.shares >= Shares.HEADERS:
            letters.append(heads[number])
    return convening.stand(letters)


def _line(rows: Sequence[Any], one: Standing, user: UUID | None) -> _Line:
    by = next(row for row in rows if row.message_id == one.said.message_id)
    audience = None
    if user is not None:
        # The mailbox that has the message, else any of theirs: what they know came by another.
        audience = min(
            (row.message_id != by.message_id, box)
            for row in rows
            for holder, box in row.holders
            if holder == user
        )[1]
    return _Line(by.line_id, by.message_id, by.thread_id, audience, one.at, one.summary)


def _meetings(p: Placed) -> list[Meeting]:
    """Return the meetings of a letter: a mailing to many publishes none of ours."""
    return [
        one
        for one in p.letter.meaning.meetings
        if one.uid and not (one.method is Method.PUBLISH and p.letter.automatic)
    ]


def _chosen(
    session: Session, workspace_id: UUID, letters: Sequence[tuple[Placed, Meeting]]
) -> list[UUID]:
    """Return what stands for the meeting of each letter: of several, one that is known."""
    possible = [_refs(p, one) for p, one in letters]
    several = {ref for refs in possible if len(refs) > 1 for ref in refs}
    there: set[UUID] = set()
    if several:
        query = "select ref from meeting_message where workspace_id = %s and ref = any(%s::uuid[])"
        there = {ref for (ref,) in bulk.run(session, query, (workspace_id, list(several)))}
    found = []
    for refs in possible:
        found.append(next((ref for ref in refs if ref in there), refs[0]))
        there.add(found[-1])
    return found


def _refs(p: Placed, meeting: Meeting) -> list[UUID]:
    """Return what may stand for a meeting: its UID beside whose it is, so that nobody takes it.

    Every letter but a published one has to name the organizer (RFC 5546, section 3.2). Where one
    does not, it is whoever sent it, or whom an answer went to (RFC 6047, section 2.2.1).
    """
    named = [meeting.organizer.email.lower()] if meeting.organizer is not None else []
    if not any(named) and meeting.method in (Method.REPLY, Method.COUNTER):
        named = [one.address.email for one in p.letter.parties if one.role is Role.TO][:_MOST_HOSTS]
    elif not any(named) and p.letter.author is not None:
        named = [p.letter.author.email]
    return [
        UUID(bytes=identity.ref(f"{meeting.uid}\n{meeting.recurrence}\n{email}"))
        for email in named or [""]
    ]


def _row(p: Placed, ref: UUID, one: Meeting, author: str) -> tuple[Any, ...]:
    organizer = one.organizer or Named()
    return (
        p.message_id,
        ref,
        ids.new(),
        one.method,
        author,
        convening.sequence(one),
        one.summary,
        one.place,
        one.starts_at,
        one.ends_at,
        one.whole_day,
        one.repeats,
        one.rhythm,
        one.every,
        organizer.name,
        organizer.email.lower(),
        json.dumps([[a.who.name, a.who.email.lower(), a.answer] for a in one.attendees]),
        one.cancelled,
    )
