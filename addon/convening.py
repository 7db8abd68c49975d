"""A meeting in words: when in the viewer's zone, how often, where, and who comes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from addon.widgets import isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy, ngettext
from crm.mail.meaning import Answer, Rhythm
from crm.work.convening import Unheard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from crm.mail.meaning import Attendee
    from crm.work.meetings import Meeting

_ANSWERS = {
    Answer.NONE: lazy("no answer yet"),
    Answer.ACCEPTED: lazy("accepted"),
    Answer.DECLINED: lazy("declined"),
    Answer.TENTATIVE: lazy("perhaps"),
}
_EVERY = {
    Rhythm.NONE: lazy("repeats"),
    Rhythm.DAY: lazy("every day"),
    Rhythm.WEEK: lazy("every week"),
    Rhythm.MONTH: lazy("every month"),
    Rhythm.YEAR: lazy("every year"),
}

#: Of a title and of a place so many signs are shown.
_LONGEST = 160


def title(meeting: Meeting) -> str:
    """Return what a meeting is about."""
    return _short(showing.straight(meeting.summary).strip()) or _("No title")


def line(meeting: Meeting, now: datetime, zone: ZoneInfo) -> str:
    """Say in one line what, when and where."""
    said = [_("Meeting: {name}").format(name=isolate(title(meeting)))]
    time = _time(meeting, now, zone, showing.day_within)
    said += [isolate(word) for word in (time, rhythm(meeting), place(meeting)) if word]
    return showing.listing(said)


def sentence(meeting: Meeting, now: datetime, zone: ZoneInfo) -> str:
    """Say the same, and what became of it."""
    outcome = standing(meeting)
    told = line(meeting, now, zone)
    return f"{isolate(told)} · {isolate(outcome)}" if outcome else told


def when(meeting: Meeting, now: datetime, zone: ZoneInfo) -> str:
    """Say on which day, from when to when, and how often; "" where it does not tell."""
    time = _time(meeting, now, zone, showing.day)
    return showing.listing(word for word in (time, rhythm(meeting)) if word)


def rhythm(meeting: Meeting) -> str:
    """Say how often it repeats, or that it does; "" where it does not."""
    if not meeting.repeats:
        return ""
    if meeting.every == 1 or meeting.rhythm is Rhythm.NONE:
        return _(_EVERY[meeting.rhythm])
    n = meeting.every
    words = {
        Rhythm.DAY: ngettext("every {n} days", "every {n} days", n),
        Rhythm.WEEK: ngettext("every {n} weeks", "every {n} weeks", n),
        Rhythm.MONTH: ngettext("every {n} months", "every {n} months", n),
        Rhythm.YEAR: ngettext("every {n} years", "every {n} years", n),
    }
    return words[meeting.rhythm].format(n=showing.number(n))


def exact(meeting: Meeting, zone: ZoneInfo) -> str:
    """Say in full when it begins, for whoever asks; "" where it does not tell."""
    if meeting.starts_at is None:
        return ""
    if meeting.whole_day:
        return showing.exact_day(meeting.starts_at.astimezone(UTC).date())
    return showing.exact(meeting.starts_at, zone)


def place(meeting: Meeting) -> str:
    """Return where it is, in one line."""
    return _short(" ".join(showing.straight(meeting.place).split()))


def _short(text: str) -> str:
    """Cut what would fill a card."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def standing(meeting: Meeting) -> str:
    """Say whether it was called off, and else what was answered to it."""
    if meeting.off:
        return _("called off")
    guests = _guests(meeting)
    given = Counter(one.answer for one in guests if one.answer is not Answer.NONE)
    if len(guests) == 1:
        return _(_ANSWERS[guests[0].answer]) if given else ""
    yes, no = given[Answer.ACCEPTED], given[Answer.DECLINED]
    perhaps = given[Answer.TENTATIVE]
    said = (
        (yes, ngettext("{n} accepted", "{n} accepted", yes)),
        (no, ngettext("{n} declined", "{n} declined", no)),
        (perhaps, ngettext("{n} perhaps", "{n} perhaps", perhaps)),
    )
    return showing.listing(words.format(n=showing.number(n)) for n, words in said if n)


def moved(meeting: Meeting, now: datetime, zone: ZoneInfo) -> str:
    """Say when it was to be before; "" where it was never moved."""
    if meeting.moved_from is None or meeting.off:
        return ""
    before = _day(meeting.moved_from, now, zone, showing.day_within, whole=meeting.whole_day)
    return _("Moved from {when}").format(when=isolate(before))


def unheard(meeting: Meeting) -> str:
    """Say that the message beside which a meeting stands changes nothing, and why; else ""."""
    if meeting.unheard is Unheard.IN_DOUBT:
        return _("This message changes nothing about the meeting: it is in doubt who wrote it.")
    if meeting.unheard is None:
        return ""
    # The address: who would call it off in another's stead bears their name.
    host = meeting.organizer.email or meeting.organizer.name or _("whoever invites to it")
    said = _("This message changes nothing about the meeting. Only {name} may move or cancel it.")
    return said.format(name=isolate(showing.straight(host)))


def uninvited(meeting: Meeting) -> str:
    """Say whom the message beside which a meeting stands tells not to come; else ""."""
    names = [showing.straight(one.name or one.email) for one in meeting.uninvited]
    if not any(names):
        return ""
    return _("No longer invited: {names}").format(names=showing.listing(map(isolate, names)))


def people(meeting: Meeting) -> list[tuple[str, str]]:
    """Name who invited and who is invited, each with what they said."""
    found = []
    organizer = meeting.organizer
    if organizer.name or organizer.email:
        found.append((showing.straight(organizer.name or organizer.email), _("invites")))
    for one in _guests(meeting):
        name = showing.straight(one.who.name or one.who.email)
        if name:
            found.append((name, _(_ANSWERS[one.answer])))
    return found


def _guests(meeting: Meeting) -> list[Attendee]:
    """Return who is invited: whoever invites may stand among them, and comes anyhow."""
    own = meeting.organizer.email
    return [one for one in meeting.attendees if not own or one.who.email != own]


def _time(
    meeting: Meeting, now: datetime, zone: ZoneInfo, named: Callable[[date, date], str]
) -> str:
    start, end = meeting.starts_at, meeting.ends_at
    if start is None:
        return ""
    first = _day(start, now, zone, named, whole=meeting.whole_day)
    if end is None or end <= start:
        return first
    if meeting.whole_day:
        # It ends where the day behind its last one begins (RFC 5545, section 3.6.1).
        last = _day(end - timedelta(days=1), now, zone, named, whole=True)
        return first if last == first else _("{start} to {end}").format(start=first, end=last)
    if end.astimezone(zone).date() != start.astimezone(zone).date():
        last = _day(end, now, zone, named, whole=False)
        return _("{start} to {end}").format(start=first, end=last)
    day = named(start.astimezone(zone).date(), now.astimezone(zone).date())
    said = _("{day}, {start} to {end}")
    return said.format(
        day=day, start=showing.clock_time(start, zone), end=showing.clock_time(end, zone)
    )


def _day(
    at: datetime,
    now: datetime,
    zone: ZoneInfo,
    named: Callable[[date, date], str],
    *,
    whole: bool,
) -> str:
    """Say a day with its time; a whole day begins at midnight UTC, wherever one is."""
    today = now.astimezone(zone).date()
    if whole:
        return named(at.astimezone(UTC).date(), today)
    day = named(at.astimezone(zone).date(), today)
    return _("{day}, {time}").format(day=day, time=showing.clock_time(at, zone))
