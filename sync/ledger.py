"""Compare what the server has with what the ledger has, as sets, and heal the gap.

Both sides come sorted by UID and are walked together, so that a folder of a million messages
costs no memory. What the server lists and the ledger lacks is fetched one by one, but for what
lies in a stretch that is still being brought in; what the ledger has and the server no longer
lists becomes gone. Letters in quarantine for want of bytes are asked
for again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from crm.base import clock, crash
from crm.base.db import transaction
from crm.filing import Filed
from crm.mail import copies, folders, identity, stretches
from crm.mail.models import CopyState
from sync import ingest
from sync.errors import CursorExpiredError, MessageGoneError
from sync.patience import patiently
from sync.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm.mail.letter import Arrival
    from crm.mail.models import Folder, Mailbox
    from sync.source import FolderState, MailSource

#: A message that the server would not give is asked for in so many runs.
ATTEMPTS = 3
_AT_ONCE = 50
#: What is skipped needs no fetching, and goes in by the thousand.
_SKIPPED_AT_ONCE = 1000


@dataclass(slots=True)
class Difference:
    """What one folder's comparison found. `pending` are places, `stray` are UIDs."""

    server: int = 0
    pending: list[Place] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)


def compare(mailbox: Mailbox, source: MailSource, state: FolderState) -> Difference:
    """Find what only the server lists, and what only the ledger has; note the sums."""
    with transaction(mailbox.workspace_id) as session:
        folder = folders.of_mailbox(session, mailbox)[state.name]
    found = _walk(source.listing(state), known_uids(folder))
    with transaction(mailbox.workspace_id) as session:
        folder = folders.get(session, mailbox.workspace_id, folder.id)
        copies.note_compared(
            session,
            folder,
            server=found.server,
            pending=len(found.pending),
            stray=len(found.stray),
            at=clock.now(),
        )
    crash.point("after compare")
    return found


def heal(mailbox: Mailbox, source: MailSource, state: FolderState, found: Difference) -> Filed:
    """Fetch what is missing, mark what is gone, ask again for what was not given."""
    healed = Filed()
    with transaction(mailbox.workspace_id) as session:
        folder = folders.of_mailbox(session, mailbox)[state.name]
        copies.mark_gone(session, folder, found.stray)
        open_ranges = stretches.open_ranges(session, folder)
    missing = [p for p in found.pending if not any(a < p.uid <= b for a, b in open_ranges)]
    if folder.skips:
        chunks = _chunks(missing, _SKIPPED_AT_ONCE)
        for places in chunks:
            _file(mailbox, folder, [ingest.skipped(p, folder.skips) for p in places], healed)
        return healed
    for places in _chunks([*missing, *_ungiven(mailbox, state)], _AT_ONCE):
        arrivals = list(_fetch(source, places))
        _file(mailbox, folder, arrivals, healed)
    return healed


def known_uids(folder: Folder) -> Iterator[int]:
    """Yield, ascending, the UIDs that the ledger has, a page at a time.

    Each page has its own transaction: none stays open while the network is asked.
    """
    after = -1
    while True:
        with transaction(folder.workspace_id) as session:
            page = copies.uids(session, folder, after)
        yield from page
        if len(page) < copies.PAGE:
            return
        after = page[-1]


def _walk(server: Iterable[Place], ledger: Iterator[int]) -> Difference:
    """Walk two ascending sequences together."""
    found = Difference()
    ours = next(ledger, None)
    for place in server:
        found.server += 1
        while ours is not None and ours < place.uid:
            found.stray.append(ours)
            ours = next(ledger, None)
        if ours == place.uid:
            ours = next(ledger, None)
        else:
            found.pending.append(place)
    while ours is not None:
        found.stray.append(ours)
        ours = next(ledger, None)
    return found


def _fetch(source: MailSource, places: Sequence[Place]) -> Iterator[Arrival]:
    for place in places:
        try:
            yield ingest.read_one(source.letter(place))
        except MessageGoneError:
            continue  # The next comparison knows nothing of it any more.
        except CursorExpiredError:
            return


def _file(mailbox: Mailbox, folder: Folder, arrivals: Sequence[Arrival], healed: Filed) -> None:
    def file() -> Filed:
        with transaction(mailbox.workspace_id) as session:
            return ingest.take_places(session, mailbox, folder, arrivals)

    filed = patiently(file)
    healed.stored += filed.stored
    healed.skipped += filed.skipped
    healed.failed += filed.failed
    healed.new += filed.new


def _ungiven(mailbox: Mailbox, state: FolderState) -> list[Place]:
    """Return the letters that the server listed and would not give, as long as it makes sense."""
    nothing = identity.digest(b"")
    with transaction(mailbox.workspace_id) as session:
        rows = copies.failed(session, mailbox.workspace_id, mailbox.id)
        folder = folders.of_mailbox(session, mailbox)[state.name]
        return [
            Place(state.name, copy.uidvalidity, copy.uid, copy.size, copy.received_at)
            for copy in rows
            if copy.folder_id == folder.id
            and copy.uidvalidity == state.uidvalidity
            and copy.state == CopyState.FAILED
            and copy.attempts < ATTEMPTS
            and copy.digest == nothing
        ]


def _chunks(places: Sequence[Place], size: int) -> Iterator[list[Place]]:
    walk = iter(places)
    while chunk := list(islice(walk, size)):
        yield chunk
