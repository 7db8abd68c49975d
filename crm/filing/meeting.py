"""Meet the strangers of a batch: contacts, their addresses, and the companies they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.base import bulk, ids
from crm.base.db import table
from crm.filing.known import KnownPerson
from crm.mail.letter import Role
from crm.mail.models import Direction
from crm.people.domains import company_domain, guess_name
from crm.people.models import (
    Company,
    Contact,
    ContactAddress,
    Lifecycle,
    LifecycleStep,
    Origin,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.base.db import Session
    from crm.filing.batches import Placed


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody to be met: the address with the best name seen beside it, and when."""

    address: Address
    at: datetime


def meet(
    session: Session,
    workspace_id: UUID,
    strangers: Iterable[Stranger],
    *,
    origin: Origin = Origin.MAIL,
    owner_id: UUID | None = None,
) -> dict[str, KnownPerson]:
    """Make a contact of each stranger, with a company where the domain stands for one.

    The workspace's filing lock is held, so that nobody meets the same stranger meanwhile.
    """
    met = _best(strangers)
    domains = {email: company_domain(s.address.domain) for email, s in met.items()}
    first_seen: dict[str, datetime] = {}
    for email, stranger in met.items():
        domain = domains[email]
        if domain is not None:
            first_seen[domain] = min(stranger.at, first_seen.get(domain, stranger.at))
    companies = _companies(session, workspace_id, first_seen, origin)
    contact_ids = ids.many(len(met))
    found: dict[str, KnownPerson] = {}
    contacts, addresses, steps = [], [], []
    for contact_id, (email, stranger) in zip(contact_ids, met.items(), strict=True):
        company_id = companies.get(domains[email] or "")
        name = _name(stranger.address)
        contacts.append(
            (contact_id, name, "", "", company_id, owner_id, Lifecycle.LEAD, origin, stranger.at)
        )
        addresses.append((email, contact_id, 0))
        steps.append((contact_id, stranger.at, Lifecycle.LEAD))
        found[email] = KnownPerson(contact_id, company_id)
    bulk.insert(
        session,
        table(Contact),
        workspace_id,
        [
            "id",
            "name",
            "title",
            "phone",
            "company_id",
            "owner_id",
            "lifecycle",
            "origin",
            "created_at",
        ],
        contacts,
    )
    columns = ("email", "contact_id", "position")
    bulk.insert(session, table(ContactAddress), workspace_id, columns, addresses)
    columns = ("contact_id", "at", "lifecycle")
    bulk.insert(session, table(LifecycleStep), workspace_id, columns, steps)
    return found


def touch_contacts(
    session: Session,
    workspace_id: UUID,
    fresh: Sequence[Placed],
    people: Mapping[str, KnownPerson],
) -> None:
    """Note when contacts last wrote, and were last written to, and their name once there is one.

    Who was met without a name bears one that was guessed from the address; the first that a letter
    brings takes its place. What a person has written over it is no guess any more, and stays. Of a
    letter that may not be theirs nothing counts.
    """
    came: dict[UUID, datetime] = {}
    went: dict[UUID, datetime] = {}
    named: dict[UUID, tuple[str, str]] = {}
    for p in fresh:
        if p.letter.automatic or p.way is Direction.INTERNAL:
            continue
        if p.doubts and p.way is Direction.IN:
            continue
        last = came if p.way is Direction.IN else went
        for party in p.letter.parties:
            person = people.get(party.address.email)
            if person is None or (p.way is Direction.IN and party.role is not Role.FROM):
                continue
            last[person.contact_id] = max(p.at, last.get(person.contact_id, p.at))
            if party.address.name and (p.way is Direction.IN or person.contact_id not in named):
                guess = name_of(party.address.email)
                named[person.contact_id] = (guess, _name(party.address))
    contact_ids = sorted({*came, *went})
    if contact_ids:
        bulk.run(
            session,
            "update contact k set last_in_at = greatest(k.last_in_at, v.came),"
            " last_out_at = greatest(k.last_out_at, v.went),"
            " name = case when k.name = v.guess and k.origin = 'mail' then v.name else k.name end"
            " from unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[])"
            "   as v(id, came, went, guess, name)"
            " where k.workspace_id = %s and k.id = v.id and (v.came > k.last_in_at"
            "   or v.went > k.last_out_at or (k.last_in_at is null and v.came is not null)"
            "   or (k.last_out_at is null and v.went is not null)"
            "   or (k.name = v.guess and k.origin = 'mail' and v.name <> v.guess))",
            (
                contact_ids,
                [came.get(c) for c in contact_ids],
                [went.get(c) for c in contact_ids],
                [named[c][0] if c in named else None for c in contact_ids],
                [named[c][1] if c in named else None for c in contact_ids],
                workspace_id,
            ),
        )


def _name(address: Address) -> str:
    """Return the name beside an address; one that shows an address may be an impostor's."""
    return address.called if address.name and "@" not in address.name else name_of(address.email)


def name_of(email: str) -> str:
    """Guess a name from an address: jana.dvorakova@severka.cz is Jana Dvorakova."""
    local = email.rpartition("@")[0].partition("+")[0]
    words = [w for w in local.replace("_", ".").replace("-", ".").split(".") if w]
    if len(words) >= 2 and all(w.isalpha() for w in words):
        return " ".join(w.capitalize() for w in words)
    return local or email


def _best(strangers: Iterable[Stranger]) -> dict[str, Stranger]:
    """Keep one stranger an address, in the order of addresses: the newest that has a name."""
    best: dict[str, Stranger] = {}
    for stranger in strangers:
        known = best.get(stranger.address.email)
        if known is None or _better(stranger, known):
            best[stranger.address.email] = stranger
    return dict(sorted(best.items()))


def _better(one: Stranger, other: Stranger) -> bool:
    return (bool(one.address.name), one.at) > (bool(other.address.name), other.at)


def _companies(
    session: Session, workspace_id: UUID, first_seen: Mapping[str, datetime], origin: Origin
) -> dict[str, UUID]:
    """Return the companies of domains, and make those that are not there."""
    if not first_seen:
        return {}
    known = _known_companies(session, workspace_id, sorted(first_seen))
    new = sorted(first_seen.keys() - known.keys())
    made = list(zip(new, ids.many(len(new)), strict=True))
    bulk.insert(
        session,
        table(Company),
        workspace_id,
        ("id", "name", "domain", "origin", "created_at"),
        [(id_, guess_name(d), d, origin, first_seen[d]) for d, id_ in made],
    )
    return known | dict(made)


def _known_companies(
    session: Session, workspace_id: UUID, domains: Sequence[str]
) -> dict[str, UUID]:
    rows = bulk.run(
        session,
        "select domain, id from company where workspace_id = %s and domain = any(%s::text[])",
        (workspace_id, list(domains)),
    )
    return dict(rows.all())
