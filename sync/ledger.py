"""Compare what the server has with what the ledger has, as sets, and settle the difference.

    the ledger's highest UID ── listing and ledger walked together, by UID ── note the sums
                                          │                │
             only the ledger has it: gone ┘                └ only the server has it: a stretch is
                                                             cut for it, or it is skipped by a rule

A folder that has as many messages as the ledger is taken for the same, for an hour at most. So
one of a million messages costs little each minute, and no memory; and whatever is fetched is
fetched by the one road, where a letter that ends workers is found out. What lies in a stretch that
is still being brought in is left to it.

Letters in quarantine for want of bytes are asked for again: in the next runs, and from then on with
the comparison of each hour, each rarer the more often it was in vain. A server that was ill may be
well long after.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from crm.base import clock, crash
from crm.filing import Filed
from crm.mail import copies, folders, stretches
from sync import cutting, ingest
from sync.patience import transact
from sync.source import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from crm.base.db import Session
    from crm.mail.letter import Arrival
    from crm.mail.models import Folder, Mailbox
    from crm.mail.stretches import Piece
    from sync.source import FolderState, MailSource

Item = TypeVar("Item")

#: However well the numbers agree, so often a folder is compared as a set.
EVERY = timedelta(hours=1)
#: A message that the server would not give is asked for in so many runs, one after the other.
ATTEMPTS = 3
#: Of what was asked for that often, at most so many are asked for again with one comparison.
AGAIN = 500
#: Places are skipped, and copies marked as gone, by the thousand.
_AT_ONCE = 1000


@dataclass(slots=True)
class Difference:
    """What one folder's comparison found. `stray` are UIDs, the rest are numbers."""

    server: int = 0
    pending: int = 0
    stray: array[int] = field(default_factory=lambda: array("q"))

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.pending or self.stray)


def agrees(mailbox: Mailbox, state: FolderState) -> bool:
    """Tell whether the numbers alone say that nothing is missing, and nothing too much.

    They do while no letter can be missing that makes up for one that is gone: what is new lies
    in the live stretch, and the rest was compared as a set not long ago.
    """

    def look(session: Session) -> bool:
        folder = folders.get_named(session, mailbox, state.name)
        if folder.compared_at is None or clock.now() - folder.compared_at > EVERY:
            return False
        if folder.pending or folder.stray or copies.count(session, folder) != state.count:
            return False
        folder.server = state.count
        return True

    return transact(mailbox.workspace_id, look)


def compare(mailbox: Mailbox, source: MailSource, state: FolderState) -> Difference:
    """Find what only the server lists, and what only the ledger has; note the sums."""
    folder, _ = _standing(mailbox, state)
    found = _difference(source, state, folder)
    _note(folder, found)
    return found


def settle(
    mailbox: Mailbox, source: MailSource, state: FolderState, again: Collection[int] = ()
) -> tuple[Difference, Filed]:
    """Compare, and settle: cut stretches for what is missing, skip by rule, mark what is gone.

    Stretches are cut for the UIDs in `again` too, which the ledger has without their bytes.
    Returns what was found, and what was skipped.
    """
    folder, open_ranges = _standing(mailbox, state)
    found, filed = _difference(source, state, folder), Filed()
    if found.pending or again:
        walk = _walk(source.listing(state), _number, folder, Difference())
        if folder.skips:
            missing = (ingest.skipped(place, folder.skips) for place, known in walk if not known)
            for arrivals in _chunks(missing, _AT_ONCE):
                filed.skipped += _file(mailbox, folder, arrivals).skipped
        else:
            if found.pending:
                listed = ((place, known and place.uid not in again) for place, known in walk)
            else:  # All is known: nothing but the numbers need be told.
                listed = ((_bare(state, uid), uid not in again) for uid in source.uids(state))
            pieces = list(cutting.closed(cutting.left_to(open_ranges, listed)))
            transact(folder.workspace_id, partial(_cut, folder=folder, pieces=pieces))
    for uids in _chunks(found.stray, _AT_ONCE):
        transact(folder.workspace_id, partial(copies.mark_gone, folder=folder, uids=uids))
    _note(folder, found)
    return found, filed


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


def ungiven(mailbox: Mailbox) -> dict[tuple[str, int], set[int]]:
    """Return the UIDs that the server listed and would not give, by folder and UIDVALIDITY.

    All that were asked for in few runs, and some of the others where an hour has passed. Read it
    before a run begins: what fails in a run was asked for a moment ago.
    """

    def read(session: Session) -> dict[tuple[str, int], set[int]]:
        found: dict[tuple[str, int], set[int]] = {}
        anew = copies.ungiven(session, mailbox, ATTEMPTS)
        due = clock.now() - EVERY
        anew += copies.ungiven_long(session, mailbox, ATTEMPTS, compared_before=due, most=AGAIN)
        for name, copy in anew:
            found.setdefault((name, copy.uidvalidity), set()).add(copy.uid)
        return found

    return transact(mailbox.workspace_id, read)


def known_uids(folder: Folder) -> Iterator[int]:
    """Yield, ascending, the UIDs that the ledger has, a page at a time.

    Each page has its own transaction: none stays open while the network is asked.
    """
    after = -1
    while True:
        read = partial(copies.uids, folder=folder, after=after, size=copies.PAGE)
        page = transact(folder.workspace_id, read)
        yield from page
        if len(page) < copies.PAGE:
            return
        after = page[-1]


def _standing(mailbox: Mailbox, state: FolderState) -> tuple[Folder, list[tuple[int, int]]]:
    """Return a folder, and what of it stretches have not come to yet."""

    def read(session: Session) -> tuple[Folder, list[tuple[int, int]]]:
        folder = folders.get_named(session, mailbox, state.name)
        return folder, stretches.open_ranges(session, folder)

    return transact(mailbox.workspace_id, read)


def _difference(source: MailSource, state: FolderState, folder: Folder) -> Difference:
    """Compare by UIDs alone: sizes and dates are asked for where something is missing."""
    found = Difference()
    for _uid, _known in _walk(source.uids(state), int, folder, found):
        pass
    return found


def _number(place: Place) -> int:
    return place.uid


def _bare(state: FolderState, uid: int) -> Place:
    return Place(state.name, state.uidvalidity, uid, 0, None)


def _walk(
    server: Iterable[Item], number: Callable[[Item], int], folder: Folder, found: Difference
) -> Iterator[tuple[Item, bool]]:
    """Walk both sides, ascending; yield what the server lists, and whether the ledger has it.

    What others file while the server is being listed may be missing there: only what the ledger
    had before can be stray.
    """
    had = transact(folder.workspace_id, partial(copies.highest, folder=folder))
    ledger = known_uids(folder)
    ours = next(ledger, None)
    for item in server:
        uid = number(item)
        found.server += 1
        while ours is not None and ours < uid:
            if ours <= had:
                found.stray.append(ours)
            ours = next(ledger, None)
        known = ours == uid
        if known:
            ours = next(ledger, None)
        else:
            found.pending += 1
        yield item, known
    while ours is not None and ours <= had:
        found.stray.append(ours)
        ours = next(ledger, None)


def _note(folder: Folder, found: Difference) -> None:
    def note(session: Session) -> None:
        current = folders.get(session, folder.workspace_id, folder.id)
        counts = {"pending": found.pending, "stray": len(found.stray)}
        copies.note_compared(session, current, server=found.server, **counts, at=clock.now())

    transact(folder.workspace_id, note)
    crash.point("after compare")


def _cut(session: Session, folder: Folder, pieces: Sequence[Piece]) -> None:
    """Cut stretches for what is missing, unless another has done so since we looked."""
    current = folders.lock(session, folder.workspace_id, folder.id)
    if current.uidvalidity == folder.uidvalidity:
        open_ranges = stretches.open_ranges(session, current)
        stretches.forget_done(session, current)
        stretches.cut(session, current, list(cutting.outside(open_ranges, pieces)))


def _file(mailbox: Mailbox, folder: Folder, arrivals: Sequence[Arrival]) -> Filed:
    def file(session: Session) -> Filed:
        return ingest.take_places(session, mailbox, folder, arrivals)

    return transact(mailbox.workspace_id, file)


def _chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    walk = iter(items)
    while chunk := list(islice(walk, size)):
        yield chunk
