"""What is to be sent, and how far it has come: a row, written with whatever caused it.

    write ──> waiting <───────────── send_again, by its author ────────┐
               │  │ ▲                                                  │
       cancel  │  │ │ not taken just now: later again                  │
               ▼  │ │ (and: it is certain that it never left)          │
       cancelled  ▼ │                                                  │
               sending ── turned down for good ────────────> failed ───┤
               │     │                                                 │
               │     └─ the answer was lost, or the worker ──> unknown ┘
               │                                                │  │
               ▼                                                │  │
              sent <── it lies on the server ───────────────────┤  │
                   <── arrived, by its author ─────────────────────┤
                                                                   │
           dropped <── drop, by its author ────────────────────────┘

`sending` is committed before the step after which the letter may have left. Whoever finds a row
there that nobody holds cannot tell whether it did: the row becomes `unknown`, it is looked for,
and then its author decides. Nothing in that state is sent by itself. What was `dropped` is as
unknown, but nobody is asked any more; a copy that comes in settles both.

`due_at` says when something is to be done next, and is null where nothing is, or where somebody
has to decide: of what waits the sending, of what is unknown the next look, of what was sent the
copy for the Sent folder, of what was cancelled or dropped that what was begun is taken away.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to


class OutgoingState(StrEnum):
    """How far a message to be sent has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


#: Of these what a transport has begun is taken away: nothing of them is to be sent.
TAKEN_BACK = frozenset({OutgoingState.CANCELLED, OutgoingState.DROPPED})
#: Of these nobody can tell whether they left.
IN_DOUBT = frozenset({OutgoingState.UNKNOWN, OutgoingState.DROPPED})


class OutgoingTrouble(StrEnum):
    """What was in the way the last time, in a word."""

    NONE = "none"
    UNREACHABLE = "unreachable"  # the server cannot be reached, or breaks off
    DEFERRED = "deferred"  # the server takes it later, it says
    LOGIN = "login"  # the server refuses the login
    RECIPIENTS = "recipients"  # nobody whom it is for is taken by the server
    REFUSED = "refused"  # the server does not take this message
    TOO_LARGE = "too_large"
    ALPHABET = "alphabet"  # an address has letters that the server cannot write
    UNSAFE = "unsafe"  # the connection would not be private, or leads where it must not
    QUOTA = "quota"  # so much is not sent in a day, or asked in a minute
    CONSENT = "consent"  # Google's consent has ended
    SCOPE_MISSING = "scope_missing"  # Google's consent does not cover sending
    NOT_ADMITTED = "not_admitted"  # an admin's settings keep us out of the mailbox
    FAULT = "fault"  # whoever was to send it broke down before it could leave
    KEY_MISSING = "key_missing"  # no key of ours opens the mailbox's password
    NO_WAY = "no_way"  # nothing is sent through a mailbox of this kind
    DISCONNECTED = "disconnected"  # its mailbox was disconnected before it was due
    NOT_ALLOWED = "not_allowed"  # its author may not send from there any more
    KEPT_HERE = "kept_here"  # the workspace is a sandbox: nothing leaves it


class Outgoing(Owned, Base):
    """A message to be sent, or that was: see the drawing above."""

    __tablename__ = "outgoing"
    __table_args__ = (
        belongs_to("mailbox", on_delete="cascade"),
        belongs_to("user", "author_id"),
        belongs_to("message", on_delete="set null"),
        belongs_to("message", "in_reply_to_id", on_delete="set null"),
        Index(None, "workspace_id", "mailbox_id"),
        Index(None, "workspace_id", "author_id"),
        Index(None, "workspace_id", "message_id"),
        Index(None, "workspace_id", "in_reply_to_id"),
        Index("outgoing_due_at_ix", "due_at", postgresql_where=text("due_at is not null")),
    )

    mailbox_id: Mapped[UUID]
    author_id: Mapped[UUID]
    alias: Mapped[str] = mapped_column(default="")  # it goes under this, or under the mailbox's own
    recipients: Mapped[list[dict[str, str]]] = mapped_column(JSONB)  # role, email and name
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str] = mapped_column(default="")
    in_reply_to_id: Mapped[UUID | None]  # our message
    references: Mapped[list[str]] = mapped_column(JSONB, default=list)  # the nearest stands last
    rfc_id: Mapped[str]  # ours, made when it was written
    sent_rfc_id: Mapped[str] = mapped_column(default="")  # where the server put another in place
    remote: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # what a transport must
    state: Mapped[str]  # know again between two of its steps
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    trouble: Mapped[str] = mapped_column(default=OutgoingTrouble.NONE)
    said: Mapped[str] = mapped_column(default="")  # the server's words, or ours in English
    refused: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # whom, in which words
    epoch: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    written_at: Mapped[datetime]
    dated_at: Mapped[datetime]  # what its Date says: the same however often it is tried
    doubted_at: Mapped[datetime | None]  # since when nobody can tell whether it left
    sent_at: Mapped[datetime | None]
    message_id: Mapped[UUID | None]  # once it stands in its thread


class OutgoingFile(InWorkspace, Base):
    """An attachment of what is to be sent, with its bytes."""

    __tablename__ = "outgoing_file"
    __table_args__ = (belongs_to("outgoing", on_delete="cascade"),)

    outgoing_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    filename: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[bytes] = mapped_column(deferred=True)
