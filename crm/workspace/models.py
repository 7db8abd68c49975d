"""The company that uses the product, its people, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.base import ids
from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace
from crm.base.words import WordEnum


class UserRole(StrEnum):
    """What somebody may do; `crm.workspace.permissions` says what that is."""

    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"
    SUPPORT = "support"
    READER = "reader"


class Workspace(Base):
    """A company that uses the product. Workspaces share a database and never see each other."""

    __tablename__ = "workspace"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)
    name: Mapped[str]
    sandbox: Mapped[bool] = mapped_column(default=False)  # nothing ever leaves it
    created_at: Mapped[datetime]


class User(Owned, Base):
    """A colleague who signs in."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("workspace_id", "email"), belongs_to_workspace())

    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    password: Mapped[str | None]  # an Argon2 hash
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    google_email: Mapped[str] = mapped_column(default="")  # as Google names the account
    google_key: Mapped[bytes | None]  # SHA-256 of its subject

    own_role: Mapped[OwnRole | None] = relationship(
        primaryjoin="and_(User.workspace_id == foreign(OwnRole.workspace_id),"
        " User.role == foreign(OwnRole.key))",
        viewonly=True,
        lazy="joined",
    )


class OwnRole(InWorkspace, Base):
    """A role that a workspace made, or changed: what it may do, as `permissions.Rights` reads it.

    The roles of `UserRole` are there without a row, and do what they came with until there is one.
    """

    __tablename__ = "own_role"
    __table_args__ = (UniqueConstraint("workspace_id", "name"), belongs_to_workspace())

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    rights: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Team(Owned, Base):
    """Colleagues who work together. A role may reach as far as the teams that one is in."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("workspace_id", "name"), belongs_to_workspace())

    name: Mapped[str]


class TeamUser(InWorkspace, Base):
    """Somebody is in a team."""

    __tablename__ = "team_user"
    __table_args__ = (
        belongs_to("team", on_delete="cascade"),
        belongs_to("user", on_delete="cascade"),
        Index(None, "workspace_id", "user_id"),
    )

    team_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)


class SignIn(Owned, Base):
    """One browser in which a user is signed in. The token itself is kept nowhere."""

    __tablename__ = "sign_in"
    __table_args__ = (belongs_to("user", on_delete="cascade"),)

    user_id: Mapped[UUID]
    token: Mapped[bytes]  # SHA-256
    agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class PasswordLink(InWorkspace, Base):
    """A link by which somebody sets their password, once: an invitation, or a way back in."""

    __tablename__ = "password_link"
    __table_args__ = (belongs_to("user", on_delete="cascade"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    token: Mapped[bytes]  # SHA-256
    expires_at: Mapped[datetime]


class AuditVerb(WordEnum):
    """What somebody did that the audit log tells of."""

    MADE = 1
    CHANGED = 2
    DELETED = 3
    LOOKED = 4  # at a thread that is private
    ASKED = 5  # for access to one
    GRANTED = 6
    REFUSED = 7
    WITHDRAWN = 8
    MERGED = 9
    PARTED = 10
    UNDONE = 11


class Source(WordEnum):
    """Where a value comes from."""

    MANUAL = 1
    MAIL = 2
    SIGNATURE = 3
    VCARD = 4
    IMPORT = 5
    RULE = 6


class AuditEntry(Owned, Base):
    """A row of the audit log: who did what to which thing, field by field; never changed again.

    The program's own role may write rows and read them, and nothing else. The newest entry of a
    field says where its value comes from.
    """

    __tablename__ = "audit"
    __table_args__ = (
        belongs_to_workspace(),
        belongs_to("user"),
        Index(None, "workspace_id", "record_id", "at", "id"),
        Index(None, "workspace_id", "act_id"),
        Index(None, "workspace_id", "at", "id"),
    )

    act_id: Mapped[UUID]  # what was done at once is one act
    at: Mapped[datetime]
    user_id: Mapped[UUID | None]  # none: a rule of the program's
    verb: Mapped[int] = mapped_column(SmallInteger)
    subject: Mapped[str]  # the sort of thing, as a word: contact, thread, role
    record_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(default="")
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    source: Mapped[int] = mapped_column(SmallInteger, default=Source.MANUAL)
    message_id: Mapped[UUID | None]  # the letter that told it


class ObjectType(Owned, Base):
    """A sort of records that a workspace keeps beside contacts, companies and deals."""

    __tablename__ = "object_type"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), belongs_to_workspace())

    key: Mapped[str]  # the subject of its fields
    one: Mapped[str]  # "Machine"
    many: Mapped[str]  # "Machines"
    made_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class CustomField(Owned, Base):
    """A field that an admin added to a sort of record."""

    __tablename__ = "field"
    __table_args__ = (
        UniqueConstraint("workspace_id", "subject", "key"),
        belongs_to_workspace(),
    )

    subject: Mapped[str]
    key: Mapped[str]  # by which filters and formulas name it
    label: Mapped[str]
    type: Mapped[str]
    options: Mapped[list[list[str]]] = mapped_column(JSONB)  # key and label of each
    formula: Mapped[str] = mapped_column(default="")
    statistic: Mapped[str] = mapped_column(default="")
    required: Mapped[bool] = mapped_column(default=False)
    on_card: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    made_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class FieldValue(InWorkspace, Base):
    """What a custom field of one record says; a row for each, where it may say several things.

    `key` and `number` are what filters compare and lists sort by: a policy leaves an index its use
    for texts and whole numbers alone.
    """

    __tablename__ = "field_value"
    __table_args__ = (
        belongs_to("field", on_delete="cascade"),
        Index(None, "workspace_id", "field_id", "key", "record_id"),
        Index(
            "field_value_number_ix",
            "workspace_id",
            "field_id",
            "number",
            "record_id",
            postgresql_where=text("number is not null"),
        ),
    )

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    field_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    number: Mapped[int | None] = mapped_column(BigInteger)


class Tag(Owned, Base):
    """A word that people put on records. A label is Gmail's."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("workspace_id", "key"), belongs_to_workspace())

    name: Mapped[str]
    key: Mapped[str]  # the name whatever its case


class RecordTag(InWorkspace, Base):
    """A record bears a tag."""

    __tablename__ = "record_tag"
    __table_args__ = (
        belongs_to("tag", on_delete="cascade"),
        Index(None, "workspace_id", "tag_id", "record_id"),
    )

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]
