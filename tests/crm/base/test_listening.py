"""The listener wakes who waits for a workspace, and everybody after the database was away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from crm.base import db, events, ids
from crm.base.events import EventKind
from crm.base.listening import Listener
from crm.base.settings import Settings
from tests import make
from tests.soon import LONG, soon
from tests.sync import rig


@pytest.fixture
def where(house: Settings) -> UUID:
    with db.transaction() as session:
        return make.workspace(session).id


@pytest.fixture
def listener(house: Settings, where: UUID) -> Iterator[Listener]:
    made = Listener(house.database_url)
    made.count(where)
    assert made.listens.wait(5)
    rig.until(lambda: made.count(where) == 1)  # It rang once for what came before.
    yield made
    made.close()


def tell(where: UUID) -> None:
    with db.transaction(where) as session:
        events.append(session, where, EventKind.CHANGED, [], at=make.NOW)


def test_who_waits_is_woken_by_a_commit_in_their_workspace(listener: Listener, where: UUID) -> None:
    heard = listener.count(where)
    threading.Timer(0.2, tell, [where]).start()

    with soon():
        assert listener.wait(where, heard, LONG) == heard + 1


def test_who_waits_for_another_workspace_sleeps_on(listener: Listener, where: UUID) -> None:
    other = ids.new()
    heard = listener.count(other)
    tell(where)

    assert listener.wait(other, heard, 0.3) == heard


def test_after_the_database_was_away_everybody_looks(
    listener: Listener, where: UUID, house: Settings
) -> None:
    other = ids.new()
    heard = listener.count(other)
    with psycopg.connect(house.database_url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'inlay listener' and datname = current_database()"
        )

    assert listener.wait(other, heard, 8) > heard
    heard = listener.count(where)
    tell(where)
    assert listener.wait(where, heard, 5) > heard


def test_who_is_closed_leaves_nothing_behind_and_listens_no_more(
    listener: Listener, where: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    thread = listener._thread
    assert thread is not None

    listener.close()

    thread.join(10)
    listener.count(where)
    assert not thread.is_alive()
    assert listener._thread is thread
    assert not listener.listens.is_set()
    assert caplog.text == ""


def test_a_fault_of_ours_is_said_without_its_words_and_it_listens_on(
    listener: Listener, where: UUID, house: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    ring, faults = listener._ring, iter([RuntimeError("the words of a letter")])

    def fail_once(workspace_id: UUID | None) -> None:
        for fault in faults:
            raise fault
        ring(workspace_id)

    listener._ring = fail_once  # type: ignore[method-assign]
    heard = listener.count(where)
    tell(where)

    assert listener.wait(where, heard, 8) > heard
    assert "RuntimeError at base/test_listening.py" in caplog.text
    assert "letter" not in caplog.text


def test_one_that_has_ended_is_started_again(
    listener: Listener, where: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, other = listener._thread, ids.new()
    assert thread is not None
    with monkeypatch.context() as patched:
        patched.setattr(threading, "excepthook", lambda _: None)
        patched.setattr(listener, "_ring", _end)
        tell(where)
        thread.join(5)
    assert not thread.is_alive()

    heard = listener.count(other)

    assert listener.wait(other, heard, 8) > heard


def _end(_: object) -> None:
    raise SystemExit
