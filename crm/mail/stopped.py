"""The mailboxes from which nothing comes in before somebody does something about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

from crm.mail.models import Mailbox, MailboxState

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.workspace.models import User

#: What no waiting mends, though we go on knocking. A login that is refused may be let in the next
#: time; a consent that has ended may not.
_STUCK: Final = (
    "not_admitted",
    "key_missing",
    "consent_revoked",
    "consent_expired",
    "scope_missing",
)


def of_owner(session: Session, user: User) -> list[Mailbox]:
    """List the mailboxes of a user that wait for somebody, by address."""
    stuck = and_(Mailbox.state == MailboxState.FAILING, Mailbox.trouble.in_(_STUCK))
    found = session.scalars(
        select(Mailbox)
        .where(
            Mailbox.workspace_id == user.workspace_id,
            Mailbox.user_id == user.id,
            or_(Mailbox.state == MailboxState.NEEDS_LOGIN, stuck),
        )
        .order_by(Mailbox.address)
    )
    return list(found)
