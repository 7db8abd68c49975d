"""The ledger: both sides are compared as sets, and the gap is healed."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crm.base import db
from crm.base.settings import Settings
from crm.filing import Filed
from crm.mail import copies, folders
from crm.mail.letter import Letter
from crm.mail.models import CopyState
from sync import backfill, ingest, ledger, reading, running
from sync.credentials import open_source
from sync.source import FolderState, MailSource, Place
from sync.sources.files import FilesSource
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault, Proxy
from tests.sync import rig
from tests.sync.rig import Box


def write(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True)
    letters = rig.letters(numbers.stop)
    for n in numbers:
        (folder / f"{n}.eml").write_bytes(letters[n])


def compare(box: Box, source: MailSource | None = None) -> dict[str, ledger.Difference]:
    with source or open_source(box.row(), box.settings, box.vault) as mail:
        states = backfill.plan(box.row(), mail, mail.folders())
        return {name: ledger.compare(box.row(), mail, state) for name, state in states.items()}


def test_what_only_the_server_has_is_pending_and_what_only_we_have_is_stray(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    (tmp_path / "mail" / "0.eml").unlink()
    write(tmp_path / "mail", range(5, 7))

    (found,) = compare(box).values()

    assert (found.server, found.pending, len(found.stray)) == (6, 2, 1)
    (noted,) = box.ask(
        "select server, pending, stray from folder where workspace_id = %s", box.workspace_id
    )
    assert noted == (6, 2, 1)


def test_what_is_pending_gets_stretches_and_what_is_stray_is_gone(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    (tmp_path / "mail" / "0.eml").unlink()
    write(tmp_path / "mail", range(5, 7))

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (2, "")
    rig.assert_balanced(box)
    assert box.ask("select count(*) from copy where state = %s", CopyState.GONE) == [(1,)]


def test_what_is_missing_is_cut_for_once_and_what_is_done_is_forgotten(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    cut = 'select count(*) from stretch where "last" is not null and workspace_id = %s'
    missing = list(sorted(uid for _, uid in rig.places_of(box, CopyState.STORED))[1:4:2])
    box.ask("delete from copy where workspace_id = %s and uid = any(%s)", box.workspace_id, missing)

    for _ in range(2):
        with open_source(box.row(), town, box.vault) as source:
            (state,) = source.folders()
            found, _skipped = ledger.settle(box.row(), source, state)

    assert found.pending == 2
    assert box.ask(cut, box.workspace_id) == [(2,)]
    box.ask("update stretch set done = true where workspace_id = %s", box.workspace_id)


def test_what_lies_in_a_stretch_that_is_not_finished_is_left_to_it(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")

    with open_source(box.row(), town, box.vault) as source:
        (state,) = backfill.plan(box.row(), source, source.folders()).values()
        before = box.ask("select id from stretch where workspace_id = %s", box.workspace_id)
        found, _skipped = ledger.settle(box.row(), source, state)

    assert found.pending == 5
    assert box.ask("select id from stretch where workspace_id = %s", box.workspace_id) == before


@pytest.mark.parametrize("ending", [RuntimeError, None], ids=["fails", "ends the worker"])
def test_a_new_letter_below_the_cursor_that_ends_workers_is_kept_raw_and_holds_up_nobody(
    town: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: type[Exception] | None
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    poison = make.raw(subject="Poison", message_id="poison@x")
    write_below_the_cursor(box, tmp_path / "mail", poison)
    write(tmp_path / "mail", range(5, 9))
    ended = 0
    if ending is not None:
        monkeypatch.setattr(reading, "read", failing(reading.read))

    while ended < 9:
        if ending is None:
            fell = rig.finish(rig.start(box, poison=b"Poison")) == 137
            rig.expire_leases(box)
        else:
            fell = falls(box)
        if not fell:
            break
        ended += 1

    assert 0 < ended <= 4
    assert len(rig.places_of(box, CopyState.STORED)) == 9
    assert len(rig.places_of(box, CopyState.FAILED)) == 1
    rig.assert_balanced(box)


def write_below_the_cursor(box: Box, folder: Path, raw: bytes) -> None:
    """Add a letter where the live stretch does not come by any more."""
    ((cursor,),) = box.ask(
        'select cursor from stretch where "last" is null and workspace_id = %s', box.workspace_id
    )
    for n in range(999):
        path = folder / f"below{n}.eml"
        path.write_bytes(raw)
        with FilesSource(folder) as source:
            (state,) = source.folders()
            if len([p for p in source.listing(state) if p.uid < cursor]) == 5:
                return
        path.unlink()


def falls(box: Box) -> bool:
    try:
        rig.bring(box)
    except RuntimeError:
        return True
    return False


def failing(read: Callable[..., Letter]) -> Callable[..., Letter]:
    """Let reading one letter raise what no reader foresees."""

    def fail(raw: bytes, **more: Any) -> Letter:
        if b"Poison" in raw:
            raise RuntimeError("a reader's mistake")
        return read(raw, **more)

    return fail


def test_a_letter_that_was_gone_and_is_back_is_stored_again_and_not_doubled(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(4))
    shutil.copytree(tmp_path / "mail", tmp_path / "backup")
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    (tmp_path / "mail" / "2.eml").unlink()
    rig.bring(box)
    assert len(rig.places_of(box, CopyState.STORED)) == 3

    shutil.copy2(tmp_path / "backup" / "2.eml", tmp_path / "mail" / "2.eml")
    rig.bring(box)

    assert len(rig.places_of(box, CopyState.STORED)) == 4
    rig.assert_filed_once(box)
    rig.assert_balanced(box)


class Arriving(FilesSource):
    """A mailbox into which a letter comes, and is taken in, while it is being listed."""

    def __init__(self, path: Path, box: Box) -> None:
        super().__init__(path)
        self._box = box

    def listing(self, folder: FolderState) -> Iterator[Place]:
        """List what was there at first, and only then say that all has been told."""
        listed = list(super().listing(folder))
        arrived = len(listed)
        write(self._path, range(arrived, arrived + 1))
        others = {place.uid for place in listed}
        with FilesSource(self._path) as fresh:
            (state,) = fresh.folders()
            (place,) = [p for p in fresh.listing(state) if p.uid not in others]
            arrival = ingest.read_one(fresh.letter(place))
        with db.transaction(self._box.workspace_id) as session:
            mailbox = self._box.row()
            row = folders.of_mailbox(session, mailbox)[folder.name]
            ingest.take_places(session, mailbox, row, [arrival])
        yield from listed


def test_a_letter_that_another_worker_stores_during_the_comparison_is_not_stray(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(5))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)

    (found,) = compare(box, Arriving(tmp_path / "mail", box)).values()

    assert not found.stray


def test_neither_is_it_in_a_folder_of_more_letters_than_are_read_at_once(
    town: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PAGE", 2)
    rig.deliver(dovecot, "manyread", rig.letters(5))
    box = rig.connect(town, dovecot.port, "manyread")
    rig.bring(box)
    with open_source(box.row(), town, box.vault) as source:
        (state,) = [one for one in source.folders() if one.name == "INBOX"]
        listed = list(source.uids(state))

        def uids(_folder: FolderState) -> Iterator[int]:
            """List what was there before another worker took in one more."""
            rig.deliver(dovecot, "manyread", rig.letters(1, seed=2))
            rig.bring(box)
            yield from listed

        monkeypatch.setattr(source, "uids", uids)
        found, _filed = ledger.settle(box.row(), source, state)

    assert not found.stray
    assert len(rig.places_of(box, CopyState.STORED)) == 6


def test_a_million_skipped_letters_are_walked_in_little_memory(
    town: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.deliver(dovecot, "skipped", rig.letters(1), "Junk")
    box = rig.connect(town, dovecot.port, "skipped")
    rig.bring(box)
    with open_source(box.row(), town, box.vault) as source:
        (state,) = [one for one in source.folders() if one.name == "Junk"]
        filed: list[int] = []

        def listing(folder: FolderState) -> Iterator[Place]:
            return (Place("Junk", folder.uidvalidity, uid) for uid in range(1, 50_001))

        def file(_session: object, _mailbox: object, _folder: object, some: list[Any]) -> Filed:
            filed.append(len(some))
            return Filed(skipped=len(some))

        monkeypatch.setattr(source, "uids", lambda folder: (p.uid for p in listing(folder)))
        monkeypatch.setattr(source, "listing", listing)
        monkeypatch.setattr(ingest, "take_places", file)
        tracemalloc.start()
        found, skipped = ledger.settle(box.row(), source, state)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (found.pending, skipped.skipped, sum(filed)) == (49_999, 49_999, 49_999)
    assert most < 2_000_000


def test_the_ledger_has_the_uids_of_a_folder_without_those_that_are_gone(
    town: Settings, tmp_path: Path
) -> None:
    write(tmp_path / "mail", range(4))
    box = rig.connect_files(town, tmp_path / "mail")
    rig.bring(box)
    (tmp_path / "mail" / "1.eml").unlink()
    rig.bring(box)

    with db.transaction(box.workspace_id) as session:
        (folder,) = folders.of_mailbox(session, box.row()).values()

    known = list(ledger.known_uids(folder))
    assert known == sorted(uid for _, uid in rig.places_of(box, CopyState.STORED))
    assert len(known) == 3


def test_a_letter_without_text_is_asked_for_in_three_runs_and_then_left_alone(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "ungiven", rig.letters(3))
    box = rig.connect(town, liar.port, "ungiven")
    liar.plan(Fault("nil_body", uid=2, times=None))

    asked = []
    for _ in range(4):
        before = len(liar.happened)
        rig.bring(box)
        asked.append(len(liar.happened) - before)

    assert asked[0] > 0
    assert asked[-1] == 0
    rows = box.ask(
        "select uid, error, attempts from copy where state = %s and mailbox_id = %s",
        CopyState.FAILED,
        box.id,
    )
    assert rows == [(2, "server gives no text", ledger.ATTEMPTS)]
    rig.assert_exact(box, rig.served(dovecot, "ungiven"), failed=1)


def test_a_letter_that_is_given_at_last_leaves_the_quarantine(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "atlast", rig.letters(3))
    box = rig.connect(town, liar.port, "atlast")
    liar.plan(Fault("zero_body", uid=2, times=3))

    rig.bring(box)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "atlast"))


@pytest.mark.parametrize("kind", ["zero_body", "nil_body"])
def test_a_server_that_is_well_again_is_asked_anew_and_nobody_has_to_come(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher, kind: str
) -> None:
    rig.deliver(dovecot, f"anew{kind}", rig.letters(6))
    box = rig.connect(town, liar.port, f"anew{kind}")
    liar.plan(Fault(kind, times=None))
    for _ in range(ledger.ATTEMPTS + 2):
        rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, f"anew{kind}"), failed=6)
    liar.heal()

    assert rig.bring(box).stored == 0
    rig.hours_pass(box)
    assert rig.bring(box).stored == 6
    passed = len(liar.bodies)
    rig.hours_pass(box)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, f"anew{kind}"))
    assert len(liar.bodies) == passed


def test_what_is_never_given_is_asked_for_some_at_a_time_and_ever_more_rarely(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "AGAIN", 2)
    rig.deliver(dovecot, "rarely", rig.letters(5))
    box = rig.connect(town, liar.port, "rarely")
    liar.plan(Fault("zero_body", times=None))
    for _ in range(ledger.ATTEMPTS):
        rig.bring(box)

    rig.hours_pass(box)
    rig.bring(box)
    attempts = box.ask("select attempts from copy where mailbox_id = %s order by 1", box.id)
    assert attempts == [(3,), (3,), (3,), (4,), (4,)]

    box.ask("update copy set attempts = 30 where workspace_id = %s", box.workspace_id)
    asked = 0
    for _ in range(32):
        rig.hours_pass(box)
        asked += sum(map(len, ledger.ungiven(box.row()).values()))

    assert asked < 32
    rig.assert_exact(box, rig.served(dovecot, "rarely"), failed=5)


def test_a_folder_renumbered_during_the_comparison_is_left_for_the_next_run(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "during", rig.letters(3))
    box = rig.connect(town, dovecot.port, "during")

    def renumber() -> None:
        dovecot.set_uidvalidity("during", 99)

    rig.bring(box, planned=renumber)
    assert running.bring_up_to_date(box.workspace_id, box.id, town, box.vault).trouble == ""

    rig.assert_exact(box, rig.served(dovecot, "during"))
