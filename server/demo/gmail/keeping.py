"""What a server holds, kept in a folder: the next one goes on with the same ids and history.

    state.json                 mailboxes, labels, histories, and who was let in
    letters/ADDRESS/ID.eml     each letter, written once

Access tokens, page tokens and codes that nobody has redeemed end with the server, as do its faults.
"""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from server.demo.gmail.copies import Letter
    from server.demo.gmail.mailbox import Mailbox
    from server.demo.gmail.world import World

_EDITION = 1


class Keeper:
    """Keeps a world in a folder, and fills it from there at its beginning."""

    def __init__(self, folder: Path, world: World) -> None:
        self._folder = folder
        self._world = world
        self._lock = threading.Lock()
        self._written: dict[str, set[str]] = {}
        self._seen: Any = None
        self._state = folder / "state.json"
        if self._state.exists():
            self._restore(json.loads(self._state.read_text("utf-8")))
            self._seen = self._look()

    def save(self) -> None:
        """Keep what has changed since the last time: the letters first, then what names them."""
        with self._lock:
            seen = self._look()
            if seen == self._seen:
                return
            boxes = dict(self._world.mailboxes)
            gone = [path for box in boxes.values() for path in self._write_letters(box)]
            kept = {
                "edition": _EDITION,
                "mailboxes": {address: box.kept() for address, box in boxes.items()},
                "consents": self._world.tokens.kept(),
            }
            unfinished = self._state.with_suffix(".unfinished")
            unfinished.write_text(json.dumps(kept), "utf-8")
            unfinished.replace(self._state)
            for path in gone:
                path.unlink(missing_ok=True)
            self._seen = seen

    def _look(self) -> Any:
        """Return what is another value after any change that is kept."""
        boxes = list(self._world.mailboxes.items())
        return self._world.tokens.kept(), [
            (
                *(address, box.history.now, box.labels.kept(), box.watch, box.enabled),
                *(dict(box.drafts), dict(box.aliases), sorted(box.unverified)),
            )
            for address, box in boxes
        ]

    def _write_letters(self, box: Mailbox) -> list[Path]:
        """Write the letters that are new; return the files of those that are gone."""
        folder = self._folder / "letters" / box.address
        folder.mkdir(parents=True, exist_ok=True)
        written = self._written.setdefault(box.address, set())
        there = {copy.id: copy for copy in box.copies}
        for id_ in there.keys() - written:
            unfinished = folder / f"{id_}.unfinished"
            unfinished.write_bytes(there[id_].raw)
            unfinished.replace(folder / f"{id_}.eml")
        gone = [folder / f"{id_}.eml" for id_ in written - there.keys()]
        self._written[box.address] = set(there)
        return gone

    def _restore(self, kept: dict[str, Any]) -> None:
        if kept.get("edition") != _EDITION:
            raise ValueError(f"{self._state} was kept by another edition: remove its folder")
        for address, held in kept["mailboxes"].items():
            box = self._world.add(address)
            box.restore(held, partial(_letter, self._folder / "letters" / address))
            self._written[address] = {copy.id for copy in box.copies}
        self._world.tokens.restore(kept["consents"], self._world.add)


def _letter(folder: Path, id_: str) -> Letter:
    """Return what reads a letter: its bytes stay in their file."""
    return (folder / f"{id_}.eml").read_bytes
