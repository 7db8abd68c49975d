"""What was passed on inside of messages, where their viewer may read everything of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from crm.mail import visibility
from crm.mail.models import ForwardRow, Message, Shares

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.visibility import Viewer

_OF_MESSAGES = (
    select(ForwardRow)
    .join(
        Message,
        (Message.workspace_id == ForwardRow.workspace_id) & (Message.id == ForwardRow.message_id),
    )
    .where(
        ForwardRow.message_id == any_(bindparam("message_ids", type_=ARRAY(Uuid()))),
        visibility.of(Shares.EVERYTHING),
    )
)


def of_messages(
    session: Session, viewer: Viewer, message_ids: Sequence[UUID]
) -> dict[UUID, ForwardRow]:
    """Return what messages pass on; most pass on nothing."""
    asked = {"message_ids": list(message_ids), **visibility.values(viewer)}
    return {row.message_id: row for row in session.scalars(_OF_MESSAGES, asked)}
