"""The rows of meetings, and their lines on timelines.

The line of a meeting stands wherever that of its newest letter does, for whomever that one is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from crm.base import bulk, ids
from crm.base.db import table
from crm.filing import convening, known
from crm.filing.convening import Said, Seat, Standing
from crm.mail import identity
from crm.mail.letter import SENT, Role
from crm.mail.meaning import Answer, Method, Named
from crm.mail.models import MailboxKind
from crm.work.models import Activity, ActivityKind, AttendeeRow, MeetingMessage, MeetingRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.who import Circle
    from crm.mail.meaning import Meeting

#: An answer that names no organizer goes to one of so many.
_MOST_HOSTS: Final = 5
_MEETING = (
    "id ref summary place starts_at ends_at whole_day repeats organizer_name organizer_email"
    " sequence moved_from cancelled_at message_id said_at"
).split()
_ACTIVITY = ("id", "kind", "at", "message_id", "thread_id", "summary")
_AGAIN = "(workspace_id, id) do update set " + ", ".join(
    f"{name} = excluded.{name}" for name in _MEETING if name not in ("id", "ref")
)
_ACTIVITY_AGAIN = "(workspace_id, id) do update set " + ", ".join(
    f"{name} = excluded.{name}" for name in ("at", "message_id", "thread_id", "summary")
)

_KNOWN = """
select t.ref, t.id, t.summary, t.place, t.starts_at, t.ends_at, t.whole_day, t.repeats,
  t.organizer_name, t.organizer_email, t.sequence, t.moved_from, t.cancelled_at, t.message_id,
  t.said_at, m.from_email, m.suspicions, m.thread_id
from meeting t join message m on m.workspace_id = t.workspace_id and m.id = t.message_id
where t.workspace_id = %s and t.ref = any(%s::uuid[])
"""

#: How far letters are read, and which left a mailbox under an address that it may send from: its
#: own copy says so.
_LETTERS = f"""
select m.id, m.shares, exists (
  select from copy c
    join folder f on f.workspace_id = c.workspace_id and f.id = c.folder_id
    join mailbox b on b.workspace_id = c.workspace_id and b.id = c.mailbox_id
  where c.workspace_id = m.workspace_id and c.message_id = m.id
    and (b.address = m.from_email or b.place->'aliases' ? m.from_email)
    and case when b.kind = '{MailboxKind.GMAIL.value}' and c.uidvalidity <> 0
      then '{SENT}' = any(string_to_array(c.labels, ' '))
      else c.uidvalidity = 0 or f.role = 'sent' end) as sent
from message m
where m.workspace_id = %s and m.id = any(%s::uuid[])
"""

#: As the lines of the newest letter are now, in two steps: those that are gone, those that came.
_STAND = (
    """
delete from activity_link l using meeting t, activity a
where t.workspace_id = %(ws)s and t.message_id = any(%(messages)s::uuid[])
  and a.workspace_id = t.workspace_id and a.id = t.id
  and l.workspace_id = t.workspace_id and l.activity_id = t.id
  and not exists (select from activity_link o where o.workspace_id = t.workspace_id
    and o.activity_id = t.message_id and o.record_id = l.record_id and o.audience = l.audience
    and l.at = a.at)
""",
    """
insert into activity_link (workspace_id, record_id, audience, at, activity_id, record, rule, since)
select o.workspace_id, o.record_id, o.audience, a.at, t.id, o.record, o.rule, o.since
from meeting t
  join activity a on a.workspace_id = t.workspace_id and a.id = t.id
  join activity_link o on o.workspace_id = t.workspace_id and o.activity_id = t.message_id
where t.workspace_id = %(ws)s and t.message_id = any(%(messages)s::uuid[])
on conflict do nothing
""",
)


def write(session: Session, workspace_id: UUID, placed: Sequence[Placed]) -> None:
    """Let meetings stand as the letters of a batch say. Most batches have none.

    One that is known is heard again, for now its copy may say that it is its author's.
    """
    letters = [(p, one) for p in sorted(placed, key=lambda p: p.at) for one in _meetings(p)]
    if not letters:
        return
    refs = {ref for p, one in letters for ref in _refs(p, one)}
    rows = bulk.run(session, _KNOWN, (workspace_id, list(refs))).all()
    messages = {*(p.message_id for p, _one in letters), *(row.message_id for row in rows)}
    believed = _believed(session, workspace_id, messages)
    before = _known(session, workspace_id, rows, believed)
    now = {ref: standing for ref, (_id, standing) in before.items()}
    about: dict[tuple[UUID, UUID], Method] = {}
    for p, one in letters:
        several = _refs(p, one)
        ref = next((ref for ref in several if ref in now), several[0])
        after = convening.hear(now.get(ref), one, _said(p, believed))
        if after is not None:
            now[ref] = after
            about.setdefault((p.message_id, ref), one.method)
    named = {ref: before[ref][0] if ref in before else ids.new() for ref in now}
    changed = {
        named[ref]: (ref, standing)
        for ref, standing in now.items()
        if ref not in before or before[ref][1] != standing
    }
    _write(session, workspace_id, changed)
    bulk.insert(
        session,
        table(MeetingMessage),
        workspace_id,
        ("message_id", "meeting_id", "method"),
        [(message_id, named[ref], method) for (message_id, ref), method in about.items()],
        on_conflict="do nothing",
    )


def stand(session: Session, workspace_id: UUID, message_ids: Iterable[UUID]) -> None:
    """Let the lines of meetings stand where those of their newest letters, these, do now."""
    found = list(message_ids)
    if found:
        for statement in _STAND:
            bulk.run(session, statement, {"ws": workspace_id, "messages": found})


def of_letters(placed: Iterable[Placed]) -> list[UUID]:
    """Return the messages of a batch that are about meetings."""
    return list({p.message_id for p in placed if p.letter.meaning.meetings})


def _meetings(p: Placed) -> list[Meeting]:
    """Return the meetings of a letter: a mailing to many publishes none of ours."""
    return [
        one
        for one in p.letter.meaning.meetings
        if one.uid and not (one.method is Method.PUBLISH and p.letter.automatic)
    ]


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


def _said(p: Placed, believed: _Believed) -> Said:
    email = "" if p.letter.author is None else p.letter.author.email
    suspicious = bool(p.letter.meaning.suspicions)
    author = believed.author(p.message_id, email, suspicious=suspicious)
    return Said(author, p.message_id, p.thread_id, p.at, believed.shares[p.message_id])


@dataclass(frozen=True, slots=True)
class _Believed:
    """Whose word a letter is, and how far it is read; a colleague's own copy says so, not From."""

    circle: Circle
    sent: frozenset[UUID]
    shares: Mapping[UUID, int]

    def author(self, message_id: UUID, email: str, *, suspicious: bool) -> str:
        """Return who wrote a message, "" where that is in doubt."""
        posing = self.circle.holds(email) and message_id not in self.sent
        return "" if suspicious or posing else email


def _believed(session: Session, workspace_id: UUID, message_ids: Iterable[UUID]) -> _Believed:
    rows = bulk.run(session, _LETTERS, (workspace_id, list(message_ids))).all()
    return _Believed(
        known.our_circle(session, workspace_id),
        frozenset(row.id for row in rows if row.sent),
        {row.id: row.shares for row in rows},
    )


def _known(
    session: Session, workspace_id: UUID, rows: Iterable[Any], believed: _Believed
) -> dict[UUID, tuple[UUID, Standing]]:
    """Return how meetings stand that are known, by what stands for them."""
    found: dict[UUID, tuple[UUID, Standing]] = {}
    for row in rows:
        author = believed.author(row.message_id, row.from_email, suspicious=row.suspicions != "")
        found[row.ref] = (
            row.id,
            Standing(
                row.summary,
                row.place,
                row.starts_at,
                row.ends_at,
                row.whole_day,
                row.repeats,
                Named(row.organizer_name, row.organizer_email),
                row.sequence,
                Said(
                    author,
                    row.message_id,
                    row.thread_id,
                    row.said_at,
                    believed.shares[row.message_id],
                ),
                moved_from=row.moved_from,
                cancelled_at=row.cancelled_at,
            ),
        )
    if not found:
        return {}
    seats: dict[UUID, list[Seat]] = {}
    for meeting_id, name, email, answer, at in bulk.run(
        session,
        "select meeting_id, name, email, answer, answered_at from meeting_attendee"
        " where workspace_id = %s and meeting_id = any(%s::uuid[]) order by meeting_id, position",
        (workspace_id, [id_ for id_, _standing in found.values()]),
    ):
        seats.setdefault(meeting_id, []).append(Seat(Named(name, email), Answer(answer), at))
    return {
        ref: (id_, replace(standing, seats=tuple(seats.get(id_, ()))))
        for ref, (id_, standing) in found.items()
    }


def _write(
    session: Session, workspace_id: UUID, changed: dict[UUID, tuple[UUID, Standing]]
) -> None:
    activities = [
        (id_, ActivityKind.MEETING, one.at, one.said.message_id, one.said.thread_id, one.summary)
        for id_, (_ref, one) in changed.items()
    ]
    bulk.insert(
        session,
        table(Activity),
        workspace_id,
        _ACTIVITY,
        activities,
        on_conflict=_ACTIVITY_AGAIN,
    )
    rows = [_row(id_, ref, one) for id_, (ref, one) in changed.items()]
    bulk.insert(session, table(MeetingRow), workspace_id, _MEETING, rows, on_conflict=_AGAIN)
    if changed:
        bulk.run(
            session,
            "delete from meeting_attendee where workspace_id = %s and meeting_id = any(%s::uuid[])",
            (workspace_id, list(changed)),
        )
    bulk.insert(
        session,
        table(AttendeeRow),
        workspace_id,
        ("meeting_id", "position", "name", "email", "answer", "answered_at"),
        [
            (id_, i, seat.who.name, seat.who.email, seat.answer, seat.answered_at)
            for id_, (_ref, one) in changed.items()
            for i, seat in enumerate(one.seats)
        ],
    )


def _row(id_: UUID, ref: UUID, one: Standing) -> tuple[Any, ...]:
    return (
        id_,
        ref,
        one.summary,
        one.place,
        one.starts_at,
        one.ends_at,
        one.whole_day,
        one.repeats,
        one.organizer.name,
        one.organizer.email,
        one.sequence,
        one.moved_from,
        one.cancelled_at,
        one.said.message_id,
        one.said.at,
    )
