"""What colleagues see of a whole mailbox: its owner's choice, and what follows for its messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk, events
from crm.base.errors import ForbiddenError
from crm.base.i18n import gettext as _
from crm.filing import known, linking, meeting_rows

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Mailbox, Shares
    from crm.workspace.models import User

#: So many messages get their audiences by one statement.
_AT_ONCE = 1000


def share(session: Session, mailbox: Mailbox, shares: Shares, *, by: User, at: datetime) -> None:
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
        some = messages[start : start + _AT_ONCE]
        linking.share(session, mailbox.workspace_id, some)
        meeting_rows.stand(session, mailbox.workspace_id, some)
    session.expire(mailbox)
    tell(session, mailbox.workspace_id, at)


def tell(session: Session, workspace_id: UUID, at: datetime) -> None:
    """Tell the open pages that somebody sees more or less now; what, they find out by looking.

    No thread is named: whoever has lost sight of one would not be told of it by its name.
    """
    events.append(session, workspace_id, events.EventKind.CHANGED, (), at=at)
