"""Follow a mailbox whose server counts nothing and keeps a history of what has changed.

    never seen, or the history is too old ── take stock: every id ── stretches of what is unknown,
                  │                                                   what is not there is gone
    else ── the history since then: what was added becomes a stretch, what is gone is marked,
            labels are taken over ── the history's new point, with the last piece of it

The point is asked for before anything is listed: what happens meanwhile is told once more, which
does no harm; nothing lies between. What was found is written a piece at a time (`sync.pieces`):
whoever is stopped before the last one, or overtaken by another who begins, leaves the point where
it was. From then on what is to be fetched stands in stretches, as the rest of a mailbox's work
does.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from crm.base import clock
from crm.filing import labelling
from crm.mail import aliases, awaited, folders, mailboxes, pushed, stretches
from sync import ledger, pieces
from sync.errors import (
    CursorExpiredError,
    QuotaError,
    ScopeMissingError,
    SourceUnavailableError,
)
from sync.patience import transact
from sync.pieces import OvertakenError
from sync.source import Way
from sync.uids import Uids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from crm.base.db import Session
    from crm.filing.labelling import Change
    from crm.mail.models import Folder, Mailbox
    from sync.source import Changes, FolderState, HistorySource

_log = logging.getLogger(__name__)

#: Above every UID.
_END: Final = 2**63 - 1
#: UIDs that are compared with the ledger by one question.
_COMPARED: Final = 5000


def plan(mailbox: Mailbox, source: HistorySource, state: FolderState) -> None:
    """Bring the plan of a mailbox to where its history stands. Safe to repeat."""
    folder, due = transact(mailbox.workspace_id, lambda s: _standing(s, mailbox, state))
    if due:
        found = _aliases(mailbox, source)
        note = partial(aliases.note, mailbox=mailbox, found=found, at=clock.now())
        transact(mailbox.workspace_id, note)
    if folder.modseq is None:
        take_stock(mailbox, source, state)
    elif folder.modseq != state.modseq:
        if mailbox.pushed_at is not None:
            transact(mailbox.workspace_id, partial(pushed.doubt, mailbox=mailbox))
        since, folder = folder.modseq, pieces.begin(folder)
        try:
            changes = source.changes(since)
        except CursorExpiredError:
            transact(mailbox.workspace_id, partial(pushed.watch_again, mailbox=mailbox))
            take_stock(mailbox, source, state)
        else:
            with suppress(OvertakenError):
                _follow(mailbox, source, folder, changes)
    source.prepare()


def settle(
    mailbox: Mailbox, source: HistorySource, state: FolderState, again: Collection[int] = ()
) -> bool:
    """Compare with the server where that is due; tell whether anything is to be fetched now.

    What is in `again`, which the ledger has without its bytes, is asked for once more.
    """
    folder = transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state))
    if again:
        _ask_again(folder, again, _by_size(source, again))
    if folder.compared_at is not None and clock.now() - folder.compared_at < ledger.EVERY:
        return bool(again)
    if not ledger.compare(mailbox, source, state):
        return bool(again)
    now = source.folders()[0]
    plan(mailbox, source, now)  # It may have come since.
    with suppress(OvertakenError):
        _mend(mailbox, source, now)
    return True


def take_stock(mailbox: Mailbox, source: HistorySource, state: FolderState) -> None:
    """Compare all ids with the ledger: cut stretches for what it lacks, mark what is gone.

    What is known takes over its labels. No letter is fetched here.
    """
    folder = pieces.begin(transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state)))
    with suppress(OvertakenError):
        # What is in some hand was fetched before we list: it would be filed as it was then.
        pieces.write(folder, awaited.wrest)
        had = Uids(ledger.known_uids(folder))
        stock = source.stock()

        def choose(uid: int) -> Way | None:
            return None if uid in stock.kept_out else stock.way(uid)

        pieces.mark_gone(folder, (uid for uid in had.ascending() if uid not in stock.uids))
        if had:
            for label, listed in _labelled(source, folder):
                differing = _differing(folder, label, listed)
                pieces.relabel(mailbox, folder, differing, source.meaning, choose)
        out = ((uid, stock.kept_out[uid]) for uid in pieces.lacking(folder, stock.kept_out))
        pieces.skip(mailbox, folder, out, source.meaning)
        pieces.cut(folder, (uid for uid in stock.uids if uid not in had), choose)

        def finish(session: Session, current: Folder) -> None:
            stretches.forget_done(session, current)
            current.modseq, current.server = state.modseq, len(stock.uids)

        pieces.write(folder, finish)


def _follow(mailbox: Mailbox, source: HistorySource, folder: Folder, changes: Changes) -> None:
    """Take over what the history tells, and at the end its new point. Raises OvertakenError.

    What becomes of a letter in some worker's hands may be later than what was fetched of it, and
    where labels were listed before, of any that is awaited: the point stays where it is until that
    letter is in, and the history is told once more.
    """
    meaning, listed = source.meaning, source.from_listing
    added = [uid for uid, labels in changes.added.items() if not meaning.rule(labels)]
    back = [uid for uid, (_, went) in changes.labelled.items() if meaning.rule(frozenset(went))]
    choose = _by_size(source, [*added, *back])
    out = ((uid, labels) for uid, labels in changes.added.items() if meaning.rule(labels))
    pieces.skip(mailbox, folder, out, meaning)
    pieces.cut(folder, reversed(added), choose)
    labelled = changes.labelled.items()
    late = pieces.relabel(mailbox, folder, labelled, meaning, choose, from_listing=listed)
    late |= pieces.mark_gone(folder, sorted(changes.gone))

    def finish(session: Session, current: Folder) -> None:
        stretches.forget_done(session, current)
        if not late:
            current.modseq = changes.until

    pieces.write(folder, finish)


def _by_size(source: HistorySource, uids: Collection[int]) -> Callable[[int], Way]:
    """Return how each of these is asked for. Where there are none, nobody is asked."""
    alone, by_parts = source.large(uids) if uids else (frozenset(), frozenset())

    def choose(uid: int) -> Way:
        if uid in by_parts:
            return Way.BY_PARTS
        return Way.ALONE if uid in alone else Way.TOGETHER

    return choose


def _ask_again(folder: Folder, uids: Collection[int], by_size: Callable[[int], Way]) -> None:
    """Cut a stretch for letters that the server listed and would not give, one by one."""

    def write(session: Session) -> None:
        current = folders.lock(session, folder.workspace_id, folder.id)
        left = sorted(set(uids) - awaited.among(session, current, list(uids)), reverse=True)
        stretches.forget_done(session, current)
        stretches.cut(
            session, current, list(pieces.cut_up(left, lambda uid: max(by_size(uid), Way.ALONE)))
        )

    transact(folder.workspace_id, write)


def _standing(session: Session, mailbox: Mailbox, state: FolderState) -> tuple[Folder, bool]:
    """Return the mailbox's folder, and whether its owner's other addresses are to be asked for."""
    current = mailboxes.get(session, mailbox.workspace_id, mailbox.id)
    return _folder(session, mailbox, state), aliases.are_due(current, clock.now())


def _aliases(mailbox: Mailbox, source: HistorySource) -> Sequence[str]:
    """Ask for the owner's other addresses. Where they are refused, what was known stays."""
    try:
        return source.aliases()
    except (SourceUnavailableError, ScopeMissingError) as error:
        settled = isinstance(error, ScopeMissingError) or error.said.startswith(("400:", "403:"))
        if not settled or isinstance(error, QuotaError):
            raise
        _log.warning("The aliases of mailbox %s are not told: %s", mailbox.id, error.code)
        known: list[str] = mailbox.place.get("aliases", [])
        return known


def _folder(session: Session, mailbox: Mailbox, state: FolderState) -> Folder:
    """Return the mailbox's one folder, which is noted at the first look."""
    found = folders.find(session, mailbox, state.name)
    if found is None:
        number = state.uidvalidity
        found = folders.add(
            session, mailbox, state.name, role=state.role, uidvalidity=number, skips=""
        )
    if found.modseq is None:
        found.server = state.count  # Whoever watches it come in wants to know of how many.
    return found


def _mend(mailbox: Mailbox, source: HistorySource, state: FolderState) -> None:
    """Mark what only the ledger has, and cut stretches for what only the server has.

    Labels need no listing, for the history has told of them. A letter that Gmail lists and does not
    know when it is asked for is asked for once in each comparison, and nothing more.
    """
    folder = transact(mailbox.workspace_id, lambda s: _folder(s, mailbox, state))
    had = Uids(ledger.known_uids(folder))
    there = Uids(source.uids(state))
    pieces.mark_gone(folder, (uid for uid in had.ascending() if uid not in there))
    missing = pieces.lacking(folder, (uid for uid in there if uid not in had))
    for some in pieces.chunks(missing, pieces.AT_ONCE):
        pieces.cut(folder, some, _by_size(source, some))


def _labelled(source: HistorySource, folder: Folder) -> Iterator[tuple[str, Uids]]:
    """Yield each label with what bears it: one listing for each, and nothing for one that is gone.

    The server's names alone would leave us what bears a label that has been deleted.
    """
    names = source.labels()
    for label in names:
        yield label, Uids(source.labelled(label))
    borne = transact(folder.workspace_id, partial(labelling.borne, folder=folder))
    for label in sorted(borne - names.keys()):
        yield label, Uids()


def _differing(folder: Folder, label: str, listed: Uids) -> Iterator[tuple[int, Change]]:
    """Yield how what bears a label differs from what the ledger says, by ascending UID."""

    def ask(session: Session, some: Sequence[int], above: int, upto: int) -> dict[int, Change]:
        return labelling.differing(session, folder, label, some, above=above, upto=upto)

    above = -1
    for some in pieces.chunks(listed.ascending(), _COMPARED):
        look = partial(ask, some=some, above=above, upto=some[-1])
        yield from transact(folder.workspace_id, look).items()
        above = some[-1]
    look = partial(ask, some=[], above=above, upto=_END)
    yield from transact(folder.workspace_id, look).items()
