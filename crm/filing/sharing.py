"""What colleagues see of a whole mailbox: its owner's choice, and what follows for its messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.filing import known, linking

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.mail.models import Mailbox, Shares
    from crm.workspace.models import User

#: So many messages get their audiences by one statement.
_AT_ONCE = 1000


def share(session: Session, mailbox: Mailbox, shares: Shares, *, by: User) -> None:
    """Choose what colleagues see of a mailbox, of what is here and of what will come.

    The owner alone chooses, whatever another's role. Raises ForbiddenError.
    """
    if by.id != mailbox.user_id or not by.active:
        problem = _("Only the owner of a mailbox chooses what colleagues see. Nothing was changed.")
        raise ForbiddenError(problem)
    if mailbox.shares == shares:
        return
    known.lock(session, mailbox.workspace_id)
    mailbox.shares = shares
    session.flush()
    rows = bulk.run(
        session,
        "select distinct message_id from copy where workspace_id = %s and mailbox_id = %s"
        " and message_id is not null",
        (mailbox.workspace_id, mailbox.id),
    )
    messages = [message_id for (message_id,) in rows]
    for start in range(0, len(messages), _AT_ONCE):
        linking.share(session, mailbox.workspace_id, messages[start : start + _AT_ONCE])
    session.expire(mailbox)
