"""Compare what the server has with what the ledger has, as sets, and heal the gap.

Both sides come sorted by UID and are walked together, so that a folder of a million messages
costs no memory. What the server lists and the ledger lacks is fetched one by one, but for what
lies in a stretch that is still being brought in; what the ledger has and the server no longer
lists becomes gone. Letters in quarantine for want of bytes are asked for again, once a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from crm.base import clock, crash
from crm.filing import Filed
from crm.mail import copies, folders, stretches
from sync import ingest
from sync.errors import CursorExpiredError, MessageGoneError
from sync.patience import transact
from sync.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crm.base.db import Session
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
    folder = _folder(mailbox, state)
    found = _walk(source.listing(state), known_uids(folder))

    def note(session: Session) -> None:
        current = folders.get(session, mailbox.workspace_id, folder.id)
        counts = {"pending": len(found.pending), "stray": len(found.stray)}
        copies.note_compared(session, current, server=found.server, **counts, at=clock.now())

    transact(mailbox.workspace_id, note)
    crash.point("after compare")
    return found


def compare_vanished(folder: Folder) -> None:
    """Note of a folder that the server no longer lists that all its copies are stray."""

    def note(session: Session) -> None:
        current = folders.get(session, folder.workspace_id, folder.id)
        stray = copies.count(session, current)
        copies.note_compared(session, current, server=0, pending=0, stray=stray, at=clock.now())

    transact(folder.workspace_id, note)


def leave_vanished(folder: Folder) -> None:
    """Note that all that a folder held is gone with it. Should it come back, it is taken up."""

    def leave(session: Session) -> None:
        current = folders.get(session, folder.workspace_id, folder.id)
        copies.mark_all_gone(session, current)
        stretches.forget(session, current)
        copies.note_compared(session, current, server=0, pending=0, stray=0, at=clock.now())

    transact(folder.workspace_id, leave)


def heal(
    mailbox: Mailbox,
    source: MailSource,
    state: FolderState,
    found: Difference,
    again: Sequence[Place] = (),
) -> Filed:
    """Fetch what is missing, mark what is gone, ask again for what was not given.

    What is not given this time either was counted when it failed first.
    """
    healed = Filed()

    def leave(session: Session) -> tuple[Folder, list[tuple[int, int]]]:
        folder = folders.of_mailbox(session, mailbox)[state.name]
        copies.mark_gone(session, folder, found.stray)
        return folder, stretches.open_ranges(session, folder)

    folder, open_ranges = transact(mailbox.workspace_id, leave)
    missing = [p for p in found.pending if not any(a < p.uid <= b for a, b in open_ranges)]
    if folder.skips:
        for places in _chunks(missing, _SKIPPED_AT_ONCE):
            _file(mailbox, folder, [ingest.skipped(p, folder.skips) for p in places], healed)
        return healed
    for places in _chunks(missing, _AT_ONCE):
        _file(mailbox, folder, list(_fetch(source, places)), healed)
    failed = healed.failed
    for places in _chunks(again, _AT_ONCE):
        _file(mailbox, folder, list(_fetch(source, places)), healed)
    healed.failed = failed
    return healed


def ungiven(mailbox: Mailbox) -> dict[str, list[Place]]:
    """Return the letters that the server listed and would not give, by their folders' names.

    Only as long as it makes sense to ask. Read it before a run begins: what fails in a run was
    asked for a moment ago.
    """

    def read(session: Session) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for name, copy in copies.ungiven(session, mailbox, ATTEMPTS):
            place = Place(name, copy.uidvalidity, copy.uid, copy.size, copy.received_at)
            found.setdefault(name, []).append(place)
        return found

    return transact(mailbox.workspace_id, read)


def known_uids(folder: Folder) -> Iterator[int]:
    """Yield, ascending, the UIDs that the ledger has, a page at a time.

    Each page has its own transaction: none stays open while the network is asked.
    """
    after = -1
    while True:
        page = transact(folder.workspace_id, partial(copies.uids, folder=folder, after=after))
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
    def file(session: Session) -> Filed:
        return ingest.take_places(session, mailbox, folder, arrivals)

    filed = transact(mailbox.workspace_id, file)
    healed.stored += filed.stored
    healed.skipped += filed.skipped
    healed.failed += filed.failed
    healed.new += filed.new


def _folder(mailbox: Mailbox, state: FolderState) -> Folder:
    return transact(mailbox.workspace_id, lambda s: folders.of_mailbox(s, mailbox)[state.name])


def _chunks(places: Sequence[Place], size: int) -> Iterator[list[Place]]:
    walk = iter(places)
    while chunk := list(islice(walk, size)):
        yield chunk
