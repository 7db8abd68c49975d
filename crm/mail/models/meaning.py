"""What messages turned out to be beside their words: bounces, and what was passed on in them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from crm.base.db import Base, InWorkspace, belongs_to


class BounceRow(InWorkspace, Base):
    """Somebody to whom a message did not go, as the bounce says that came back.

    It counts only where `about_id` is set: anybody may write a bounce.
    """

    __tablename__ = "bounce"
    __table_args__ = (
        belongs_to("message", on_delete="cascade"),
        belongs_to("message", "about_id", on_delete="set null"),
        Index(None, "workspace_id", "about_id"),
        Index(None, "workspace_id", "returned"),
        Index(None, "workspace_id", "recipient"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)  # the bounce itself
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    recipient: Mapped[str]  # "" where it does not tell
    status: Mapped[str]
    permanent: Mapped[bool | None]
    diagnostic: Mapped[str]
    returned: Mapped[UUID | None]  # of the Message-ID that it names
    about_id: Mapped[UUID | None]  # our message, which went to this recipient


class ForwardRow(InWorkspace, Base):
    """A message that was passed on inside of another: whose it was, and what stood above it."""

    __tablename__ = "forward"
    __table_args__ = (belongs_to("message", on_delete="cascade"),)

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    subject: Mapped[str]
    date_text: Mapped[str]
