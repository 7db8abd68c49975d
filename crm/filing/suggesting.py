"""Note what the letters of a batch say of people: in their signatures, and on calling cards.

What is noted is evidence: it changes no contact before somebody says so. Of people other than
who wrote the letter nothing is noted, whoever's calling card it brings: they are only offered, as
people whom the message tells of.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete

from crm.base import addresses, bulk
from crm.base.db import table
from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.mail.letter import Kind, Role
from crm.mail.models import Direction
from crm.people import naming
from crm.people.domains import place
from crm.people.machines import is_machine
from crm.people.models import DetailKind, DetailSource, Suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.mail.letter import Letter
    from crm.mail.meaning import Details
    from crm.mail.models import Mailbox
    from crm.workspace.models import User

#: A key of the table: longer ones are no detail that one would write on a card.
LONGEST = 300
#: So many values of a kind are noted of a signature, and of the cards of one letter; of any other
#: kind one. Nobody's letter floods what is known of them.
_SEVERAL = {DetailKind.PHONE: 3, DetailKind.LINK: 3}
#: Of the letters in a mailbox that say one thing, the oldest is kept and so many of the newest.
_NEWEST = 2
_COLUMNS = ("email", "kind", "value", "mailbox_id", "message_id", "source", "at")
_KNOWN = "(workspace_id, email, kind, value, mailbox_id, message_id) do nothing"
#: One look at what the authors of a batch have said again: a look for each value, planned while
#: the table was small, read all of it each time.
_TRIM = """
delete from suggestion where workspace_id = %(ws)s and ctid = any(array(
  select found.ctid
  from (
    select s.ctid,
      row_number() over (
        partition by s.email, s.kind, s.value order by s.at desc, s.message_id) as from_newest,
      row_number() over (
        partition by s.email, s.kind, s.value order by s.at, s.message_id desc) as from_oldest
    from suggestion s
    where s.workspace_id = %(ws)s and s.mailbox_id = %(mailbox)s
      and s.email = any(%(emails)s::text[]) and s.value = any(%(values)s::text[])
  ) found
  where found.from_newest > %(newest)s and found.from_oldest > 1
))
"""


class _Key(NamedTuple):
    email: str
    kind: DetailKind
    value: str


class _Evidence(NamedTuple):
    message_id: UUID
    source: DetailSource
    at: datetime


def note(session: Session, mailbox: Mailbox, placed: Sequence[Placed]) -> None:
    """Note what letters tell, unless the mailbox's owner does not want it. Safe to repeat.

    What a message says that another mailbox has brought before counts for this one too. Who may not
    be who they seem is not believed here either.
    """
    if not mailbox.suggests:
        return
    told: dict[_Key, dict[UUID, _Evidence]] = {}
    for p in placed:
        if p.way is Direction.IN:
            for key, source in () if p.doubts else _told_by(p.letter):
                evidence = _Evidence(p.message_id, source, p.at)
                told.setdefault(key, {}).setdefault(p.message_id, evidence)
    rows = [
        (key.email, key.kind, key.value, mailbox.id, *evidence)
        for key, found in told.items()
        for evidence in _few(found.values())
    ]
    if not rows:
        return
    workspace_id = mailbox.workspace_id
    bulk.insert(session, table(Suggestion), workspace_id, _COLUMNS, rows, on_conflict=_KNOWN)
    emails = list({key.email for key in told})
    here = {"ws": workspace_id, "mailbox": mailbox.id, "newest": _NEWEST}
    bulk.run(session, _TRIM, {**here, "emails": emails, "values": list({k.value for k in told})})


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


def _few(found: Iterable[_Evidence]) -> Iterable[_Evidence]:
    """Leave out of a batch what would be trimmed: all but the newest and the oldest."""
    ordered = sorted(found, key=lambda one: one.at)
    return ordered if len(ordered) <= _NEWEST else (ordered[0], *ordered[-_NEWEST:])


def _told_by(letter: Letter) -> Iterator[tuple[_Key, DetailSource]]:
    """Yield what one letter tells."""
    meaning, author = letter.meaning, letter.author
    if author is None or meaning.suspicions or is_machine(author.email):
        return
    if _leads_away(letter, author):
        return
    if meaning.details is not None and letter.kind in (Kind.PERSON, Kind.INVITATION):
        for key in _keys(author.email, [meaning.details]):
            yield key, DetailSource.SIGNATURE
    own = [card for card in meaning.cards if _is_of(author, card)]
    for key in _keys(author.email, own):
        yield key, DetailSource.VCARD


def _is_of(author: Address, card: Details) -> bool:
    """Tell whether a card is its sender's own: it has their address; or none, and their name.

    What a letter says of somebody else is their sender's word for it, and anybody may write it
    down: nothing of such a card is noted.
    """
    if not card.emails:
        return bool(card.name) and naming.words(card.name) == naming.words(author.called)
    found = [addresses.parse(email) for email in card.emails]
    return any(one is not None and one.email == author.email for one in found)


def _leads_away(letter: Letter, author: Address) -> bool:
    """Tell whether answers go to another company than the author's, or to another mailbox.

    Whoever has them go there may have written the number to call as well.
    """
    answered = (p.address for p in letter.parties if p.role is Role.REPLY_TO)
    return any(place(one.email) != place(author.email) for one in answered)


def _keys(email: str, told: Sequence[Details]) -> Iterator[_Key]:
    """Yield the first values of each kind, whatever their white space, of a length that is kept."""
    for kind, values in _values(told):
        plain = (" ".join(value.split()) for value in values)
        fit = dict.fromkeys(value for value in plain if value and len(value) <= LONGEST)
        for value in islice(fit, _SEVERAL.get(kind, 1)):
            yield _Key(email, kind, value)


def _values(told: Sequence[Details]) -> Iterator[tuple[DetailKind, Iterable[str]]]:
    yield DetailKind.NAME, (one.name for one in told)
    yield DetailKind.TITLE, (one.title for one in told)
    yield DetailKind.COMPANY, (one.company for one in told)
    yield DetailKind.PHONE, (phone for one in told for phone in one.phones)
    yield DetailKind.LINK, (link for one in told for link in one.links)
    yield DetailKind.ADDRESS, (one.address for one in told)
