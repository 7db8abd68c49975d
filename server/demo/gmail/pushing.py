"""Pub/Sub: what happens in a watched mailbox is posted to a subscription, signed by its robot.

At most one event a second for each user, and what comes within it is dropped, as Gmail does; what
is not answered well is posted again, with pauses that grow, as Pub/Sub does. Faults of the plan
lose a push, double it, hold it back, or let the next one overtake it.
https://developers.google.com/workspace/gmail/api/guides/push
"""

from __future__ import annotations

import heapq
import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from server.demo.gmail.faults import PUSH, Place
from server.demo.gmail.signing import ISSUER

if TYPE_CHECKING:
    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.world import World

#: Seconds between two events of one user, and before a push that was refused is posted again.
APART, AGAIN = 1.0, 0.2
_SLOWEST, _TIMEOUT = 10.0, 10.0
#: What Pub/Sub takes for a yes: https://cloud.google.com/pubsub/docs/push
_WELL = frozenset({102, 200, 201, 202, 204})


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where pushes go: an address, whom their tokens are made out to, and by whom."""

    url: str
    email: str
    name: str = "projects/halden/subscriptions/gmail"
    audience: str = ""


class Pushed(NamedTuple):
    """One push as it was posted, and how it was answered; 0 where nobody answered."""

    address: str
    history: int
    status: int


@dataclass(order=True, slots=True)
class _Waiting:
    when: float
    number: int
    address: str = field(compare=False)
    body: dict[str, Any] = field(compare=False)
    history: int = field(compare=False)
    tries: int = field(compare=False, default=0)


class Pushes:
    """Posts what happens, in a thread of its own, once somebody has subscribed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._to: Subscription | None = None
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._held: dict[str, _Waiting] = {}
        self._last: dict[str, float] = {}
        self._numbers = count(10**15)
        self.posted: list[Pushed] = []

    def subscribe(self, to: Subscription) -> None:
        """Post everything there from now on."""
        first, self._to = self._to is None, to
        if first:
            threading.Thread(target=self._run, name="pushes", daemon=True).start()

    def is_idle(self, address: str) -> bool:
        """Tell whether what happens next would be pushed, and is not dropped."""
        return not 0 <= self._world.now() - self._last.get(address, 0.0) < APART

    def tell(self, box: Mailbox) -> None:
        """Take note that something has happened in a mailbox, which holds its own lock."""
        to, now = self._to, self._world.now()
        if to is None or not box.is_watched or not self.is_idle(box.address):
            return
        self._last[box.address] = now
        number = next(self._numbers)
        body = box.push_body(str(number), to.name)
        fault = self._world.faults.due(Place(PUSH, box.address))
        kind = fault.kind if fault else ""
        if kind == "push_lost":
            return
        wait = fault.seconds if fault and kind == "push_late" else 0.0
        one = _Waiting(time.monotonic() + wait, number, box.address, body, box.history.now)
        with self._changed:
            if kind == "push_overtaken":
                self._held[box.address] = one
                return
            heapq.heappush(self._waiting, one)
            if kind == "push_twice":
                again = _Waiting(one.when, next(self._numbers), box.address, body, one.history)
                heapq.heappush(self._waiting, again)
            if box.address in self._held:
                behind = self._held.pop(box.address)
                behind.when, behind.number = one.when, next(self._numbers)
                heapq.heappush(self._waiting, behind)
            self._changed.notify()

    def close(self) -> None:
        """Post nothing more."""
        with self._changed:
            self._changed.notify()

    def token(self, to: Subscription) -> str:
        """Return what a push to a subscription is signed with."""
        now = int(self._world.now())
        claims = {
            "iss": ISSUER,
            "aud": to.audience or to.url,
            "sub": "1",
            "email": to.email,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }
        return self._world.signer.sign(claims)

    def _run(self) -> None:
        while (one := self._next()) is not None:
            to = self._to
            assert to is not None
            status = self._post(to, one.body)
            self.posted.append(Pushed(one.address, one.history, status))
            if status not in _WELL:
                one.when = time.monotonic() + min(_SLOWEST, AGAIN * 2**one.tries)
                one.tries += 1
                with self._changed:
                    heapq.heappush(self._waiting, one)

    def _next(self) -> _Waiting | None:
        with self._changed:
            while not self._world.closing.is_set():
                wait = self._waiting[0].when - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._waiting)
                self._changed.wait(wait)
        return None

    def _post(self, to: Subscription, body: dict[str, Any]) -> int:
        parts = urlsplit(to.url)
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self.token(to)}",
            "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        }
        connection = kind(parts.netloc, timeout=_TIMEOUT)
        try:
            target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("POST", target, json.dumps(body).encode(), headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
