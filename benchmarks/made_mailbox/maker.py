"""Decides what is written when, and puts it into a Maildir with the names that Dovecot likes."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks.made_mailbox import machines
from benchmarks.made_mailbox.encoding import Parts, base64_lines, wrapped
from benchmarks.made_mailbox.people import People
from benchmarks.made_mailbox.threads import Conversation
from benchmarks.made_mailbox.writing import Writer

if TYPE_CHECKING:
    from benchmarks.made_mailbox.people import Person

_BEGIN: Final = 1735689600  # 2025-01-01; the letters run from here over about 600 days.
_SPAN: Final = 600 * 86400
_FOLDERS: Final = {"INBOX": "", "Sent": ".Sent", "Archive": ".Archive"}


class Maker:
    """Writes one mailbox."""

    def __init__(self, maildir: Path, count: int, seed: int, user: str) -> None:
        self.rnd = Random(seed)
        self.user = user
        self.parts = Parts(self.rnd, base64_lines(self.rnd.randbytes(3 << 20)))
        self.people = People(self.rnd, count, user)
        self.writer = Writer(self.rnd)
        self.counts: Counter[str] = Counter()
        self._maildir, self._count, self._seed = maildir, count, seed
        self._folders: Counter[str] = Counter()
        self._ids: set[str] = set()
        self._met: set[str] = set()
        self._people_met: set[str] = set()
        self._domains: set[str] = set()
        self._sizes: list[int] = []

    @property
    def full(self) -> bool:
        """Tell whether the mailbox has its letters."""
        return self.counts["n"] >= self._count

    wrapped = staticmethod(wrapped)

    def run(self) -> dict[str, Any]:
        """Write all letters; return what is true of them."""
        for folder in _FOLDERS.values():
            for kind in ("cur", "new", "tmp"):
                (self._maildir / folder / kind).mkdir(parents=True, exist_ok=True)
        rnd, counts = self.rnd, self.counts
        while not self.full:
            stamp = _BEGIN + int(_SPAN * counts["n"] / self._count) + rnd.randint(0, 86400)
            automatic = counts["automated"] < 0.20 * counts["n"]
            if rnd.random() < 0.016:
                machines.write_malformed(self, stamp)
            elif automatic and rnd.random() < 0.05:
                machines.write_bounce(self, stamp)
            elif automatic:
                machines.write_automatic(self, stamp)
            else:
                Conversation(self).write(stamp)
        (self._maildir / "subscriptions").write_text("V\t2\n\nSent\nArchive\n")
        return self._truth()

    def emit(
        self, head: list[str], body: bytes, stamp: int, by: Person, folder: str, own: str
    ) -> None:
        """Put a letter into a folder; one in a hundred comes twice, by another road."""
        raw = ("\n".join(head) + "\n").encode("utf-8", "surrogateescape") + body
        flags = "S" if self.rnd.random() < 0.9 or folder == "Sent" else ""
        if folder == "INBOX" and self.rnd.random() < 0.1:
            flags = "F" + flags
        self._store(raw, stamp, folder, flags)
        out = by.addr == self.user
        self.counts["outbound" if out else "inbound"] += 1
        if own:
            self._ids.add(own)
        if not out and not self.full and self.rnd.random() < 0.022:
            again = b"X-Original-To: sales@acme.example\n" + raw
            self._store(again, stamp + 3, "Archive" if folder == "INBOX" else "INBOX", "S")
            self.counts["duplicates"] += 1
            self.counts["inbound"] += 1

    def note(self, *people: Person) -> None:
        """Count correspondents."""
        for person in people:
            if person.domain != "acme.example":
                self._met.add(person.addr)
                self._people_met.add(person.addr)
                self._domains.add(person.domain)

    def note_machine(self, machine: Person) -> None:
        """Count an address that no person answers."""
        self._met.add(machine.addr)
        self._domains.add(machine.domain)

    def _store(self, raw: bytes, stamp: int, folder: str, flags: str) -> None:
        number = self.counts["n"]
        wire = len(raw) + raw.count(b"\n")
        mark = hashlib.md5(b"%d-%d" % (self._seed, number)).hexdigest()[:10]
        name = f"{stamp}.M{number}P{mark}.bench,S={len(raw)},W={wire}:2,{flags}"
        path = self._maildir / _FOLDERS[folder] / "cur" / name
        path.write_bytes(raw)
        os.utime(path, (stamp, stamp))
        self.counts["n"] += 1
        self.counts["bytes"] += wire
        self._folders[folder] += 1
        self._sizes.append(wire)

    def _truth(self) -> dict[str, Any]:
        sizes = sorted(self._sizes)
        return dict(self.counts) | {
            "folders": dict(self._folders),
            "unique_message_ids": len(self._ids),
            "correspondents": len(self._met),
            "human_correspondents": len(self._people_met),
            "domains": len(self._domains),
            "size_median": sizes[len(sizes) // 2],
            "size_mean": sum(sizes) // len(sizes),
            "size_p99": sizes[len(sizes) * 99 // 100],
            "size_max": sizes[-1],
        }
