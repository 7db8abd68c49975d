"""Beside the message that is open in Gmail: found by Gmail's id, asked of Gmail, and let come in.

the id of the event ── in a mailbox of whoever looks? ── its card; Gmail is not asked
                          │ no
what Gmail says of it: its true id, headers, labels ── out by a rule? no mailbox? ── in words
                          │
                      asked for, before all others: `sync.urgent`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crm.mail import mailboxes, opened
from crm.mail.opened import Fate, Opened
from server.auth import opened as asking
from sync import throttle, urgent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.event import AddonEvent
    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.mail.letter import Letter
    from crm.mail.opened import Place
    from crm.workspace.models import User
    from server.auth.opened import Head

#: Seconds that a card waits for Valkey: what is not counted is within what Gmail has left over.
_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an open message, and its head where Gmail was asked for it."""

    opened: Opened | None = None
    letter: Letter | None = None

    def look(self, _message_id: str) -> Letter | None:
        """Return the head: only one message is open."""
        return self.letter


def find(
    session: Session, user: User, event: AddonEvent, who: Mapping[str, object]
) -> Found | None:
    """Return what our ledger says of the open message; None where Gmail would have to be asked.

    A button carries our own id, and beside no message nothing is asked for.
    """
    if not event.message_id or event.parameter("message"):
        return Found()
    uid = opened.number(event.message_id)
    place = opened.find(session, user, uid, address=_address(who))
    known = place.opened if place is not None else None
    return Found(known) if known is not None else None


def ask(
    session: Session,
    settings: Settings,
    user: User,
    event: AddonEvent,
    who: Mapping[str, object],
) -> Found:
    """Ask Gmail which message is open, and let it come in where it is not here.

    Ends the transaction before the network is asked, and what is asked for is kept at once.
    """
    session.commit()  # The network stays outside of transactions.
    head = asking.look(settings, event)
    address = _address(who)
    place = opened.find(session, user, head.uid, address=address)
    if place is not None and place.gmail:
        session.commit()
        budget = throttle.budget(place.address, settings, timeout=_PATIENCE)
        budget.note(settings.google_units_per_letter)  # Gmail has counted it too.
    if head.gone:
        return Found(Opened(Fate.GONE))
    if head.uid == opened.NOBODYS:
        return Found(Opened(Fate.UNSAID), head.letter)
    known = place.opened if place is not None else None
    return Found(known or _fate(session, settings, user, place, head, address), head.letter)


def _fate(
    session: Session, settings: Settings, user: User, place: Place | None, head: Head, address: str
) -> Opened:
    from sync.sources.gmail.listing import rule_of  # Google's libraries take a while.

    if rule := rule_of(head.labels):
        return Opened(Fate.LEFT_OUT, rule=rule)
    if place is None:  # A colleague may have connected it, for a team.
        theirs = mailboxes.find_by_address(session, user.workspace_id, address.lower())
        return Opened(Fate.AWAITED if theirs is not None else Fate.UNCONNECTED)
    if place.stopped:
        return Opened(Fate.STOPPED, address=place.address)
    if not place.gmail:
        return Opened(Fate.AWAITED)
    mailbox = mailboxes.get(session, user.workspace_id, place.mailbox_id)
    large = head.size > settings.letter_limit
    asked = urgent.ask_for(session, mailbox, head.uid, large=large)
    session.commit()  # The job is sent, and what a broken card rolls back is not this.
    return Opened(Fate.COMING if asked else Fate.AWAITED, address=place.address)


def _address(who: Mapping[str, object]) -> str:
    """Return whose Gmail is open, as far as Google says so."""
    return str(who.get("email", "")) if who.get("email_verified") is True else ""
