"""A view that somebody saved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, Owned, belongs_to


class SavedView(Owned, Base):
    """A filter with its columns and its order, under a name: its maker's, or everybody's."""

    __tablename__ = "saved_view"
    __table_args__ = (
        belongs_to("user", "owner_id", on_delete="cascade"),
        Index(None, "workspace_id", "subject", "position"),
    )

    subject: Mapped[str]
    name: Mapped[str]
    owner_id: Mapped[UUID]
    shared: Mapped[bool] = mapped_column(default=False)
    filter: Mapped[str] = mapped_column(default="")  # a formula of truth; "" is all
    columns: Mapped[list[str]] = mapped_column(JSONB)  # keys of fields
    sort: Mapped[str] = mapped_column(default="")  # the key of a field
    descending: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    made_at: Mapped[datetime]
