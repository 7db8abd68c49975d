"""A mailbox of Gmail as a source of mail: one folder, whose UIDs are Gmail's ids.

    folders   users.getProfile: its historyId says by one number whether anything has changed
    stock     messages.list: of everything, of what is large, of each label that keeps a message out
    changes   history.list since a historyId
    batches   messages.get in batches, in the order of a stretch's ids; or over IMAP: see `bulk`
    part      messages.get and attachments.get

A stretch names its ids one by one: between two ids lies what it is not about.
"""

from __future__ import annotations

import math
import time
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from crm.filing.labelling import Meaning
from sync.errors import CursorExpiredError, MessageGoneError, SyncError
from sync.source import BATCH_COUNT, Batch, FolderRole, FolderState, Place, RawMessage, Stock, Way
from sync.sources.decoding import PIECE
from sync.sources.gmail import fetching, letters, listing
from sync.sources.gmail.bulk import Bulk, carry
from sync.sources.gmail.client import Client
from sync.sources.gmail.letters import FOLDER, NUMBERED
from sync.uids import Uids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from types import TracebackType

    from sync.source import Changes, Stretch
    from sync.sources.gmail.bulk import BulkLogin
    from sync.sources.gmail.client import GmailLogin

#: Parts of one call. They are answered side by side, and more of them meet Gmail's limit on that.
TOGETHER: Final = 25
#: A message above so many bytes is asked for alone: calls stay small, and so does our memory.
ALONE: Final = 1_000_000
#: What a batch may hold, in bytes.
BATCH_BYTES: Final = 8_000_000
#: Seconds for which letters are held before they are handed over: whoever waits for the quota
#: must not hold a stretch for longer than its lease.
HELD_MOST: Final = 8.0


class GmailSource:
    """Mail behind the Gmail API. Reads, and touches nothing."""

    def __init__(
        self,
        login: GmailLogin,
        *,
        letter_limit: int = 10_000_000,
        timeout: float = 30,
        bulk: BulkLogin | None = None,
    ) -> None:
        self._login = login
        self._letter_limit = letter_limit
        self._timeout = timeout
        self._opened: Client | None = None
        self._bulk = (
            Bulk(bulk, self.labels, self.labelled, timeout=timeout) if bulk is not None else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bulk is not None:
            self._bulk.close()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def unavailable(self) -> tuple[tuple[str, str], ...]:
        """Return nothing: there is one folder, and it opens or the mailbox does not."""
        return ()

    @property
    def unasked(self) -> tuple[tuple[str, FolderRole], ...]:
        """Return nothing: one question is all."""
        return ()

    def folders(self, until: float = math.inf) -> tuple[FolderState, ...]:  # noqa: ARG002
        """Return the one folder, with the history's point of now as its modseq."""
        found = listing.profile(self._client)
        return (FolderState(FOLDER, FolderRole.ALL, NUMBERED, 1, found.count, found.history),)

    @property
    def meaning(self) -> Meaning:
        """Return what labels mean in our words."""
        return Meaning(letters.flags_of, listing.rule_of)

    @property
    def from_listing(self) -> bool:
        """Tell whether letters come with labels that were listed a while before."""
        return self._bulk is not None and not self._bulk.left

    def prepare(self) -> None:
        """Ask for what every stretch needs, before one is taken: a lease is short."""
        if self._bulk is not None:
            self._bulk.prepare()

    def stock(self) -> Stock:
        """Return the ids of everything, the newest first, and how each is to be brought in."""
        client = self._client
        kept_out: dict[int, frozenset[str]] = {}
        # A mailbox without old chats may have no such label, and refuse to list it.
        there = self.labels()
        for label in reversed([one for one in listing.RULES if one in there]):
            found = frozenset({label})
            kept_out.update(dict.fromkeys(listing.ids(client, label=label), found))
        alone = frozenset(listing.ids(client, query=f"larger:{ALONE}"))
        by_parts = listing.ids(client, query=f"larger:{self._letter_limit}") if alone else ()
        return Stock(Uids(listing.ids(client)), kept_out, alone, frozenset(by_parts))

    def skipped(self) -> dict[str, int]:
        """Return how much is not kept, by the rule by which it is not."""
        found = {}
        for label, rule in listing.RULES.items():
            asked = self._client.users.labels().get(userId="me", id=label)
            try:
                said = self._client.ask(asked, listing.PROFILE_UNITS)
            except MessageGoneError:  # A mailbox without old chats has no such label.
                continue
            found[rule] = int(said.get("messagesTotal", 0))
        return {rule: count for rule, count in found.items() if count}

    def newest(self, most: int) -> list[int]:
        """Return the ids of the newest messages."""
        return list(islice(listing.ids(self._client), most))

    def large(self, uids: Collection[int]) -> tuple[frozenset[int], frozenset[int]]:
        """Return which of these are asked for alone, and which of those by their parts.

        Both listings begin with the newest: where all of these are among the newest, so are those
        of them that are large. What somebody has imported may be of any year.
        """
        wanted = frozenset(uids)
        late = wanted.issubset(self.newest(listing.PAGE)) if wanted else True
        alone = self._larger(ALONE, wanted, late=late)
        return alone, self._larger(self._letter_limit, alone, late=late)

    def labelled(self, label: str) -> Iterator[int]:
        """Yield the ids of what bears a label, by the label's id."""
        return listing.ids(self._client, label=label)

    def aliases(self) -> tuple[str, ...]:
        """Return the addresses from which the mailbox's owner may send, its own among them."""
        asked = self._client.users.settings().sendAs().list(userId="me")
        said = self._client.ask(asked, listing.PROFILE_UNITS).get("sendAs", ())
        return tuple(
            str(one.get("sendAsEmail", "")).lower()
            for one in said
            # Anybody may type any address there, until whoever reads it has said yes.
            if one.get("isPrimary") or one.get("verificationStatus") == "accepted"
        )

    def labels(self) -> dict[str, str]:
        """Return the mailbox's labels: their names by their ids, which never change."""
        return listing.labels(self._client)

    def changes(self, since: int) -> Changes:
        """Return what happened after a point of the history. Raises CursorExpiredError."""
        try:
            return listing.changes(self._client, since)
        except CursorExpiredError:
            if self._bulk is not None:
                self._bulk.forget()  # What became of labels since they were listed nobody tells.
            raise

    def uids(self, folder: FolderState) -> Iterator[int]:  # noqa: ARG002 - there is one.
        """Yield the ids that Gmail has now, ascending."""
        yield from Uids(listing.ids(self._client)).ascending()

    def listing(self, folder: FolderState) -> Iterator[Place]:
        """Yield where everything is, by ascending id. Gmail tells no size and no date with it."""
        for uid in self.uids(folder):
            yield Place(folder.name, folder.uidvalidity, uid)

    def headers(self, places: Sequence[Place]) -> Iterator[RawMessage]:
        """Yield the header blocks alone, for the preview."""
        wanted = iter(sorted({place.uid for place in places}))
        while some := list(islice(wanted, TOGETHER)):
            found = fetching.together(self._client, some, "metadata")
            yield from (letters.head(said) for said in map(found.get, some) if said is not None)

    def batches(self, stretch: Stretch, most: int | None = None) -> Iterator[Batch]:
        """Yield what a stretch still holds, from its cursor on."""
        left = [uid for uid in stretch.uids or () if uid > stretch.cursor]
        held: list[RawMessage] = []
        since, size, begun = stretch.cursor, 0, time.monotonic()
        at_once = 1 if stretch.way else min(most or BATCH_COUNT, TOGETHER)
        bulk = None if stretch.way == Way.BY_PARTS else self._bulk
        for some, carried, last_of_it in carry(bulk, left, at_once, most or BATCH_COUNT):
            found = {uid: carried[uid] for uid in some if uid in carried}
            rest = [uid for uid in some if uid not in found]
            try:
                found |= fetching.whole(self._client, rest, stretch.way) if rest else {}
            except SyncError:
                if held:  # What has come is not asked for again when Gmail is well.
                    yield Batch(since, held[-1].place.uid, tuple(held))
                raise
            for uid in some:
                if uid not in found:
                    continue  # It was deleted meanwhile, and the history says so.
                held.append(found[uid])
                size += len(found[uid].raw)
            full = len(held) + TOGETHER > (most or BATCH_COUNT) or size > BATCH_BYTES
            if full or last_of_it or time.monotonic() - begun > HELD_MOST:
                yield Batch(since, some[-1], tuple(held))
                since, held, size, begun = some[-1], [], 0, time.monotonic()
        last = stretch.last if stretch.last is not None else since
        if held or since < last:
            yield Batch(since, last, tuple(held))

    def letter(self, place: Place) -> RawMessage:
        """Return one message again, whole or by its parts. Raises MessageGoneError."""
        said = fetching.one(self._client, place.uid, "minimal")
        large = int(said.get("sizeEstimate", 0)) > self._letter_limit
        found = fetching.whole(self._client, [place.uid], Way.BY_PARTS if large else Way.ALONE)
        if not found:
            raise MessageGoneError("Gmail no longer has this message.")
        return found[place.uid]

    def part(self, place: Place, part: str) -> Iterator[bytes]:
        """Stream one attachment, decoded, in pieces of at most 64 KB. Raises MessageGoneError."""
        _root, bodies = letters.tree(
            fetching.one(self._client, place.uid, "full").get("payload", {})
        )
        if part not in bodies:
            raise MessageGoneError(f"This message has no part {part[:20]}.")
        body = bodies[part].get("body", {})
        found = (
            letters.unwrapped(body["data"])
            if "data" in body
            else fetching.attachment(self._client, place.uid, body.get("attachmentId", ""))
        )
        for start in range(0, len(found), PIECE):
            yield found[start : start + PIECE]

    def _larger(self, size: int, uids: frozenset[int], *, late: bool) -> frozenset[int]:
        """Return which of these are larger. Of the latest alone, one page says it."""
        if not uids:
            return uids
        listed = listing.ids(self._client, query=f"larger:{size}")
        return uids.intersection(islice(listed, listing.PAGE) if late else listed)

    @property
    def _client(self) -> Client:
        if self._opened is None:
            self._opened = Client(self._login, timeout=self._timeout)
        return self._opened
