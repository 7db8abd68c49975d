"""Letters by the hundred for a first import: over Gmail's IMAP, which counts bytes and not calls.

    All Mail, found by what it is for ── X-GM-MSGID of everything ── where each id of the API is
    labels ── the API's listing of each, for IMAP names them, and has none for categories
    a group of ids ── one UID FETCH of BODY.PEEK[], each letter known by its own X-GM-MSGID
         └─ what IMAP does not give, and all once it is left, comes over the API

developers.google.com/workspace/gmail/imap/imap-extensions describes the extensions. A connection
that breaks is made again once; then, and wherever Gmail does not want us, IMAP is left for a while.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from crm.base import clock
from crm.mail.importing import Why
from sync.errors import AuthorizationRevokedError, SyncError
from sync.errors import Why as Said
from sync.reaching import addresses_of
from sync.source import Place, RawMessage
from sync.sources.gmail import overview
from sync.sources.gmail.client import Client
from sync.sources.gmail.letters import FOLDER, NUMBERED, flags_of
from sync.sources.gmail.listing import rule_of
from sync.sources.imap import ImapLogin, items
from sync.sources.imap.folders import with_attribute
from sync.sources.imap.login import close, connect
from sync.sources.imap.wire import RefusedError
from sync.sources.imap.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sync.overviews import Overviews
    from sync.sources.gmail.client import GmailLogin
    from sync.sources.gmail.overview import Overview, Spot
    from sync.sources.imap.login import Security
    from sync.sources.imap.wire import Items, Wire

Result = TypeVar("Result")

#: What is fetched together, in bytes.
GROUP_BYTES: Final = 8_000_000
#: Letters of which an overview is asked for: of more it would last longer than a job may, and be
#: begun again and again. What IMAP gives in a day is a small part of so many.
SEEN_MOST: Final = 1_500_000
#: Numbers that come with one question.
_AT_ONCE: Final = 5_000
_ATTRIBUTE: Final = "\\all"
_CAPABILITY: Final = "X-GM-EXT-1"
#: What Gmail says of a token (RFC 5530, section 3); where IMAP is off it says something else.
_NOT_LET_IN: Final = "[AUTHENTICATIONFAILED]"
#: Words of Gmail's limits: 2,500 MB in a day, fifteen connections at a time
#: (knowledge.workspace.google.com/admin/gmail/gmail-bandwidth-limits).
_LIMITS: Final = ("OVERQUOTA", "BANDWIDTH", "TOO MANY SIMULTANEOUS", "THROTTLED")


@dataclass(frozen=True, slots=True)
class BulkLogin:
    """Where Gmail's IMAP is, and what gets in: a token that is good for all mail.

    `leave` is called once, with the reason, when letters come over the API from then on.
    """

    gmail: GmailLogin
    host: str
    port: int
    security: Security
    kept: Overviews
    leave: Callable[[Why], None]


class _BrokenOffError(Exception):
    """Something about IMAP is in the way; the API is another matter."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Bulk:
    """Gmail's IMAP for one mailbox, until it is left. For one thread.

    `labels` and `labelled` ask the API which there are, and for the ids that bear one.
    """

    def __init__(
        self,
        login: BulkLogin,
        labels: Callable[[], Iterable[str]],
        labelled: Callable[[str], Iterable[int]],
        *,
        timeout: float = 30,
    ) -> None:
        self._login = login
        self._labels, self._labelled = labels, labelled
        self._timeout = timeout
        self._client: Client | None = None
        self._wire: Wire | None = None
        self._uidvalidity = 0
        self._overview: Overview | None = None
        self.left = False

    def prepare(self) -> None:
        """Have an overview to go by."""
        self._tried(self._look)

    def groups(self, ids: Sequence[int], most: int) -> Iterator[Sequence[int]]:
        """Cut ids into what is fetched together: so many letters, and so many bytes, at most."""
        seen = self._tried(self._look)
        group: list[int] = []
        held = 0
        for id_ in ids:
            spot = seen.find(id_) if seen is not None else None
            cost = spot.size if spot is not None else 0
            if group and (len(group) >= most or held + cost > GROUP_BYTES):
                yield group
                group, held = [], 0
            group.append(id_)
            held += cost
        if group:
            yield group

    def letters(self, ids: Sequence[int]) -> dict[int, RawMessage]:
        """Return the letters of these ids, as far as IMAP gives them; nothing once it is left."""
        return self._tried(partial(self._fetch, ids)) or {}

    def forget(self) -> None:
        """Go by nothing that was listed so far."""
        self._overview = None
        self._login.kept.forget()

    def close(self) -> None:
        """Close what is open."""
        self._hang_up(politely=True)
        if self._client is not None:
            self._client.close()
            self._client = None

    def _tried(self, work: Callable[[], Result]) -> Result | None:
        """Do something over IMAP, on another connection once more; None where it is left."""
        for again in (True, False):
            if self.left:
                break
            try:
                return work()
            except _BrokenOffError as error:
                self._hang_up()
                if error.why is Why.BROKEN and again:
                    continue
                self.left = True
                self.forget()  # What changes until IMAP is tried again, nobody tells of later.
                self._login.leave(error.why)
        return None

    def _look(self) -> Overview:
        """Return the overview that is gone by, with All Mail open."""
        with self._connected():
            pass
        kept = self._login.kept
        if self._overview is None or not kept.holds(self._overview):
            self._overview = kept.find()
        if self._overview is None or self._overview.uidvalidity != self._uidvalidity:
            spots = self._spots()
            labels = {label: self._labelled(label) for label in self._labels()}
            self._overview = overview.make(self._uidvalidity, spots, labels)
            kept.keep(self._overview)
        return self._overview

    def _spots(self) -> list[tuple[int, int, int]]:
        """Ask for everything in All Mail: id, UID and size."""
        found: list[tuple[int, int, int]] = []
        with self._connected() as wire:
            uids = wire.list_uids("ALL")
            if len(uids) > SEEN_MOST:
                raise _BrokenOffError(Why.LIMIT)
            for start in range(0, len(uids), _AT_ONCE):
                piece = uids[start : start + _AT_ONCE]
                text = f"{piece[0]}:{piece[-1]}"
                answer = wire.fetch_items(text, "(X-GM-MSGID RFC822.SIZE)")
                found += [
                    (id_, said[b"UID"], items.size(said))
                    for said in answer
                    if isinstance(id_ := said.get(b"X-GM-MSGID"), int)
                ]
        return found

    def _fetch(self, ids: Sequence[int]) -> dict[int, RawMessage]:
        seen = self._overview
        if seen is None:
            return {}
        spots = {id_: spot for id_ in ids if (spot := seen.find(id_)) is not None}
        found: dict[int, RawMessage] = {}
        with self._connected() as wire:
            uids = sorted(spot.uid for spot in spots.values())
            for _, text in items.sets_of(uids, len(uids) or 1):
                for said in wire.fetch_items(
                    text, "(X-GM-MSGID X-GM-THRID INTERNALDATE BODY.PEEK[])"
                ):
                    id_ = said.get(b"X-GM-MSGID")
                    if id_ in spots and (raw := items.body(said)):
                        found[id_] = _message(id_, raw, said, spots[id_], seen.labels_of(id_))
        return found

    @contextmanager
    def _connected(self) -> Iterator[Wire]:
        """Lend the connection, with All Mail open for reading. Raises _BrokenOffError alone."""
        try:
            with plain_words(f"{self._login.host}:{self._login.port}"):
                try:
                    if self._wire is None:
                        self._wire = self._connect()
                        self._uidvalidity = _open(self._wire)
                    yield self._wire
                except RefusedError as error:
                    limited = _is_limit(error.text.decode("utf-8", "replace"))
                    raise _BrokenOffError(Why.LIMIT if limited else Why.BROKEN) from error
        except SyncError as error:
            raise _BrokenOffError(_why(error)) from error

    def _connect(self) -> Wire:
        """Log in; a token that is refused before its time is let go of, and another asked for."""
        login, timeout = self._login, self._timeout
        if self._client is None:
            self._client = Client(login.gmail, timeout=timeout)
        client = self._client
        place = (login.host, login.port, login.security, login.gmail.address)

        def enter() -> Wire:
            way = ImapLogin(*place, client.token(), bearer=True)
            return connect(way, timeout=timeout, allow_plain=False, connect_to=addresses_of)

        try:
            return enter()
        except AuthorizationRevokedError as error:
            if not (error.said.startswith(_NOT_LET_IN) and client.forget()):
                raise
        return enter()

    def _hang_up(self, *, politely: bool = False) -> None:
        if self._wire is not None:
            close(self._wire, politely=politely)
            self._wire = None


def carry(
    bulk: Bulk | None, ids: Sequence[int], at_once: int, most: int
) -> Iterator[tuple[Sequence[int], dict[int, RawMessage], bool]]:
    """Cut ids into what the API is asked for at once, with what of it came over IMAP already.

    True stands beside the last piece of what was fetched together: whoever holds it waits for no
    more, or a worker that is killed has fetched more than that in vain.
    """
    for group in (ids,) if bulk is None else bulk.groups(ids, most):
        carried = {} if bulk is None else bulk.letters(group)
        size = at_once if len(carried) < len(group) else len(group)
        for start in range(0, len(group), size or 1):
            last = bool(carried) and start + size >= len(group)
            yield group[start : start + size], carried, last


def _open(wire: Wire) -> int:
    """Open All Mail for reading, by what it is for, and return its UIDVALIDITY."""
    name = with_attribute(wire, _ATTRIBUTE) if _CAPABILITY in wire.capabilities else None
    if name is None:
        raise _BrokenOffError(Why.HIDDEN)
    wire.demand("EXAMINE", name)
    wire.state = "SELECTED"
    return wire.number("UIDVALIDITY") or 0


def _message(id_: int, raw: bytes, said: Items, spot: Spot, labels: frozenset[str]) -> RawMessage:
    at = items.moment(said.get(b"INTERNALDATE")) or clock.EPOCH
    thread = said.get(b"X-GM-THRID")
    return RawMessage(
        Place(FOLDER, NUMBERED, id_, spot.size, at),
        raw,
        flags_of(labels),
        labels=tuple(sorted(labels)),
        rule=rule_of(labels),
        thread=f"{thread:x}" if isinstance(thread, int) else "",  # As the API writes it.
    )


def _why(error: SyncError) -> Why:
    if _is_limit(f"{error} {error.said}"):
        return Why.LIMIT
    if isinstance(error, AuthorizationRevokedError):
        return Why.REFUSED
    return Why.LIMIT if error.why is Said.BUSY else Why.BROKEN


def _is_limit(text: str) -> bool:
    return any(word in text.upper() for word in _LIMITS)
