"""One mailbox's copies of messages: their ids, their order, and the letters behind them."""

from __future__ import annotations

import random
import re
from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.demo.gmail import mime
from server.demo.gmail.errors import invalid, not_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.demo.gmail.mime import Head

#: The bytes of a letter, or what makes them whenever they are asked for.
Letter = bytes | Callable[[], bytes]
#: An id is the moment of arrival in milliseconds, and twenty random bits: of these moments on it
#: has sixteen hexadecimal digits, and until these it is below 2**63.
_EARLIEST_MS, _LATEST_MS = 1_100_000_000_000, 8_000_000_000_000
_HEX = re.compile(r"[0-9a-f]{1,16}")
#: How the add-on's event names a message or a thread: the same number, in decimal digits.
#: https://developers.google.com/workspace/add-ons/concepts/event-objects
_EVENT_ID = re.compile(r"(?:msg|thread)-f:(\d{1,20})")


@dataclass(slots=True, eq=False)
class Copy:
    """A message in a mailbox: where it is, and how its letter is come by.

    Its number says how many came before it, whenever that was: what an id does not.
    """

    id: str
    thread: str
    ms: int
    history: int
    labels: frozenset[str]
    letter: Letter
    head: Head
    size: int
    words: str | None = None
    number: int = 0

    @property
    def raw(self) -> bytes:
        """The bytes of the letter, with CRLF."""
        return self.letter if isinstance(self.letter, bytes) else mime.with_crlf(self.letter())

    @property
    def snippet(self) -> str:
        """The first words of the letter, escaped for HTML."""
        if self.words is None:
            self.words = mime.snippet(mime.read(self.raw))
        return self.words

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in a list."""
        return (self.ms, self.id)


class Copies:
    """The copies of a mailbox, in the order of their dates, by id, thread, Message-ID and topic."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids are no secrets
        self._by_id: dict[str, Copy] = {}
        self._by_message_id: dict[str, list[Copy]] = {}
        self._by_topic: dict[str, list[Copy]] = {}
        self._places: list[tuple[int, str]] = []
        self._sent: dict[str, str] = {}
        self._added = 0
        self.threads: dict[str, list[Copy]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Copy]:
        return iter(list(self._by_id.values()))

    def next_id(self, arrived_ms: int) -> str:
        """Return an id that no copy has; later arrivals get greater ones."""
        ms = min(max(arrived_ms, _EARLIEST_MS), _LATEST_MS)
        while True:
            made = f"{ms << 20 | self._random.getrandbits(20):016x}"
            if made not in self._by_id and made not in self.threads:
                return made

    def get(self, said: str) -> Copy:
        """Return a copy by its id, or as the add-on's event names it. Raises ApiError."""
        copy = self._by_id.get(said) or self._by_id.get(self.id_of(said))
        if copy is None:
            raise not_found()
        return copy

    def find(self, id_: str) -> Copy | None:
        """Return a copy by its id, or None."""
        return self._by_id.get(id_)

    def sent_name(self, id_: str) -> str:
        """Return how the event names a message that was sent from the web: by a word of its own."""
        name = f"msg-a:r{int(id_, 16) * 2654435761 % 10**19}"
        self._sent[name] = id_
        return name

    def id_of(self, said: str) -> str:
        """Return the id that is meant, however the event says it. Raises ApiError."""
        return self._sent.get(said) or hex_id(said)

    def add(self, copy: Copy) -> None:
        """Keep a copy, and number it."""
        self._added += 1
        copy.number = self._added
        self._by_id[copy.id] = copy
        self.threads.setdefault(copy.thread, []).append(copy)
        insort(self._places, copy.place)
        self._by_message_id.setdefault(copy.head.message_id, []).append(copy)
        self._by_topic.setdefault(copy.head.topic, []).append(copy)

    def remove(self, copy: Copy) -> None:
        """Forget a copy."""
        del self._by_id[copy.id]
        del self._places[bisect_left(self._places, copy.place)]
        _drop(self.threads, copy.thread, copy)
        _drop(self._by_message_id, copy.head.message_id, copy)
        _drop(self._by_topic, copy.head.topic, copy)

    def bearing(self, message_id: str) -> list[Copy]:
        """Return the copies with a Message-ID."""
        return self._by_message_id.get(message_id, [])

    def about(self, topic: str) -> list[Copy]:
        """Return the copies with a subject, whatever marks of replies it has."""
        return self._by_topic.get(topic, [])

    def newest_first(self, before: tuple[int, str] | None = None) -> Iterator[Copy]:
        """Yield copies, the newest first, from behind a place on."""
        at = len(self._places) if before is None else bisect_left(self._places, before)
        for place in self._places[:at][::-1]:
            yield self._by_id[place[1]]


def hex_id(said: str) -> str:
    """Return the id that is meant: as it is, or as the add-on's event says it. Raises ApiError."""
    event = _EVENT_ID.fullmatch(said)
    if event is not None:
        return f"{int(event[1]):016x}"
    if not _HEX.fullmatch(said):
        raise invalid("Invalid id value")
    return said


def _drop(lists: dict[str, list[Copy]], key: str, copy: Copy) -> None:
    held = lists.get(key, [])
    if copy in held:
        held.remove(copy)
    if not held:
        lists.pop(key, None)
