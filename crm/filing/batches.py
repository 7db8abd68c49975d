"""File a batch of arrivals: who, which thread, which company, which deal, and why.

Everything that can be decided in memory is, over what one query a table says is known; then the
rows go in, one statement a table. The workspace's filing lock is taken first, after everything
has been fetched and read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crm.base import clock, crash, events, ids
from crm.filing import (
    bouncing,
    copy_rows,
    doubting,
    joining,
    known,
    linking,
    meeting,
    meeting_rows,
    message_rows,
    pulling,
    recognising,
    suggesting,
    thread_rows,
)
from crm.filing.who import direction, sent_from, to_meet
from crm.mail import own_copies
from crm.mail.letter import Letter, Unreadable
from crm.mail.models import Direction, Meets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.base.db import Session
    from crm.filing.known import KnownPerson
    from crm.mail.letter import Arrival
    from crm.mail.meaning import Suspicion
    from crm.mail.models import Folder, Mailbox

_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Filed:
    """What became of a batch, by number of copies, and which messages are new."""

    stored: int = 0
    skipped: int = 0
    failed: int = 0
    new: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Placed:
    """A letter of the batch and what has been decided about it."""

    arrival: Arrival
    letter: Letter
    ref: UUID
    way: Direction
    at: datetime
    message_id: UUID
    new: bool = True
    named: bool = False  # a letter that is stored names its Message-ID
    differs: bool = False
    same_id_as: UUID | None = None
    thread_id: UUID = ids.EVERYONE
    meets: list[Address] = field(default_factory=list)
    doubts: tuple[Suspicion, ...] = ()  # why its sender may not be who they seem


def file(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    arrivals: Sequence[Arrival],
    *,
    at: datetime,
) -> Filed:
    """Give every arrival its place. Safe to repeat: what the ledger has settled is left alone."""
    workspace_id = mailbox.workspace_id
    known.lock(session, workspace_id)
    settled = known.settled_uids(session, folder, [a.uid for a in arrivals])
    fresh = {a.uid: a for a in arrivals if a.uid not in settled}.values()
    filed = Filed()
    letters = [a for a in fresh if isinstance(a.letter, Letter)]
    others = [a for a in fresh if not isinstance(a.letter, Letter)]
    filed.skipped = sum(1 for a in others if a.skipped)
    filed.failed = sum(1 for a in others if isinstance(a.letter, Unreadable))
    filed.stored = len(letters)
    if letters:
        placed, merged = place(session, mailbox, letters, at)
        recognising.recognise_leaving(session, mailbox, placed)
        filed.new = [p.message_id for p in placed if p.new]
        write(session, mailbox, folder, placed, at)
        own_copies.settle(
            session,
            mailbox,
            {p.message_id: p.letter.message_id for p in placed if p.way is not Direction.IN},
            at=at,
        )
        tell(session, mailbox, placed, merged, at)
    copy_rows.insert_copies(session, folder, [copy_rows.unread_copy(folder, a) for a in others])
    copy_rows.insert_raw(session, workspace_id, [a.letter for a in others])
    return filed


def place(
    session: Session,
    mailbox: Mailbox,
    arrivals: Sequence[Arrival],
    at: datetime,
    *,
    own: bool = False,
) -> tuple[list[Placed], dict[UUID, UUID]]:
    """Decide for every letter who wrote to whom, which message it is, and in which thread.

    Return with it the threads that went into others, and into which. `own` says that these are
    letters of ours without a copy yet.
    """
    circle = known.our_circle(session, mailbox.workspace_id)
    meets = Meets(mailbox.meets)
    placed = []
    for arrival, message_id in zip(arrivals, ids.many(len(arrivals)), strict=True):
        letter = arrival.letter
        assert isinstance(letter, Letter)
        sent = sent_from(mailbox, arrival.labels, letter)
        way = direction(letter, circle, sent=sent)
        placed.append(
            Placed(
                arrival,
                letter,
                known.own_ref(letter),
                way,
                _sort_date(letter, arrival, at),
                message_id,
                meets=to_meet(letter, way, circle, meets),
                doubts=letter.meaning.suspicions,
            )
        )
    recognising.recognise(session, mailbox.workspace_id, placed)
    recognising.recognise_renamed(session, mailbox, placed)
    if own:
        recognising.recognise_quicker(session, mailbox.workspace_id, placed)
    return placed, _join(session, mailbox, placed)


def write(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    placed: Sequence[Placed],
    at: datetime,
    *,
    own: bool = False,
) -> None:
    """Write what was decided; `own` says that these are letters of ours without a copy yet."""
    workspace_id = mailbox.workspace_id
    fresh = [p for p in placed if p.new]
    people, met = _people(session, workspace_id, placed)
    crash.point("after people")
    choices = thread_rows.choices(session, mailbox, {p.thread_id for p in placed})
    message_rows.insert_messages(session, mailbox, fresh, people, choices)
    bounced = bouncing.write(session, workspace_id, placed)
    crash.point("after messages")
    if own:
        copy_rows.stand_in(session, mailbox, folder, placed)
    else:
        copies = [copy_rows.stored_copy(p, mailbox) for p in placed]
        copy_rows.insert_copies(session, folder, copies)
        copy_rows.drop_stand_ins(session, mailbox, [p.message_id for p in placed if not p.new])
    meeting_rows.write(session, mailbox, folder, placed, own=own)
    crash.point("after copies")
    thread_rows.write_inbox(session, workspace_id, {p.thread_id for p in placed}, mailbox)
    found = dict.fromkeys([*(p.message_id for p in fresh), *bounced])
    on_deals = linking.link(session, workspace_id, list(found), since=at)
    crash.point("after links")
    _say_why_unfiled(session, workspace_id, fresh, people, [*on_deals, *bounced])
    linking.share(session, workspace_id, list({p.message_id for p in placed if not p.new}))
    meeting_rows.stand(session, workspace_id, meeting_rows.of_letters(placed))
    meeting.touch_contacts(session, workspace_id, fresh, people)
    suggesting.note(session, mailbox, placed)
    if met:
        pulling.pull_in(session, workspace_id, met, since=at)


def tell(
    session: Session,
    mailbox: Mailbox,
    placed: Sequence[Placed],
    merged: dict[UUID, UUID],
    at: datetime,
) -> None:
    """Finish threads that became one, and say which threads have changed."""
    workspace_id = mailbox.workspace_id
    if merged:
        living = set(merged.values())
        thread_rows.write_inbox(session, workspace_id, living)
        linking.link_threads(session, workspace_id, living, since=at)
    # Somebody may look at one that has just gone into another.
    changed = {*merged, *merged.values(), *(p.thread_id for p in placed)}
    kind = events.EventKind.FILED
    events.append(session, workspace_id, kind, changed, at=at, mailbox_id=mailbox.id)


def _sort_date(letter: Letter, arrival: Arrival, now: datetime) -> datetime:
    """Return when a message was sent; when it arrived, where its date cannot be true."""
    sent = letter.sent_at
    arrived = arrival.received_at if arrival.received_at != clock.EPOCH else now
    if sent is None or sent < _EARLIEST or sent > arrived + timedelta(days=1):
        return arrived
    return sent


def _join(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> dict[UUID, UUID]:
    """Give the new messages their threads, and write down what that changes."""
    workspace_id, mailbox_id = mailbox.workspace_id, mailbox.id
    fresh = [p for p in placed if p.new]
    says = [
        joining.Joining(
            p.ref if p.same_id_as is None else None,
            known.refs(_answered(p.letter)),
            known.elsewhere(mailbox_id, p.arrival.thread),
        )
        for p in fresh
    ]
    wanted = {ref for s in says for ref in s.mentions}
    mentioned = known.mentions(session, workspace_id, wanted)
    joined = joining.join(says, mentioned)
    for p, thread_id in zip(fresh, joined.threads, strict=True):
        p.thread_id, p.named = thread_id, p.ref in mentioned
    threads = {p.message_id: p.thread_id for p in fresh}
    for p in placed:
        if not p.new:
            p.thread_id = joined.thread(threads.get(p.message_id, p.thread_id))
    thread_rows.write_threads(session, workspace_id, joined, fresh)
    return {thread_id: joined.thread(thread_id) for thread_id in joined.merges}


def _answered(letter: Letter) -> list[str]:
    """Return what a letter answers, the nearest first: a bounce, which may say so only inside."""
    bounce = letter.meaning.bounce
    own = [bounce.returned_id] if bounce is not None and bounce.returned_id else []
    return [*own, *reversed(letter.references)]


def _people(
    session: Session, workspace_id: UUID, placed: Sequence[Placed]
) -> tuple[dict[str, KnownPerson], dict[str, UUID]]:
    """Return whose the batch's addresses are, and whom of them we have just met.

    A copy of a message that is known lets us meet people too: its mailbox may allow what the
    first one did not.
    """
    emails = {party.address.email for p in placed for party in p.letter.parties}
    emails |= {address.email for p in placed for _role, address in message_rows.inside(p.letter)}
    people = known.people(session, workspace_id, emails)
    doubting.settle(session, workspace_id, placed, people)
    strangers = [
        meeting.Stranger(address, p.at)
        for p in placed
        for address in p.meets
        if address.email not in people
    ]
    if not strangers:
        return people, {}
    met = meeting.meet(session, workspace_id, strangers)
    return people | met, {email: person.contact_id for email, person in met.items()}


def _say_why_unfiled(
    session: Session,
    workspace_id: UUID,
    fresh: Sequence[Placed],
    people: dict[str, KnownPerson],
    otherwise: Sequence[UUID],
) -> None:
    """Name the rule for what should be on a timeline and is not: somebody has taken it off.

    What nobody's address stands in was written with its rule already: it holds, unless the thread
    brought it onto a deal, or it is a bounce of what went to somebody.
    """
    expected = [p.message_id for p in fresh if not message_rows.lonely(p, people)]
    if expected or otherwise:
        linking.unfile(session, workspace_id, [*expected, *otherwise])
