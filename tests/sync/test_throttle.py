"""How fast Gmail is asked: never beyond the budget, whoever asks."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from crm.base.settings import Settings
from sync import throttle
from sync.errors import QuotaError
from sync.throttle import SHARE, WINDOW
from tests.soon import soon


def test_no_window_holds_more_than_its_share_however_many_ask(
    town: Settings, monkeypatch: object
) -> None:
    settings = replace(town, google_units_per_user=6_000)
    mailbox, spent = uuid4(), list[tuple[float, int]]()

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
    mailbox, stop = uuid4(), threading.Event()

    def read() -> None:
        mine = throttle.budget(mailbox, settings)
        while not stop.is_set():
            mine.spend(20)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    first = throttle.budget(mailbox, settings)
    time.sleep(1)
    try:
        for _ in range(3):
            first.spend_first(100)  # So much is never free where others take the least of it.
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def test_who_sends_waits_as_long_as_gmail_wants_it(town: Settings) -> None:
    mailbox = uuid4()
    throttle.budget(mailbox, town).hold(0.4)
    began = time.monotonic()

    throttle.budget(mailbox, town).spend_first(100)

    assert time.monotonic() - began > 0.3


def test_much_at_once_is_spent_in_pieces_that_fill_the_window(town: Settings) -> None:
    settings = replace(town, google_units_per_user=6_000)
    mine = throttle.budget(uuid4(), settings)
    began = time.monotonic()

    mine.spend(500)
    mine.spend(500)

    took = time.monotonic() - began
    assert took > WINDOW - 0.3
    assert SHARE * 6_000 / 60 * (took + WINDOW) >= 1_000


def test_one_mailbox_does_not_wait_for_another(town: Settings) -> None:
    settings = replace(town, google_units_per_user=600)
    slow, quick = throttle.budget(uuid4(), settings), throttle.budget(uuid4(), settings)
    slow.spend(40)
    slow.hold(60)

    with soon():
        quick.spend(40)


def test_nobody_asks_while_gmail_wants_it_so(town: Settings) -> None:
    mailbox = uuid4()
    throttle.budget(mailbox, town).hold(0.4)
    began = time.monotonic()

    throttle.budget(mailbox, town).spend(1)

    assert time.monotonic() - began > 0.3


def test_what_somebody_waits_for_waits_too_while_gmail_wants_it_so(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PATIENCE", 0.3)
    mailbox = uuid4()
    throttle.budget(mailbox, town).hold(60)

    with pytest.raises(QuotaError):
        throttle.budget(mailbox, town).spend_first(1)


def test_without_valkey_a_worker_keeps_its_pace(town: Settings) -> None:
    alone = throttle.budget(
        uuid4(), replace(town, redis_url="redis://127.0.0.1:9/0", google_units_per_user=600)
    )
    began = time.monotonic()

    alone.spend(5)

    assert time.monotonic() - began > 60 * 5 / 600 * 0.9
