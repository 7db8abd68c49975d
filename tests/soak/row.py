"""A row of the table: a promise, how much of it is played, and what is made of the rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.soak.ground import Ground

Figures = dict[str, Any]
Play = Callable[[Ground, int, int], Figures]

#: What stands behind a promise about mail, save the translations; and behind one about pages.
MAIL = ("crm", ":(exclude)crm/locales", "sync", "server/embedded", "requirements.lock")
WORKERS = (*MAIL, "server/working.py", "server/memory.py")
WHOLE = ("crm", "sync", "addon", "server", "requirements.lock")
#: What plays every row, and judges it.
PLAYERS = (
    *("tests/soak", "tests/servers", "tests/sync/rig.py", "tests/make.py", "tests/conftest.py"),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What rounds have shown, whether they keep the promise, and whether each kind had its turn."""

    words: str
    kept: bool
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One promise.

    `play` is given the ground, a seed and a size, and returns figures, or raises: then the promise
    was broken. `full` and `tiny` are sizes, in the row's own unit. `stands_on` is what the promise
    is about, `also` what plays this row beside the soak itself.
    """

    name: str
    what: str
    promise: str
    rounds: int
    play: Play
    judge: Callable[[Sequence[Figures]], Seen]
    full: int = 0
    tiny: int = 0
    stands_on: tuple[str, ...] = MAIL
    also: tuple[str, ...] = ()

    @property
    def made_of(self) -> tuple[str, ...]:
        """Return every path of which a round bears the state: a change elsewhere leaves it."""
        return (*self.stands_on, *PLAYERS, *self.also)


def total(rounds: Sequence[Figures], name: str) -> int:
    """Add up a figure over all rounds."""
    return sum(one[name] for one in rounds)


def nothing_amiss(rounds: Sequence[Figures], also: str = "") -> Seen:
    """Judge rounds that end with a tally: all of it must be nought."""
    lost, doubled, altered = (total(rounds, name) for name in ("lost", "doubled", "altered"))
    words = f"{lost} lost, {doubled} doubled, {altered} altered"
    return Seen(f"{words}{also and '; '}{also}", kept=not (lost or doubled or altered))
