"""The labels of a mailbox: those that Gmail has, and those that its owner made.

https://developers.google.com/workspace/gmail/api/guides/labels
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from server.demo.gmail.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CATEGORIES = tuple(
    f"CATEGORY_{name}" for name in "FORUMS PERSONAL PROMOTIONS SOCIAL UPDATES".split()
)
#: What a person, or a program, may put on a message and take off again.
FREE = frozenset(("INBOX", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", *CATEGORIES))
SYSTEM = (*sorted(FREE), "CHAT", "DRAFT", "SENT")
#: What stays out of a list that does not ask for it.
HIDDEN = frozenset(("SPAM", "TRASH"))


class Label(NamedTuple):
    """One label; its id stays, its name may change."""

    id: str
    name: str
    system: bool

    def shape(self) -> dict[str, Any]:
        """Return the JSON that a list of labels has."""
        kind = "system" if self.system else "user"
        return {"id": self.id, "name": self.name, "type": kind}


class Labels:
    """The labels of one mailbox."""

    def __init__(self) -> None:
        self._by_id = {name: Label(name, name, system=True) for name in SYSTEM}
        self._made = 0

    def __iter__(self) -> Iterator[Label]:
        return iter(list(self._by_id.values()))

    def get(self, id_: str) -> Label:
        """Return a label. Raises ApiError."""
        found = self._by_id.get(id_)
        if found is None:
            raise ApiError(404, "notFound", "Requested entity was not found.")
        return found

    def find_named(self, name: str) -> Label | None:
        """Return a label by its name as people write it in a search, or None."""
        wanted = _plain(name)
        return next((label for label in self if _plain(label.name) == wanted), None)

    def create(self, name: str) -> Label:
        """Make a label of the owner's. Raises ApiError where the name is taken or none."""
        if not name.strip() or len(name) > 225:
            raise invalid("Invalid label name")
        if self.find_named(name) is not None:
            raise ApiError(409, "aborted", "Label name exists or conflicts")
        self._made += 1
        label = Label(f"Label_{self._made}", name, system=False)
        self._by_id[label.id] = label
        return label

    def rename(self, id_: str, name: str) -> Label:
        """Give a label of the owner's another name. Raises ApiError."""
        label = self._own(id_)
        if not name.strip() or self.find_named(name) not in (None, label):
            raise ApiError(409, "aborted", "Label name exists or conflicts")
        self._by_id[id_] = label._replace(name=name)
        return self._by_id[id_]

    def delete(self, id_: str) -> None:
        """Forget a label of the owner's. Raises ApiError."""
        del self._by_id[self._own(id_).id]

    def check(self, ids: Iterable[str], *, free: bool = False) -> frozenset[str]:
        """Return ids of labels that exist, or that anybody may put on. Raises ApiError."""
        known = frozenset(ids)
        for id_ in sorted(known):
            label = self._by_id.get(id_)
            if label is None:
                raise invalid(f"labelId not found: {id_}")
            if free and label.system and id_ not in FREE:
                raise invalid(f"Invalid label: {id_}")
        return known

    def kept(self) -> dict[str, Any]:
        """Return the owner's labels as JSON has them."""
        return {"made": self._made, "own": [label[:2] for label in self if not label.system]}

    def restore(self, kept: dict[str, Any]) -> None:
        """Go on with labels that were kept."""
        self._made = kept["made"]
        self._by_id |= {id_: Label(id_, name, system=False) for id_, name in kept["own"]}

    def _own(self, id_: str) -> Label:
        label = self.get(id_)
        if label.system:
            raise invalid("Invalid delete request", "invalidArgument")
        return label


def _plain(name: str) -> str:
    return name.lower().replace(" ", "-").replace("/", "-")
