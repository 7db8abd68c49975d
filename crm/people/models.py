"""People outside and the companies they belong to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace


class Lifecycle(StrEnum):
    """How far a contact has come with us."""

    LEAD = "lead"
    MQL = "mql"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    FORMER = "former"


class Origin(StrEnum):
    """Where a record came from."""

    MAIL = "mail"
    MANUAL = "manual"
    IMPORT = "import"


class Company(Owned, Base):
    """A company outside. Mail knows it by its registrable domain."""

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("workspace_id", "domain"), belongs_to_workspace())

    name: Mapped[str]
    domain: Mapped[str | None]
    origin: Mapped[str]
    created_at: Mapped[datetime]


class Contact(Owned, Base):
    """A person outside. Lead, customer and former are values of the lifecycle."""

    __tablename__ = "contact"
    __table_args__ = (
        belongs_to("company", on_delete="set null"),
        belongs_to("user", "owner_id", on_delete="set null"),
        belongs_to_workspace(),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "name", "id"),
        {"postgresql_with": {"fillfactor": 85}},
    )

    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    company_id: Mapped[UUID | None]
    owner_id: Mapped[UUID | None]
    lifecycle: Mapped[str]
    origin: Mapped[str]
    created_at: Mapped[datetime]
    last_in_at: Mapped[datetime | None]
    last_out_at: Mapped[datetime | None]

    company: Mapped[Company | None] = relationship(
        primaryjoin="and_(Contact.workspace_id == foreign(Company.workspace_id),"
        " Contact.company_id == foreign(Company.id))",
        viewonly=True,
    )
    addresses: Mapped[list[ContactAddress]] = relationship(
        primaryjoin="and_(Contact.workspace_id == foreign(ContactAddress.workspace_id),"
        " Contact.id == foreign(ContactAddress.contact_id))",
        order_by="ContactAddress.position",
        viewonly=True,
        uselist=True,
    )


class ContactAddress(InWorkspace, Base):
    """One address of a contact. In a workspace, an address belongs to one contact only."""

    __tablename__ = "contact_address"
    __table_args__ = (
        belongs_to("contact", on_delete="cascade"),
        Index(None, "workspace_id", "contact_id"),
    )

    email: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(default=0)


class LifecycleStep(InWorkspace, Base):
    """The moment at which a contact reached a stage of its lifecycle."""

    __tablename__ = "lifecycle_step"
    __table_args__ = (belongs_to("contact", on_delete="cascade"),)

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    lifecycle: Mapped[str] = mapped_column(primary_key=True)
