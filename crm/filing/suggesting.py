"""Note what the letters of a batch say of people: in their signatures, and on calling cards.

What is noted is evidence: it changes no contact before somebody says so. Of people other than
who wrote the letter nothing is noted, whoever's calling card it brings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete

from crm.base import addresses, bulk
from crm.base.db import table
from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.mail.letter import Kind
from crm.mail.models import Direction
from crm.people.machines import is_machine
from crm.people.models import DetailKind, DetailSource, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.letter import Letter
    from crm.mail.meaning import Details
    from crm.mail.models import Mailbox
    from crm.workspace.models import User

#: A key of the table: longer ones are no detail that one would write on a card.
LONGEST = 300
_COLUMNS = ("email", "kind", "value", "mailbox_id", "message_id", "source", "first_at", "last_at")
_NEWER = """
(workspace_id, email, kind, value, mailbox_id) do update set
  first_at = least(suggestion.first_at, excluded.first_at),
  last_at = greatest(suggestion.last_at, excluded.last_at),
  source = case when excluded.last_at >= suggestion.last_at
    then excluded.source else suggestion.source end,
  message_id = case when excluded.last_at >= suggestion.last_at
    then excluded.message_id else suggestion.message_id end
"""


class _Key(NamedTuple):
    email: str
    kind: DetailKind
    value: str


class _Evidence(NamedTuple):
    message_id: UUID
    source: DetailSource
    first_at: datetime
    last_at: datetime


def note(session: Session, mailbox: Mailbox, fresh: Sequence[Placed]) -> None:
    """Note what new letters tell, unless the mailbox's owner does not want it."""
    if not mailbox.suggests:
        return
    told: dict[_Key, _Evidence] = {}
    for p in fresh:
        if p.way is Direction.IN:
            for key, source in _told_by(p.letter):
                new = _Evidence(p.message_id, source, p.at, p.at)
                told[key] = _together(told[key], new) if key in told else new
    rows = [
        (key.email, key.kind, key.value, mailbox.id, *evidence) for key, evidence in told.items()
    ]
    columns, workspace_id = _COLUMNS, mailbox.workspace_id
    bulk.insert(session, table(Suggestion), workspace_id, columns, rows, on_conflict=_NEWER)


def choose(session: Session, mailbox: Mailbox, *, wanted: bool, by: User) -> None:
    """Choose whether letters of a mailbox may suggest anything. What they did is forgotten then.

    The owner alone chooses, whatever another's role. Raises ForbiddenError.
    """
    if by.id != mailbox.user_id or not by.active:
        problem = _("Only the owner of a mailbox chooses this. Nothing was changed.")
        raise ForbiddenError(problem)
    mailbox.suggests = wanted
    if not wanted:
        session.execute(
            delete(Suggestion).where(
                Suggestion.workspace_id == mailbox.workspace_id,
                Suggestion.mailbox_id == mailbox.id,
            )
        )
    session.flush()


def _together(one: _Evidence, other: _Evidence) -> _Evidence:
    newest = other if other.last_at >= one.last_at else one
    return newest._replace(first_at=min(one.first_at, other.first_at))


def _told_by(letter: Letter) -> Iterator[tuple[_Key, DetailSource]]:
    """Yield what one letter tells. Who may not be who they seem is not believed here either."""
    meaning, author = letter.meaning, letter.author
    if author is None or letter.disowned or meaning.suspicions or is_machine(author.email):
        return
    if meaning.details is not None and letter.kind in (Kind.PERSON, Kind.INVITATION):
        for key in _keys(author.email, meaning.details):
            yield key, DetailSource.SIGNATURE
    for card in meaning.cards:
        if _is_of(author.email, card):
            for key in _keys(author.email, card):
                yield key, DetailSource.VCARD


def _is_of(author: str, card: Details) -> bool:
    """Tell whether a card is its sender's own: it has their address, or none at all.

    What a letter says of somebody else is their sender's word for it, and anybody may write it
    down: nothing of such a card is noted.
    """
    found = [addresses.parse(email) for email in card.emails]
    return not found or any(one is not None and one.email == author for one in found)


def _keys(email: str, details: Details) -> Iterator[_Key]:
    """Yield the values of details, whatever their white space, each of a length that is kept."""
    every: Iterable[tuple[DetailKind, Sequence[str]]] = (
        (DetailKind.NAME, (details.name,)),
        (DetailKind.TITLE, (details.title,)),
        (DetailKind.COMPANY, (details.company,)),
        (DetailKind.PHONE, details.phones),
        (DetailKind.LINK, details.links),
        (DetailKind.ADDRESS, (details.address,)),
    )
    for kind, values in every:
        for value in values:
            plain = " ".join(value.split())
            if plain and len(plain) <= LONGEST:
                yield _Key(email, kind, plain)
