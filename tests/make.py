"""Things that tests need, made with as little as each test has to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from crm import filing
from crm.base.db import Session
from crm.filing import Filed
from crm.mail import folders, mailboxes
from crm.mail.letter import Arrival, Flag
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


def arrival(letter: bytes, *, uid: int = 0, at: datetime = NOW, seen: bool = True) -> Arrival:
    """Read a letter and give it a place."""
    flags = frozenset({Flag.SEEN}) if seen else frozenset()
    return Arrival(uid or next(_uids), reading.read(letter), at + timedelta(seconds=5), flags)


def filed(session: Session, mailbox: Mailbox, *letters: bytes, folder_name: str = "INBOX") -> Filed:
    """File letters in a folder of a mailbox, as one batch."""
    return filed_arrivals(session, mailbox, [arrival(raw) for raw in letters], folder_name)


def filed_arrivals(
    session: Session, mailbox: Mailbox, arrivals: Sequence[Arrival], folder_name: str = "INBOX"
) -> Filed:
    """File arrivals as one batch."""
    return filing.file(session, mailbox, folder(session, mailbox, folder_name), arrivals, at=NOW)
