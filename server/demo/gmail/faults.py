"""What shall go wrong: by plan, or by chance that is the same for the same seed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from hashlib import blake2b

#: What may happen to a call of the API, to one of these methods only, to the token endpoint, and to
#: a push.
CALL_KINDS = frozenset(
    "429 403_rate 403_daily 403_domain 403_off 400_no_mail 500 502_html 503 401 404_once"
    " truncated_json cut cut_before cut_after slow hang".split()
)
METHOD_KINDS = {
    "empty_history_page": "users.history.list",
    "history_expired": "users.history.list",
    "page_token_expired": "",
    "gone_between": "users.messages.get",
}
TOKEN_KINDS = frozenset(("token_hang", "token_500", "invalid_grant"))
PUSH_KINDS = frozenset(("push_lost", "push_twice", "push_late", "push_overtaken"))
#: What may happen over IMAP: at the login, and at the body of a letter.
IMAP_KINDS = {
    "imap_refused": "imap.login",
    "imap_cut": "imap.fetch",
    "imap_overquota": "imap.fetch",
    "imap_slow": "imap.fetch",
}
KINDS = CALL_KINDS | frozenset(METHOD_KINDS) | TOKEN_KINDS | PUSH_KINDS | frozenset(IMAP_KINDS)
#: What chance chooses from, and what tokens, whole batches and pushes are planned under.
_BY_CHANCE = ("429", "403_rate", "500", "502_html", "503")
BATCH, TOKEN, PUSH = "batch", "token", "push"
_APART = (BATCH, TOKEN, PUSH, *IMAP_KINDS.values())


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault: for which calls or pushes, how often (None: always), from which one on.

    `seconds` is how long `slow` and `push_late` wait; `retry_after` what a 429 or 403 names,
    `retry_header` says it in a header too.
    """

    kind: str
    method: str | None = None
    times: int | None = 1
    nth: int = 1
    address: str | None = None
    id: str | None = None
    seconds: float = 1.0
    retry_after: float = 1.0
    retry_header: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no kind of fault: {', '.join(sorted(KINDS))}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault may happen: a method, whose mailbox, which id, and on a later page or not.

    By chance a message is known by its number, for ids are others at another time.
    """

    method: str
    address: str = ""
    id: str = ""
    paged: bool = False
    number: int = 0


@dataclass(slots=True)
class _Planned:
    fault: Fault
    seen: int = 0
    done: int = 0


class Faults:
    """The plan, and the chance beside it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plan: list[_Planned] = []
        self._chance: tuple[int, float, float] | None = None
        self._times: dict[tuple[str, str, int], int] = {}

    def plan(self, *faults: Fault) -> None:
        """Say what shall happen from now on; what was planned before is forgotten."""
        with self._lock:
            self._plan = [_Planned(fault) for fault in faults]

    def chaos(self, *, seed: int, fail: float = 0.0, cut: float = 0.0) -> None:
        """Let calls fail, or be cut, at these rates: each by itself, whatever the order."""
        with self._lock:
            self._chance, self._times = (seed, fail, cut), {}

    def heal(self) -> None:
        """Let nothing happen any more."""
        with self._lock:
            self._plan, self._chance = [], None

    def due(self, place: Place) -> Fault | None:
        """Return the fault whose turn it is at a place, and count it."""
        if not self._plan and self._chance is None:
            return None
        with self._lock:
            for planned in self._plan:
                fault = planned.fault
                if not _fits(fault, place):
                    continue
                planned.seen += 1
                spent = fault.times is not None and planned.done >= fault.times
                if planned.seen >= fault.nth and not spent:
                    planned.done += 1
                    return fault
            return self._by_chance(place)

    def _by_chance(self, place: Place) -> Fault | None:
        if self._chance is None or place.method in _APART:
            return None
        seed, fail, cut = self._chance
        what = (place.method, place.address, place.number)
        times = self._times[what] = self._times.get(what, 0) + 1
        said = f"{seed} {what} {times}".encode()
        drawn = int.from_bytes(blake2b(said, digest_size=8).digest()) / 2**64
        if drawn < fail:
            return Fault(_BY_CHANCE[int(drawn / fail * len(_BY_CHANCE))])
        return Fault("cut") if drawn < fail + cut else None


def _fits(fault: Fault, place: Place) -> bool:
    if fault.kind in TOKEN_KINDS:
        return place.method == TOKEN and fault.address in (None, place.address)
    if fault.kind in PUSH_KINDS:
        return place.method == PUSH and fault.address in (None, place.address)
    if fault.kind in IMAP_KINDS or place.method in IMAP_KINDS.values():
        at_place = IMAP_KINDS.get(fault.kind) == place.method
        return at_place and fault.address in (None, place.address)
    method = fault.method or METHOD_KINDS.get(fault.kind)
    if method is not None and method and method != place.method:
        return False
    if not method and place.method in _APART:
        return False
    if fault.kind == "page_token_expired" and not place.paged:
        return False
    if fault.address not in (None, place.address):
        return False
    return fault.id in (None, place.id)
