"""Guessing is slowed down: so many tries at one address from one network, and then a pause.

Counted in the database, so that every process counts the same and none forgets. IPv6 is counted
by the /64 that a household has.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from flask import request

from crm.base import attempts, clock, db
from crm.base.i18n import lazy

#: So many tries at one address from one network, within this span of time.
TRIES = 10
WITHIN = timedelta(minutes=5)
#: What is said to who tries too often, and sent along.
TOO_MANY = lazy("Too many tries. Nobody is locked out: wait 5 minutes, and try again.")
WAIT = {"Retry-After": str(int(WITHIN.total_seconds()))}
#: So many from one network at whatever addresses: an office has one.
FROM_ONE_NETWORK = 100


def left(email: str) -> int:
    """Count a try to sign in; return how many more there are, or less than 0: it is refused."""
    now = clock.now()
    with db.transaction() as session:  # Of its own: the answer to a wrong try is rolled back.
        at_one = attempts.add(session, _one(email), within=WITHIN, at=now)
        in_all = attempts.add(session, f"network {_here()}", within=WITHIN, at=now)
    return min(TRIES - at_one, FROM_ONE_NETWORK - in_all)


def forgive(email: str) -> None:
    """Forget the tries at an address: its owner is in."""
    with db.transaction() as session:
        attempts.forget(session, _one(email))


def _one(email: str) -> str:
    return f"sign-in {_here()} {email}"


def _here() -> str:
    return network(request.remote_addr or "")


def network(address: str) -> str:
    """Return the network that an address counts as; "" for what is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
