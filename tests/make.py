"""Things that tests need, made with as little as each test has to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from crm import filing
from crm.base import events
from crm.base.db import Session
from crm.filing import Filed
from crm.mail import folders, mailboxes
from crm.mail.letter import Arrival, Flag, Kind, Letter
from crm.mail.meaning import Attendee, Bounce, Forward, Meaning, Meeting, Method, Named
from crm.mail.models import Folder, Mailbox, MailboxKind
from crm.sales import pipelines
from crm.workspace import users, workspaces
from crm.workspace.models import User, UserRole, Workspace
from sync import reading

#: The moment at which tests happen.
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

_uids = count(1)


def workspace(session: Session, name: str = "Halden") -> Workspace:
    """Found a workspace with its pipeline; the session stands in it."""
    made = workspaces.found(session, name, at=NOW)
    pipelines.add_first(session, made.id)
    return made


def user(
    session: Session,
    workspace: Workspace,
    email: str = "ana@halden.test",
    *,
    role: str = "rep",
    name: str = "",
    password: str | None = None,
) -> User:
    """Add a user."""
    return users.add(
        session,
        workspace.id,
        email,
        role=UserRole(role),
        name=name,
        password=password,
        at=NOW,
    )


def mailbox(
    session: Session, user: User, address: str = "", *, purpose: str = "personal", **values: Any
) -> Mailbox:
    """Connect a mailbox that nothing is read from."""
    made = mailboxes.connect(
        session,
        user,
        address or user.email,
        kind=MailboxKind.FILES,
        place={"path": "/nowhere"},
        secret=None,
        purpose=purpose,
        by=user,
        at=NOW,
    )
    for name, value in values.items():
        setattr(made, name, value)
    session.flush()
    return made


def folder(session: Session, mailbox: Mailbox, name: str = "INBOX", role: str = "") -> Folder:
    """Note a folder of a mailbox."""
    known = folders.of_mailbox(session, mailbox).get(name)
    return known or folders.add(session, mailbox, name, role=role, uidvalidity=1, skips="")


def mark(session: Session) -> str:
    """Take the mark of events as a page does, in another transaction than what happens next.

    In its own, a transaction is not in progress but itself: what it writes after that would be
    taken for seen as soon as any later one has ended, in whichever database.
    """
    with session.connection().engine.connect() as other, Session(other) as page:
        return events.mark(page)


def raw(
    sender: str = "Jana <jana@severka.test>",
    to: str = "ana@halden.test",
    subject: str = "Hello",
    text: str = "Good morning",
    *,
    message_id: str | None = "",
    at: datetime = NOW,
    **headers: str,
) -> bytes:
    """Write a letter. `message_id=None` leaves the header out; headers use _ for -."""
    number = next(_uids)
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    lines.append(f"Date: {at.strftime('%a, %d %b %Y %H:%M:%S +0000')}")
    if message_id is not None:
        lines.append(f"Message-ID: <{message_id or f'{number}@severka.test'}>")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text, ""]
    return "\r\n".join(lines).encode()


def arrival(
    letter: bytes,
    *,
    uid: int = 0,
    at: datetime = NOW,
    seen: bool = True,
    meaning: Meaning | None = None,
) -> Arrival:
    """Read a letter and give it a place; with a meaning, as if it had been read out of it."""
    flags = frozenset({Flag.SEEN}) if seen else frozenset()
    found = reading.read(letter)
    if meaning is not None:
        assert isinstance(found, Letter)
        kind = Kind.BOUNCE if meaning.bounce else found.kind
        found = replace(found, meaning=meaning, kind=kind)
    return Arrival(uid or next(_uids), found, at + timedelta(seconds=5), flags)


def bounce(
    *recipients: str,
    about: str = "",
    status: str = "5.1.1",
    permanent: bool | None = True,
    at: datetime = NOW,
    sender: str = "mailer-daemon@relay.test",
) -> Arrival:
    """Give back a message, as a mail server does."""
    sent = raw(
        f"Mail Delivery System <{sender}>",
        subject="Undelivered Mail Returned to Sender",
        at=at,
        Auto_Submitted="auto-replied",
    )
    given_back = Bounce(recipients, status, permanent, "550 no such user", about)
    return arrival(sent, at=at, meaning=Meaning(bounce=given_back))


def forward(
    name: str = "Ann Berg", email: str = "ann@berg.test", *, subject: str = "Offer", body: str = ""
) -> Forward:
    """Say what was passed on inside of a letter."""
    return Forward("", Named(name, email), (), (), subject, "Wed, 18 Nov 2026 09:00", body)


def meeting(
    uid: str = "review@severka.test",
    method: Method = Method.REQUEST,
    *,
    sequence: int = 0,
    starts_at: datetime | None = NOW + timedelta(days=4),
    attendees: Sequence[Attendee] = (Attendee(Named("Ana", "ana@halden.test")),),
    organizer: str = "jana@severka.test",
    **values: Any,
) -> Meeting:
    """Say what a calendar letter says of a meeting."""
    said = {
        "recurrence": "",
        "summary": "Offer review",
        "place": "Room 2",
        "ends_at": starts_at + timedelta(hours=1) if starts_at else None,
        "whole_day": False,
        "repeats": False,
        "organizer": Named("", organizer),
    }
    return Meeting(
        method=method,
        uid=uid,
        sequence=sequence,
        starts_at=starts_at,
        attendees=tuple(attendees),
        **(said | values),
    )


def filed(session: Session, mailbox: Mailbox, *letters: bytes, folder_name: str = "INBOX") -> Filed:
    """File letters in a folder of a mailbox, as one batch."""
    return filed_arrivals(session, mailbox, [arrival(raw) for raw in letters], folder_name)


def filed_arrivals(
    session: Session, mailbox: Mailbox, arrivals: Sequence[Arrival], folder_name: str = "INBOX"
) -> Filed:
    """File arrivals as one batch."""
    return filing.file(session, mailbox, folder(session, mailbox, folder_name), arrivals, at=NOW)
