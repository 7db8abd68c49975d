"""The mailbox that somebody is about to connect, as it would be: for the look before the yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g

from crm.base import clock
from crm.base.errors import NotFoundError
from crm.mail import mailboxes, overseen
from server.auth.sessions import user

if TYPE_CHECKING:
    from crm.mail.models import Mailbox
    from server.web.connecting import Typed


def propose(typed: Typed) -> Mailbox:
    """Return a mailbox that nothing keeps. Raises what `mailboxes.propose` does."""
    return mailboxes.propose(
        g.session,
        user(),
        typed.address,
        kind=typed.kind,
        place=typed.place,
        secret=current_app.config["VAULT"].seal(typed.password),
        by=user(),
        at=clock.now(),
    )


def known(address: str) -> Mailbox | None:
    """Return the mailbox that was connected meanwhile, where it is the user's to see."""
    found = mailboxes.find_by_address(g.session, user().workspace_id, address)
    if found is None:
        return None
    try:
        return overseen.get(g.session, user(), found.id)
    except NotFoundError:
        return None
