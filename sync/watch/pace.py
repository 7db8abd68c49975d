"""How long the watcher waits for what, in seconds."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """The seconds of one watcher."""

    #: An IDLE is renewed: servers may end one after 30 minutes (RFC 2177), and firewalls forget a
    #: connection on which nothing is said sooner than that.
    renew: float = 540.0
    #: A server without IDLE is asked by NOOP (RFC 3501, section 6.1.2).
    rest: float = 60.0
    #: An answer is waited for.
    answer: float = 30.0
    #: Connecting, logging in and EXAMINE may take so long together.
    entry: float = 50.0
    #: The clock is looked at.
    tick: float = 1.0
    #: The table of mailboxes is read.
    look: float = 3.0
    #: The same mailbox is called again, whatever its server says meanwhile; twice as long after
    #: each call that followed another closely, up to the calmest.
    calm: float = 1.0
    calmest: float = 8.0
    #: A connection that lasted so long makes up for those that failed before it.
    steady: float = 60.0
    #: We come back after a failure, and after many of them.
    first: float = 1.0
    longest: float = 600.0

    def wait_after(self, failures: int) -> float:
        """Return how long to stay away after so many failures in a row; spread, so as not to meet.

        Doubled with each, up to the longest.
        """
        whole = min(self.longest, self.first * float(1 << min(failures - 1, 20)))
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads the knocking
