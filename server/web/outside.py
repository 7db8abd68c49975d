"""Ask somebody else's server in the middle of a request: without a transaction, and not too many.

A transaction that waits for a mail server would hold its locks and its connection for as long as
that server likes; and requests that wait would leave no thread to those who only want to read.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import g

from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from server.auth.sessions import user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

#: So many requests of one process may wait for mail servers; a thread each, of those for pages.
SEATS = 2
_seats = threading.BoundedSemaphore(SEATS)
_asking: set[UUID] = set()
_lock = threading.Lock()


@contextmanager
def outside() -> Iterator[None]:
    """End the request's transaction and leave it for what is done inside. Raises ConflictError.

    What was read before stays readable; whatever comes after begins a new transaction. Nobody sits
    on two seats.
    """
    user_id = user().id
    with _lock:
        if user_id in _asking:
            problem = _("Your last question to a mail server is not answered yet. Wait for it.")
            raise ConflictError(problem)
        if not _seats.acquire(blocking=False):
            problem = _(
                "Others are asking mail servers just now. Nothing was stored. Try again soon."
            )
            raise ConflictError(problem)
        _asking.add(user_id)
    try:
        g.session.commit()
        yield
    finally:
        with _lock:
            _asking.discard(user_id)
            _seats.release()
