"""All that the server holds: mailboxes, tokens, what is planned, and what was asked."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from server.demo.gmail.mailbox import Mailbox
from server.demo.gmail.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.faults import Faults
    from server.demo.gmail.quota import Meter
    from server.demo.gmail.tokens import Tokens


class Call(NamedTuple):
    """One call that was made; `fault` is the kind of what was planned for it, or nothing."""

    method: str
    address: str
    id: str
    status: int
    units: int
    at: float
    in_batch: bool
    fault: str


@dataclass(slots=True)
class World:
    """What all requests share."""

    now: Callable[[], float]
    seed: int
    tokens: Tokens
    faults: Faults
    meter: Meter
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    signer: Signer = field(default_factory=Signer)
    closing: threading.Event = field(default_factory=threading.Event)
    #: The topics that there are, and whether Gmail may publish to them; without any, all are.
    topics: dict[str, bool] = field(default_factory=dict)
    push: Callable[[Mailbox], None] = lambda _box: None
    #: How many connections over IMAP each owner has open.
    connections: Counter[str] = field(default_factory=Counter)

    def add(self, address: str) -> Mailbox:
        """Open a mailbox, or return the one that is there."""
        bare = address.lower()
        if bare not in self.mailboxes:
            self.mailboxes[bare] = Mailbox(
                bare, now=self.now, post=self._post, push=self._push, topics=self.topics
            )
        return self.mailboxes[bare]

    def _push(self, box: Mailbox) -> None:
        self.push(box)

    def _post(self, raw: bytes, to: list[str]) -> None:
        for address in to:
            if address in self.mailboxes:
                self.mailboxes[address].deliver(raw)
