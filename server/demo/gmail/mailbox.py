"""One mailbox in memory, with what may happen in it: by the API, and behind its back.

Everything is done under the mailbox's one lock. What is sent goes on to other mailboxes of the
server after the lock is open again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from server.demo.gmail import joining, maildir, mime, sending
from server.demo.gmail.copies import Copies, Copy
from server.demo.gmail.history import History, Kind
from server.demo.gmail.imap.shown import Shown
from server.demo.gmail.labels import Labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from server.demo.gmail.copies import Letter

_TO_SELF = ("INBOX", "UNREAD")


class Mailbox:
    """The mailbox of one address."""

    def __init__(
        self,
        address: str,
        *,
        now: Callable[[], float],
        post: Callable[[bytes, list[str]], None] = lambda _raw, _to: None,
        push: Callable[[Mailbox], None] = lambda _box: None,
        topics: Mapping[str, bool] | None = None,
    ) -> None:
        self.address = address.lower()
        self.enabled = True
        #: Whether what is sent gets a Message-ID of Google's, as it may at Gmail.
        self.renames = True
        self.lock = threading.RLock()
        self.now = now
        self.copies = Copies(self.address)
        self.history = History(self.address, lambda: push(self))
        self.labels = Labels()
        self.shown = Shown()
        #: The ids of drafts, and of the messages that they are at the moment.
        self.drafts: dict[str, str] = {}
        self.aliases: dict[str, str] = {self.address: ""}
        #: Aliases that whoever reads them has not yet said yes to.
        self.unverified: set[str] = set()
        self.watch: dict[str, Any] | None = None
        self.push = push
        self.topics = {} if topics is None else topics
        #: How often the owner took back every consent, and every page token died.
        self.consents = 0
        self.page_age = 0
        self._post = post
        self._sent = 0

    def __len__(self) -> int:
        return len(self.copies)

    @property
    def is_watched(self) -> bool:
        """Tell whether what happens is pushed now."""
        return self.watch is not None and self.watch["expiration"] > self.now() * 1000

    def push_body(self, id_: str, subscription: str, *, text: bool = False) -> dict[str, Any]:
        """Return what Pub/Sub posts of this mailbox now.

        The value of the counter is a JSON number, or a string where `text` asks for it: Google has
        sent both.
        """
        with self.lock:
            now = str(self.history.now) if text else self.history.now
        told = json.dumps({"emailAddress": self.address, "historyId": now}).encode()
        return {
            "message": {
                "data": base64.urlsafe_b64encode(told).decode(),
                "messageId": id_,
                "publishTime": f"{datetime.fromtimestamp(self.now(), UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            },
            "subscription": subscription,
        }

    def deliver(
        self,
        letter: Letter,
        *,
        labels: Iterable[str] = ("INBOX", "UNREAD"),
        at: datetime | None = None,
        thread: str | None = None,
    ) -> str:
        """Let a letter arrive and return its id; a callable is asked for its bytes each time."""
        return self.put(letter, labels=labels, arrived_ms=self._ms(at), thread=thread).id

    def send_from_phone(self, letter: Letter, *, at: datetime | None = None) -> str:
        """Let the owner send a letter from another program, and return its id."""
        raw = mime.with_crlf(letter if isinstance(letter, bytes) else letter())
        return self.put_sent(raw, arrived_ms=self._ms(at)).id

    def label(self, id_: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Copy:
        """Put labels on a message and take others off it."""
        with self.lock:
            copy = self.copies.get(id_)
            added = self.labels.check(add) - copy.labels
            removed = (self.labels.check(remove) & copy.labels) - added
            if added:
                copy.labels |= added
                self.history.write(Kind.LABELLED, copy, added)
            if removed:
                copy.labels -= removed
                self.history.write(Kind.UNLABELLED, copy, removed)
            return copy

    def trash(self, id_: str) -> Copy:
        """Put a message in the trash: it has the label TRASH, and no longer INBOX."""
        return self.label(id_, add=["TRASH"], remove=["INBOX"])

    def untrash(self, id_: str) -> Copy:
        """Take a message out of the trash."""
        return self.label(id_, remove=["TRASH"])

    def delete(self, id_: str) -> None:
        """Delete a message for good."""
        with self.lock:
            copy = self.copies.get(id_)
            self.copies.remove(copy)
            self.history.write(Kind.DELETED, copy)
            for draft in [draft for draft, held in self.drafts.items() if held == copy.id]:
                del self.drafts[draft]

    def age_history(self) -> None:
        """Make everything until now too old for history.list."""
        with self.lock:
            self.history.age()

    def expire_page_tokens(self) -> None:
        """Let every page token that was given out be refused."""
        self.page_age += 1

    def revoke(self) -> None:
        """Let the owner take back every consent: its tokens are worth nothing from now on."""
        self.consents += 1

    def load_maildir(self, path: Path | str) -> int:
        """Take in a Maildir with its folders, and return how many letters it holds."""
        found = maildir.read(path)
        with self.lock:
            for stored in found:
                labels = set(stored.labels)
                if stored.folder:
                    own = self.labels.find_named(stored.folder)
                    labels.add((own or self.labels.create(stored.folder)).id)
                copy = self.put(stored.letter, labels=labels, arrived_ms=stored.ms)
                if "DRAFT" in labels:
                    self.drafts[self.next_draft_id()] = copy.id
        return len(found)

    def put(
        self,
        letter: Letter,
        *,
        labels: Iterable[str],
        arrived_ms: int | None = None,
        ms: int | None = None,
        thread: str | None = None,
        join: bool = True,
    ) -> Copy:
        """Keep a letter under a new id; without a thread, where its references lead."""
        kept = mime.with_crlf(letter) if isinstance(letter, bytes) else letter
        raw = kept if isinstance(kept, bytes) else mime.with_crlf(kept())
        head = mime.read_head(raw)
        with self.lock:
            arrived = self._ms(None) if arrived_ms is None else arrived_ms
            id_ = self.copies.next_id(arrived)
            if thread is None and join:
                thread = joining.find_on_delivery(self.copies, head)
            copy = Copy(
                id_,
                thread or id_,
                arrived if ms is None else ms,
                0,
                self.labels.check(labels),
                kept,
                head,
                len(raw),
            )
            self.copies.add(copy)
            self.history.write(Kind.ADDED, copy)
        return copy

    def put_sent(
        self,
        raw: bytes,
        *,
        arrived_ms: int | None = None,
        thread: str | None = None,
        join: bool = True,
    ) -> Copy:
        """Keep a letter as sent, and let it arrive where it goes to, also with its sender."""
        to = sending.recipients(raw)
        labels = ("SENT", *_TO_SELF) if self.address in to else ("SENT",)
        copy = self.put(raw, labels=labels, arrived_ms=arrived_ms, thread=thread, join=join)
        self._post(sending.without_blind_copies(raw), [one for one in to if one != self.address])
        return copy

    def send(self, raw: bytes, thread: str | None) -> Copy:
        """Send a letter by the API: under a Message-ID of Google's, in a thread where it fits."""
        sending.recipients(raw)
        with self.lock:
            joined = joining.find_by_api(self.copies, mime.read_head(raw), thread)
            stamped = self.stamp(raw)
        return self.put_sent(stamped, thread=joined, join=False)

    def stamp(self, raw: bytes) -> bytes:
        """Return a letter as Gmail sends it."""
        with self.lock:
            self._sent += 1
            seed = f"{self.address} {self._sent}".encode()
        token = base64.urlsafe_b64encode(hashlib.sha256(seed).digest()).decode().rstrip("=")
        at = datetime.fromtimestamp(self.now(), UTC)
        kept = not self.renames
        return sending.stamp(raw, sender=self.address, token=token, at=at, keep_id=kept)

    def next_draft_id(self) -> str:
        """Return an id that no draft has."""
        return f"r{int(self.copies.next_id(self._ms(None)), 16)}"

    def kept(self) -> dict[str, Any]:
        """Return the mailbox as JSON has it, without its letters."""
        with self.lock:
            return {
                "enabled": self.enabled,
                "sent": self._sent,
                "drafts": self.drafts,
                "aliases": self.aliases,
                "unverified": sorted(self.unverified),
                "watch": self.watch,
                "labels": self.labels.kept(),
                "history": self.history.kept(),
                "copies": [
                    [copy.id, copy.thread, copy.ms, copy.history, sorted(copy.labels)]
                    for copy in self.copies
                ],
            }

    def restore(self, kept: dict[str, Any], letter: Callable[[str], Letter]) -> None:
        """Go on with a mailbox that was kept; `letter` finds a letter by its id."""
        self.enabled, self._sent, self.watch = kept["enabled"], kept["sent"], kept["watch"]
        self.drafts, self.aliases = kept["drafts"], kept["aliases"]
        self.unverified = set(kept["unverified"])
        self.labels.restore(kept["labels"])
        self.history.restore(kept["history"])
        for id_, thread, ms, history, labels in kept["copies"]:
            found = letter(id_)
            raw = mime.with_crlf(found if isinstance(found, bytes) else found())
            head = mime.read_head(raw)
            borne = frozenset(labels)
            self.copies.add(Copy(id_, thread, ms, history, borne, found, head, len(raw)))

    def _ms(self, at: datetime | None) -> int:
        return int((self.now() if at is None else at.timestamp()) * 1000)
