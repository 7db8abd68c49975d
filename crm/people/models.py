"""People outside and the companies they belong to."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace
from crm.base.words import WordEnum


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
    __table_args__ = (
        UniqueConstraint("workspace_id", "domain"),
        belongs_to_workspace(),
        belongs_to("user", "owner_id", on_delete="set null"),
        Index(None, "workspace_id", "name", "id"),
        Index(None, "workspace_id", "owner_id", "name", "id"),
    )

    name: Mapped[str]
    domain: Mapped[str | None]
    origin: Mapped[str]
    created_at: Mapped[datetime]
    owner_id: Mapped[UUID | None]  # who looks after it
    industry: Mapped[str] = mapped_column(default="", server_default="")
    country: Mapped[str] = mapped_column(default="", server_default="")  # ISO 3166
    employees: Mapped[int | None]
    phone: Mapped[str] = mapped_column(default="", server_default="")
    site: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")


class Contact(Owned, Base):
    """A person outside. Lead, customer and former are values of the lifecycle."""

    __tablename__ = "contact"
    __table_args__ = (
        belongs_to("company", on_delete="set null"),
        belongs_to("user", "owner_id", on_delete="set null"),
        belongs_to_workspace(),
        Index(None, "workspace_id", "company_id"),
        Index(None, "workspace_id", "name", "id"),
        Index(None, "workspace_id", "owner_id", "name", "id"),
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
    rating: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # as somebody has set it; "" by the rules
    priority: Mapped[int] = mapped_column(
        SmallInteger, default=0, server_default="0"
    )  # 0: by the rating
    persona: Mapped[str] = mapped_column(default="", server_default="")
    country: Mapped[str] = mapped_column(default="", server_default="")  # ISO 3166

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
    details: Mapped[list[ContactDetail]] = relationship(
        primaryjoin="and_(Contact.workspace_id == foreign(ContactDetail.workspace_id),"
        " Contact.id == foreign(ContactDetail.contact_id))",
        order_by="ContactDetail.kind, ContactDetail.at.desc(), ContactDetail.value",
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


class DetailKind(WordEnum):
    """What sort of thing is known of a contact."""

    NAME = 1
    TITLE = 2
    COMPANY = 3
    PHONE = 4
    LINK = 5
    ADDRESS = 6


class DetailSource(WordEnum):
    """Where a detail comes from."""

    SIGNATURE = 1
    VCARD = 2
    MANUAL = 3


class DetailState(IntEnum):
    """What somebody has said of a detail, or what has taken its place."""

    CURRENT = 1
    FORMER = 2
    IGNORED = 3


class Suggestion(InWorkspace, Base):
    """That a letter in a mailbox says something of whoever writes from an address.

    It is kept whether the address is a contact's or not, and is shown to whoever may read the
    letter. Of the letters that say the same the oldest and a few of the newest are kept.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        belongs_to("mailbox", on_delete="cascade"),
        belongs_to("message", on_delete="cascade"),
        Index(None, "workspace_id", "mailbox_id"),
        Index(None, "workspace_id", "message_id"),
    )

    email: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    mailbox_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]  # when it was written


class ContactDetail(InWorkspace, Base):
    """Something that is known of a contact, was, or was said to be of no use."""

    __tablename__ = "contact_detail"
    __table_args__ = (
        belongs_to("contact", on_delete="cascade"),
        belongs_to("message", on_delete="set null"),
        belongs_to("user", on_delete="set null"),
        Index(None, "workspace_id", "message_id"),
    )

    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime | None]  # of the first letter that said so
    until: Mapped[datetime | None]
    message_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]  # who accepted or ignored it
    at: Mapped[datetime]  # when
    before: Mapped[str] = mapped_column(default="")  # what stood there until then
