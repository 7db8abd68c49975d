"""Ask somebody else's server in the middle of a request: without a transaction, and not too many.

A transaction that waits for a mail server would hold its locks and its connection for as long as
that server likes; and requests that wait would leave no thread to those who only want to read.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from flask import g

from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from server.auth.sessions import user
from server.web.seats import Seats

if TYPE_CHECKING:
    from collections.abc import Iterator

#: So many requests of one process may wait for mail servers; a thread each, of those for pages.
SEATS = 2
seats = Seats[UUID](SEATS, each=1)


@contextmanager
def outside() -> Iterator[None]:
    """End the request's transaction and leave it for what is done inside. Raises ConflictError.

    What was read before stays readable; whatever comes after begins a new transaction. Nobody sits
    on two seats.
    """
    who = user().id
    if not seats.take(who):
        if seats.has(who):
            problem = _("Your last question to a mail server is not answered yet. Wait for it.")
        else:
            problem = _(
                "Others are asking mail servers just now. Nothing was stored. Try again soon."
            )
        raise ConflictError(problem)
    try:
        g.session.commit()
        yield
    finally:
        seats.leave(who)
