"""The past and the promised: activities and where they stand, tasks, notes, refusals."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace
from crm.base.words import WordEnum


class Record(WordEnum):
    """What sort of thing a timeline belongs to."""

    CONTACT = 1
    COMPANY = 2
    DEAL = 3
    TICKET = 4
    OBJECT = 5


class ActivityKind(WordEnum):
    """What happened."""

    MESSAGE = 1
    NOTE = 2
    TASK_DONE = 3
    STAGE = 4
    DEAL_MADE = 5
    CALL = 6
    MEETING = 7
    LIFECYCLE = 8


class LinkRule(WordEnum):
    """Why a line stands on a record's timeline. The sentences are in `crm.work.reasons`."""

    ADDRESS = 1  # an address of the contact stands in the message
    COMPANY = 2  # the contact belongs to the company
    THREAD = 3  # the thread is linked to the deal
    MANUAL = 4  # somebody put it here
    BLIND = 5  # as the two first, by a blind copy: the sender's alone
    BOUNCE = 6  # a message to the contact came back


class Priority(IntEnum):
    """How much a task matters."""

    LOW = 1
    NORMAL = 2
    HIGH = 3


class Activity(Owned, Base):
    """A line on timelines. That of a message has the message's id."""

    __tablename__ = "activity"
    __table_args__ = (
        belongs_to("thread"),
        belongs_to("message", on_delete="cascade"),
        belongs_to("user", on_delete="set null"),
        belongs_to_workspace(),
        Index(None, "workspace_id", "thread_id"),
        Index(None, "workspace_id", "message_id"),
    )

    kind: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(default="")
    message_id: Mapped[UUID | None]
    thread_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]


class ActivityLink(InWorkspace, Base):
    """An activity stands on a record's timeline: for whom, by which rule, and since when.

    The audience is everyone in the workspace (the null id) or one mailbox's owner. It stands in
    the key, so that a page costs the same whether most of it is hidden or nothing is.
    """

    __tablename__ = "activity_link"
    __table_args__ = (
        belongs_to("activity", on_delete="cascade"),
        Index(None, "workspace_id", "activity_id"),
    )

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    audience: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(primary_key=True)
    record: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]


class Refusal(InWorkspace, Base):
    """Somebody said "not here": of one message, or of every message from an address."""

    __tablename__ = "refusal"
    __table_args__ = (belongs_to_workspace(),)

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)  # a message's id, or an address
    record: Mapped[int] = mapped_column(SmallInteger)
    user_id: Mapped[UUID]
    at: Mapped[datetime]


def _open_tasks(column: str) -> Index:
    """Index the tasks that are not done, by what they hang on and when they are due."""
    return Index(
        f"task_{column}_ix",
        "workspace_id",
        column,
        "due_on",
        postgresql_where=text("done_at is null"),
    )


class Task(Owned, Base):
    """A promise: who does what, by when, for whom."""

    __tablename__ = "task"
    __table_args__ = (
        belongs_to("user", "assignee_id"),
        belongs_to("user", "made_by_id"),
        belongs_to("contact", on_delete="set null"),
        belongs_to("deal", on_delete="set null"),
        belongs_to("thread"),
        Index(
            "task_assignee_ix",
            "workspace_id",
            "assignee_id",
            "due_on",
            postgresql_where=text("done_at is null"),
        ),
        Index(
            "task_contact_ix",
            "workspace_id",
            "contact_id",
            "due_on",
            postgresql_where=text("done_at is null"),
        ),
        Index(
            "task_deal_ix",
            "workspace_id",
            "deal_id",
            "due_on",
            postgresql_where=text("done_at is null"),
        ),
        Index(
            "task_thread_ix",
            "workspace_id",
            "thread_id",
            "due_on",
            postgresql_where=text("done_at is null"),
        ),
    )

    title: Mapped[str]
    due_on: Mapped[date | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=Priority.NORMAL)
    assignee_id: Mapped[UUID]
    made_by_id: Mapped[UUID]
    contact_id: Mapped[UUID | None]
    deal_id: Mapped[UUID | None]
    thread_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ObjectRecord(Owned, Base):
    """A record of a sort that the workspace keeps of its own."""

    __tablename__ = "object_record"
    __table_args__ = (
        belongs_to("object_type", "type_id"),
        belongs_to("user", "owner_id", on_delete="set null"),
        Index(None, "workspace_id", "type_id", "name", "id"),
    )

    type_id: Mapped[UUID]
    name: Mapped[str]
    owner_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]  # deleted, until that is undone


class Relation(InWorkspace, Base):
    """Two records have to do with each other. It stands once, and is shown from both sides."""

    __tablename__ = "relation"
    __table_args__ = (
        belongs_to_workspace(),
        Index(None, "workspace_id", "to_id"),
    )

    from_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_record: Mapped[int] = mapped_column(SmallInteger)
    to_record: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[str] = mapped_column(default="")  # what the second is to the first
    since: Mapped[datetime]


class Note(Owned, Base):
    """What a colleague wrote down. Its line on the timeline has the note's id."""

    __tablename__ = "note"
    __table_args__ = (belongs_to("user"),)

    text: Mapped[str]
    user_id: Mapped[UUID]
    at: Mapped[datetime]


class MeetingMessage(InWorkspace, Base):
    """A message that is about a meeting, and what it says of it.

    How the meeting stands is told from those that a viewer may read (`crm.work.meetings`).
    """

    __tablename__ = "meeting_message"
    __table_args__ = (
        belongs_to("message", on_delete="cascade"),
        Index(None, "workspace_id", "ref"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[UUID] = mapped_column(primary_key=True)  # of UID, RECURRENCE-ID and organizer
    line_id: Mapped[UUID]  # of its activity, while somebody's meeting stands by this message
    method: Mapped[int] = mapped_column(SmallInteger)
    author: Mapped[str]  # "" where it may be another's
    sequence: Mapped[int] = mapped_column(BigInteger)
    summary: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    whole_day: Mapped[bool]
    repeats: Mapped[bool]
    rhythm: Mapped[int] = mapped_column(SmallInteger)
    every: Mapped[int]
    organizer_name: Mapped[str]
    organizer_email: Mapped[str]
    attendees: Mapped[list[list[Any]]] = mapped_column(JSONB)  # name, address and answer of each
    cancelled: Mapped[bool]  # by its status
