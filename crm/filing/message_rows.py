"""The rows of new messages: texts, participants, attachments, and the line on the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm.base import addresses, bulk
from crm.base.db import table
from crm.filing.who import unfiled_because
from crm.mail.letter import Role
from crm.mail.meaning import Named
from crm.mail.models import Attachment, ForwardRow, Message, MessageBody, Participant
from crm.mail.searching import searchable
from crm.people.machines import is_machine
from crm.work.models import Activity, ActivityKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from crm.base.addresses import Address
    from crm.base.db import Session
    from crm.filing.batches import Placed
    from crm.filing.known import KnownPerson
    from crm.mail.letter import Letter
    from crm.mail.meaning import Meaning
    from crm.mail.models import Mailbox

_SNIPPET = 200

_MESSAGE = (
    "id ref fingerprint rfc_id thread_id at sent_at direction kind kind_reason unfiled shares"
    " from_email from_name writer_email writer_name via passed_by_email passed_by_name"
    " subject snippet size parts whole same_id_as suspicions means returns_on search"
).split()

_BODY = "message_id text new_text signature html".split()
#: Signs in one statement: on its way to the server a text is there five times.
_MOST_SIGNS = 2_000_000

_ATTACHMENT = "message_id position section filename content_type size content_id inline".split()


def insert_messages(
    session: Session,
    mailbox: Mailbox,
    fresh: Sequence[Placed],
    people: Mapping[str, KnownPerson],
    shares: Mapping[UUID, int],
) -> None:
    """Write new messages with their texts, participants, attachments and timeline lines."""
    workspace_id = mailbox.workspace_id
    levels = [shares.get(p.thread_id, mailbox.shares) for p in fresh]
    bulk.insert(
        session,
        table(Message),
        workspace_id,
        _MESSAGE,
        [_message(p, level, people) for p, level in zip(fresh, levels, strict=True)],
    )
    for some in _by_size([_body(p.message_id, p.letter) for p in fresh]):
        bulk.insert(session, table(MessageBody), workspace_id, _BODY, some)
    bulk.insert(
        session,
        table(Participant),
        workspace_id,
        ("message_id", "position", "role", "email", "name", "contact_id"),
        [row for p in fresh for row in _participants(p, people)],
    )
    bulk.insert(
        session,
        table(Attachment),
        workspace_id,
        _ATTACHMENT,
        [
            (p.message_id, i, a.section, a.filename, a.content_type, a.size, a.content_id, a.inline)
            for p in fresh
            for i, a in enumerate(p.letter.parts)
        ],
    )
    bulk.insert(
        session,
        table(ForwardRow),
        workspace_id,
        ("message_id", "name", "email", "subject", "date_text"),
        [row for p in fresh for row in _forward(p)],
    )
    bulk.insert(
        session,
        table(Activity),
        workspace_id,
        ("id", "kind", "at", "message_id", "thread_id", "summary"),
        [(p.message_id, ActivityKind.MESSAGE, p.at, p.message_id, p.thread_id, "") for p in fresh],
    )


def add_blind(
    session: Session,
    workspace_id: UUID,
    message_id: UUID,
    letter: Letter,
    people: Mapping[str, KnownPerson],
) -> None:
    """Let a message that is stored know whom it went to blindly, as our own letter says."""
    blind = [x.address for x in letter.parties if x.role is Role.BCC]
    contacts = [people[a.email].contact_id if a.email in people else None for a in blind]
    bulk.run(
        session,
        "insert into participant"
        " (workspace_id, message_id, position, role, email, name, contact_id)"
        " select %(ws)s, %(message)s, p.after + v.n, %(bcc)s, v.email, v.name, v.contact_id"
        " from unnest(%(emails)s::text[], %(names)s::text[], %(contacts)s::uuid[])"
        "   with ordinality as v(email, name, contact_id, n),"
        " (select coalesce(max(position), -1) as after,"
        "   array_agg(email) filter (where role = %(bcc)s) as told from participant"
        "   where workspace_id = %(ws)s and message_id = %(message)s) p"
        " where v.email <> all(coalesce(p.told, '{}'))",
        {
            "ws": workspace_id,
            "message": message_id,
            "bcc": Role.BCC,
            "emails": [a.email for a in blind],
            "names": [a.called for a in blind],
            "contacts": contacts,
        },
    )


def inside(letter: Letter) -> list[tuple[Role, Address]]:
    """Return whom a letter tells of that no header names: offered, and no part of it."""
    author = _original(letter)
    found = [(Role.ORIGINAL, author)] if author is not None else []
    return [*found, *((Role.INTRODUCED, address) for address in _introduced(letter))]


def lonely(p: Placed, people: Mapping[str, KnownPerson]) -> str:
    """Name the rule by which a message will be on nobody's timeline, or "" where it will be."""
    counts = (Role.FROM,) if p.letter.automatic else tuple(Role)
    if any(x.address.email in people for x in p.letter.parties if x.role in counts):
        return ""
    return unfiled_because(p.way, automatic=p.letter.automatic, doubted=bool(p.doubts))


def _message(p: Placed, shares: int, people: Mapping[str, KnownPerson]) -> tuple[Any, ...]:
    letter = p.letter
    author = letter.author
    told = [x for x in letter.parties[:50] if x.role is not Role.BCC]  # The sender's alone.
    names = " ".join(f"{x.address.name} {x.address.email}" for x in told)
    files = " ".join(part.filename for part in letter.parts[:50])
    return (
        p.message_id,
        p.ref,
        letter.fingerprint,
        letter.message_id,
        p.thread_id,
        p.at,
        letter.sent_at,
        p.way,
        letter.kind,
        letter.kind_reason,
        lonely(p, people),
        shares,
        author.email if author else "",
        author.called if author else "",
        *_authorship(letter.meaning),
        letter.subject,
        _snippet(letter),
        letter.size,
        len(letter.parts) + letter.more_parts,
        letter.whole,
        p.same_id_as,
        " ".join(p.doubts),
        _means(letter),
        letter.meaning.returns_on,
        searchable(f"{letter.subject}\n{names}\n{files}\n{letter.new_text}"),
    )


def _snippet(letter: Letter) -> str:
    """Return how a letter begins: without its signature, and without the lines that it answers."""
    new = letter.new_text.removesuffix(letter.signature) or letter.new_text
    own = (line for line in new[: 10 * _SNIPPET].split("\n") if not line.startswith(">"))
    return " ".join(" ".join(own).split())[:_SNIPPET] or " ".join(new.split())[:_SNIPPET]


def _body(message_id: UUID, letter: Letter) -> tuple[Any, ...]:
    return message_id, letter.text, letter.new_text, letter.signature, letter.html


def _by_size(rows: Iterable[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    """Part the texts of a batch, which are one statement's in all but the largest."""
    some: list[tuple[Any, ...]] = []
    signs = 0
    for row in rows:
        more = sum(map(len, row[1:]))
        if some and signs + more > _MOST_SIGNS:
            yield some
            some, signs = [], 0
        some.append(row)
        signs += more
    yield some


def _authorship(meaning: Meaning) -> tuple[str, str, str, str, str]:
    """Return who wrote through which list, and who has sent it on."""
    writer, by = meaning.writer, meaning.passed_on_by
    through = (writer.who.email, writer.who.name, writer.list_name) if writer else ("", "", "")
    return (*through, by.email if by else "", by.name if by else "")


def _participants(p: Placed, people: Mapping[str, KnownPerson]) -> Iterable[tuple[Any, ...]]:
    named = [(party.role, party.address) for party in p.letter.parties]
    for i, (role, address) in enumerate([*named, *inside(p.letter)]):
        person = people.get(address.email)
        contact_id = person.contact_id if person is not None else None
        yield (p.message_id, i, role, address.email, address.called, contact_id)


def _original(letter: Letter) -> Address | None:
    """Return who wrote what a letter passes on, where an address says so."""
    forward = letter.meaning.forward
    if forward is None or forward.author is None:
        return None
    return addresses.parse(forward.author.email, forward.author.name)


def _introduced(letter: Letter) -> list[Address]:
    """Return whose calling cards a letter brings: people who stand in no header of it.

    A card with an address of the sender's is their own, whatever else it names.
    """
    found: dict[str, Address] = {}
    seen = {party.address.email for party in letter.parties}
    for card in letter.meaning.cards:
        parsed = (addresses.parse(email, card.name) for email in card.emails)
        own = [address for address in parsed if address is not None]
        if own and seen.isdisjoint(a.email for a in own) and not is_machine(own[0].email):
            found.setdefault(own[0].email, own[0])
    return list(found.values())


def _means(letter: Letter) -> str:
    """Say what stands in tables of its own beside a message; that it came back is known later."""
    found = {"forward": letter.meaning.forward, "meeting": letter.meaning.meetings}
    return " ".join(word for word, what in found.items() if what)


def _forward(p: Placed) -> Iterable[tuple[Any, ...]]:
    forward = p.letter.meaning.forward
    if forward is not None:
        author = forward.author or Named()
        yield (p.message_id, author.name, author.email, forward.subject, forward.date_text)
