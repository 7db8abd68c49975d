"""What was found out about a mailbox with a history, a piece at a time, whoever is stopped."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text

from crm.base import db
from crm.base.settings import Settings
from crm.mail import awaited, folders
from crm.mail.models import Folder
from server.demo.gmail import GmailServer, Mailbox
from sync import history, ingest, pieces
from sync.credentials import open_source
from sync.patience import transact
from sync.pieces import OvertakenError
from sync.source import Place, Way
from sync.sources.gmail import GmailSource, listing
from tests import make
from tests.sync import rig
from tests.sync.rig import Box
from tests.sync.test_history import afresh, fill, living

ADDRESS = "ana@halden.test"


class StopError(Exception):
    """The process ends here."""


@pytest.fixture
def box(town: Settings, google: GmailServer, account: Mailbox) -> Box:
    return rig.connect_gmail(town, google)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "AT_ONCE", 2)
    monkeypatch.setattr(pieces, "CUT_AT_ONCE", 3)
    monkeypatch.setattr(pieces, "SPAN", 2)


def after(monkeypatch: pytest.MonkeyPatch, count: int, then: Callable[[], None]) -> None:
    """Let something happen once, after so many pieces."""
    passed = list[str]()

    def point(name: str) -> None:
        passed.append(name)
        if passed.count("after piece") == count and passed[-1] == "after piece":
            then()

    monkeypatch.setattr(pieces.crash, "point", point)


def stop() -> None:
    raise StopError


def folder_of(box: Box) -> Folder:
    [found] = transact(box.workspace_id, lambda s: folders.of_mailbox(s, box.row())).values()
    return found


def cut(box: Box) -> Counter[int]:
    """Count how often each letter is to be fetched."""
    rows = box.ask(
        "select unnest(uids) from stretch where workspace_id = %s and not done", box.workspace_id
    )
    return Counter(uid for (uid,) in rows)


def much_happens(account: Mailbox, ids: list[str]) -> None:
    for n in range(5):
        account.deliver(make.raw(subject=f"New {n}"))
        account.deliver(make.raw(subject=f"Spam {n}"), labels=["SPAM"])
        account.label(ids[n], add=["STARRED"], remove=["UNREAD"])
        account.trash(ids[5 + n])
        account.delete(ids[10 + n])


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("expired", [False, True])
@pytest.mark.parametrize("count", range(1, 13))
def test_whoever_is_stopped_between_two_pieces_has_done_no_harm(
    town: Settings,
    google: GmailServer,
    account: Mailbox,
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    expired: bool,
) -> None:
    ids = fill(account, 16)
    rig.bring(box)
    point = folder_of(box).modseq
    much_happens(account, ids)
    if expired:
        account.age_history()
    asked = len(google.calls)
    after(monkeypatch, count, stop)

    with pytest.raises(StopError):
        rig.bring(box)
    assert folder_of(box).modseq == point
    monkeypatch.undo()
    rig.bring(box)

    assert folder_of(box).modseq != point
    assert living(box) == afresh(town, google)
    got = Counter(
        call.id
        for call in google.calls[asked:]
        if call.method == "users.messages.get" and call.id not in ids
    )
    assert set(got.values()) == {2}  # Once here, and once afresh.
    rig.assert_filed_once(box)


@pytest.mark.usefixtures("small")
def test_a_piece_is_written_by_itself(
    account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = fill(account, 8)
    rig.bring(box)
    for id_ in ids:
        account.label(id_, add=["STARRED"])
    after(monkeypatch, 1, stop)

    with pytest.raises(StopError):
        rig.bring(box)

    assert sum("STARRED" in row[2] for row in living(box).values()) == 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("count", range(1, 6))
def test_two_who_take_stock_at_once_cut_each_letter_once(
    account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    fill(account, 10)
    with open_source(box.row(), box.settings, box.vault) as source:
        assert isinstance(source, GmailSource)
        [state] = source.folders()

        def other() -> None:
            with open_source(box.row(), box.settings, box.vault) as theirs:
                assert isinstance(theirs, GmailSource)
                history.take_stock(box.row(), theirs, state)

        after(monkeypatch, count, other)

        history.take_stock(box.row(), source, state)

    assert len(cut(box)) == 10
    assert set(cut(box).values()) == {1}


def test_what_another_has_gone_on_from_is_written_no_more(
    account: Mailbox, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(account, 3)
    rig.bring(box)
    before = folder_of(box)
    account.deliver(make.raw(subject="New"))
    rig.bring(box)

    with pytest.raises(OvertakenError):
        pieces.cut(before, [77], lambda _uid: Way.TOGETHER)

    assert not cut(box)


def test_what_was_asked_before_another_planned_is_not_written_over_what_that_one_found(
    town: Settings,
    google: GmailServer,
    account: Mailbox,
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = fill(account, 4)
    rig.bring(box)
    account.trash(ids[1])
    account.label(ids[2], add=["STARRED"])
    relabel = pieces.relabel

    def first(*asked: Any, **more: Any) -> bool:
        monkeypatch.undo()
        account.untrash(ids[1])
        account.label(ids[2], remove=["STARRED"])

        def second(*theirs: Any, **others: Any) -> bool:
            monkeypatch.undo()
            found = relabel(*theirs, **others)
            with suppress(OvertakenError):
                relabel(*asked, **more)
            return found

        monkeypatch.setattr(pieces, "relabel", second)
        rig.bring(box)
        raise OvertakenError

    monkeypatch.setattr(pieces, "relabel", first)
    rig.bring(box)
    rig.bring(box)

    assert living(box) == afresh(town, google)


def test_whoever_takes_stock_overtakes_whoever_began_before(account: Mailbox, box: Box) -> None:
    fill(account, 3)
    rig.bring(box)
    before = folder_of(box)

    with open_source(box.row(), box.settings, box.vault) as source:
        assert isinstance(source, GmailSource)
        [state] = source.folders()
        history.take_stock(box.row(), source, state)

    assert folder_of(box).modseq == before.modseq
    with pytest.raises(OvertakenError):
        pieces.cut(before, [77], lambda _uid: Way.TOGETHER)


def test_what_lies_in_a_stretch_is_not_skipped_behind_its_back(box: Box, account: Mailbox) -> None:
    rig.bring(box)
    folder, out = folder_of(box), {5: frozenset({"SPAM"}), 6: frozenset({"SPAM"})}
    pieces.cut(folder, [5], lambda _uid: Way.TOGETHER)
    with open_source(box.row(), box.settings, box.vault) as source:
        assert isinstance(source, GmailSource)
        pieces.skip(box.row(), folder, out.items(), source.meaning)

    assert [row[:2] for row in living(box).values()] == [(2, "spam")]
    assert transact(box.workspace_id, lambda s: awaited.among(s, folder, range(60))) == {5}


def test_the_newest_lie_in_the_stretch_that_is_taken_first() -> None:
    found = list(pieces.cut_up([9, 4, 4, 7], lambda uid: Way.ALONE if uid == 4 else Way.TOGETHER))

    assert [(one.uids, one.way) for one in found] == [((7, 9), 0), ((4,), 1)]
    assert [one.rank for one in found] == [pieces.NEW, pieces.NEW - 1]
    assert list(pieces.cut_up([3], lambda _uid: None)) == []


def test_a_mailbox_of_any_size_is_compared_in_little_memory(
    box: Box, account: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.bring(box)
    count = 100_000

    def ids(_client: object, *, label: str = "", query: str = "") -> Iterator[int]:
        few = label in listing.RULES or query
        yield from range(2**60 + count, 2**60, -1000 if few else -1)

    monkeypatch.setattr(listing, "ids", ids)
    with open_source(box.row(), box.settings, box.vault) as source:
        assert isinstance(source, GmailSource)
        [state] = source.folders()
        tracemalloc.start()

        history.take_stock(box.row(), source, state)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert sum(cut(box).values()) == count - count // 1000
    assert most < 100 * count


def test_whoever_files_does_not_wait_for_a_piece_that_is_being_written(
    google: GmailServer, account: Mailbox, box: Box
) -> None:
    fill(account, 3)
    assert rig.bring(box, budget=0).stored == 3
    folder = folder_of(box)
    late = ingest.skipped(Place(folder.name, folder.uidvalidity, 77), "spam")

    with db.transaction(box.workspace_id) as writing:
        folders.lock(writing, box.workspace_id, folder.id)
        with db.transaction(box.workspace_id) as filing:
            filing.execute(text("set local lock_timeout = '2s'"))
            assert ingest.take_places(filing, box.row(), folder, [late]).skipped == 1
