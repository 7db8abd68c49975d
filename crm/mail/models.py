"""Mailboxes, the account of what they hold, and the messages themselves."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace
from crm.base.words import WordEnum


class MailboxKind(StrEnum):
    """How mail is read from a mailbox."""

    IMAP = "imap"
    GMAIL = "gmail"
    FILES = "files"


class MailboxState(StrEnum):
    """How a mailbox is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    PAUSED = "paused"
    NEEDS_LOGIN = "needs_login"
    FAILING = "failing"


class Shares(IntEnum):
    """What colleagues see of a message that is not in a mailbox of their own."""

    NOTHING = 0
    HAPPENED = 1  # that it happened: people and time
    HEADERS = 2  # the subject too
    EVERYTHING = 3


class Meets(StrEnum):
    """Of whom a mailbox makes contacts."""

    DIRECT = "direct"  # people we wrote to, and people who wrote to us directly
    WRITTEN = "written"  # people we wrote to
    NOBODY = "nobody"


class CopyState(IntEnum):
    """What became of one mailbox's copy: every message of the server is in exactly one state."""

    STORED = 1
    SKIPPED = 2
    FAILED = 3
    GONE = 4


#: Copies that a mailbox has, or had: what was told does not end with a letter's deletion.
HELD = [CopyState.STORED, CopyState.GONE]


class Direction(WordEnum):
    """Which way a message went."""

    IN = 1
    OUT = 2
    INTERNAL = 3


class Turn(IntEnum):
    """Who is to answer a thread."""

    NOBODY = 0
    OURS = 1
    THEIRS = 2


class Mailbox(Owned, Base):
    """An address whose mail is read, and what its owner allows."""

    __tablename__ = "mailbox"
    __table_args__ = (
        UniqueConstraint("workspace_id", "address"),
        belongs_to("user"),
        Index(None, "workspace_id", "user_id"),
    )

    user_id: Mapped[UUID]
    address: Mapped[str]
    kind: Mapped[str]
    purpose: Mapped[str]
    shares: Mapped[int] = mapped_column(SmallInteger)
    meets: Mapped[str] = mapped_column(default=Meets.DIRECT)
    place: Mapped[dict[str, Any]] = mapped_column(JSONB)  # host, port, security, login; or path
    excluded: Mapped[list[str]] = mapped_column(JSONB, default=list)  # folders that are not read
    secret: Mapped[bytes | None]  # sealed by the vault
    state: Mapped[str]
    trouble: Mapped[str] = mapped_column(default="none")
    last_error: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    synced_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Folder(Owned, Base):
    """One folder of a mailbox under one UIDVALIDITY, with the counts that people see."""

    __tablename__ = "folder"
    __table_args__ = (
        UniqueConstraint("workspace_id", "mailbox_id", "name"),
        belongs_to("mailbox", on_delete="cascade"),
        {"postgresql_with": {"fillfactor": 85}},
    )

    mailbox_id: Mapped[UUID]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    modseq: Mapped[int | None] = mapped_column(BigInteger)
    skips: Mapped[str] = mapped_column(default="")  # the rule by which all of it is skipped
    trouble: Mapped[str] = mapped_column(default="")  # why it could not be opened, in words
    server: Mapped[int] = mapped_column(BigInteger, default=0)  # as last compared
    pending: Mapped[int] = mapped_column(BigInteger, default=0)
    stray: Mapped[int] = mapped_column(BigInteger, default=0)
    compared_at: Mapped[datetime | None]
    resets: Mapped[int] = mapped_column(default=0)  # new UIDVALIDITYs in a row


class StretchRow(Owned, Base):
    """A piece of a folder that is being brought in, and how far: see `crm.mail.stretches`."""

    __tablename__ = "stretch"
    __table_args__ = (
        belongs_to("mailbox", on_delete="cascade"),
        belongs_to("folder", on_delete="cascade"),
        Index(None, "workspace_id", "mailbox_id", "done"),
    )

    mailbox_id: Mapped[UUID]
    folder_id: Mapped[UUID]
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int | None] = mapped_column(BigInteger)
    cursor: Mapped[int] = mapped_column(BigInteger)
    rank: Mapped[int] = mapped_column(BigInteger, default=0)  # the highest is taken first
    epoch: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)  # claims without any progress
    suspect: Mapped[int | None] = mapped_column(BigInteger)  # read alone, for it ended workers
    leased_until: Mapped[datetime | None]
    done: Mapped[bool] = mapped_column(default=False)


class Copy(InWorkspace, Base):
    """One mailbox's copy of a message, and what became of it: a row of the ledger."""

    __tablename__ = "copy"
    __table_args__ = (
        belongs_to("folder", on_delete="cascade"),
        belongs_to("message"),
        Index(None, "workspace_id", "message_id"),
        Index(None, "workspace_id", "folder_id", "state", "rule"),
    )

    folder_id: Mapped[UUID] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    uid: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mailbox_id: Mapped[UUID]
    state: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[str] = mapped_column(default="")  # of a skip
    message_id: Mapped[UUID | None]
    digest: Mapped[bytes | None]
    headprint: Mapped[bytes | None]
    size: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    flags: Mapped[str] = mapped_column(default="")
    differs: Mapped[bool] = mapped_column(default=False)  # its text has a banner more, or less
    error: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)


class RawLetter(InWorkspace, Base):
    """The bytes of a letter that could not be read, compressed, by their SHA-256."""

    __tablename__ = "raw_letter"
    __table_args__ = (belongs_to_workspace(),)

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes]


class Message(Owned, Base):
    """One message, however many mailboxes have a copy of it."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("workspace_id", "ref", "fingerprint"),
        belongs_to("thread"),
        Index(None, "workspace_id", "thread_id", "at"),
        Index(None, "workspace_id", "at"),
        Index("message_search_ix", "workspace_id", "search", postgresql_using="gin"),
    )

    ref: Mapped[UUID]  # of the Message-ID; of the fingerprint where there is none
    fingerprint: Mapped[bytes]
    rfc_id: Mapped[str]
    thread_id: Mapped[UUID]
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    direction: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[int] = mapped_column(SmallInteger)
    kind_reason: Mapped[str] = mapped_column(default="")
    unfiled: Mapped[str] = mapped_column(default="")  # why it is linked to nobody
    shares: Mapped[int] = mapped_column(SmallInteger)  # the most that any copy's mailbox allows
    from_email: Mapped[str]
    from_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    snippet: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[int] = mapped_column(default=0)
    whole: Mapped[bool] = mapped_column(default=True)
    same_id_as: Mapped[UUID | None]  # another message with the same Message-ID
    search: Mapped[str | None] = deferred(mapped_column(TSVECTOR))


class MessageBody(InWorkspace, Base):
    """The texts of a message, apart from the row that lists read."""

    __tablename__ = "message_body"
    __table_args__ = (belongs_to("message", on_delete="cascade"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    new_text: Mapped[str]
    html: Mapped[str] = mapped_column(default="")


class Thread(Owned, Base):
    """Messages that answer each other. A merged one leads to where its messages went."""

    __tablename__ = "thread"
    __table_args__ = (belongs_to_workspace(), {"postgresql_with": {"fillfactor": 85}})

    subject: Mapped[str]
    last_at: Mapped[datetime]
    messages: Mapped[int]
    merged_into: Mapped[UUID | None]


class Mention(InWorkspace, Base):
    """A Message-ID that some message bears or answers, and the thread it belongs to."""

    __tablename__ = "mention"
    __table_args__ = (belongs_to("thread"), Index(None, "workspace_id", "thread_id"))

    ref: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID]


class InboxThread(InWorkspace, Base):
    """A thread as one mailbox has it: a row of the inbox."""

    __tablename__ = "inbox_thread"
    __table_args__ = (
        belongs_to("mailbox", on_delete="cascade"),
        belongs_to("thread"),
        Index(None, "workspace_id", "thread_id"),
        Index(None, "workspace_id", "mailbox_id", "last_at", "thread_id"),
        Index(None, "workspace_id", "mailbox_id", "turn", "last_at", "thread_id"),
    )

    mailbox_id: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]
    last_message_id: Mapped[UUID]
    messages: Mapped[int]
    unseen: Mapped[int]
    turn: Mapped[int] = mapped_column(SmallInteger)
    shares: Mapped[int | None] = mapped_column(SmallInteger)  # the owner's choice for this thread


class Participant(InWorkspace, Base):
    """An address in a role of one message."""

    __tablename__ = "participant"
    __table_args__ = (
        belongs_to("message", on_delete="cascade"),
        belongs_to("contact", on_delete="set null"),
        Index(None, "workspace_id", "email"),
        Index(None, "workspace_id", "contact_id"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    role: Mapped[int] = mapped_column(SmallInteger)
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    contact_id: Mapped[UUID | None]


class Attachment(InWorkspace, Base):
    """An attachment or inline image: what it says of itself. Its bytes stay in the mailbox."""

    __tablename__ = "attachment"
    __table_args__ = (belongs_to("message", on_delete="cascade"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    section: Mapped[str]
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    content_id: Mapped[str] = mapped_column(default="")
    inline: Mapped[bool] = mapped_column(default=False)
