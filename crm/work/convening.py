"""How a meeting stands after the letters about it. Pure, whatever order they came in.

Whoever may read some of them alone is shown how it stands after those. A letter says of a meeting
what its author may say: the organizer how it is and that it is called off, everybody else whether
they come themselves (RFC 5546, section 6.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from crm.mail.meaning import Answer, Method, Named, Rhythm

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from crm.mail.meaning import Attendee, Meeting

#: So far ahead people make appointments; what lies beyond would stand above all else for ever.
_FARTHEST: Final = timedelta(days=5 * 366)
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
#: Nobody changes a meeting so often; the column takes it.
_MOST_SEQUENCE: Final = 2**31 - 1
#: As many as an invitation names (`crm.mail.meaning`): nobody waits for more answers to come.
_MOST_SEATS: Final = 200
#: The sequence of a meeting of which only answers have been seen.
HEARD_OF: Final = -1
_NOBODY: Final = Named()
#: Google names a calendar that people share as its organizer, and nobody writes from there.
_CALENDARS: Final = "@group.calendar.google.com"


@dataclass(frozen=True, slots=True)
class Said:
    """A letter as far as it counts here: whose it is, which message, and when it was sent."""

    author: str  # "" where it may be another's
    message_id: UUID
    at: datetime
    whole: bool = True  # all of it may be read, and not its head alone


class Unheard(Enum):
    """Why a letter that tells how a meeting is changes nothing."""

    IN_DOUBT = auto()  # who wrote it may not be who they seem
    ANOTHERS = auto()  # the meeting is somebody else's


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who is invited, what they said, and when."""

    who: Named
    answer: Answer = Answer.NONE
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting as it stands: by which letter, and who comes."""

    summary: str
    place: str
    starts_at: datetime | None
    ends_at: datetime | None
    whole_day: bool
    repeats: bool
    rhythm: Rhythm
    every: int
    organizer: Named
    sequence: int
    said: Said  # by the newest letter that tells how it is
    seats: Mapping[str, Seat] = field(default_factory=dict)  # by whose they are
    moved_from: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """Return where it stands on a timeline: when it takes place, if that can be true."""
        if self.starts_at is None or not _EARLIEST <= self.starts_at <= self.said.at + _FARTHEST:
            return self.said.at
        return self.starts_at


def stand(letters: Iterable[tuple[Meeting, Said]]) -> Standing | None:
    """Return how a meeting stands after letters; None where none of them may tell."""
    known: Standing | None = None
    for meeting, said in sorted(letters, key=_order):
        known = hear(known, meeting, said)
    return known


def alone(meeting: Meeting, said: Said) -> Standing:
    """Return how a meeting stands as one letter has it, be it believed or not."""
    return _new(meeting, said)


def unheard(known: Standing | None, meeting: Meeting, said: Said) -> Unheard | None:
    """Tell why a letter that calls a meeting off, or moves it, is not believed."""
    told = _new(meeting, said)
    if meeting.method in (Method.REQUEST, Method.PUBLISH):
        if known is None or said.at <= known.said.at or _times(told) == _times(known):
            return None
    elif meeting.method is not Method.CANCEL:
        return None
    if not said.author:
        return Unheard.IN_DOUBT
    there = known if known is not None and known.sequence > HEARD_OF else told
    return None if said.author == _host(there) else Unheard.ANOTHERS


def uninvited(known: Standing | None, meeting: Meeting, said: Said) -> tuple[Named, ...]:
    """Return who is no more invited to a meeting that is on, as a letter tells them."""
    if known is None or known.cancelled_at is not None or meeting.method is not Method.CANCEL:
        return ()
    if unheard(known, meeting, said) is not None:
        return ()
    left = {known.organizer.email, *known.seats}
    return tuple(one.who for one in meeting.attendees if _whose(one) not in left)


def sequence(meeting: Meeting) -> int:
    """Return how often a letter says that a meeting has been changed, if that can be true."""
    return min(max(meeting.sequence, 0), _MOST_SEQUENCE)


def hear(known: Standing | None, meeting: Meeting, said: Said) -> Standing | None:
    """Return how a meeting stands after a letter; None where nothing is known of it yet."""
    if meeting.method in (Method.REQUEST, Method.PUBLISH):
        return _asked(known, meeting, said)
    if meeting.method is Method.CANCEL:
        return _called_off(known, meeting, said)
    if meeting.method is Method.REPLY:
        return _answered(known, meeting, said)
    return known  # A counter-proposal changes nothing until the organizer takes it up.


def _asked(known: Standing | None, meeting: Meeting, said: Said) -> Standing:
    made = _new(meeting, said)
    if known is None:
        return made
    if known.sequence > HEARD_OF:
        by_host = said.author != "" and said.author == _host(known)
        if not by_host or (_is_first_hand(known) and not _holds(made, known)):
            return known
    moved = None not in (known.starts_at, made.starts_at) and known.starts_at != made.starts_at
    return replace(
        made,
        seats={
            whose: _kept(seat, known.seats.get(whose), said, moved)
            for whose, seat in made.seats.items()
        },
        moved_from=known.starts_at if moved else known.moved_from,
    )


def _called_off(known: Standing | None, meeting: Meeting, said: Said) -> Standing | None:
    there = known if known is not None and known.sequence > HEARD_OF else None
    if not said.author or said.author != _host(there or _new(meeting, said)):
        return known
    host = _named(meeting.organizer).email
    named = {_whose(one) for one in meeting.attendees} - {host}
    if there is None:
        told = replace(_new(meeting, said), cancelled_at=said.at)
        return told if meeting.cancelled or not named else replace(told, sequence=HEARD_OF)
    if _is_first_hand(there) and not _is_newer(meeting, said, there):
        return there
    told = replace(there, sequence=sequence(meeting))
    if not named:
        return _off(told, said.at)
    return _uninvited(told, named, said.at) if said.whole else there


def _off(known: Standing, at: datetime) -> Standing:
    # Its words stay those of the invitation, and so does who may read them.
    return replace(known, said=replace(known.said, at=at), cancelled_at=at)


def _uninvited(known: Standing, gone: Collection[str], at: datetime) -> Standing:
    """Return a meeting without some who were invited: where nobody is left, it is called off.

    Who is no more invited is told so by the same method as everybody is (RFC 5546, section 3.2.5).
    A status of CANCELLED should then be missing, and Google's calendar writes it all the same.
    """
    left = {whose: seat for whose, seat in known.seats.items() if whose not in gone}
    if left.keys() <= {known.organizer.email}:
        return _off(known, at)
    return replace(known, seats=left)


def _answered(known: Standing | None, meeting: Meeting, said: Said) -> Standing | None:
    if not said.whole:
        return known
    own = (one for one in meeting.attendees if _named(one.who).email == said.author)
    found = next((one for one in own if one.answer is not Answer.NONE), None)
    if found is None or not said.author:
        return known
    seat = Seat(_named(found.who), found.answer, said.at)
    if known is None:
        return replace(_new(meeting, said), sequence=HEARD_OF, seats={said.author: seat})
    if sequence(meeting) < known.sequence and said.at < known.said.at:
        return known  # It answers what has been changed since.
    before = known.seats.get(said.author)
    if before is None:
        heard = known.sequence == HEARD_OF and known.cancelled_at is None
        open_still = heard and len(known.seats) < _MOST_SEATS
        return replace(known, seats={**known.seats, said.author: seat}) if open_still else known
    if (before.answered_at or _EARLIEST) >= said.at:
        return known
    answered = replace(before, answer=found.answer, answered_at=said.at)
    return replace(known, seats={**known.seats, said.author: answered})


def _kept(seat: Seat, before: Seat | None, said: Said, moved: bool) -> Seat:  # noqa: FBT001
    """Return a seat of a newer invitation, with the answer that still holds.

    One to another time than the meeting has now holds no more, unless it came after the news.
    """
    if before is None or before.answered_at is None:
        return seat
    holds = before.answered_at > said.at or (seat.answer is Answer.NONE and not moved)
    return replace(seat, answer=before.answer, answered_at=before.answered_at) if holds else seat


def _host(known: Standing) -> str:
    """Return who may say how a meeting is: whoever it names, else whoever first told of it."""
    email = known.organizer.email
    return email if email and not email.endswith(_CALENDARS) else known.said.author


def _is_first_hand(known: Standing) -> bool:
    """Tell whether a meeting stands by its organizer's own word: whoever passes it on may err."""
    return known.said.author == _host(known) or known.cancelled_at is not None


def _is_newer(meeting: Meeting, said: Said, known: Standing) -> bool:
    return (sequence(meeting), said.at) > (known.sequence, known.said.at)


def _holds(made: Standing, known: Standing) -> bool:
    """Tell whether a meeting stands by a letter rather than by the one that is known."""
    return (made.sequence, made.said.at) > (known.sequence, known.said.at)


def _order(letter: tuple[Meeting, Said]) -> tuple[object, ...]:
    meeting, said = letter
    return said.at, meeting.sequence, int(meeting.method), said.message_id


def _times(one: Standing) -> tuple[object, ...]:
    return one.starts_at, one.ends_at, one.whole_day, one.place


def _new(meeting: Meeting, said: Said) -> Standing:
    organizer = _named(meeting.organizer)
    return Standing(
        meeting.summary,
        meeting.place,
        meeting.starts_at,
        meeting.ends_at,
        meeting.whole_day,
        meeting.repeats,
        meeting.rhythm,
        meeting.every,
        organizer,
        sequence(meeting),
        said,
        {_whose(one): _seat(one, organizer, said) for one in meeting.attendees},
    )


def _whose(one: Attendee) -> str:
    """Return what stands for somebody who is invited: who has no address answers by none."""
    who = _named(one.who)
    return who.email or f"\n{who.name}"


def _seat(one: Attendee, organizer: Named, said: Said) -> Seat:
    """Return a seat with the answer that its letter may tell: its author's own, or all answers.

    An organizer who is named has heard them; nobody else has, who passes it on or is in doubt.
    """
    who = _named(one.who)
    heard = said.author != "" and said.author in (who.email, organizer.email)
    if not said.whole or not heard or one.answer is Answer.NONE:
        return Seat(who)
    return Seat(who, one.answer, said.at)


def _named(who: Named | None) -> Named:
    return _NOBODY if who is None else Named(who.name, who.email.lower())
