"""What connecting a mailbox would take in: a scan of headers, of which nothing is kept."""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from crm.filing import known
from crm.filing.who import Circle, circle, direction, sent_from, to_meet
from crm.mail.models import Meets
from sync import backfill, reading
from sync.credentials import open_source
from sync.errors import SourceUnavailableError, UnreadableMessageError
from sync.source import FolderRole, HistorySource, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox
    from sync.source import FolderState, MailSource

#: Headers that are asked for at once: of everything, and where somebody waits before a page.
_AT_ONCE: Final = 500
_WAITED_FOR: Final = 100
#: Where people write, which is looked at first.
_FIRST: Final = (FolderRole.INBOX, FolderRole.SENT)


@dataclass(frozen=True, slots=True)
class Taste:
    """How much of a mailbox is looked at while somebody waits: so many headers, so many seconds.

    The folders before have as many seconds as `counting` says. A server without a sign is left
    after `timeout`, and any after `longest`.
    """

    messages: int = 600
    seconds: float = 8.0
    counting: float = 8.0
    timeout: float = 8.0
    longest: float = 24.0


@dataclass(slots=True)
class Met:
    """Somebody of whom a contact would be made, and in how many of the messages they stand."""

    email: str
    name: str = ""
    messages: int = 0


@dataclass(slots=True)
class Preview:
    """What a mailbox holds, and what of it would be taken in.

    `folders` and `skipped` count what the server has; `automatic`, `internal` and `contacts` are of
    the `messages` whose header was read, which are all of them unless it was a taste.
    """

    folders: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, tuple[str, int]] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    unasked: tuple[str, ...] = ()  # would come in too, and there was no time to count them
    messages: int = 0
    size: int = 0  # of those messages, in bytes
    automatic: int = 0
    internal: int = 0
    contacts: dict[str, Met] = field(default_factory=dict)
    oldest: datetime | None = None
    newest: datetime | None = None

    @property
    def total(self) -> int:
        """Return how many messages would be taken in."""
        return sum(self.folders.values())

    @property
    def whole(self) -> bool:
        """Tell whether every header was read."""
        return not self.unasked and self.messages >= self.total


def our_side(session: Session, mailbox: Mailbox) -> Circle:
    """Return our side as it will be, with the address of a mailbox that is not connected yet."""
    ours, new = known.our_circle(session, mailbox.workspace_id), circle([mailbox.address])
    return Circle(ours.addresses | new.addresses, ours.domains | new.domains)


def scan(
    mailbox: Mailbox,
    circle: Circle,
    settings: Settings,
    vault: Vault,
    taste: Taste | None = None,
) -> Preview:
    """Read the headers, and decide as filing would. Nothing is written anywhere.

    With a taste only the newest are read, until it is used up. Raises the errors of `sync.errors`.
    """
    found = Preview()
    counted = time.monotonic() + taste.counting if taste else math.inf
    timeout, within = (taste.timeout, taste.longest) if taste else (30.0, math.inf)
    with open_source(mailbox, settings, vault, timeout=timeout, within=within) as source:
        kept = []
        for state in source.folders(counted):
            rule = backfill.rule_for(mailbox, state.name, state.role)
            if rule:
                found.left_out[state.name] = (rule, state.count)
            else:
                out = source.skipped() if isinstance(source, HistorySource) else {}
                for name, count in out.items():
                    found.skipped[name] = found.skipped.get(name, 0) + count
                found.folders[state.name] = max(0, state.count - sum(out.values()))
                kept.append(state)
            if rule and state.count:
                found.skipped[rule] = found.skipped.get(rule, 0) + state.count
        found.unavailable.update(source.unavailable)
        found.unasked = tuple(
            name for name, role in source.unasked if not backfill.rule_for(mailbox, name, role)
        )
        until = time.monotonic() + taste.seconds if taste else math.inf
        with _until(until):
            for state in sorted(kept, key=lambda one: one.role not in _FIRST):
                if time.monotonic() > until:
                    break
                for places in _places(source, state, taste):
                    if time.monotonic() > until:
                        break
                    _look(found, source, places, circle, mailbox)
    return found


@contextmanager
def _until(until: float) -> Iterator[None]:
    """Let a server be too slow once the time is over: what was found by then is found."""
    try:
        yield
    except SourceUnavailableError:
        if time.monotonic() <= until:
            raise


def _places(source: MailSource, state: FolderState, taste: Taste | None) -> Iterator[list[Place]]:
    """Yield what is looked at, a page at a time: all of a folder, or its newest and its first."""
    if taste is None:
        yield from _chunks(source.listing(state), _AT_ONCE)
        return
    if isinstance(source, HistorySource):  # The newest are the first that it lists.
        uids = source.newest(taste.messages)[::-1]
    else:
        uids = list(source.uids(state)) if state.count else []
    # Sizes and dates are not asked for: a header comes with its own.
    listed = [Place(state.name, state.uidvalidity, uid) for uid in uids]
    newest = listed[-taste.messages :][::-1]
    yield from _chunks(newest[:_WAITED_FOR] + listed[: len(listed) - len(newest)][:1], _AT_ONCE)
    yield from _chunks(newest[_WAITED_FOR:], _WAITED_FOR)


def _look(
    found: Preview, source: MailSource, places: list[Place], circle: Circle, mailbox: Mailbox
) -> None:
    meets = Meets(mailbox.meets)
    for head in source.headers(places):
        if head.rule:
            continue
        found.messages += 1
        found.size += head.place.size
        at = head.place.received_at
        if at is not None:
            found.oldest = min(found.oldest or at, at)
            found.newest = max(found.newest or at, at)
        try:
            letter = reading.read(head.raw)
        except UnreadableMessageError:
            continue
        sent = sent_from(mailbox, head.labels, letter)
        way = direction(letter, circle, sent=sent)
        found.automatic += letter.automatic
        found.internal += way.word == "internal"
        for email, name in {a.email: a.name for a in to_meet(letter, way, circle, meets)}.items():
            met = found.contacts.setdefault(email, Met(email))
            met.name = met.name or name
            met.messages += 1


def _chunks(places: Iterable[Place], size: int) -> Iterator[list[Place]]:
    walk = iter(places)
    while chunk := list(islice(walk, size)):
        yield chunk
