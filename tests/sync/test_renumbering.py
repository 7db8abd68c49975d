"""Renumbering: a new UIDVALIDITY doubles nothing, loses nothing, and fetches no body again."""

from __future__ import annotations

import hashlib

import psycopg
import pytest

from crm.base.settings import Settings
from crm.mail.models import CopyState
from sync import renumbering
from sync.credentials import open_source
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault, Proxy
from tests.sync import rig

SIZE = 8_000
COUNT = 30


def test_the_same_letters_under_new_numbers_are_recognised_by_their_heads(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "same", rig.letters(COUNT, size=SIZE))
    box = rig.connect(town, liar.port, "same")
    rig.bring(box)
    before = liar.bytes_down
    dovecot.set_uidvalidity("same", 777)

    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (0, "")
    assert liar.bytes_down - before < COUNT * SIZE / 4  # No body is fetched again.
    rig.assert_exact(box, rig.served(dovecot, "same"))
    gone = box.ask(
        "select count(*) from copy where state = %s and mailbox_id = %s", CopyState.GONE, box.id
    )
    assert gone == [(0,)]


def test_a_proxy_that_lies_about_the_numbering_and_stops_lying_changes_nothing(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "lied", rig.letters(6))
    box = rig.connect(town, liar.port, "lied")
    rig.bring(box)

    liar.plan(Fault("uidvalidity", times=None, value=7))
    rig.bring(box)
    liar.plan()
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "lied"))


def test_a_restored_backup_brings_the_new_keeps_the_old_and_doubles_none(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = rig.letters(9)
    rig.deliver(dovecot, "restored", letters[:6])
    box = rig.connect(town, dovecot.port, "restored")
    rig.bring(box)

    path = dovecot.maildir("restored")
    for one in path.glob("cur/*"):
        one.unlink()
    for index in path.glob("dovecot*"):
        index.unlink()
    rig.deliver(dovecot, "restored", letters[3:])  # Three are lost, three are other ones.
    dovecot.set_uidvalidity("restored", 4242)
    brought = rig.bring(box)

    assert brought.trouble == ""
    rig.assert_exact(box, rig.served(dovecot, "restored"))
    (messages,) = box.ask("select count(*) from message where workspace_id = %s", box.workspace_id)
    assert messages == (9,)


@pytest.mark.parametrize("nth", [1, 5])
def test_a_recognition_that_is_broken_off_goes_on_in_the_next_run(
    town: Settings, dovecot: Dovecot, liar: Proxy, nth: int
) -> None:
    user = f"brokenoff{nth}"
    rig.deliver(dovecot, user, rig.letters(COUNT, size=SIZE))
    box = rig.connect(town, liar.port, user)
    rig.bring(box)
    before = liar.bytes_down
    dovecot.set_uidvalidity(user, 31)

    liar.plan(Fault("rst", nth=nth))
    assert rig.bring(box).trouble == "unreachable"
    rig.expire_leases(box)
    rig.bring(box)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, user))
    assert liar.bytes_down - before < COUNT * SIZE / 2


def test_letters_with_equal_heads_and_other_texts_are_not_taken_for_each_other(
    town: Settings, dovecot: Dovecot
) -> None:
    short = make.raw(text="Only this.", message_id=None)
    long = make.raw(text="And much more than this. " * 40, message_id=None)
    at = make.NOW
    first = dovecot.deliver("equal", short, at=at)
    dovecot.deliver("equal", long, at=at)
    box = rig.connect(town, dovecot.port, "equal")
    rig.bring(box)

    first.unlink()
    with dovecot.connect("equal") as client:
        client.select("INBOX", readonly=True)
    dovecot.set_uidvalidity("equal", 5)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "equal"))


def test_one_new_numbering_between_two_questions_is_no_unstable_server(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "once", rig.letters(3))
    box = rig.connect(town, liar.port, "once")
    liar.plan(Fault("uidvalidity_changing", times=1))

    rig.bring(box)
    assert box.row().trouble != "unstable"
    rig.bring(box)

    assert box.row().trouble == "none"
    rig.assert_exact(box, rig.served(dovecot, "once"))


def test_a_server_that_renumbers_at_every_look_is_unstable_after_five_and_asked_hourly(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "unstable", rig.letters(3))
    box = rig.connect(town, liar.port, "unstable")
    rig.bring(box)
    liar.plan(Fault("uidvalidity_changing", times=None))
    troubles = []

    for _ in range(7):
        rig.bring(box)
        troubles.append(box.row().trouble)

    assert "unstable" not in troubles[:4]
    assert troubles[-1] == "unstable"
    (wait,) = box.ask(
        "select due_at - now() > interval '29 minutes' from mailbox where id = %s", box.id
    )
    assert wait == (True,)
    liar.plan()
    rig.expire_leases(box)
    for _ in range(2):
        rig.bring(box)
    assert box.row().trouble == "none"
    rig.assert_exact(box, rig.served(dovecot, "unstable"))


def test_recognition_can_be_run_again_over_what_it_has_done(
    town: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "again", rig.letters(4))
    box = rig.connect(town, dovecot.port, "again")
    rig.bring(box)
    dovecot.set_uidvalidity("again", 1234)
    rig.bring(box)

    with open_source(box.row(), town, box.vault) as source:
        state = next(s for s in source.folders() if s.name == "INBOX")
        renumbering.take_up(box.row(), source, state, "")
    brought = rig.bring(box)

    assert (brought.stored, brought.trouble) == (0, "")
    rig.assert_exact(box, rig.served(dovecot, "again"))


def test_a_number_that_comes_back_before_all_was_recognised_loses_and_doubles_nothing(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "toandfro", rig.letters(COUNT, size=SIZE))
    box = rig.connect(town, liar.port, "toandfro")
    rig.bring(box)
    before = liar.bytes_down
    liar.plan(Fault("uidvalidity", times=None, value=7), Fault("rst", nth=20))
    assert rig.bring(box).trouble == "unreachable"

    liar.plan()
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "toandfro"))
    assert liar.bytes_down - before < COUNT * SIZE / 2


def test_letters_that_agree_in_head_time_and_size_and_not_in_text_are_fetched_again(
    town: Settings, dovecot: Dovecot
) -> None:
    letters = [make.raw(text=f"Only {n}.", message_id=None) for n in range(4)]
    files = [dovecot.deliver("alike", letter, at=make.NOW) for letter in letters]
    box = rig.connect(town, dovecot.port, "alike")
    rig.bring(box)

    files[1].unlink()
    with dovecot.connect("alike") as client:
        client.select("INBOX", readonly=True)
    dovecot.set_uidvalidity("alike", 5)
    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, "alike"))


def test_a_skipped_folder_under_new_numbers_adds_up(town: Settings, dovecot: Dovecot) -> None:
    rig.deliver(dovecot, "junk", rig.letters(3), "Junk")
    box = rig.connect(town, dovecot.port, "junk")
    rig.bring(box)
    dovecot.set_uidvalidity("junk", 12, "Junk")

    brought = rig.bring(box)

    assert (brought.skipped, brought.trouble) == (3, "")
    rig.assert_balanced(box)


def test_a_server_that_renumbers_from_the_first_look_on_is_unstable_too(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "restless", rig.letters(3))
    box = rig.connect(town, liar.port, "restless")
    liar.plan(Fault("uidvalidity_changing", times=None))

    troubles = [rig.bring(box).trouble for _ in range(7)]

    assert (troubles[0], troubles[-1]) == ("", "unstable")
    with pytest.raises(AssertionError):
        rig.assert_balanced(box)


def test_a_batchs_letters_are_found_by_their_heads_and_not_among_all_of_the_folder(
    house: Settings, dovecot: Dovecot
) -> None:
    rig.deliver(dovecot, "byheads", rig.letters(1))
    box = rig.connect(house, dovecot.port, "byheads")
    rig.bring(box)
    box.ask(
        "insert into copy (workspace_id, folder_id, uidvalidity, uid, mailbox_id, state, rule,"
        " headprint, digest, size, received_at, flags, differs, error, attempts)"
        " select workspace_id, folder_id, uidvalidity, n, mailbox_id, state, rule,"
        "  sha256(n::text::bytea), digest, size, received_at, flags, differs, error, attempts"
        " from copy, generate_series(1000, 60000) n where uid = 1 and workspace_id = %s",
        box.workspace_id,
    )
    with psycopg.connect(house.database_owner_url, autocommit=True) as owner:
        owner.execute("analyze copy")
    (folder,) = box.ask("select id from folder where name = 'INBOX'")[0]
    heads = [hashlib.sha256(b"%d" % n).digest() for n in range(2000, 2500)]

    plan = box.ask(
        f"explain (analyze, format json) {renumbering._KNOWN}",
        *(box.workspace_id, folder, 7, heads, CopyState.GONE),
    )

    assert "copy_headprint_ix" in str(plan)
    assert "'Actual Rows': 500" in str(plan)
