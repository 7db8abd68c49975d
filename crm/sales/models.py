"""Pipelines, their stages, and the deals that move through them."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace


class Outcome(IntEnum):
    """What it means to stand in a stage."""

    OPEN = 0
    WON = 1
    LOST = 2


class Pipeline(Owned, Base):
    """Where deals of one line of business stand."""

    __tablename__ = "pipeline"
    __table_args__ = (UniqueConstraint("workspace_id", "name"), belongs_to_workspace())

    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)


class Stage(Owned, Base):
    """A step of a pipeline, with the chance that a deal in it is won, in percent."""

    __tablename__ = "stage"
    __table_args__ = (
        UniqueConstraint("workspace_id", "pipeline_id", "name"),
        belongs_to("pipeline", on_delete="cascade"),
    )

    pipeline_id: Mapped[UUID]
    name: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    probability: Mapped[int] = mapped_column(SmallInteger)
    outcome: Mapped[int] = mapped_column(SmallInteger, default=Outcome.OPEN)


class Deal(Owned, Base):
    """Something that may be sold: how much, to whom, where it stands."""

    __tablename__ = "deal"
    __table_args__ = (
        belongs_to("pipeline"),
        belongs_to("stage"),
        belongs_to("user", "owner_id"),
        belongs_to("company", on_delete="set null"),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "owner_id", "outcome"),
        Index(None, "workspace_id", "stage_id"),
    )

    name: Mapped[str]
    pipeline_id: Mapped[UUID]
    stage_id: Mapped[UUID]
    outcome: Mapped[int] = mapped_column(SmallInteger, default=Outcome.OPEN)
    amount: Mapped[int] = mapped_column(BigInteger)  # minor units
    currency: Mapped[str]
    closes_on: Mapped[date | None]
    owner_id: Mapped[UUID]
    company_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    stage_since: Mapped[datetime]


class DealContact(InWorkspace, Base):
    """A contact's part in a deal."""

    __tablename__ = "deal_contact"
    __table_args__ = (
        belongs_to("deal", on_delete="cascade"),
        belongs_to("contact", on_delete="cascade"),
        Index(None, "workspace_id", "contact_id"),
    )

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(default="")


class DealThread(InWorkspace, Base):
    """A thread that is about a deal: what comes in on it stands on the deal's timeline."""

    __tablename__ = "deal_thread"
    __table_args__ = (
        belongs_to("deal", on_delete="cascade"),
        belongs_to("thread"),
        Index(None, "workspace_id", "thread_id"),
    )

    deal_id: Mapped[UUID] = mapped_column(primary_key=True)
    thread_id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]


class DealMove(Owned, Base):
    """One change of stage: a row of the deal's history."""

    __tablename__ = "deal_move"
    __table_args__ = (
        belongs_to("deal", on_delete="cascade"),
        belongs_to("stage"),
        belongs_to("stage", "from_stage_id"),
        belongs_to("user"),
        Index(None, "workspace_id", "deal_id", "at"),
    )

    deal_id: Mapped[UUID]
    from_stage_id: Mapped[UUID | None]
    stage_id: Mapped[UUID]
    user_id: Mapped[UUID]
    at: Mapped[datetime]
