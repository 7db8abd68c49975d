"""What is found out about a mailbox with a history, written down a piece at a time.

A piece is small: nobody waits for long who wants to file meanwhile. Each is written only while
nobody else has written the folder's row, as whoever begins to find out does: two may do so at once,
as a command beside a worker, and what the first was told is older than what the second writes. A
piece may be written again: who is stopped between two leaves a mailbox that is looked at from the
same point of the history once more. The point moves by itself, at the end.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from crm.base import clock, crash
from crm.filing import known, labelling
from crm.mail import awaited, copies, folders, stretches
from crm.mail.stretches import Piece
from sync import ingest
from sync.cutting import SPAN
from sync.patience import transact
from sync.source import Place, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm.base.db import Session
    from crm.filing.labelling import Change, Meaning
    from crm.mail.models import Folder, Mailbox

    #: How a letter is to be asked for; None where it is not to be.
    Choice = Callable[[int], Way | None]

Item = TypeVar("Item")
Result = TypeVar("Result")

#: The rank of what has just come: before everything else.
NEW: Final = 2**62
#: Rows that are changed in one transaction, and UIDs that are cut into stretches in one.
AT_ONCE: Final = 1000
CUT_AT_ONCE: Final = 20 * SPAN


class OvertakenError(Exception):
    """Another worker has begun to find out, or has moved the point: what was found out is old."""


def begin(folder: Folder) -> Folder:
    """Begin to find out: whoever began before writes no more. Ask the server after this."""
    return transact(folder.workspace_id, lambda s: folders.begin(s, folder.workspace_id, folder.id))


def write(
    folder: Folder, work: Callable[[Session, Folder], Result], *, filing: bool = False
) -> Result:
    """Do a piece of work while nobody else has written the folder's row. Raises OvertakenError."""

    def once(session: Session) -> Result:
        if filing:  # Before the folder, as whoever files has it: each would wait for the other.
            known.lock(session, folder.workspace_id)
        current = folders.lock(session, folder.workspace_id, folder.id)
        if current.written_by != folder.written_by:
            raise OvertakenError
        return work(session, current)

    done = transact(folder.workspace_id, once)
    crash.point("after piece")
    return done


def mark_gone(folder: Folder, uids: Iterable[int]) -> bool:
    """Note what the server no longer has; tell whether some of it is in a worker's hands."""

    def mark(session: Session, current: Folder, some: Sequence[int]) -> bool:
        held = awaited.in_hand(session, current, some)
        copies.mark_gone(session, current, some)
        return bool(held)

    held = False
    for some in chunks(uids, AT_ONCE):
        held |= write(folder, partial(mark, some=some))
    return held


def relabel(
    mailbox: Mailbox,
    folder: Folder,
    changes: Iterable[tuple[int, Change]],
    meaning: Meaning,
    choose: Choice,
    *,
    from_listing: bool = False,
) -> bool:
    """Take over what labels came and went; tell whether some of it may yet come without that.

    It may where it is in a worker's hands; and where labels come `from_listing`, which was made
    before, all that is awaited. What no rule keeps out any more is to be fetched: a stretch is cut
    for it, and it is awaited from then on.
    """
    which = awaited.among if from_listing else awaited.in_hand

    def take_over(session: Session, current: Folder, some: dict[int, Change]) -> bool:
        held = which(session, current, list(some))
        at = clock.now()
        wanted = labelling.change(session, mailbox, current, some, meaning, at=at)
        stretches.cut(session, current, list(cut_up(wanted, choose)))
        return bool(held) or (from_listing and bool(wanted))

    held = False
    for some in chunks(changes, AT_ONCE):
        held |= write(folder, partial(take_over, some=dict(some)), filing=True)
    return held


def cut(folder: Folder, uids: Iterable[int], choose: Choice) -> None:
    """Cut stretches for what the ledger lacks of these UIDs, which come the newest first.

    What lies in an open stretch already is left to that one.
    """

    def put(session: Session, current: Folder, some: Sequence[int], before: int) -> None:
        there = copies.known(session, current, some) | awaited.among(session, current, some)
        fresh = [uid for uid in some if uid not in there]
        stretches.cut(session, current, list(cut_up(fresh, choose, before)))

    before = 0
    for some in chunks(uids, CUT_AT_ONCE):
        write(folder, partial(put, some=some, before=before))
        before += len(some)


def skip(
    mailbox: Mailbox,
    folder: Folder,
    out: Iterable[tuple[int, frozenset[str]]],
    meaning: Meaning,
) -> None:
    """Account for what a rule keeps out. What the ledger has, or awaits, is left alone."""

    def leave_out(session: Session, current: Folder, some: dict[int, frozenset[str]]) -> None:
        there = awaited.among(session, current, list(some))
        arrivals = [
            ingest.skipped(
                Place(folder.name, folder.uidvalidity, uid),
                meaning.rule(labels),
                tuple(sorted(labels)),
            )
            for uid, labels in some.items()
            if uid not in there
        ]
        ingest.take_places(session, mailbox, current, arrivals)

    for some in chunks(out, AT_ONCE):
        write(folder, partial(leave_out, some=dict(some)), filing=True)


def lacking(folder: Folder, uids: Iterable[int]) -> Iterator[int]:
    """Yield which of these UIDs the ledger lacks, and no stretch will bring. Nothing is written."""

    def look(session: Session, some: Sequence[int]) -> list[int]:
        there = copies.known(session, folder, some) | awaited.among(session, folder, some)
        return [uid for uid in some if uid not in there]

    for some in chunks(uids, CUT_AT_ONCE):
        yield from transact(folder.workspace_id, partial(look, some=some))


def cut_up(uids: Iterable[int], choose: Choice, before: int = 0) -> Iterator[Piece]:
    """Cut ids, the newest first, into pieces of those that are asked for alike.

    `before` is how many were cut before them.
    """
    ways: dict[Way, list[int]] = {}
    ranks: dict[int, int] = {}
    for position, uid in enumerate(uids, before):
        how = choose(uid)
        if how is not None and uid not in ranks:
            ways.setdefault(how, []).append(uid)
            ranks[uid] = NEW - position
    for how, all_of_it in ways.items():
        for start in range(0, len(all_of_it), SPAN):
            some = all_of_it[start : start + SPAN]
            yield Piece(min(some), max(some), ranks[some[0]], tuple(sorted(some)), how)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield items in lists of at most so many."""
    walk = iter(items)
    while some := list(islice(walk, size)):
        yield some
