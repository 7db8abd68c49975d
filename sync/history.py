"""Follow a mailbox whose server counts nothing and keeps a history of what has changed.

    never seen, or the history is too old ── take stock: every id ── stretches of what is unknown,
                  │                                                   what is not there is gone
    else ── the history since then: what was added becomes a stretch, what is gone is marked,
            labels are taken over ── the history's new point, in the same transaction

The point is asked for before anything is listed: what happens meanwhile is told once more, which
does no harm; nothing lies between. From then on what is to be fetched stands in stretches, as the
rest of a mailbox's work does.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from crm.base import clock
from crm.filing import labelling
from crm.mail import awaited, copies, folders, mailboxes, pushed, stretches
from crm.mail.stretches import Piece
from sync import ingest, ledger
from sync.cutting import SPAN
from sync.errors import CursorExpiredError
from sync.patience import transact
from sync.source import Place, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from crm.base.db import Session
    from crm.filing.labelling import Change
    from crm.mail.letter import Arrival
    from crm.mail.models import Folder, Mailbox
    from sync.source import Changes, FolderState, HistorySource

#: The rank of what has just come: before everything else.
_NEW = 2**62
_AT_ONCE = 1000


def plan(mailbox: Mailbox, source: HistorySource, state: FolderState) -> None:
    """Bring the plan of a mailbox to where its history stands. Safe to repeat."""
    folder = transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state))
    if folder.modseq is None:
        take_stock(mailbox, source, state)
    elif folder.modseq != state.modseq:
        if mailbox.pushed_at is not None:
            transact(mailbox.workspace_id, partial(pushed.doubt, mailbox=mailbox))
        try:
            changes = source.changes(folder.modseq)
        except CursorExpiredError:
            transact(mailbox.workspace_id, partial(pushed.watch_again, mailbox=mailbox))
            take_stock(mailbox, source, state)
        else:
            _follow(mailbox, source, folder, changes)


def settle(
    mailbox: Mailbox, source: HistorySource, state: FolderState, again: Collection[int] = ()
) -> bool:
    """Compare with the server where that is due, and plan what was found; tell whether it was.

    What is in `again`, which the ledger has without its bytes, is asked for once more.
    """
    folder = transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state))
    if again:
        _ask_again(folder, again)
        return True
    if folder.compared_at is not None and clock.now() - folder.compared_at < ledger.EVERY:
        return False
    if not ledger.compare(mailbox, source, state):
        return False
    plan(mailbox, source, source.folders()[0])  # It may have come since.
    coming, known = _coming(folder), set(ledger.known_uids(folder))
    there = set(source.uids(state))
    if known - there or there - known - coming:
        take_stock(mailbox, source, source.folders()[0])
    return True


def take_stock(mailbox: Mailbox, source: HistorySource, state: FolderState) -> None:
    """Compare all ids with the ledger: cut stretches for what it lacks, mark what is gone.

    What is known takes over its labels. No letter is fetched here.
    """
    folder = transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state))
    stock = source.stock()
    coming = _coming(folder)
    known = set(ledger.known_uids(folder))
    gone = sorted(known.difference(stock.uids))
    fresh = [uid for uid in stock.uids if uid not in known and uid not in coming]
    relabelled = _relabelled(source, folder) if known else {}
    aliases = source.aliases()
    pieces = list(_cut((uid for uid in fresh if uid not in stock.kept_out), stock.way))

    def write(session: Session) -> None:
        current = folders.lock(session, folder.workspace_id, folder.id)
        if current.modseq != folder.modseq:
            return  # Another worker has gone on from here.
        copies.mark_gone(session, current, gone)
        wanted = _take_over(session, mailbox, current, relabelled, source)
        stretches.forget_done(session, current)
        awaited.wrest(session, current)  # What is in some hand was fetched before we listed.
        stretches.cut(session, current, [*pieces, *_cut(wanted, stock.way)])
        mailboxes.note_aliases(session, mailbox, aliases)
        current.modseq, current.server = state.modseq, len(stock.uids)

    out = {uid: stock.kept_out[uid] for uid in fresh if uid in stock.kept_out}
    _skip(mailbox, folder, out, source)
    transact(folder.workspace_id, write)


def _follow(mailbox: Mailbox, source: HistorySource, folder: Folder, changes: Changes) -> None:
    """Take over what the history tells, and its new point with it, in one transaction.

    What becomes of a letter that is about to come in may be later than what was fetched of it: the
    point stays where it is until that letter is in, and the history is told once more.
    """
    rule = source.meaning.rule
    out = {uid: labels for uid, labels in changes.added.items() if rule(labels)}
    added = [uid for uid in changes.added if uid not in out]
    alone, by_parts = source.large() if added or changes.labelled else (frozenset(), frozenset())

    def way(uid: int) -> Way:
        if uid in by_parts:
            return Way.BY_PARTS
        return Way.ALONE if uid in alone else Way.TOGETHER

    def write(session: Session) -> None:
        current = folders.lock(session, folder.workspace_id, folder.id)
        if current.modseq != folder.modseq:
            return  # Another worker has gone on from here.
        coming = set(awaited.uids(session, current))
        copies.mark_gone(session, current, sorted(changes.gone))
        wanted = _take_over(session, mailbox, current, changes.labelled, source)
        known = copies.known(session, current, [*changes.added])
        fresh = [uid for uid in added if uid not in known and uid not in coming]
        stretches.forget_done(session, current)
        stretches.cut(session, current, list(_cut([*wanted, *fresh], way)))
        if coming.isdisjoint(changes.labelled) and coming.isdisjoint(changes.gone):
            current.modseq = changes.until

    _skip(mailbox, folder, out, source)
    transact(folder.workspace_id, write)


def _ask_again(folder: Folder, uids: Collection[int]) -> None:
    """Cut a stretch for letters that the server listed and would not give, one by one."""

    def write(session: Session) -> None:
        current = folders.lock(session, folder.workspace_id, folder.id)
        left = sorted(set(uids) - set(awaited.uids(session, current)), reverse=True)
        stretches.forget_done(session, current)
        stretches.cut(session, current, list(_cut(left, lambda _uid: Way.ALONE)))

    transact(folder.workspace_id, write)


def _folder(session: Session, mailbox: Mailbox, state: FolderState) -> Folder:
    """Return the mailbox's one folder, which is noted at the first look."""
    found = folders.find(session, mailbox, state.name)
    if found is None:
        number = state.uidvalidity
        found = folders.add(
            session, mailbox, state.name, role=state.role, uidvalidity=number, skips=""
        )
        found.server = state.count  # Whoever watches it come in wants to know of how many.
    return found


def _coming(folder: Folder) -> set[int]:
    """Return what stretches are about to bring in."""
    return set(transact(folder.workspace_id, partial(awaited.uids, folder=folder)))


def _relabelled(source: HistorySource, folder: Folder) -> dict[int, Change]:
    """Return which labels differ from what the ledger says, by one listing for each label."""
    found: dict[int, tuple[set[str], set[str]]] = {}
    for label in source.labels():
        listed = list(source.labelled(label))
        ask = partial(labelling.differing, folder=folder, label=label, uids=listed)
        for uid, (came, went) in transact(folder.workspace_id, ask).items():
            both = found.setdefault(uid, (set(), set()))
            both[0].update(came)
            both[1].update(went)
    return dict(found)


def _take_over(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    changes: Mapping[int, Change],
    source: HistorySource,
) -> list[int]:
    """Take over labels; return what is to be fetched, for no rule keeps it out any more."""
    wanted = []
    walk = iter(changes)
    while some := list(islice(walk, _AT_ONCE)):
        part = {uid: changes[uid] for uid in some}
        meaning = source.meaning
        wanted += labelling.change(session, mailbox, folder, part, meaning, at=clock.now())
    return wanted


def _skip(
    mailbox: Mailbox, folder: Folder, out: Mapping[int, frozenset[str]], source: HistorySource
) -> None:
    """Account for what a rule keeps out. What the ledger has already is left alone."""
    walk = iter(out.items())
    while some := list(islice(walk, _AT_ONCE)):
        arrivals = [
            ingest.skipped(
                Place(folder.name, folder.uidvalidity, uid),
                source.meaning.rule(labels),
                tuple(sorted(labels)),
            )
            for uid, labels in some
        ]

        def file(session: Session, arrivals: Sequence[Arrival] = tuple(arrivals)) -> None:
            ingest.take_places(session, mailbox, folder, arrivals)

        transact(folder.workspace_id, file)


def _cut(uids: Iterable[int], way: Callable[[int], Way]) -> Iterator[Piece]:
    """Cut ids, the newest first, into pieces of those that are asked for alike."""
    ways: dict[Way, list[int]] = {}
    ranks: dict[int, int] = {}
    for position, uid in enumerate(uids):
        ways.setdefault(way(uid), []).append(uid)
        ranks[uid] = _NEW - position
    for how, all_of_it in ways.items():
        for start in range(0, len(all_of_it), SPAN):
            some = all_of_it[start : start + SPAN]
            yield Piece(min(some), max(some), ranks[some[0]], tuple(sorted(some)), how)
