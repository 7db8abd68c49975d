"""Who may send from which mailbox, and as whom.

Everybody sends from their own, and colleagues from support's. As whom: under its address, or under
one that its server has verified as its owner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail.models import Mailbox, MailboxState
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from sqlalchemy import Select

    from crm.base.db import Session
    from crm.workspace.models import User

_SUPPORT = "support"


def check(mailbox: Mailbox, user: User) -> None:
    """Refuse whoever may not send from a mailbox. Raises ForbiddenError and NotFoundError."""
    permissions.check(user, May.SEND)
    if not may(mailbox, user):
        raise NotFoundError(_("There is no such mailbox."))


def may(mailbox: Mailbox, user: User) -> bool:
    """Tell whether somebody may send from a mailbox, as things stand now."""
    of_theirs = mailbox.user_id == user.id or mailbox.purpose == _SUPPORT
    connected = mailbox.state != MailboxState.DISCONNECTED
    return of_theirs and connected and permissions.allowed(user, May.SEND)


def addresses(mailbox: Mailbox) -> tuple[str, ...]:
    """Return the addresses that a mailbox may send from: its own, and those its server knows of."""
    return tuple(dict.fromkeys((mailbox.address, *mailbox.place.get("aliases", ()))))


def alias(mailbox: Mailbox, email: str) -> str:
    """Return an address under which a mailbox may send, where that is not its own; else ""."""
    return email if email != mailbox.address and email in addresses(mailbox) else ""


def mailboxes(session: Session, user: User) -> list[Mailbox]:
    """List the mailboxes that a user may send from, their own first."""
    if not permissions.allowed(user, May.SEND):
        return []
    connected = _of(user).where(Mailbox.state != MailboxState.DISCONNECTED)
    found = session.scalars(connected.order_by(Mailbox.user_id != user.id, Mailbox.address))
    return list(found)


def ever(session: Session, user: User) -> set[str]:
    """Return the addresses that a user sends from, or sent from until a mailbox was disconnected.

    What has one of them as its author is theirs, and is not answered to themselves.
    """
    return {email for box in session.scalars(_of(user)) for email in addresses(box)}


def _of(user: User) -> Select[Mailbox]:
    return select(Mailbox).where(
        Mailbox.workspace_id == user.workspace_id,
        or_(Mailbox.user_id == user.id, Mailbox.purpose == _SUPPORT),
    )
