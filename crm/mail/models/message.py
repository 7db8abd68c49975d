"""Messages, the threads they make, who took part, and how a mailbox's inbox shows them."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace
from crm.base.words import WordEnum


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


class Message(Owned, Base):
    """One message, however many mailboxes have a copy of it."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("workspace_id", "ref", "fingerprint"),
        belongs_to("thread"),
        Index(None, "workspace_id", "thread_id", "at"),
        Index(None, "workspace_id", "at"),
        Index(None, "workspace_id", "from_email", "at"),
        Index("message_search_ix", "workspace_id", "search", postgresql_using="gin"),
        Index(
            "message_returns_on_ix",
            "workspace_id",
            "from_email",
            "returns_on",
            postgresql_where=sql("returns_on is not null"),
        ),
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
    writer_email: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # who wrote, where From is a list's own
    writer_name: Mapped[str] = mapped_column(default="", server_default="")
    via: Mapped[str] = mapped_column(default="", server_default="")  # the name of that list
    passed_by_email: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # who has sent it on as it was
    passed_by_name: Mapped[str] = mapped_column(default="", server_default="")
    subject: Mapped[str]
    snippet: Mapped[str] = mapped_column(default="")
    size: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[int] = mapped_column(default=0)
    whole: Mapped[bool] = mapped_column(default=True)
    same_id_as: Mapped[UUID | None]  # another message with the same Message-ID
    suspicions: Mapped[str] = mapped_column(default="", server_default="")  # words of Suspicion
    means: Mapped[str] = mapped_column(default="", server_default="")  # forward meeting returned
    returns_on: Mapped[date | None]  # the day of return that an out-of-office names
    search: Mapped[str | None] = deferred(mapped_column(TSVECTOR))


class MessageBody(InWorkspace, Base):
    """The texts of a message, apart from the row that lists read."""

    __tablename__ = "message_body"
    __table_args__ = (belongs_to("message", on_delete="cascade"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    new_text: Mapped[str]
    signature: Mapped[str] = mapped_column(default="")
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
    """What a message bears or answers, or Gmail calls its thread; and the thread it belongs to."""

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
