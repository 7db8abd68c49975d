"""Whom a message that is being written goes to, gathered by a constant number of queries.

Gmail says the addresses when the card is asked for, and nothing else: no draft's id, no text. So
what a button of this card needs stands in its own parameters, and never an address.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.base import addresses
from crm.filing import known
from crm.people import contacts
from crm.sales import standings
from crm.work import tasks, timeline
from crm.workspace import permissions, users
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from addon.context import Context
    from addon.event import AddonEvent
    from crm.base.addresses import Address

_BRACKETED = re.compile(r"(.*)<([^<>]*)>\s*", re.DOTALL)
#: So many of each kind are shown; Gmail drops what comes after the hundredth widget.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A recipient who is a contact, and in numbers what is open with them."""

    contact_id: UUID
    name: str
    company: str
    email: str
    deals: int
    tasks: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recipients:
    """Everybody whom a draft goes to: the first few of each kind, and how many there are."""

    contacts: tuple[Acquaintance, ...] = ()
    strangers: tuple[Address, ...] = ()
    colleagues: tuple[Address, ...] = ()
    count: int = 0

    @property
    def unshown(self) -> int:
        """Return how many have no line of their own."""
        return self.count - len(self.contacts) - len(self.strangers) - len(self.colleagues)


def gather(context: Context, event: AddonEvent) -> Recipients:
    """Find out who the recipients of a draft are."""
    everyone = parse(event)
    if not everyone:
        return Recipients()
    session, workspace_id = context.session, context.user.workspace_id
    circle = known.our_circle(session, workspace_id)
    ours = [address for address in everyone if circle.holds(address.email)]
    outside = [address for address in everyone if not circle.holds(address.email)]
    whose = known.people(session, workspace_id, [address.email for address in outside])
    ids = {
        address.email: whose[address.email].contact_id
        for address in outside
        if address.email in whose
    }
    strangers = [address for address in outside if address.email not in ids]
    return Recipients(
        contacts=_acquaintances(context, ids),
        strangers=tuple(strangers[:SHOWN]),
        colleagues=_named(context, ours[:SHOWN]),
        # Two addresses of one contact are one recipient.
        count=len(ours) + len(strangers) + len(set(ids.values())),
    )


def parse(event: AddonEvent) -> list[Address]:
    """Read the addresses of a draft, each once, in the order of To, Cc and Bcc."""
    read = (_parse(text) for text in (*event.to, *event.cc, *event.bcc))
    return list(dict.fromkeys(address for address in read if address is not None))


def mark(address: Address) -> str:
    """Name a recipient in a button, which no address may stand in.

    Not by the place: the draft goes on being written, and another may stand there by then.
    """
    return hashlib.sha256(address.email.encode()).hexdigest()[:16]


def find(event: AddonEvent, marked: str) -> Address | None:
    """Return the recipient that a button names, where Gmail says who they are and it still is."""
    return next((address for address in parse(event) if mark(address) == marked), None)


def _parse(text: str) -> Address | None:
    """Read "Name <address>", or an address.

    What stands between the last brackets is the address: whoever writes another one before them
    shows a name (CVE-2023-27043).
    """
    found = _BRACKETED.fullmatch(text)
    name, email = found.groups() if found else ("", text)
    return addresses.parse(email.strip(), name.strip().strip('"'))


def _acquaintances(context: Context, ids: dict[str, UUID]) -> tuple[Acquaintance, ...]:
    emails: dict[UUID, str] = {}
    for email, contact_id in ids.items():
        emails.setdefault(contact_id, email)
    shown = list(emails)[:SHOWN]
    if not shown:
        return ()
    session, user = context.session, context.user
    names = contacts.with_companies(session, user, shown)
    may_see = permissions.allowed(user, May.SEE_DEALS)
    parts = standings.open_of_contacts(session, user, shown) if may_see else {}
    every_deal = [deal_id for taken in parts.values() for deal_id in taken]
    promised = tasks.open_on(session, user, shown, every_deal)
    last = timeline.last_of(session, context.viewer, shown, at=context.at)
    return tuple(
        Acquaintance(
            contact_id,
            *names[contact_id],
            emails[contact_id],
            deals=len(parts.get(contact_id, ())),
            tasks=_count(promised, contact_id, parts.get(contact_id, ())),
            last_at=last.get(contact_id),
        )
        for contact_id in shown
        if contact_id in names
    )


def _count(promised: Iterable[tasks.About], contact_id: UUID, deal_ids: Sequence[UUID]) -> int:
    return sum(about.contact_id == contact_id or about.deal_id in deal_ids for about in promised)


def _named(context: Context, ours: Sequence[Address]) -> tuple[Address, ...]:
    """Call colleagues by the names that they have here; asked only where there is one."""
    if not ours:
        return ()
    everyone = users.everyone(context.session, context.user.workspace_id)
    names = {user.email: user.name for user in everyone}
    return tuple(
        addresses.Address(address.email, names.get(address.email, address.name)) for address in ours
    )
