"""What All Mail of a mailbox holds, by Gmail's ids: where each letter is in IMAP, and its labels.

It takes a while to ask for, so it is kept for an hour. Within that nothing is wrong by it: what a
label loses or gets after it was listed stands in the history, which is told again until the letter
is in. Where the history begins anew, so does the overview; and where IMAP is left for a while.
"""

from __future__ import annotations

import json
import secrets
import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LARGEST: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a letter is in IMAP, and its size in bytes."""

    uid: int
    size: int


@dataclass(slots=True)
class Overview:
    """Ids, ascending, with their spots; and the ids that bear each label, ascending too.

    A million letters take 40 MB so, and ten times as much in dictionaries. No other has its name.
    """

    uidvalidity: int
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    ids: array[int] = field(default_factory=lambda: array("Q"))
    uids: array[int] = field(default_factory=lambda: array("I"))
    sizes: array[int] = field(default_factory=lambda: array("I"))
    labels: dict[str, array[int]] = field(default_factory=dict)

    def find(self, id_: int) -> Spot | None:
        """Return where a letter is, or None where IMAP does not show it."""
        at = bisect_left(self.ids, id_)
        if at == len(self.ids) or self.ids[at] != id_:
            return None
        return Spot(self.uids[at], self.sizes[at])

    def labels_of(self, id_: int) -> frozenset[str]:
        """Return the ids of the labels that a letter bears."""
        return frozenset(label for label, ids in self.labels.items() if _holds(ids, id_))


def make(
    uidvalidity: int, spots: Iterable[tuple[int, int, int]], labels: Mapping[str, Iterable[int]]
) -> Overview:
    """Make an overview of (id, UID, size) in any order, and of the ids that bear each label."""
    made = Overview(uidvalidity)
    for id_, uid, size in sorted(spots):
        made.ids.append(id_)
        made.uids.append(uid)
        made.sizes.append(min(size, _LARGEST))
    made.labels = {label: array("Q", sorted(ids)) for label, ids in labels.items()}
    return made


def pack(overview: Overview) -> bytes:
    """Return an overview as bytes: a line of JSON with the lengths, and the numbers behind it."""
    arrays = [overview.ids, overview.uids, overview.sizes, *overview.labels.values()]
    head = {
        "order": sys.byteorder,
        "uidvalidity": overview.uidvalidity,
        "name": overview.name,
        "count": len(overview.ids),
        "labels": {label: len(ids) for label, ids in overview.labels.items()},
    }
    return b"\n".join([json.dumps(head).encode(), b"".join(one.tobytes() for one in arrays)])


def unpack(packed: bytes) -> Overview | None:
    """Return an overview that was packed, or None where it is something else."""
    first, _, rest = packed.partition(b"\n")
    try:
        head = json.loads(first)
        made = Overview(head["uidvalidity"], head["name"])
        lengths = [(made.ids, head["count"]), (made.uids, head["count"])]
        lengths.append((made.sizes, head["count"]))
        for label, count in head["labels"].items():
            made.labels[label] = array("Q")
            lengths.append((made.labels[label], count))
        whole = sum(numbers.itemsize * count for numbers, count in lengths)
        if head["order"] != sys.byteorder or whole != len(rest):
            return None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    at = 0
    for numbers, count in lengths:
        end = at + numbers.itemsize * count
        numbers.frombytes(rest[at:end])
        at = end
    return made


def _holds(ids: array[int], id_: int) -> bool:
    at = bisect_left(ids, id_)
    return at < len(ids) and ids[at] == id_
