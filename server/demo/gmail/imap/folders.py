"""The folders of a mailbox as IMAP has them: a label is a folder, and All Mail is all of it.

A message has a UID of its own in each folder, given when it comes into it, and another when it
comes again (RFC 3501, section 2.3.1.1).
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.demo.gmail.labels import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.mailbox import Mailbox

#: Above Gmail's own folders stands this; it cannot be selected.
ROOT = "[Gmail]"
#: What a folder is for (RFC 6154, RFC 8457).
_USES = {
    "ALL": "\\All",
    "DRAFT": "\\Drafts",
    "IMPORTANT": "\\Important",
    "SENT": "\\Sent",
    "SPAM": "\\Junk",
    "STARRED": "\\Flagged",
    "TRASH": "\\Trash",
}


@dataclass(slots=True)
class Folder:
    """One folder: the label that it is, and the UIDs that it has given out."""

    label: str
    number: int
    next: int = 1
    uids: dict[str, int] = field(default_factory=dict)

    def update(self, copies: list[Copy]) -> None:
        """Give UIDs to what has come, in the order in which it came, and forget what has gone."""
        here = {copy.id for copy in copies}
        for gone in self.uids.keys() - here:
            del self.uids[gone]
        for copy in sorted(copies, key=lambda one: one.number):
            if copy.id not in self.uids:
                self.uids[copy.id] = self.next
                self.next += 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of LIST: the name of a folder, its attributes, and its label."""

    name: str
    attributes: str
    label: str


@dataclass(slots=True)
class Open:
    """A folder as a connection sees it: ids by ascending UID, as of when it looked last."""

    folder: Folder
    reading: bool
    uids: list[int]
    ids: list[str]

    def within(self, ranges: Sequence[range]) -> list[int]:
        """Return the places, from 0 on, of the UIDs in these ranges, ascending."""
        found: set[int] = set()
        for one in ranges:
            found.update(range(bisect_left(self.uids, one.start), bisect_left(self.uids, one.stop)))
        return sorted(found)


class Folders:
    """The folders of one mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._by_label: dict[str, Folder] = {}

    def listing(self) -> Iterator[Listed]:
        """Yield the folders that the owner shows."""
        shown = self._mailbox.shown
        if "INBOX" not in shown.hidden:
            yield Listed("INBOX", "\\HasNoChildren", "INBOX")
        yield Listed(ROOT, "\\HasChildren \\Noselect", "")
        for label, use in _USES.items():
            if label not in shown.hidden:
                yield Listed(f"{ROOT}/{shown.names[label]}", f"{use} \\HasNoChildren", label)
        for own in self._mailbox.labels:
            if not own.system and own.id not in shown.hidden:
                yield Listed(own.name, "\\HasNoChildren", own.id)

    def find(self, name: str) -> Folder | None:
        """Return a folder by its name, brought up to date, or None."""
        for listed in self.listing():
            same = listed.name == name or (name.upper() == "INBOX" == listed.name)
            if same and listed.label:
                return self._updated(listed.label)
        return None

    def open(self, folder: Folder, *, reading: bool) -> Open:
        """Return what a folder holds now."""
        self._updated(folder.label)
        held = sorted((uid, id_) for id_, uid in folder.uids.items())
        return Open(folder, reading, [uid for uid, _ in held], [id_ for _, id_ in held])

    def _updated(self, label: str) -> Folder:
        with self._mailbox.lock:
            number = zlib.crc32(label.encode()) or 1
            folder = self._by_label.setdefault(label, Folder(label, number))
            held = [copy for copy in self._mailbox.copies if _lies_in(copy, label)]
            most = self._mailbox.shown.most
            if most is not None:
                held = sorted(held, key=lambda one: one.number)[-most:]
            folder.update(held)
        return folder


def _lies_in(copy: Copy, label: str) -> bool:
    if label == "ALL":
        return not copy.labels & HIDDEN and "CHAT" not in copy.labels
    return label in copy.labels and (label in HIDDEN or not copy.labels & HIDDEN)
