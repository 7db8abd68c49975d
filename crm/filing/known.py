"""What the database already knows about a batch, asked in one query a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from crm.base.bulk import run
from crm.filing.joining import Elsewhere
from crm.filing.who import Circle, circle
from crm.mail import identity
from crm.mail.letter import Role
from crm.mail.models import CopyState, Folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from crm.base.db import Session
    from crm.mail.letter import Letter
    from crm.mail.models import Mailbox


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A stored message with the Message-ID of a letter in the batch."""

    id: UUID
    thread_id: UUID
    fingerprint: bytes
    sent_at: datetime | None
    author: str


@dataclass(frozen=True, slots=True)
class KnownText:
    """What a stored message says, and the sizes of its attachments, to compare it by."""

    text: str
    sizes: list[int]


@dataclass(frozen=True, slots=True)
class KnownAlike:
    """A stored message, and all by which it is known under another Message-ID."""

    id: UUID
    thread_id: UUID
    rfc_id: str
    print: bytes
    people: list[str]  # to whom it openly goes


@dataclass(frozen=True, slots=True)
class KnownSent(KnownAlike):
    """A message that was sent from here, under the Message-ID that we gave it."""

    outgoing_id: UUID
    mailbox_id: UUID


@dataclass(frozen=True, slots=True)
class KnownLeaving:
    """What is being sent from a mailbox, or was, and is no message yet."""

    outgoing_id: UUID
    dated_at: datetime
    subject: str
    text: str
    sizes: list[int]
    people: list[str]  # to whom it openly goes


#: What tells a stored message from another that says the same: its id, and to whom it openly goes.
_ALIKE = (
    "m.id, m.thread_id, m.rfc_id, m.fingerprint, array(select p.email from participant p"
    "   where p.workspace_id = m.workspace_id and p.message_id = m.id"
    f"   and p.role in ({Role.TO:d}, {Role.CC:d}))"
)


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Whose an address is."""

    contact_id: UUID
    company_id: UUID | None


def lock(session: Session, workspace_id: UUID) -> None:
    """Let one transaction a workspace file at a time; the lock goes with the transaction.

    Without it two workers split threads, sorted or not. Workspaces do not wait for each other.
    """
    run(session, "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (str(workspace_id),))


def settled_uids(session: Session, folder: Folder, uids: Sequence[int]) -> frozenset[int]:
    """Return the UIDs whose copies are stored or skipped already."""
    rows = run(
        session,
        "select uid from copy where workspace_id = %s and folder_id = %s and uidvalidity = %s"
        " and uid = any(%s::bigint[]) and state = any(%s::smallint[])",
        (
            folder.workspace_id,
            folder.id,
            folder.uidvalidity,
            list(uids),
            [CopyState.STORED, CopyState.SKIPPED],
        ),
    )
    return frozenset(uid for (uid,) in rows)


def our_circle(session: Session, workspace_id: UUID) -> Circle:
    """Return our side: every user's and every mailbox's address, with those it may send from."""
    rows = run(
        session,
        'select email, false from "user" where workspace_id = %(ws)s'
        " union select address, false from mailbox where workspace_id = %(ws)s"
        " union select jsonb_array_elements_text(place->'aliases'), true from mailbox"
        "   where workspace_id = %(ws)s and place ? 'aliases'",
        {"ws": workspace_id},
    ).all()
    ours = [email for email, alias in rows if not alias]
    return circle(ours, [email for email, alias in rows if alias])


def messages(
    session: Session, workspace_id: UUID, refs: Collection[UUID]
) -> dict[UUID, list[KnownMessage]]:
    """Return stored messages by the reference of their Message-ID."""
    rows = run(
        session,
        "select ref, id, thread_id, fingerprint, sent_at, from_email from message"
        " where workspace_id = %s and ref = any(%s::uuid[]) order by ref, id",
        (workspace_id, list(refs)),
    )
    found: dict[UUID, list[KnownMessage]] = {}
    for ref, *rest in rows:
        found.setdefault(ref, []).append(KnownMessage(*rest))
    return found


def texts(
    session: Session, workspace_id: UUID, message_ids: Collection[UUID], *, longest: int
) -> dict[UUID, KnownText]:
    """Return the texts of messages that are no longer than that, to compare them with others."""
    if not message_ids:
        return {}
    rows = run(
        session,
        "select b.message_id, b.text, array(select a.size from attachment a"
        "   where a.workspace_id = b.workspace_id and a.message_id = b.message_id"
        "   order by a.position)"
        " from message_body b where b.workspace_id = %s and b.message_id = any(%s::uuid[])"
        "   and length(b.text) <= %s",
        (workspace_id, list(message_ids), longest),
    )
    return {message_id: KnownText(text, sizes) for message_id, text, sizes in rows}


def people(session: Session, workspace_id: UUID, emails: Collection[str]) -> dict[str, KnownPerson]:
    """Return whose the addresses are, as far as they are anyone's."""
    rows = run(
        session,
        "select a.email, a.contact_id, c.company_id from contact_address a"
        " join contact c on c.workspace_id = a.workspace_id and c.id = a.contact_id"
        " where a.workspace_id = %s and a.email = any(%s::text[])",
        (workspace_id, list(emails)),
    )
    return {email: KnownPerson(contact_id, company_id) for email, contact_id, company_id in rows}


def mentions(session: Session, workspace_id: UUID, refs: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the threads in which Message-IDs were mentioned."""
    rows = run(
        session,
        "select ref, thread_id from mention where workspace_id = %s and ref = any(%s::uuid[])",
        (workspace_id, list(refs)),
    )
    return dict(rows.all())


def sent_at(
    session: Session, workspace_id: UUID, authors: Collection[str], moments: Collection[datetime]
) -> list[KnownSent]:
    """Return what was sent under these addresses at these moments, and bears the id that we gave.

    A server that has put in another one has done so by then, as far as we know.
    """
    rows = run(
        session,
        f"select {_ALIKE}, o.id, o.mailbox_id from mailbox b"
        " join outgoing o on o.workspace_id = b.workspace_id and o.mailbox_id = b.id"
        "   and o.state in ('sent', 'unknown', 'dropped')"
        "   and o.dated_at = any(%(moments)s::timestamptz[])"
        " join message m on m.workspace_id = o.workspace_id and m.id = o.message_id"
        "   and m.rfc_id = o.rfc_id"
        " where b.workspace_id = %(ws)s"
        "   and (b.address = any(%(authors)s) or b.place->'aliases' ?| %(authors)s)",
        {"ws": workspace_id, "authors": list(authors), "moments": list(moments)},
    )
    return [KnownSent(*row) for row in rows]


def said_at(
    session: Session, workspace_id: UUID, author: str, moment: datetime
) -> list[KnownAlike]:
    """Return the messages that bear this author and this Date, and are no other letter of ours."""
    rows = run(
        session,
        f"select {_ALIKE} from message m"
        " where m.workspace_id = %(ws)s and m.at = %(at)s and m.sent_at = %(at)s"
        "   and m.from_email = %(author)s and not exists (select from outgoing o"
        "     where o.workspace_id = m.workspace_id and o.message_id = m.id) order by m.id",
        {"ws": workspace_id, "at": moment, "author": author},
    )
    return [KnownAlike(*row) for row in rows]


def leaving(
    session: Session, mailbox: Mailbox, moments: Collection[datetime]
) -> list[KnownLeaving]:
    """Return what a mailbox has sent at these moments, or may have, and is no message yet."""
    rows = run(
        session,
        "select o.id, o.dated_at, o.subject, o.text, array(select f.size from outgoing_file f"
        "   where f.workspace_id = o.workspace_id and f.outgoing_id = o.id order by f.position),"
        "   array(select r->>'email' from jsonb_array_elements(o.recipients) r"
        "     where r->>'role' <> 'bcc')"
        " from outgoing o where o.workspace_id = %s and o.mailbox_id = %s"
        "   and o.message_id is null and o.state in ('sending', 'unknown', 'dropped', 'sent')"
        "   and o.dated_at = any(%s::timestamptz[]) order by o.id",
        (mailbox.workspace_id, mailbox.id, list(moments)),
    )
    return [KnownLeaving(*row) for row in rows]


def note_left(
    session: Session, mailbox: Mailbox, sent: KnownLeaving, message_id: UUID, rfc_id: str
) -> None:
    """Note which message it is that was sent from here, and the id that its server gave it."""
    run(
        session,
        "update outgoing set message_id = %(message)s,"
        "   sent_rfc_id = case when rfc_id = %(rfc_id)s then '' else %(rfc_id)s end"
        " where workspace_id = %(ws)s and id = %(id)s and message_id is null",
        {
            "message": message_id,
            "rfc_id": rfc_id,
            "ws": mailbox.workspace_id,
            "id": sent.outgoing_id,
        },
    )


def rename(session: Session, mailbox: Mailbox, sent: KnownSent, letter: Letter) -> None:
    """Let a message that was sent from here bear the Message-ID that its server gave it."""
    values = {
        "ws": mailbox.workspace_id,
        "outgoing": sent.outgoing_id,
        "message": sent.id,
        "rfc_id": letter.message_id,
        "ref": own_ref(letter),
        "print": letter.fingerprint,
    }
    for statement in (
        "update message set rfc_id = %(rfc_id)s, ref = %(ref)s, fingerprint = %(print)s"
        " where workspace_id = %(ws)s and id = %(message)s",
        "update outgoing set sent_rfc_id = %(rfc_id)s"
        " where workspace_id = %(ws)s and id = %(outgoing)s",
    ):
        run(session, statement, values)


def mention(session: Session, workspace_id: UUID, thread_id: UUID, letter: Letter) -> None:
    """Let what answers a letter come into a thread, whose message bears another Message-ID."""
    run(
        session,
        "insert into mention (workspace_id, ref, thread_id)"
        " values (%s, %s, %s) on conflict do nothing",
        (workspace_id, own_ref(letter), thread_id),
    )


def own_ref(letter: Letter) -> UUID:
    """Return what stands for a letter's Message-ID; for its fingerprint where it has none."""
    if letter.message_id:
        return UUID(bytes=identity.ref(letter.message_id))
    return UUID(bytes=letter.fingerprint[:16])


def elsewhere(mailbox_id: UUID, thread: str) -> Elsewhere | None:
    """Return what stands for a thread of a mailbox's provider; None where it names none.

    No Message-ID has a space in it, so that none can be taken for one of these.
    """
    if not thread:
        return None
    whole, beginning = refs((f"{mailbox_id} {thread}", f"{mailbox_id} {thread} beginning"))
    return Elsewhere(whole, beginning)


def refs(message_ids: Iterable[str]) -> list[UUID]:
    """Return what stands for other messages' ids, in their order."""
    return [UUID(bytes=identity.ref(message_id)) for message_id in message_ids]
