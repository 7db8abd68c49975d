"""What cards show of a message and of a contact, gathered by a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from addon import authorship, bouncing, diverting
from crm.filing import known, suggestions
from crm.mail import bounced, inbox, messages, reach, written
from crm.mail.letter import Kind, Role
from crm.mail.meaning import Named
from crm.mail.models import Direction, Shares
from crm.mail.reach import Reach
from crm.people import contacts
from crm.sales import deals, pipelines
from crm.sales.models import Outcome
from crm.work import links, meetings, tasks, timeline
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addon.context import Context
    from crm.base.addresses import Address
    from crm.filing.suggestions import Suggested
    from crm.mail.letter import Letter
    from crm.mail.messages import Seen
    from crm.mail.models import Participant
    from crm.people.models import Contact
    from crm.sales.models import Deal, Stage
    from crm.work.links import Link, TakenOff
    from crm.work.meetings import Meeting
    from crm.work.models import Task
    from crm.work.timeline import Entry, Page

_RECENT = 10
_PEOPLE = 50
#: The input by which one of many people is chosen.
PEOPLE = "someone"
_WROTE_OR_READ = (Role.FROM, Role.TO, Role.CC, Role.BCC)
#: Of whom a message tells besides: whose it was at first, whom it did not reach, whose card it is.
_TOLD_OF = (Role.ORIGINAL, Role.RETURNED, Role.INTRODUCED)


@dataclass(frozen=True, slots=True)
class Person:
    """An address in the message, as the card lets it be chosen."""

    email: str
    name: str
    contact_id: UUID | None
    place: int  # in the headers of the message
    told_of: bool = False  # by the message's words alone, which anybody may write


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the card of one message says."""

    message: Seen
    people: tuple[Person, ...]
    chosen: Person | None
    contact: Contact | None
    suggested: tuple[Suggested, ...]
    deals: tuple[Deal, ...]
    stages: tuple[Stage, ...]  # none where there is no deal
    tasks: tuple[Task, ...]
    coming: tuple[Entry, ...]  # meetings
    recent: Page
    links: tuple[Link, ...]
    taken_off: tuple[TakenOff, ...]
    sent_by: Named | None  # who sent it for its author
    diverted: str  # what to say where answers would go to somebody else than the contact who wrote
    marks: Mapping[UUID | None, str]  # of what may not have left, or has come back
    meetings: tuple[Meeting, ...]
    reach: Reach
    own_choice: Shares | None
    mine: bool
    may_write: bool
    may_edit: bool
    may_deal: bool


def gather(context: Context, message: Seen, email: str = "") -> Facts:
    """Gather what is known beside a message, about one of the people in it."""
    session, user, viewer = context.session, context.user, context.viewer
    m = message.message
    stand_in = messages.participants_of(session, viewer, message)
    found = _outside(context, stand_in)
    chosen = _choose(found, email, message)
    contact = None
    if chosen is not None and chosen.contact_id is not None:
        contact = contacts.get(session, user, chosen.contact_id)
    contact_id = contact.id if contact else None
    linked = deals.beside(session, user, thread_id=m.thread_id, contact_id=contact_id)
    own = inbox.own_choices(session, viewer, m.thread_id)
    known_by = addresses(message, found).values()
    recent, coming = _around(context, contact)
    suggested = _suggested(context, contact, m.id)
    stands = links.beside(session, viewer, m.id, addresses=known_by)
    return Facts(
        message=message,
        people=found,
        chosen=chosen,
        contact=contact,
        suggested=suggested,
        deals=tuple(linked),
        stages=tuple(pipelines.stages(session, user.workspace_id)) if linked else (),
        tasks=tuple(
            tasks.open_about(
                session,
                user,
                contact_id=contact_id,
                thread_id=m.thread_id,
                deal_ids=[deal.id for deal in linked],
            )
        ),
        coming=coming,
        recent=recent,
        links=stands.links,
        taken_off=stands.taken_off,
        sent_by=authorship.sent_by(m.kind, stand_in),
        diverted=diverting.warning(session, viewer, m, stand_in),
        marks=_marks(context, recent, message),
        meetings=_meetings(context, message),
        reach=_reach(context, chosen, contact),
        own_choice=own[0] if own else None,
        mine=bool(own),
        may_write=permissions.allowed(user, May.WRITE),
        may_edit=permissions.allowed(user, May.EDIT_RECORDS),
        may_deal=permissions.allowed(user, May.EDIT_DEALS),
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one contact, whichever message they stand in."""

    contact: Contact
    suggested: tuple[Suggested, ...]
    deals: tuple[Deal, ...]  # open ones
    stages: tuple[Stage, ...]  # none where there is no deal
    tasks: tuple[Task, ...]
    coming: tuple[Entry, ...]  # meetings
    recent: Page
    marks: Mapping[UUID | None, str]
    reach: Reach
    may_write: bool
    may_edit: bool


def gather_about(context: Context, contact_id: UUID) -> Known:
    """Gather what is known of a contact. Raises NotFoundError."""
    session, user = context.session, context.user
    contact = contacts.get(session, user, contact_id)
    may_see = permissions.allowed(user, May.SEE_DEALS)
    taken = deals.beside(session, user, contact_id=contact.id) if may_see else []
    going = [deal for deal in taken if deal.outcome == Outcome.OPEN]
    stages = pipelines.stages(session, user.workspace_id) if going else ()
    promised = tasks.open_about(
        session,
        user,
        contact_id=contact.id,
        thread_id=None,
        deal_ids=[deal.id for deal in going],
    )
    recent, coming = _around(context, contact)
    return Known(
        contact=contact,
        suggested=_suggested(context, contact),
        deals=tuple(going),
        stages=tuple(stages),
        tasks=tuple(promised),
        coming=coming,
        recent=recent,
        marks=_marks(context, recent),
        reach=_reach(context, None, contact),
        may_write=permissions.allowed(user, May.WRITE),
        may_edit=permissions.allowed(user, May.EDIT_RECORDS),
    )


@dataclass(frozen=True, slots=True)
class OtherSide:
    """Who stands in a head, on the other side; and what is known of them."""

    address: Address
    known: Known | None


def gather_beside(context: Context, letter: Letter) -> OtherSide | None:
    """Gather what is known beside a message of which the head alone is here.

    About who wrote it, or about whom we wrote to: the first whom we know. None of colleagues.
    """
    session, workspace_id = context.session, context.user.workspace_id
    circle = known.our_circle(session, workspace_id)
    outside = {
        party.address.email: party.address
        for party in letter.parties
        if party.role in _WROTE_OR_READ and not circle.holds(party.address.email)
    }
    if not outside:
        return None
    whose = known.people(session, workspace_id, list(outside))
    email = next((email for email in outside if email in whose), next(iter(outside)))
    found = gather_about(context, whose[email].contact_id) if email in whose else None
    return OtherSide(outside[email], found)


def people(context: Context, message: Seen) -> tuple[Person, ...]:
    """Return whom the card may be about: the people outside, in the order of the message."""
    stand_in = messages.participants_of(context.session, context.viewer, message)
    return _outside(context, stand_in)


def _outside(context: Context, stand_in: Sequence[Participant]) -> tuple[Person, ...]:
    circle = known.our_circle(context.session, context.user.workspace_id)
    found: dict[str, Person] = {}
    for p in stand_in:
        in_it = p.role in _WROTE_OR_READ or p.role in _TOLD_OF
        if in_it and p.email not in found and not circle.holds(p.email):
            name, told_of = authorship.called(Named(p.name, p.email)), p.role in _TOLD_OF
            found[p.email] = Person(p.email, name, p.contact_id, p.position, told_of)
    return tuple(found.values())[:_PEOPLE]


def other_side(message: Seen, chosen: Person | None) -> str:
    """Return the address of the other side: our own stands on every record. Perhaps there is none.

    Of what came in it is who wrote; of what we sent, whom the card is about.
    """
    if message.direction is Direction.IN:
        return message.message.from_email
    return chosen.email if chosen is not None else ""


def addresses(message: Seen, people: tuple[Person, ...]) -> dict[int, str]:
    """Return the addresses of which refusals are told beside a message, by their place in it.

    That of who wrote it, which stands first, and of what we sent those whom it went to.
    """
    written_to = people if message.direction is Direction.OUT else ()
    author = message.message.from_email
    return {p.place: p.email for p in written_to} | ({0: author} if author else {})


def _choose(people: tuple[Person, ...], email: str, message: Seen) -> Person | None:
    """Return whom the card is about: the one asked for, else the first whom we know.

    Whom a message tells of is only offered, unless a colleague passes it on or it came back: a
    stranger's letter is never taken for one of a contact whom it names.
    """
    asked = next((p for p in people if p.email == email), None)
    if asked is not None:
        return asked
    believed = message.direction is Direction.INTERNAL or message.message.kind == Kind.BOUNCE
    found = [p for p in people if believed or not p.told_of]
    return next((p for p in found if p.contact_id), found[0] if found else None)


def _marks(context: Context, recent: Page, message: Seen | None = None) -> dict[UUID | None, str]:
    """Say of messages that we sent what is otherwise than it looks."""
    session, viewer = context.session, context.viewer
    means = {e.message_id: e.means for e in recent.entries if _may_read_about(e)}
    if message is not None and message.level >= Shares.HEADERS:
        means[message.message.id] = message.message.means
    asked = [id_ for id_ in means if id_ is not None]
    found: dict[UUID | None, str] = {}
    if message is not None and message.kind is Kind.BOUNCE:
        claimed = bounced.claimed(session, viewer, [message.message.id])
        found |= {id_: bouncing.claim(several) for id_, several in claimed.items()}
    for message_id, one in written.of_messages(session, viewer, asked).items():
        if said := written.mark(one):
            found[message_id] = said
    came_back = [id_ for id_ in asked if "returned" in means[id_].split()]
    if came_back:
        for message_id, several in bounced.of_messages(session, viewer, came_back).items():
            both = (found.get(message_id, ""), bouncing.of_message(several))
            found[message_id] = " ".join(filter(None, both))
    return found


def _meetings(context: Context, message: Seen) -> tuple[Meeting, ...]:
    """Return the meetings that a message is about; most are about none, and none is asked for."""
    m = message.message
    if message.level < Shares.EVERYTHING or "meeting" not in m.means.split():
        return ()
    return meetings.of_messages(context.session, context.viewer, [m.id]).get(m.id, ())


def _reach(context: Context, person: Person | None, contact: Contact | None) -> Reach:
    emails = [person.email] if person is not None else []
    if contact is not None:
        emails = [address.email for address in contact.addresses]
    if not emails:
        return Reach()
    return reach.of_addresses(context.session, context.viewer, emails, today=context.today)


def _may_read_about(entry: Entry) -> bool:
    return entry.message_id is not None and entry.seen >= Shares.HEADERS


def _suggested(
    context: Context, contact: Contact | None, beside: UUID | None = None
) -> tuple[Suggested, ...]:
    if contact is None:
        return ()
    return suggestions.about(context.session, context.viewer, contact, beside=beside)


def _around(context: Context, contact: Contact | None) -> tuple[Page, tuple[Entry, ...]]:
    if contact is None:
        return timeline.Page(()), ()
    session, viewer, at = context.session, context.viewer, context.at
    return timeline.around(session, viewer, contact.id, at=at, size=_RECENT)
