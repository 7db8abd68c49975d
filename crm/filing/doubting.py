"""Doubt who may not be who they seem: by what a letter says, and by whom its sender resembles.

What an address resembles is decided by `crm.mail.resembling`, over what one question to the
database tells of the strangers of a batch. It counts against a stranger alone: an address or a
company that is known here is itself, and so is whom nobody of ours has written to by then; nothing
is judged again when somebody has. Where a person chooses the address, the messages that came
before are cleared, but not what they said of meetings or suggested; a contact that an answer or a
later letter makes clears nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.filing import known
from crm.mail import resembling
from crm.mail.letter import Role
from crm.mail.meaning import Suspicion
from crm.mail.models import Direction
from crm.people import naming
from crm.people.domains import FREE_MAIL, company_domain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.known import KnownPerson

#: Companies by their domains, and whether anybody of theirs was written to; colleagues and contacts
#: by their full names, with their addresses. Each by an index that begins with the workspace.
_ASKED = """
select '' as name, c.domain as place, (
    select true from contact k where k.workspace_id = c.workspace_id and k.company_id = c.id
      and k.last_out_at is not null limit 1) as written_to
from company c where c.workspace_id = %(ws)s and c.domain = any(string_to_array(%(domains)s, ' '))
union all
select u.name, u.email, true from "user" u
where u.workspace_id = %(ws)s and u.name = any(%(names)s::text[])
union all
select k.name, a.email, true
from contact k
  join contact_address a on a.workspace_id = k.workspace_id and a.contact_id = k.id
where k.workspace_id = %(ws)s and k.name = any(%(names)s::text[]) and k.last_out_at is not null
"""

#: What servers and the letter itself say of its sender stands, whoever believes them.
_TRUSTED = """
update message m set
  suspicions = array_to_string(array_remove(string_to_array(m.suspicions, ' '), %(word)s), ' ')
from participant p
where p.workspace_id = %(ws)s and p.email = %(email)s and p.role = %(author)s
  and m.workspace_id = p.workspace_id and m.id = p.message_id
  and %(word)s = any(string_to_array(m.suspicions, ' '))
"""


def trust(session: Session, workspace_id: UUID, email: str) -> None:
    """Take back of what is stored that an address resembles another: a person has chosen it."""
    word = str(Suspicion.RESEMBLES)
    asked = {"ws": workspace_id, "email": email, "author": Role.FROM, "word": word}
    bulk.run(session, _TRUSTED, asked)


def settle(
    session: Session,
    workspace_id: UUID,
    placed: Sequence[Placed],
    people: Mapping[str, KnownPerson],
) -> None:
    """Doubt who resembles another, and excuse whom a list has sent on. Who is known is asked once.

    Where nobody is new, nothing is asked.
    """
    strangers = [p for p in placed if _email_of(p) and _email_of(p) not in people]
    relayed = [p for p in placed if _may_be_excused(p, people)]
    if not strangers and not relayed:
        return
    circle = known.our_circle(session, workspace_id)
    domains = {domain for p in (*strangers, *relayed) if (domain := _domain_of(p))}
    names = {spelt for p in strangers for spelt in naming.spellings(_name_of(p))}
    near = {other for p in strangers for other in _taken_for(p)}
    # Thousands of domains travel as one text: an array is put together one by one.
    asked = {"ws": workspace_id, "domains": " ".join(domains | near), "names": list(names)}
    rows = bulk.run(session, _ASKED, asked).all()
    companies = {place: written_to for name, place, written_to in rows if not name}
    theirs = near & {domain for domain in companies if companies[domain]}
    theirs |= near & (circle.domains | FREE_MAIL | _written_to(placed))
    named: dict[tuple[str, ...], list[str]] = {}
    for name, place, _written in rows:
        if name:
            named.setdefault(naming.words(name), []).append(place)
    for p in strangers:
        if not companies.get(_domain_of(p)) and _poses(p, theirs, named):
            p.doubts = (*p.doubts, Suspicion.RESEMBLES)
            p.meets = []
    for p in relayed:
        if _domain_of(p) not in companies and not circle.holds(_author_of(p)):
            p.doubts = tuple(why for why in p.doubts if why is not Suspicion.DISOWNED)


def _may_be_excused(p: Placed, people: Mapping[str, KnownPerson]) -> bool:
    """Tell whether DMARC's failure may be a list's: not of anybody whose name is worth something.

    Whoever has a list can send anything in anybody's name through it. So the doubt stays on whom
    we know, on colleagues, and on what could change a meeting.
    """
    letter = p.letter
    if not letter.meaning.relayed or letter.meaning.meetings or letter.author is None:
        return False
    return letter.author.email not in people


def _written_to(placed: Sequence[Placed]) -> frozenset[str]:
    """Return the domains to which letters of this batch go out."""
    sent = (p for p in placed if p.way is Direction.OUT)
    found = (company_domain(one.address.domain) for p in sent for one in p.letter.parties)
    return frozenset(domain for domain in found if domain)


def _poses(
    p: Placed, domains: Collection[str], named: Mapping[tuple[str, ...], Sequence[str]]
) -> bool:
    if not _taken_for(p).isdisjoint(domains):
        return True
    name = _name_of(p)
    namesakes = named.get(naming.words(name), ()) if naming.is_full(name) else ()
    return any(resembling.resembles(_email_of(p), other) for other in namesakes)


def _taken_for(p: Placed) -> frozenset[str]:
    """Return for which domains a sender's may be taken.

    Newsletters are many: what is a letter apart is not asked of them.
    """
    domain = _domain_of(p)
    near = resembling.taken_for(domain, apart=not p.letter.automatic)
    return near | resembling.shown_off(_author_of(p), domain) if domain else near


def _email_of(p: Placed) -> str:
    """Return the address of who writes to us; a header makes anybody's letter a newsletter."""
    return _author_of(p) if p.way is Direction.IN else ""


def _author_of(p: Placed) -> str:
    return p.letter.author.email if p.letter.author is not None else ""


def _domain_of(p: Placed) -> str:
    return company_domain(_author_of(p).rpartition("@")[2]) or ""


def _name_of(p: Placed) -> str:
    """Return what such a person is called."""
    author = p.letter.author
    return author.called if author is not None else ""
