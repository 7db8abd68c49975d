"""What Inlay understands of a letter, in lines for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail.letter import Kind
from crm.mail.meaning import Answer, Method, Suspicion
from crm.work.reasons import of_sign
from sync.reading import doubts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.mail.letter import Letter
    from crm.mail.meaning import Bounce, Details, Forward, Meaning, Meeting, Named

KINDS = {
    Kind.PERSON: lazy("A person wrote it."),
    Kind.BULK: lazy("It was sent to many."),
    Kind.LIST: lazy("It came over a mailing list."),
    Kind.AUTO_REPLY: lazy("A machine answers in place of a person."),
    Kind.BOUNCE: lazy("A mail server writes about a letter that it could not deliver."),
    Kind.NOTIFICATION: lazy("A machine tells about something."),
    Kind.REPORT: lazy("A mail server or program reports."),
    Kind.INVITATION: lazy("It is about a meeting."),
}
METHODS = {
    Method.REQUEST: lazy("Invitation: {summary}"),
    Method.REPLY: lazy("Answer to an invitation: {summary}"),
    Method.CANCEL: lazy("Cancelled: {summary}"),
    Method.PUBLISH: lazy("Announced: {summary}"),
    Method.COUNTER: lazy("Another time is proposed: {summary}"),
}
ANSWERS = {
    Answer.NONE: lazy("{who} has not answered"),
    Answer.ACCEPTED: lazy("{who} accepts"),
    Answer.DECLINED: lazy("{who} declines"),
    Answer.TENTATIVE: lazy("{who} may come"),
}
SUSPICIONS = {
    Suspicion.NAME_SHOWS_ADDRESS: lazy("The sender's name shows another address than theirs."),
    Suspicion.LOOK_ALIKE: lazy("The sender's domain mixes alphabets to look like another."),
    Suspicion.HIDDEN_SIGNS: lazy("There are hidden signs in the sender."),
    Suspicion.SEVERAL_SENDERS: lazy("The letter names several senders."),
    Suspicion.RESEMBLES: lazy("The sender's address is almost one that is known."),
    Suspicion.DISOWNED: lazy("A server on the way says that it is not from this sender."),
}
READERS = {
    "fast": lazy("The first reader was believed."),
    "second": lazy("The second reader was believed."),
    "standard": lazy("The last reader was believed."),
}
REFUSALS = {
    "fast": lazy("Not the first reader alone: {because}"),
    "second": lazy("Not the second reader: {because}"),
    "standard": lazy("Not the last reader: {because}"),
}
#: So many attendees are shown of a meeting.
MOST_ATTENDEES = 20


def lines(letter: Letter) -> Iterator[str]:
    """Yield everything that a letter turned out to be beside its words."""
    meaning = letter.meaning
    yield _(KINDS[letter.kind]) + (
        f" ({of_sign(letter.kind_reason)})" if letter.kind_reason else ""
    )
    yield from _suspicions(meaning)
    if meaning.writer is not None:
        writer, reason = _who(meaning.writer.who), meaning.writer.reason
        yield _("Written by {who}, as the list says in {field}.").format(who=writer, field=reason)
    if meaning.passed_on_by is not None:
        yield _("Sent on as it was by {who}.").format(who=_who(meaning.passed_on_by))
    if "encrypted" in letter.notes:
        yield _("It is encrypted: its text can be read only where its key is.")
    if "signed" in letter.notes:
        yield _("It is signed; the signature was not checked.")
    if meaning.returns_on is not None:
        yield _("Back on {date}.").format(date=meaning.returns_on.isoformat())
    if meaning.bounce is not None:
        yield from _bounce(meaning.bounce)
    if meaning.forward is not None:
        yield from _forward(meaning.forward)
    for meeting in meaning.meetings:
        yield from _meeting(meeting)
    if meaning.details is not None:
        yield _("By the signature:")
        yield from _details(meaning.details)
    for card in meaning.cards:
        yield _("By an attached card:")
        yield from _details(card)


def reasons(letter: Letter) -> Iterator[str]:
    """Yield who read the letter, and why not the ones before."""
    for reader, doubt in doubts.of(letter.notes):
        because = _(doubts.TOLD[doubt]) if doubt in doubts.TOLD else doubt
        yield _(REFUSALS[reader]).format(because=because)
    yield _(READERS[letter.reader])


def _suspicions(meaning: Meaning) -> Iterator[str]:
    for suspicion in meaning.suspicions:
        if suspicion is not Suspicion.DISOWNED or not meaning.relayed:
            yield _(SUSPICIONS[suspicion])


def _bounce(bounce: Bounce) -> Iterator[str]:
    if bounce.permanent is not None:
        yield _("It was given up.") if bounce.permanent else _("It may still be delivered.")
    for recipient in bounce.recipients:
        yield (
            _("Not delivered to {recipient} {status}")
            .format(recipient=recipient, status=bounce.status)
            .rstrip()
        )
    if bounce.diagnostic:
        yield f"  {bounce.diagnostic}"
    if bounce.returned_id:
        yield _("The letter that came back: {message_id}").format(message_id=bounce.returned_id)


def _forward(forward: Forward) -> Iterator[str]:
    who = _who(forward.author) if forward.author else _("somebody")
    yield _("Passed on: what {who} wrote").format(who=who)
    if forward.subject:
        yield f"  {forward.subject}"
    if forward.date_text:
        yield f"  {forward.date_text}"
    if forward.to or forward.cc:
        yield "  " + _("to {people}").format(
            people=", ".join(map(_who, (*forward.to, *forward.cc)))
        )


def _meeting(meeting: Meeting) -> Iterator[str]:
    yield _(METHODS[meeting.method]).format(summary=meeting.summary)
    if meeting.starts_at is not None:
        shown = [
            (at.date().isoformat() if meeting.whole_day else f"{at:%Y-%m-%d %H:%M} UTC")
            for at in (meeting.starts_at, meeting.ends_at)
            if at is not None
        ]
        yield "  " + " – ".join(shown) + (" " + _("and again") if meeting.repeats else "")
    if meeting.place:
        yield f"  {meeting.place}"
    if meeting.organizer is not None:
        yield "  " + _("called by {who}").format(who=_who(meeting.organizer))
    for attendee in meeting.attendees[:MOST_ATTENDEES]:
        yield "  " + _(ANSWERS[attendee.answer]).format(who=_who(attendee.who))


def _details(told: Details) -> Iterator[str]:
    values = (told.name, told.title, told.company, *told.phones, *told.emails, *told.links)
    address = " ".join(told.address.split())
    yield from (f"  {value}" for value in (*values, *told.profiles, address) if value)


def _who(one: Named) -> str:
    return f"{one.name} <{one.email}>" if one.name and one.email else one.name or one.email
