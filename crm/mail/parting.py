"""Disconnect a mailbox: it is read no more, and what let us in is deleted. The mail stays.

Its row stays with its ledger, so that it goes on where it stopped once it is connected again:
`mailboxes.resume`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from crm.base import directory
from crm.base.directory import Key, Way
from crm.mail import mailboxes
from crm.mail.models import Mailbox, MailboxState

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.workspace.models import User


def disconnect(session: Session, mailbox: Mailbox, *, by: User) -> None:
    """Read a mailbox no more, send nothing from it, and forget what let us in. Safe to repeat."""
    mailboxes.check_changed_by(mailbox, by)
    # Its own address, and the one that Gmail pushes under, which may be another.
    directory.remove_all(session, Key.MAILBOX, Way(mailbox.workspace_id, mailbox.id))
    session.execute(
        update(Mailbox)
        .where(Mailbox.workspace_id == mailbox.workspace_id, Mailbox.id == mailbox.id)
        .values(state=MailboxState.DISCONNECTED, secret=None, **mailboxes.FORGOTTEN)
    )
    session.expire(mailbox)


def is_taken_up_by(mailbox: Mailbox, user: User) -> bool:
    """Tell whether a mailbox was disconnected, and a user may connect it again."""
    parted = mailbox.state == MailboxState.DISCONNECTED
    return parted and mailboxes.is_changed_by(mailbox, user)


def is_read_elsewhere(session: Session, mailbox: Mailbox) -> bool:
    """Tell whether another workspace reads the same mailbox, under whichever of its addresses."""
    return directory.is_shared(session, Key.MAILBOX, Way(mailbox.workspace_id, mailbox.id))
