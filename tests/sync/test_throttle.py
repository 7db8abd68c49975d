"""How fast Gmail is asked: never beyond the budget, whoever asks."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest
from freezegun import freeze_time

from crm.base import queues
from crm.base.settings import Settings
from server.demo.gmail import GmailServer
from sync import throttle
from sync.errors import QuotaError
from sync.google import login
from sync.throttle import SHARE, WINDOW
from tests.soon import soon
from tests.sync import rig


def anybody() -> str:
    """Return an address that no other test asks for."""
    return f"{uuid4().hex}@halden.test"


def test_no_window_holds_more_than_its_share_however_many_ask(
    town: Settings, monkeypatch: object
) -> None:
    settings = replace(town, google_units_per_user=6_000)
    mailbox, spent = anybody(), list[tuple[float, int]]()

    def ask() -> None:
        mine = throttle.budget(mailbox, settings)
        for _ in range(15):
            mine.spend(20)
            spent.append((time.monotonic(), 20))

    workers = [threading.Thread(target=ask) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    most = SHARE * 6_000 * WINDOW / 60
    for start, _ in spent:
        held = sum(units for at, units in spent if start <= at < start + WINDOW - 0.3)
        assert held <= most
    assert sum(units for _, units in spent) == 900


def test_who_sends_goes_before_everybody_who_reads(town: Settings) -> None:
    settings = replace(town, google_units_per_user=6_000)
    mailbox, stop, reads = anybody(), threading.Event(), list[float]()

    def read() -> None:
        mine = throttle.budget(mailbox, settings)
        while not stop.is_set():
            mine.spend(20)
            reads.append(time.monotonic())

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    rig.until(lambda: len(reads) >= int(SHARE * 600 / 20) - 3)  # The window is theirs.
    began = time.monotonic()
    throttle.budget(mailbox, settings).spend_first(300)
    ended = time.monotonic()
    stop.set()
    for reader in readers:
        reader.join()

    between = [at for at in reads if began < at < ended]
    assert len(between) <= len(readers)  # Who had asked before.


def test_who_sends_waits_as_long_as_gmail_wants_it(town: Settings) -> None:
    mailbox = anybody()
    throttle.budget(mailbox, town).hold(0.4)
    began = time.monotonic()

    throttle.budget(mailbox, town).spend_first(100)

    assert time.monotonic() - began > 0.3


def test_much_at_once_is_spent_in_pieces_that_fill_the_window(town: Settings) -> None:
    settings = replace(town, google_units_per_user=6_000)
    mine = throttle.budget(anybody(), settings)
    began = time.monotonic()

    mine.spend(500)
    mine.spend(500)

    took = time.monotonic() - began
    assert took > WINDOW - 0.3
    assert SHARE * 6_000 / 60 * (took + WINDOW) >= 1_000


def test_one_mailbox_does_not_wait_for_another(town: Settings) -> None:
    settings = replace(town, google_units_per_user=600)
    slow, quick = throttle.budget(anybody(), settings), throttle.budget(anybody(), settings)
    slow.spend(40)
    slow.hold(60)

    with soon():
        quick.spend(40)


def test_nobody_asks_while_gmail_wants_it_so(town: Settings) -> None:
    mailbox = anybody()
    throttle.budget(mailbox, town).hold(0.4)
    began = time.monotonic()

    throttle.budget(mailbox, town).spend(1)

    assert time.monotonic() - began > 0.3


def test_however_late_gmail_wants_us_it_is_asked_again_after_a_while(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "HELD_MOST", 0.3)
    mailbox = anybody()

    throttle.budget(mailbox, town).hold(10**12)

    with soon():
        throttle.budget(mailbox, town).spend(1)


def test_what_somebody_waits_for_waits_too_while_gmail_wants_it_so(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.3)
    mailbox = anybody()
    throttle.budget(mailbox, town).hold(60)

    with pytest.raises(QuotaError):
        throttle.budget(mailbox, town).spend_first(1)


def test_without_valkey_a_worker_keeps_its_pace(town: Settings) -> None:
    alone = throttle.budget(
        anybody(), replace(town, redis_url="redis://127.0.0.1:9/0", google_units_per_user=600)
    )
    began = time.monotonic()

    alone.spend(5)

    assert time.monotonic() - began > 60 * 5 / 600 * 0.9


#: Units of a mailbox's window, at 1,200 a minute.
_WHOLE = int(SHARE * 1_200 * WINDOW / 60)


def test_a_window_is_spent_to_its_last_unit_and_no_further(town: Settings) -> None:
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=1_200))

    assert mine._allowed(_WHOLE - 20)
    assert not mine._allowed(21)
    assert mine._allowed(20)
    assert not mine._allowed(1)


def test_who_goes_first_has_what_is_left_of_the_same_window(town: Settings) -> None:
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=1_200))
    left = int(1_200 * WINDOW / 60) - _WHOLE

    assert mine._allowed(_WHOLE)
    assert not mine._allowed(left + 1, first=True)
    assert mine._allowed(left, first=True)
    assert not mine._allowed(1, first=True)
    assert not mine._allowed(1)


def test_what_was_asked_without_a_turn_is_counted_and_whoever_reads_makes_room(
    town: Settings,
) -> None:
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=1_200))

    with freeze_time("2026-11-23 10:00:00") as now:
        assert mine._allowed(_WHOLE)
        now.tick(WINDOW - 1)
        mine.note(20)
        now.tick(1.1)
        assert not mine._allowed(_WHOLE - 19)
        assert mine._allowed(_WHOLE - 20)


def test_what_is_noted_without_valkey_holds_nobody_up(town: Settings) -> None:
    with soon():
        throttle.budget(anybody(), replace(town, redis_url="redis://127.0.0.1:9/0")).note(20)


def test_a_letter_that_costs_more_than_a_window_is_asked_for_alone(town: Settings) -> None:
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=60))

    assert mine._allowed(20)
    assert not mine._allowed(20)


def test_a_minute_that_turns_gives_no_second_budget(town: Settings) -> None:
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=1_200))

    with freeze_time("2026-11-23 10:00:59.5") as now:
        assert mine._allowed(_WHOLE)
        now.tick(1)
        assert not mine._allowed(1)
        now.tick(WINDOW - 1.5)
        assert not mine._allowed(1)
        now.tick(0.6)
        assert mine._allowed(_WHOLE)


def test_whoever_waits_in_vain_gives_up_and_is_told(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.2)
    mine = throttle.budget(anybody(), replace(town, google_units_per_user=1_200))
    mine.spend(_WHOLE)

    with soon(), pytest.raises(QuotaError):
        mine.spend(1)


def test_who_is_held_for_longer_than_anybody_waits_gives_up_at_once(town: Settings) -> None:
    mine = throttle.budget(anybody(), town)
    mine.hold(throttle.PATIENCE + 60)

    with soon(), pytest.raises(QuotaError):
        mine.spend(1)


def test_the_units_of_the_project_are_shared_by_its_mailboxes(town: Settings) -> None:
    # The number is this test's own: so is what is counted under it.
    settings = replace(town, google_units_per_user=10**6, google_units_per_project=1_357)
    one, other, third = (throttle.budget(anybody(), settings) for _ in range(3))
    most = int(SHARE * 1_357)

    assert one._allowed(most - 500)
    assert other._allowed(500)

    assert not any(box._allowed(1) for box in (one, other, third))


def test_a_mailbox_that_has_spent_all_of_its_own_leaves_the_others_theirs(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.1)
    settings = replace(town, google_units_per_user=1_200, google_units_per_project=13_579)
    greedy, other = throttle.budget(anybody(), settings), throttle.budget(anybody(), settings)
    greedy.spend(_WHOLE)
    for _ in range(20):
        with pytest.raises(QuotaError):
            greedy.spend(20)

    with soon():
        other.spend(_WHOLE)


def test_one_mailbox_that_two_workspaces_read_has_one_budget(
    town: Settings, google: GmailServer
) -> None:
    address = anybody()
    boxes = [rig.connect_gmail(town, google, written) for written in (address, address.title())]
    settings = replace(boxes[0].settings, google_units_per_user=1_200)
    logins = [login(box.row(), settings, box.vault, "", first=True) for box in boxes]

    logins[0].spend(int(1_200 * WINDOW / 60))

    assert not throttle.budget(address, settings)._allowed(1)
    logins[1].hold(60)
    with soon(), pytest.raises(QuotaError):
        logins[0].spend(1)


def test_no_address_lies_there_in_the_clear(town: Settings) -> None:
    address = anybody()
    mine = throttle.budget(address, town)
    mine.spend(1)
    mine.hold(60)

    with queues.connect(town.redis_url) as kept:
        assert not list(kept.scan_iter(f"*{address}*"))
