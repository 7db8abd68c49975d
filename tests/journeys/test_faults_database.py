"""Faults of the database: it restarts, is away for a while, or freezes, and nothing is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError

from crm.base import db
from sync import jobs, ledger, running
from tests.servers import own as own_server
from tests.servers.dovecot import Dovecot
from tests.servers.own import Own
from tests.soon import soon
from tests.sync import rig
from tests.sync.rig import Box, Served


@pytest.fixture(scope="module")
def _own() -> Iterator[Own]:
    with own_server.running() as own:
        yield own


@pytest.fixture
def own(_own: Own) -> Iterator[Own]:
    """Lend the server; the next test gets it running."""
    with rig.bound(_own.settings):
        yield _own
    _own.start()


@pytest.fixture(scope="module")
def mail(long_dovecot: Dovecot) -> Served:
    rig.deliver(long_dovecot, "pgaway", rig.letters(520, seed=8, size=200))
    rig.deliver(long_dovecot, "pgaway", rig.letters(20, seed=9), "Sent")
    return rig.served(long_dovecot, "pgaway")


@pytest.mark.parametrize("sign", [signal.SIGQUIT, signal.SIGINT], ids=["immediate", "fast"])
def test_a_restart_in_the_middle_of_the_work_is_waited_for(
    own: Own, dovecot: Dovecot, mail: Served, sign: signal.Signals
) -> None:
    box = rig.connect(own.settings, dovecot.port, "pgaway")
    worker = rig.start(box)
    rig.until(lambda: rig.ledger_of(box))

    own.stop(sign)
    time.sleep(1)
    own.start()

    assert rig.finish(worker) == 0
    rig.assert_exact(box, mail)
    assert box.row().state == "live"


def away(own: Own, seconds: float) -> threading.Thread:
    """Stop the server now, and start it again after a while."""
    own.stop(signal.SIGINT)
    thread = threading.Thread(target=lambda: (time.sleep(seconds), own.start()))
    thread.start()
    return thread


MOMENTS: dict[str, Callable[[], tuple[object, str]]] = {
    "before the first claim": lambda: (running, "take_all"),
    "before the comparison": lambda: (ledger, "settle"),
    "before the outcome is noted": lambda: (running, "_note"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_job_in_whose_time_the_database_was_away_is_made_good_within_ten_seconds(
    own: Own, dovecot: Dovecot, mail: Served, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    box = rig.connect(own.settings, dovecot.port, "pgaway")
    jobs.bind(own.settings, box.vault)
    where, name = MOMENTS[moment]()
    work = getattr(where, name)
    stopped: list[threading.Thread] = []

    def interrupted(*args: object, **more: object) -> object:
        if not stopped:
            stopped.append(away(own, 2))
        return work(*args, **more)

    monkeypatch.setattr(where, name, interrupted)

    def look() -> bool:
        try:
            jobs.sync_mailbox(str(box.workspace_id), str(box.id))
        except OperationalError:
            return False
        return box.row().state == "live"

    look()
    stopped[0].join()
    with soon():
        while not look():
            time.sleep(0.5)

    jobs.bind(None, None)  # type: ignore[arg-type]
    rig.assert_exact(box, mail)
    assert box.row().state == "live"


def test_a_server_that_takes_connections_and_is_frozen_is_given_up_after_ten_seconds(
    own: Own,
) -> None:
    engine = db.open_engine(own.settings.database_url)
    pid = own.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        with soon(), pytest.raises(OperationalError):
            engine.connect()
    finally:
        os.kill(pid, signal.SIGCONT)

    engine.dispose()


def test_a_lease_is_kept_when_the_database_was_away_between_two_renewals(own: Own) -> None:
    """The thread that renews must not end with the first failure."""
    box: Box = rig.connect(own.settings, 1, "lease")
    from sync import leases

    problems: list[threading.ExceptHookArgs] = []
    before, threading.excepthook = threading.excepthook, problems.append
    every, leases._RENEWED_EVERY = leases._RENEWED_EVERY, 0.2
    try:
        with leases.held(box.workspace_id, box.id) as held:
            assert held
            away(own, 0.5).join()
            box.ask("update mailbox set leased_until = now() + interval '5 seconds'")
            still = "select 1 from mailbox where leased_until > now() + interval '60 seconds'"
            rig.until(lambda: box.ask(still))
    finally:
        threading.excepthook, leases._RENEWED_EVERY = before, every

    assert problems == []
