"""The company that uses the product, its people, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import ids
from crm.base.db import Base, InWorkspace, Owned, belongs_to, belongs_to_workspace


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
