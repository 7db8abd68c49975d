"""Find what an event is about: the message, the person, the record; never by trust."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from addon import facts
from crm.base import digits, ids
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.i18n import language
from crm.mail import messages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from addon.context import Context
    from addon.event import AddonEvent
    from crm.mail.letter import Letter
    from crm.mail.messages import Seen


#: Years that somebody means who names a day to come, or one that is over.
FIRST_YEAR, LAST_YEAR = 1970, 2199


class WrongInputError(InvalidError):
    """What stands in one input cannot be taken. `name` says in which."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


@contextmanager
def typed_in(name: str) -> Iterator[None]:
    """Say of what is refused in the block in which input it was typed. Raises WrongInputError."""
    try:
        yield
    except WrongInputError:
        raise  # It knows better.
    except InvalidError as error:
        raise WrongInputError(name, str(error)) from error


def message(context: Context, event: AddonEvent) -> Seen:
    """Return the message that an event is about. Raises NotFoundError.

    By our own id from a button, else by the host's id of the open message, else by its head.
    """
    found = find_message(context, event)
    if found is None:
        raise NotFoundError(_("There is no such message."))
    return found


def find_message(context: Context, event: AddonEvent) -> Seen | None:
    """Return the message that an event is about, or None while it is not stored."""
    ours = ids.parse(event.parameter("message") or event.message_id)
    if ours is None and context.opened is not None:
        ours = context.opened.message_id
    if ours is not None:
        return messages.get(context.session, context.viewer, ours)
    letter = context.look(event.message_id) if event.message_id else None
    return _stored(context, letter) if letter is not None and letter.message_id else None


def _stored(context: Context, letter: Letter) -> Seen | None:
    """Return the one message that is this letter, as far as its head tells.

    Anyone may choose a Message-ID, also one that somebody else has borne: who has written it, and
    when, has to be the same.
    """
    try:
        borne = messages.named(context.session, context.viewer, letter.message_id)
    except NotFoundError:
        return None
    email = letter.author.email if letter.author else ""
    same = [
        seen
        for seen in borne
        if (seen.message.from_email, seen.message.sent_at) == (email, letter.sent_at)
    ]
    return same[0] if len(same) == 1 else None


def person(context: Context, event: AddonEvent, about: Seen) -> str:
    """Return the address of the person that was chosen, by the place in the message."""
    place = event.text(facts.PEOPLE) or event.parameter("person")
    if not place:
        return ""
    people = enumerate(facts.people(context, about))
    return next((person.email for at, person in people if str(at) == place), "")


def form(event: AddonEvent) -> dict[str, str]:
    """Return what a form carries: where it stands, and the id under which it is saved once."""
    return {**event.parameters, "id": str(ids.new())}


def saved_id(context: Context, event: AddonEvent, kind: str) -> UUID | None:
    """Return the id under which a form is saved once, however often it comes; None without one."""
    nonce = ids.parse(event.parameter("id"))
    return ids.of_form(context.user.id, kind, nonce) if nonce is not None else None


def date(event: AddonEvent, name: str) -> dt.date | None:
    """Return the day that was picked or typed. Raises WrongInputError where it is none."""
    typed = event.text(name)
    if typed:  # A day that was understood is no text any more.
        words = _("“{text}” is no day. Write it like {example}.")
        raise WrongInputError(name, words.format(text=typed[:30], example="2026-12-31"))
    day = event.date(name)
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("The year {year} cannot be right. Write it by the Gregorian calendar: {example}.")
        year = digits.written(f"{day.year}", language())
        raise WrongInputError(name, words.format(year=year, example="2026-12-31"))
    return day


def moment_of(event: AddonEvent, name: str) -> dt.datetime:
    """Return a moment out of a button's parameters. Raises InvalidError."""
    try:
        found = dt.datetime.fromisoformat(event.parameter(name))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise InvalidError(_("This button is out of date. Nothing was changed. Open it again."))
    return found


def id_of(event: AddonEvent, name: str) -> UUID:
    """Return an id out of a button's parameters. Raises InvalidError."""
    found = ids.parse(event.parameter(name))
    if found is None:
        raise InvalidError(_("This button is out of date. Nothing was changed. Open it again."))
    return found
