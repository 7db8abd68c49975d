"""Who is who in a letter: colleague, contact or machine; which way it went; whom it lets us meet.

Pure functions over what a batch knows of the workspace. A letter from a colleague to anyone
outside goes out; among colleagues it is internal; everything else came in, and so did what only
bears a colleague's name: then a server on the way has said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.mail import senders
from crm.mail.letter import SENT, Role
from crm.mail.models import Direction, MailboxKind, Meets
from crm.people.domains import company_domain
from crm.people.machines import is_machine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from crm.base.addresses import Address
    from crm.mail.letter import Letter
    from crm.mail.models import Mailbox

_WRITTEN_TO = frozenset({Role.TO, Role.CC, Role.BCC})


@dataclass(frozen=True, slots=True)
class Circle:
    """Our side: addresses of users and mailboxes, and the companies' domains among them."""

    addresses: frozenset[str]
    domains: frozenset[str]

    def holds(self, email: str) -> bool:
        """Tell whether an address is a colleague's."""
        if email in self.addresses:
            return True
        return company_domain(email.rpartition("@")[2]) in self.domains


def circle(addresses: Iterable[str], aliases: Iterable[str] = ()) -> Circle:
    """Draw our side from the addresses of users and mailboxes. Free mail has no colleagues.

    Who may send from somewhere else too is ours under that address, and whoever else is there is
    not: a consultant has an address at their customer's.
    """
    ours = frozenset(addresses)
    domains = (company_domain(email.rpartition("@")[2]) for email in ours)
    at_home = frozenset(domain for domain in domains if domain is not None)
    return Circle(ours | frozenset(aliases), at_home)


def sent_from(mailbox: Mailbox, labels: Collection[str], letter: Letter) -> bool | None:
    """Tell whether a letter was sent from a mailbox, where its server knows; None where not.

    Gmail marks what was sent through it, from whatever address. Anybody may put a name into From
    (developers.google.com/workspace/gmail/api/guides/labels).
    """
    if mailbox.kind != MailboxKind.GMAIL:
        return None
    if SENT in labels:
        return True
    own = senders.addresses(mailbox)
    return False if letter.author is not None and letter.author.email in own else None


def direction(letter: Letter, circle: Circle, *, sent: bool | None = None) -> Direction:
    """Tell which way a letter went. `sent` says that it was sent from its mailbox, or was not."""
    author = letter.author
    ours = author is not None and not letter.disowned and circle.holds(author.email)
    if not (ours if sent is None else sent):
        return Direction.IN
    outside = (p for p in letter.parties if p.role in _WRITTEN_TO)
    if any(not circle.holds(p.address.email) for p in outside):
        return Direction.OUT
    return Direction.INTERNAL


def to_meet(letter: Letter, way: Direction, circle: Circle, meets: Meets) -> list[Address]:
    """Return whom a letter lets us meet: people we wrote to, and who wrote to us directly.

    Never a colleague, never a machine, never by an automatic letter, never who may not be who they
    seem: somebody has to choose them. A mailbox may say less.
    """
    if letter.automatic or way is Direction.INTERNAL or meets is Meets.NOBODY:
        return []
    if way is Direction.OUT:
        found = [p.address for p in letter.parties if p.role in _WRITTEN_TO]
    elif meets is Meets.DIRECT and _stands_with_us(letter, circle) and letter.author is not None:
        found = [] if letter.meaning.suspicions else [letter.author]
    else:
        found = []
    return [a for a in found if not circle.holds(a.email) and not is_machine(a.email)]


def unfiled_because(way: Direction, *, automatic: bool, doubted: bool) -> str:
    """Name the rule by which a letter that is linked to nobody is not."""
    if automatic:
        return "machine"
    if way is Direction.INTERNAL:
        return "colleague_only"
    if doubted:
        return "in_doubt"
    return "no_contact_by_policy"


def _stands_with_us(letter: Letter, circle: Circle) -> bool:
    return any(
        p.role in (Role.TO, Role.CC) and circle.holds(p.address.email) for p in letter.parties
    )
