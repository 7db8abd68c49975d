"""What happened in a mailbox, in order: one counter, and the records under its values.

The counter has gaps, and its values are 64 bits wide, as the ids of Gmail's history are:
https://developers.google.com/workspace/gmail/api/guides/sync
"""

from __future__ import annotations

import random
from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from server.demo.gmail.copies import Copy

#: The widest step from one value of the counter to the next.
_WIDEST = 40


class Kind(StrEnum):
    """What may happen to a message; the values are those of `historyTypes`."""

    ADDED = "messageAdded"
    DELETED = "messageDeleted"
    LABELLED = "labelAdded"
    UNLABELLED = "labelRemoved"


_LIST = {
    Kind.ADDED: "messagesAdded",
    Kind.DELETED: "messagesDeleted",
    Kind.LABELLED: "labelsAdded",
    Kind.UNLABELLED: "labelsRemoved",
}


class Record(NamedTuple):
    """One thing that happened, and the labels of the message afterwards."""

    id: int
    kind: Kind
    message: str
    thread: str
    labels: frozenset[str]
    changed: tuple[str, ...]

    def shape(self) -> dict[str, Any]:
        """Return the JSON of the record."""
        ids = {"id": self.message, "threadId": self.thread}
        touched: dict[str, Any] = {"message": {**ids, "labelIds": sorted(self.labels)}}
        if self.changed:
            touched["labelIds"] = list(self.changed)
        return {"id": str(self.id), "messages": [ids], _LIST[self.kind]: [touched]}


class History:
    """The history of one mailbox; whoever is told hears of each thing that happens."""

    def __init__(self, seed: str, told: Callable[[], None] = lambda: None) -> None:
        self._told = told
        self._random = random.Random(seed)  # noqa: S311 - gaps are no secrets
        self._records: list[Record] = []
        self._ids: list[int] = []
        self._oldest = 1
        self.now = self._random.randint(2**33, 2**34)

    def write(self, kind: Kind, copy: Copy, changed: Collection[str] = ()) -> None:
        """Record what happened to a copy, whose labels are as they are afterwards."""
        self._step()
        copy.history = self.now
        told = tuple(sorted(changed))
        self._ids.append(self.now)
        self._records.append(Record(self.now, kind, copy.id, copy.thread, copy.labels, told))
        self._told()

    def age(self) -> None:
        """Forget everything until now: every value of the counter so far is too old."""
        self._step()
        self._oldest = self.now
        self._records.clear()
        self._ids.clear()

    def reaches(self, start: int) -> bool:
        """Tell whether everything after a value is still known."""
        return start >= self._oldest

    def after(
        self, start: int, kinds: Collection[str] = (), label: str | None = None
    ) -> Iterator[Record]:
        """Yield what happened after a value, of these kinds, to messages with a label."""
        for record in self._records[bisect_right(self._ids, start) :]:
            if (not kinds or record.kind in kinds) and (label is None or label in record.labels):
                yield record

    def kept(self) -> dict[str, Any]:
        """Return the history as JSON has it."""
        records = [[*record[:4], sorted(record.labels), record.changed] for record in self._records]
        return {"now": self.now, "oldest": self._oldest, "records": records}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on from a history that was kept."""
        self.now, self._oldest = kept["now"], kept["oldest"]
        self._records = [
            Record(id_, Kind(kind), message, thread, frozenset(labels), tuple(changed))
            for id_, kind, message, thread, labels, changed in kept["records"]
        ]
        self._ids = [record.id for record in self._records]

    def _step(self) -> None:
        self.now += self._random.randint(1, _WIDEST)
