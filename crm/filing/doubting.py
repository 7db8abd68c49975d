"""Doubt who may not be who they seem: by what a letter says, and by whom its sender resembles.

What an address resembles is decided by `crm.mail.resembling`, over what one question to the
database tells of the strangers of a batch. It counts against a stranger alone: an address or a
company that is known here is itself, and so is whom nobody of ours has written to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.mail import resembling
from crm.mail.meaning import Suspicion
from crm.mail.models import Direction
from crm.people.domains import company_domain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.known import KnownPerson
    from crm.filing.who import Circle
    from crm.mail.letter import Letter

#: Longer names are nobody's, and shorter ones have no family name.
_LONGEST_NAME = 100

#: Companies by their domains, and whether anybody of theirs was written to; contacts by their full
#: names, with their addresses. Each by an index that begins with the workspace.
_ASKED = """
select '' as name, c.domain as place, (
    select true from contact k where k.workspace_id = c.workspace_id and k.company_id = c.id
      and k.last_out_at is not null limit 1) as written_to
from company c where c.workspace_id = %(ws)s and c.domain = any(%(domains)s::text[])
union all
select k.name, a.email, true
from contact k
  join contact_address a on a.workspace_id = k.workspace_id and a.contact_id = k.id
where k.workspace_id = %(ws)s and k.name = any(%(names)s::text[]) and k.last_out_at is not null
"""


def of_letter(letter: Letter, circle: Circle) -> tuple[Suspicion, ...]:
    """Return why a letter's sender may not be who they seem, by the letter alone.

    That DMARC fails is no sign where a list has sent it on; but in a colleague's name, and about a
    meeting that it could change, it stays one, as a list may be anybody's.
    """
    suspicions, author = letter.meaning.suspicions, letter.author
    if not letter.meaning.relayed or letter.meaning.meetings:
        return suspicions
    if author is None or circle.holds(author.email):
        return suspicions
    return tuple(why for why in suspicions if why is not Suspicion.DISOWNED)


def doubt_by_home(placed: Sequence[Placed], circle: Circle) -> None:
    """Doubt who writes from almost a domain of ours, or of a provider of mailboxes."""
    for p in placed:
        domain = _domain_of(p)
        near = resembling.taken_for(domain) if domain else frozenset()
        if not near.isdisjoint(circle.domains) or (near and resembling.poses_as_free_mail(domain)):
            _doubt(p)


def doubt_by_acquaintance(
    session: Session,
    workspace_id: UUID,
    placed: Sequence[Placed],
    people: Mapping[str, KnownPerson],
) -> None:
    """Doubt who writes from almost the address of a contact; where nobody is new, ask nothing."""
    strangers = [p for p in placed if _email_of(p) and _email_of(p) not in people]
    strangers = [p for p in strangers if Suspicion.RESEMBLES not in p.doubts]
    if not strangers:
        return
    domains = {domain for p in strangers if (domain := _domain_of(p))}
    names = {name for p in strangers if (name := _name_of(p))}
    near = {other for domain in domains for other in resembling.taken_for(domain)}
    asked = {"ws": workspace_id, "domains": sorted(domains | near), "names": list(names)}
    rows = bulk.run(session, _ASKED, asked).all()
    companies = {place: written_to for name, place, written_to in rows if not name}
    written_to = {domain for domain in near if companies.get(domain)}
    named: dict[str, list[str]] = {}
    for name, place, _written_to in rows:
        named.setdefault(name, []).append(place)
    for p in strangers:
        if _domain_of(p) not in companies and _poses(p, written_to, named):
            _doubt(p)


def _poses(p: Placed, domains: Collection[str], named: Mapping[str, Sequence[str]]) -> bool:
    if not resembling.taken_for(_domain_of(p)).isdisjoint(domains):
        return True
    namesakes = named.get(_name_of(p), ()) if _name_of(p) else ()
    return any(resembling.resembles(_email_of(p), other) for other in namesakes)


def _doubt(p: Placed) -> None:
    p.doubts = (*p.doubts, Suspicion.RESEMBLES)
    p.meets = []


def _email_of(p: Placed) -> str:
    """Return the address of a person who writes to us; "" of anybody else."""
    if p.way is not Direction.IN or p.letter.automatic or p.letter.author is None:
        return ""
    return p.letter.author.email


def _domain_of(p: Placed) -> str:
    return company_domain(_email_of(p).rpartition("@")[2]) or ""


def _name_of(p: Placed) -> str:
    """Return the full name that such a person bears; "" where it is none."""
    author = p.letter.author
    name = author.name if author is not None else ""
    return name if " " in name and len(name) <= _LONGEST_NAME else ""
