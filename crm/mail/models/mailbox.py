"""Mailboxes, their folders, and the account of what they hold."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace


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
    DISCONNECTED = "disconnected"
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


#: Copies that a mailbox has, or had: what was told does not end with a letter's deletion, nor when
#: it goes into the bin. A letter that was never kept has no message that one could be asked for.
HELD = [CopyState.STORED, CopyState.SKIPPED, CopyState.GONE]


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
    suggests: Mapped[bool] = mapped_column(default=True)  # what signatures tell of contacts
    place: Mapped[dict[str, Any]] = mapped_column(JSONB)  # host, port, security, login; or path
    excluded: Mapped[list[str]] = mapped_column(JSONB, default=list)  # folders that are not read
    secret: Mapped[bytes | None]  # sealed by the vault; None where nothing, or nothing any more
    state: Mapped[str]
    trouble: Mapped[str] = mapped_column(default="none")
    why: Mapped[str] = mapped_column(default="")  # what of a trouble exactly, for readers' words
    last_error: Mapped[str] = mapped_column(default="")  # in English, with names and numbers
    failures: Mapped[int] = mapped_column(default=0)  # in a row, of whatever kind
    refusals: Mapped[int] = mapped_column(default=0)  # of the login, since it last worked
    due_at: Mapped[datetime]
    synced_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    leased_by: Mapped[UUID | None]  # the mark of whoever holds the lease
    watched_until: Mapped[datetime | None]  # so long Gmail pushes what happens
    watch_at: Mapped[datetime | None]  # when Gmail is next asked to; None is at once
    watch_trouble: Mapped[str] = mapped_column(default="")  # why it does not, in a word
    watch_said: Mapped[str] = mapped_column(default="")  # and what Gmail says to it
    pushed_at: Mapped[datetime | None]  # the last push; None where pushes cannot be relied on
    tell_at: Mapped[datetime | None]  # when its owner is to be told that it is read no more
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
    # PostgreSQL's own column: the transaction that wrote this row last.
    written_by: Mapped[str] = mapped_column(
        "xmin", String, system=True, server_default=FetchedValue()
    )
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
    uids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))  # where they are not counted
    way: Mapped[int] = mapped_column(SmallInteger, default=0)  # how letters are asked for
    rank: Mapped[int] = mapped_column(BigInteger, default=0)  # the highest is taken first
    epoch: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)  # claims without any progress
    suspect: Mapped[int | None] = mapped_column(BigInteger)  # the letter that is read alone
    accused: Mapped[int] = mapped_column(SmallInteger, default=0)  # so often without an end
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
        # A hash is a third of what a tree with the workspace would be, for letters come by million.
        Index("copy_headprint_ix", "headprint", postgresql_using="hash"),
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
    #: Ids of Gmail's, with blanks between them.
    labels: Mapped[str] = mapped_column(default="", server_default="")
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
    parts_left: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)  # LeftPart each
