"""Backfill: what of a mailbox is to be brought in, in which order, and by whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from crm.base import crash, db
from crm.base.settings import Settings
from crm.filing import known
from crm.mail import folders, stretches
from crm.mail.models import CopyState
from sync import backfill, patience
from sync.credentials import open_source
from sync.source import BATCH_COUNT, FolderRole, FolderState
from tests import make
from tests.servers.dovecot import Dovecot
from tests.sync import rig
from tests.sync.rig import Box


def plan(box: Box) -> dict[str, FolderState]:
    with open_source(box.row(), box.settings, box.vault) as source:
        return backfill.plan(box.row(), source, source.folders())


def stretches_of(box: Box) -> list[tuple[str, int, int | None]]:
    """Return (folder, first, last) in the order in which they are taken."""
    with db.transaction(box.workspace_id) as session:
        waiting = stretches.unfinished(session, box.workspace_id, box.id)
    rows = {
        row[0]: row[1:]
        for row in box.ask(
            'select s.id, f.name, s.first, s."last" from stretch s join folder f'
            " on f.id = s.folder_id where s.workspace_id = %s",
            box.workspace_id,
        )
    }
    return [rows[one] for one in waiting]  # type: ignore[misc]


def test_a_folder_is_cut_into_a_live_stretch_and_thousands_below_it(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "cut", [make.raw(message_id=f"{n}@x") for n in range(2050)])
    box = rig.connect(town, dovecot.port, "cut")

    states = plan(box)

    assert states["INBOX"].count == 2050
    inbox = [(first, last) for name, first, last in stretches_of(box) if name == "INBOX"]
    assert inbox == [(2051, None), (2001, 2050), (1001, 2000), (1, 1000)]


def test_of_how_many_a_mailbox_comes_in_is_known_once_it_is_planned(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "many", rig.letters(7))
    box = rig.connect(town, dovecot.port, "many")

    plan(box)

    assert box.ask(
        "select server, compared_at from folder where mailbox_id = %s and name = 'INBOX'", box.id
    ) == [(7, None)]


def test_a_plan_twice_cuts_nothing_twice(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "twice", rig.letters(3))
    box = rig.connect(town, dovecot.port, "twice")

    plan(box)
    once = stretches_of(box)
    plan(box)

    assert stretches_of(box) == once


def test_the_newest_mail_of_all_folders_comes_first(town: Settings, dovecot: Dovecot) -> None:
    letters = rig.letters(6)
    for n, year in enumerate((2019, 2024, 2021)):
        at = make.NOW.replace(year=year)
        rig.deliver(dovecot, "newest", letters[2 * n : 2 * n + 2], str(year), at=at)
    box = rig.connect(town, dovecot.port, "newest")

    plan(box)

    closed = [name for name, _, last in stretches_of(box) if last is not None]
    assert closed == ["2024", "2021", "2019"]


def test_two_plans_at_the_same_moment_meet_a_folder_once(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "moment", rig.letters(3))
    box = rig.connect(town, dovecot.port, "moment")
    trouble: list[DBAPIError] = []

    def other() -> None:
        try:
            plan(box)
        except DBAPIError as error:
            trouble.append(error)

    with db.transaction(box.workspace_id) as session:
        first = folders.add(session, box.row(), "INBOX", role="inbox", uidvalidity=1, skips="")
        thread = threading.Thread(target=other)
        thread.start()
        rig.until(
            lambda: box.ask(
                "select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                " and datname = current_database()"
            )
        )
        assert first is not None
    thread.join()

    assert trouble == []


def test_a_stretch_in_one_hand_is_in_no_other(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "hands", rig.letters(4))
    box = rig.connect(town, dovecot.port, "hands")
    plan(box)
    with db.transaction(box.workspace_id) as session:
        (mine,) = box.ask('select id from stretch where "last" is not null')[-1:]
        stretch_id = stretches.unfinished(session, box.workspace_id, box.id)[-1]
        stretches.claim(session, box.workspace_id, stretch_id)
    assert mine

    with open_source(box.row(), town, box.vault) as source:
        taken = list(backfill.take_stretch(box.workspace_id, stretch_id, source))

    assert taken == []
    assert rig.ledger_of(box) == []


def test_a_stretch_is_taken_batch_by_batch_and_then_done(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "batches", [make.raw(message_id=f"{n}@b") for n in range(300)])
    box = rig.connect(town, dovecot.port, "batches")
    plan(box)
    with db.transaction(box.workspace_id) as session:
        stretch_id = next(
            one
            for one in stretches.unfinished(session, box.workspace_id, box.id)
            if box.ask('select 1 from stretch where id = %s and "last" is not null', one)
        )

    with open_source(box.row(), town, box.vault) as source:
        taken = [
            filed.stored for _, filed in backfill.take_stretch(box.workspace_id, stretch_id, source)
        ]

    assert taken == [BATCH_COUNT, 300 - BATCH_COUNT]
    assert len(rig.places_of(box, CopyState.STORED)) == 300
    (row,) = box.ask("select done, cursor, tries from stretch where id = %s", stretch_id)
    assert row == (True, 300, 0)


def test_a_new_numbering_makes_new_stretches(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "anew", rig.letters(3))
    box = rig.connect(town, dovecot.port, "anew")
    plan(box)
    dovecot.set_uidvalidity("anew", 77)

    states = plan(box)

    assert states["INBOX"].uidvalidity == 77
    numbers = box.ask(
        "select distinct s.uidvalidity from stretch s join folder f on f.id = s.folder_id"
        " where f.name = 'INBOX' and s.workspace_id = %s",
        box.workspace_id,
    )
    assert numbers == [(77,)]


@pytest.mark.parametrize(
    ("name", "role", "rule"),
    [
        ("INBOX", FolderRole.INBOX, ""),
        ("Junk", FolderRole.SPAM, "spam"),
        ("Trash", FolderRole.TRASH, "trash"),
        ("Drafts", FolderRole.DRAFT, "draft"),
        ("Private", FolderRole.NONE, "folder_excluded"),
    ],
)
def test_a_folder_is_kept_or_skipped_by_a_rule_with_a_name(
    town: Settings, name: str, role: FolderRole, rule: str
) -> None:
    box = rig.connect(town, 1, "rules", excluded=["Private"])

    assert backfill.rule_for(box.row(), name, role) == rule


@contextmanager
def refusing(house: Settings, code: str, when: str = "true") -> Iterator[None]:
    """Let the database refuse to store messages with an error of its own."""
    with psycopg.connect(house.database_owner_url, autocommit=True) as owner:
        owner.execute(
            "create function refuse() returns trigger language plpgsql as"
            f" $$ begin raise exception 'no' using errcode = '{code}'; end $$"
        )
        owner.execute(
            "create trigger refuse before insert on message for each row"
            f" when ({when}) execute function refuse()"
        )
        try:
            yield
        finally:
            owner.execute("drop function refuse cascade")


def test_a_full_disk_accuses_no_letter_and_the_work_goes_on_when_it_is_freed(
    house: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "fulldisk", rig.letters(4))
    box = rig.connect(house, dovecot.port, "fulldisk")

    with refusing(house, "53100"):
        for _ in range(4):
            with pytest.raises(DBAPIError):
                rig.bring(box)

    assert box.ask("select max(tries), max(suspect) from stretch") == [(0, None)]
    rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, "fulldisk"))


def test_a_filing_lock_that_others_hold_for_long_is_waited_for_and_accuses_no_letter(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "filinglock", rig.letters(4))
    box = rig.connect(town, dovecot.port, "filinglock")
    hasty = db.open_engine(town.database_url)
    event.listen(hasty, "connect", lambda one, _: one.execute("set lock_timeout = '50ms'"))
    db.bind(hasty)
    held, ended = threading.Event(), threading.Event()

    def hold() -> None:
        with db.transaction(box.workspace_id) as session:
            known.lock(session, box.workspace_id)
            held.set()
            ended.wait(20)

    others = threading.Thread(target=hold)
    others.start()
    held.wait(20)
    bringing = threading.Thread(target=rig.bring, args=(box,))
    bringing.start()
    time.sleep(2)
    waiting = box.ask("select tries, leased_until > now() from stretch where tries > 0")
    ended.set()
    bringing.join()
    others.join()
    hasty.dispose()

    assert waiting == [(1, True)]
    rig.assert_exact(box, rig.served(dovecot, "filinglock"))


@pytest.mark.parametrize("code", ["55P03", "57014", "25P03"])
def test_a_database_that_is_busy_for_ever_accuses_no_letter(
    house: Settings, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setitem(patience.patiently.__kwdefaults__, "patience", 0.3)
    login = f"busy{code.lower()}"
    rig.deliver(dovecot, login, rig.letters(4))
    box = rig.connect(house, dovecot.port, login)

    with refusing(house, code):
        for _ in range(4):
            with pytest.raises(DBAPIError):
                rig.bring(box)

    assert box.ask("select max(tries), max(suspect) from stretch") == [(0, None)]
    rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, login))


def test_a_letter_that_cannot_be_filed_is_kept_raw_and_holds_up_nobody(
    house: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(6)
    letters[3] = make.raw(subject="Unfileable")
    rig.deliver(dovecot, "unfileable", letters)
    box = rig.connect(house, dovecot.port, "unfileable")
    failures = 0

    with refusing(house, "22000", "new.subject = 'Unfileable'"):
        while failures < 9:
            try:
                rig.bring(box)
            except DBAPIError:
                failures += 1
            else:
                break

    assert failures == 3
    assert rig.places_of(box, CopyState.FAILED) == {("INBOX", 4)}
    rig.assert_exact(box, rig.served(dovecot, "unfileable"), failed=1)


def test_every_point_of_the_road_has_a_place_on_it() -> None:
    assert len(crash.POINTS) >= 10


def test_where_workers_die_little_is_fetched_in_vain(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher
) -> None:
    rig.deliver(dovecot, "vain", rig.letters(300))
    box = rig.connect(town, liar.port, "vain")

    for passing in (1, 3):  # The second dies over its third letter, of those that it takes alone.
        assert rig.finish(rig.start(box, f"after reading:{passing}")) == 137
        rig.expire_leases(box)
    vain = len(liar.bodies)
    rig.bring(box)

    assert vain == BATCH_COUNT + backfill.FEW
    assert len(liar.bodies) - vain == 300 - 2
    rig.assert_exact(box, rig.served(dovecot, "vain"))


def test_in_the_rest_of_a_mailbox_where_workers_died_less_is_fetched_at_once(
    town: Settings, dovecot: Dovecot, liar: rig.Watcher
) -> None:
    rig.deliver(dovecot, "rest", rig.letters(30), at=make.NOW)
    older = make.NOW.replace(year=2019)
    rig.deliver(dovecot, "rest", rig.letters(BATCH_COUNT, seed=5), "Work", at=older)
    box = rig.connect(town, liar.port, "rest")

    for point, fetched in (("after fetch", 30), ("after filing:31", 30 + backfill.SOME)):
        before = len(liar.bodies)
        assert rig.finish(rig.start(box, point)) == 137
        assert len(liar.bodies) - before == fetched
        rig.expire_leases(box)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "rest"))


def test_a_letter_that_ends_workers_is_found_wherever_it_lies_among_those_fetched(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(200)
    letters[120] = make.raw(subject="Poison", message_id="poison@x")
    rig.deliver(dovecot, "deadly", letters)
    box = rig.connect(town, dovecot.port, "deadly")

    ended = 0
    while rig.finish(rig.start(box, poison=b"Poison")) == 137:
        ended += 1
        rig.expire_leases(box)

    assert ended == 3
    rig.assert_exact(box, rig.served(dovecot, "deadly"), failed=1)


def test_a_letter_beside_which_workers_are_killed_is_read_all_the_same(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "beside", rig.letters(3))
    box = rig.connect(town, dovecot.port, "beside")
    plan(box)
    [closed] = box.ask('select id from stretch where "last" = 3')

    for _ in range(3):
        with db.transaction(box.workspace_id) as session:
            claim = stretches.claim(session, box.workspace_id, closed[0])
            assert claim is not None
            stretches.suspect(session, claim, 2)
        rig.expire_leases(box)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "beside"))
