"""Hold a message to be sent while somebody is at it: its claim is renewed beside the work."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from crm.base.db import transaction
from crm.mail import outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm.mail.outbox import Claim

_log = logging.getLogger(__name__)

#: Seconds between two renewals: a lease lasts for four of them.
EVERY = 15.0


@contextmanager
def kept_up(claim: Claim) -> Iterator[None]:
    """Renew a claim inside the block, until it ends or another has taken the message."""
    ended = threading.Event()
    renewal = threading.Thread(target=_renew, args=(claim, ended), name="outgoing", daemon=True)
    renewal.start()
    try:
        yield
    finally:
        ended.set()
        renewal.join()


def _renew(claim: Claim, ended: threading.Event) -> None:
    mine = True
    while mine and not ended.wait(EVERY):
        try:
            with transaction(claim.workspace_id) as session:
                mine = outbox.renew(session, claim)
        except DBAPIError as error:  # It is tried again: the lease lasts for some renewals.
            _log.warning("A lease waits for the database: %s", type(error.orig).__name__)
