"""Faults of mail servers, each alone and all mixed: nothing lost, nothing doubled, soon healed."""

from __future__ import annotations

from functools import partial
from itertools import count

import pytest

from crm.base.settings import Settings
from crm.mail.models import CopyState
from sync import credentials
from sync.sources.imap import ImapSource
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import FETCH_KINDS, Fault
from tests.sync import rig
from tests.sync.rig import Box, Served, Watcher

town, _town, liar = rig.town, rig._town, rig.liar

COUNT = 8
_serial = count(1)


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a second for an answer instead of half a minute."""
    monkeypatch.setattr(credentials, "ImapSource", partial(ImapSource, timeout=1))


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    name = f"fault{next(_serial)}"
    rig.deliver(dovecot, name, rig.letters(COUNT, size=2_000))
    return name


@pytest.fixture
def has(dovecot: Dovecot, user: str) -> Served:
    return rig.served(dovecot, user)


def heal(box: Box, liar: Watcher) -> None:
    """Let the server be well again, and look once more when the mailbox is due."""
    liar.plan()
    rig.expire_leases(box)
    assert rig.bring(box).trouble == ""
    row = box.row()
    assert (row.state, row.trouble, row.last_error) == ("live", "none", "")


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("kind", ["trunc_literal", "short_literal", "fin", "rst", "bye"])
def test_a_connection_that_breaks_in_a_letter_is_trouble_and_the_letter_comes_whole_next_time(
    town: Settings, liar: Watcher, user: str, has: Served, kind: str
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault(kind, uid=4))

    brought = rig.bring(box)

    assert liar.happened == [kind]
    row = box.row()
    assert (brought.trouble, row.trouble, row.state) == ("unreachable", "unreachable", "failing")
    assert row.last_error
    assert len(rig.ledger_of(box)) == 0  # A batch is all there or not at all.
    heal(box, liar)
    rig.assert_exact(box, has)
    assert len(liar.bodies) <= 2 * COUNT


@pytest.mark.parametrize(
    "kind",
    [
        *("nil_body", "zero_body", "vanish", "dup_fetch", "swap_uid"),
        *("garbage_line", "long_line", "unsolicited", "stall"),
    ],
)
def test_a_server_that_stammers_once_is_no_trouble_at_all(
    town: Settings, liar: Watcher, user: str, has: Served, kind: str
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault(kind, uid=4, seconds=0.3))

    rig.bring(box)

    assert liar.happened == [kind]
    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.parametrize("kind", ["nil_body", "zero_body"])
def test_a_body_that_stays_away_is_kept_as_failed_and_comes_in_when_the_server_gives_it(
    town: Settings, liar: Watcher, user: str, has: Served, kind: str
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault(kind, uid=4, times=None))

    assert rig.bring(box).trouble == ""

    rig.assert_exact(box, has, failed=1)
    assert rig.places_of(box, CopyState.FAILED) == {("INBOX", 4)}
    assert box.row().state == "live"
    heal(box, liar)
    rig.assert_exact(box, has)


def test_a_letter_that_is_listed_and_never_comes_is_missing_in_the_account_until_it_does(
    town: Settings, liar: Watcher, user: str, has: Served
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault("vanish", uid=4, times=None))

    rig.bring(box)

    assert len(rig.ledger_of(box)) == COUNT - 1
    with pytest.raises(AssertionError):
        rig.assert_balanced(box)
    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_answer_that_ends_with_no_is_passing_trouble_and_asks_nobody_to_log_in(
    town: Settings, liar: Watcher, user: str, has: Served, nth: int
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault("tagged_no", nth=nth))

    rig.bring(box)

    assert liar.happened == ["tagged_no"]
    assert box.row().trouble in ("none", "unreachable")
    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.parametrize("by", [1, 1000, -1, -1000])
@pytest.mark.parametrize("kind", ["uidnext_lie", "exists_lie"])
def test_a_server_that_lies_about_its_numbers_hides_no_letter(
    town: Settings, dovecot: Dovecot, liar: Watcher, user: str, kind: str, by: int
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault(kind, times=None, value=by))
    rig.bring(box)
    rig.deliver(dovecot, user, rig.letters(3, seed=9))

    rig.bring(box)

    rig.assert_exact(box, rig.served(dovecot, user))


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("auth_unavailable", "unreachable"),
        ("auth_bad", "unreachable"),
        ("auth_fail", "login_refused"),
        ("auth_plain_no", "login_refused"),
    ],
)
def test_a_login_that_fails_once_is_named_and_forgotten_when_it_works(
    town: Settings, liar: Watcher, user: str, has: Served, kind: str, trouble: str
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault(kind))

    assert rig.bring(box).trouble == trouble

    assert (box.row().trouble, box.row().state) == (trouble, "failing")
    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.usefixtures("_impatient")
def test_a_server_that_answers_nothing_is_given_up_by_the_clock_and_tried_again(
    town: Settings, liar: Watcher, user: str, has: Served
) -> None:
    box = rig.connect(town, liar.port, user)
    liar.plan(Fault("black_hole"))

    assert rig.bring(box).trouble == "unreachable"

    assert "timed out" in box.row().last_error
    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.usefixtures("_impatient")
def test_a_connection_that_becomes_a_black_hole_in_the_middle_is_given_up_too(
    town: Settings, liar: Watcher, user: str, has: Served
) -> None:
    box = rig.connect(town, liar.port, user)

    assert rig.bring(box, planned=liar.swallow).trouble == "unreachable"

    heal(box, liar)
    rig.assert_exact(box, has)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("seed", range(4))
def test_all_kinds_mixed_and_then_healed_lose_and_double_nothing(
    town: Settings, dovecot: Dovecot, user: str, has: Served, seed: int
) -> None:
    with rig.Watcher(dovecot.port, seed=seed, rate=0.3, kinds=FETCH_KINDS) as mixed:
        box = rig.connect(town, mixed.port, user)
        for _ in range(5):
            rig.bring(box)
            rig.expire_leases(box)
        assert mixed.happened
        mixed.heal()
        heal(box, mixed)
        rig.bring(box)

    rig.assert_exact(box, has)


def test_letters_that_go_and_move_while_they_are_brought_in_are_followed(
    town: Settings, dovecot: Dovecot, liar: Watcher, user: str
) -> None:
    dovecot.create(user, "Done")
    box = rig.connect(town, liar.port, user)

    def meddle() -> None:
        with dovecot.connect(user) as client:
            client.select("INBOX")
            client.uid("MOVE", "2:3", "Done")
        dovecot.expunge(user, [5])

    rig.bring(box, planned=meddle)
    rig.bring(box)

    left = rig.served(dovecot, user)
    assert len(left) == COUNT - 1
    rig.assert_exact(box, left)


def test_one_broken_mailbox_does_not_touch_what_another_of_the_workspace_brings(
    town: Settings, dovecot: Dovecot, liar: Watcher, user: str, has: Served
) -> None:
    broken = rig.connect(town, liar.port, user)
    other = f"{user}.neighbour"
    rig.deliver(dovecot, other, rig.letters(COUNT, seed=5, size=2_000))
    well = rig.connect(town, dovecot.port, other, address="bo@halden.test", beside=broken)
    liar.plan(Fault("auth_fail", times=None))

    for _ in range(3):
        rig.bring(broken)
        rig.expire(broken)
        rig.bring(well)

    assert (broken.row().state, well.row().state) == ("needs_login", "live")
    rig.assert_exact(well, rig.served(dovecot, other))
