"""The mailboxes whose ledger somebody may see: their own, or everyone's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import mailboxes
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Mailbox
    from crm.workspace.models import User


def everyone(session: Session, user: User) -> list[Mailbox]:
    """List the mailboxes whose ledger a user may see, by address."""
    found = mailboxes.everyone(session, user.workspace_id)
    return [box for box in found if _is_shown(box, user)]


def get(session: Session, user: User, mailbox_id: UUID) -> Mailbox:
    """Return a mailbox whose ledger a user may see. Raises NotFoundError for any other."""
    mailbox = mailboxes.get(session, user.workspace_id, mailbox_id)
    if not _is_shown(mailbox, user):
        raise NotFoundError(_("There is no such mailbox."))
    return mailbox


def _is_shown(mailbox: Mailbox, user: User) -> bool:
    return mailbox.user_id == user.id or permissions.allowed(user, May.SEE_LEDGERS)
