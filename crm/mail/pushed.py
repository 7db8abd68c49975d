"""What Gmail pushes: that a mailbox has changed, and no more. Who hears it only looks, once.

A watch is asked for anew every day and ends by itself after seven
(developers.google.com/workspace/gmail/api/guides/push). Pushes may be lost, come twice, late or out
of order, so that none is relied on: a mailbox is looked at by the clock as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, or_, select, update

from crm.base import directory
from crm.mail.models import Folder, Mailbox, MailboxKind, MailboxState
from crm.mail.watched import BEFORE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: A watch is renewed so often, and where it was not to be had it is asked for so soon again.
RENEWED = timedelta(days=1)
AGAIN = timedelta(minutes=15)
#: How often a mailbox is looked at whose pushes come. A push that is lost costs no more than that,
#: and a look with nothing new is one of the 6,000 units of a minute.
CALM = timedelta(minutes=5)
#: Gmail drops what comes within a second of another push: the look after a push is followed by one
#: that is no calmer than without any. And that pushes come is noted no more often.
_AFTER = timedelta(minutes=1)
_READ: Final = (MailboxState.CONNECTING, MailboxState.LIVE)
_KEPT: Final = (*_READ, MailboxState.FAILING)
_SAID_MOST: Final = 300


class WatchTrouble(StrEnum):
    """Why Gmail does not push."""

    NOT_GRANTED = "not_granted"  # it may not publish to the topic
    NO_TOPIC = "no_topic"  # there is no such topic
    OTHER_PROJECT = "other_project"  # the topic is not in the project of the OAuth client
    NO_CONSENT = "no_consent"  # we are not let in, or not as far as that
    PASSING = "passing"  # out of reach, or the minute's units are used up
    REFUSED = "refused"  # anything else


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox stands when a push comes."""

    state: str
    due: bool
    leased: bool
    history: int | None
    pushed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a push leads to: it is noted, the mailbox is due, a worker is asked to look."""

    note: bool = False
    hurry: bool = False
    ask: bool = False


def due(session: Session, at: datetime, *, pushes: bool) -> list[tuple[UUID, UUID]]:
    """List where a watch is to begin, to go on or to end: for the scheduler's role alone.

    Without `pushes` no mailbox shall be watched.
    """
    watched, stopped = Mailbox.watched_until > at, Mailbox.state == MailboxState.PAUSED
    if pushes:
        wanted = or_(Mailbox.state.in_(_KEPT), and_(stopped, watched))
    else:
        wanted = and_(watched, or_(Mailbox.state.in_(_KEPT), stopped))
    now = or_(Mailbox.watch_at.is_(None), Mailbox.watch_at <= at)
    rows = session.execute(
        select(Mailbox.workspace_id, Mailbox.id).where(
            Mailbox.kind == MailboxKind.GMAIL, wanted, now if pushes else watched
        )
    )
    return [(workspace_id, mailbox_id) for workspace_id, mailbox_id in rows]


def ways(session: Session, address: str) -> list[directory.Way]:
    """Return the mailboxes with an address, in all workspaces; nothing where there is none."""
    return directory.find(session, directory.Key.MAILBOX, address.strip().lower())


def call(
    session: Session, workspace_id: UUID, mailbox_id: UUID, history: int, *, at: datetime
) -> bool:
    """Take a push that names a point of the history; tell whether somebody should look now.

    The point itself begins nothing: it is what the mailbox has come to, and the change lies before
    it. Safe to repeat, in any order; a hundred at once ask for one look.
    """
    place = _place(session, workspace_id, mailbox_id, at)
    step = decide(place, history, at) if place is not None else Step()
    if step.note:
        values = {"due_at": at - BEFORE} if step.hurry else {}
        _set(session, workspace_id, mailbox_id, pushed_at=at, **values)
    return step.ask


def decide(place: Place, history: int, at: datetime) -> Step:
    """Decide what a push leads to.

    What is due already and in nobody's hands will be looked at after this push anyway. A run that
    is under way may have asked before: the mailbox is due again after it, which it sees itself.
    """
    if place.state not in _READ:
        return Step()
    news = place.history is None or history > place.history
    hurry = news and (place.leased or not place.due)
    seldom = place.pushed_at is None or at - place.pushed_at > _AFTER
    return Step(note=hurry or seldom, hurry=hurry, ask=hurry and not place.leased)


def rhythm(mailbox: Mailbox, at: datetime, usual: timedelta) -> timedelta:
    """Return after how long a mailbox is looked at again, whatever is pushed."""
    watched = mailbox.watched_until is not None and mailbox.watched_until > at
    if not watched or mailbox.pushed_at is None or at - mailbox.pushed_at < _AFTER:
        return usual
    return CALM


def doubt(session: Session, mailbox: Mailbox) -> None:
    """Rely on pushes no more until one comes: news was found by the clock that none had told of."""
    session.execute(
        update(Mailbox)
        .where(
            Mailbox.workspace_id == mailbox.workspace_id,
            Mailbox.id == mailbox.id,
            Mailbox.pushed_at < Mailbox.due_at,  # A push would have put that before itself.
        )
        .values(pushed_at=None)
    )


def watch_again(session: Session, mailbox: Mailbox) -> None:
    """Let Gmail be asked to push once more, and soon."""
    _set(session, mailbox.workspace_id, mailbox.id, watch_at=None)


def note_watch(
    session: Session, mailbox: Mailbox, ends: datetime, *, named: str, at: datetime
) -> None:
    """Note that Gmail pushes until then, and under which address: its own, whatever the alias.

    Of a mailbox that was stopped meanwhile nothing is noted.
    """
    state = select(Mailbox.state).where(
        Mailbox.workspace_id == mailbox.workspace_id, Mailbox.id == mailbox.id
    )
    if session.scalar(state.with_for_update()) not in _KEPT:
        return
    key = (directory.Key.MAILBOX, named.strip().lower())
    directory.add(session, *key, mailbox.workspace_id, mailbox.id)
    renewed = min(at + RENEWED, max(at + AGAIN, ends - RENEWED))
    values = {"watched_until": ends, "watch_at": renewed, "watch_trouble": "", "watch_said": ""}
    _set(session, mailbox.workspace_id, mailbox.id, **values)


def note_no_watch(
    session: Session, mailbox: Mailbox, trouble: WatchTrouble, said: str, *, at: datetime
) -> None:
    """Note that Gmail was not to be had for it, and why. A watch that runs goes on to its end."""
    values = {"watch_trouble": trouble.value, "watch_said": said[:_SAID_MOST]}
    _set(session, mailbox.workspace_id, mailbox.id, watch_at=at + AGAIN, **values)


def note_end(session: Session, mailbox: Mailbox) -> None:
    """Note that Gmail pushes no more."""
    none = {"watched_until": None, "pushed_at": None, "watch_at": None}
    _set(session, mailbox.workspace_id, mailbox.id, watch_trouble="", watch_said="", **none)


def is_kept(mailbox: Mailbox) -> bool:
    """Tell whether a mailbox is read, and so may be watched."""
    return mailbox.state in _KEPT


def _place(session: Session, workspace_id: UUID, mailbox_id: UUID, at: datetime) -> Place | None:
    reached = (
        select(func.max(Folder.modseq))
        .where(Folder.workspace_id == workspace_id, Folder.mailbox_id == mailbox_id)
        .scalar_subquery()
    )
    found = session.execute(
        select(
            Mailbox.state,
            Mailbox.due_at <= at,
            func.coalesce(Mailbox.leased_until > func.now(), False),
            reached,
            Mailbox.pushed_at,
        ).where(
            Mailbox.workspace_id == workspace_id,
            Mailbox.id == mailbox_id,
            Mailbox.kind == MailboxKind.GMAIL,
        )
    ).first()
    return Place(*found) if found is not None else None


def _set(session: Session, workspace_id: UUID, mailbox_id: UUID, **values: Any) -> None:
    session.execute(
        update(Mailbox)
        .where(Mailbox.workspace_id == workspace_id, Mailbox.id == mailbox_id)
        .values(**values)
    )
