"""Events: told once, in whatever order transactions commit, and gone after a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from crm.base import bulk, db, events, ids
from crm.base.events import EventKind
from crm.base.settings import Settings
from tests import make


@pytest.fixture
def where(house: Settings) -> UUID:
    """Found a workspace in which everything is committed."""
    with db.transaction() as session:
        return make.workspace(session).id


def tell(where: UUID, *threads: UUID) -> None:
    with db.transaction(where) as session:
        events.append(session, where, EventKind.CHANGED, threads, at=make.NOW)


def mark(where: UUID) -> str:
    with db.transaction(where) as session:
        return events.mark(session)


def hear(where: UUID, since: str) -> tuple[list[tuple[UUID, ...]], str]:
    with db.transaction(where) as session:
        heard = events.after(session, where, since)
    return [happened.threads for happened in heard.events], heard.mark


def test_what_happens_after_a_mark_is_told_once(where: UUID) -> None:
    before, (one, two) = mark(where), ids.many(2)
    tell(where, one)

    told, after = hear(where, before)
    tell(where, two)

    assert told == [(one,)]
    again, last = hear(where, after)
    assert again == [(two,)]
    assert hear(where, last)[0] == []


def test_a_slow_transaction_is_told_when_it_commits_after_a_quick_one(where: UUID) -> None:
    before, (slow, quick) = mark(where), ids.many(2)
    with db.transaction(where) as session:
        events.append(session, where, EventKind.FILED, [slow], at=make.NOW)
        tell(where, quick)
        told, after = hear(where, before)

    assert told == [(quick,)]
    assert hear(where, after)[0] == [(slow,)]


def test_what_is_rolled_back_never_happened(where: UUID) -> None:
    before = mark(where)
    with db.transaction(where) as session:
        events.append(session, where, EventKind.FILED, [ids.new()], at=make.NOW)
        session.rollback()

    assert hear(where, before)[0] == []


def test_another_workspace_hears_nothing(where: UUID) -> None:
    with db.transaction() as session:
        there = make.workspace(session, "There").id
    before = mark(where)
    tell(there, ids.new())

    assert hear(where, before)[0] == []
    with db.transaction(where) as session:
        assert events.after(session, there, before).events == ()


def test_of_many_threads_none_is_named_and_the_row_stays_small(where: UUID) -> None:
    before = mark(where)
    tell(where, *ids.many(events.NAMED))
    tell(where, *ids.many(events.NAMED + 1))

    told, _ = hear(where, before)

    assert sorted(map(len, told)) == [0, events.NAMED]


def test_who_missed_very_much_is_told_that_anything_may_have_changed(where: UUID) -> None:
    before = mark(where)
    with db.transaction(where) as session:
        for _ in range(events.READ + 1):
            events.append(session, where, EventKind.FILED, [ids.new()], at=make.NOW)

    told, after = hear(where, before)

    assert told == [()]
    assert hear(where, after)[0] == []


def test_what_is_older_than_a_day_goes_with_what_comes(where: UUID) -> None:
    old = make.NOW - timedelta(days=2)
    with db.transaction(where) as session:
        for _ in range(6):
            events.append(session, where, EventKind.FILED, [], at=old)
    for _ in range(2):
        tell(where)

    with db.transaction(where) as session:
        ages = [at for (at,) in bulk.run(session, "select at from event", ())]
    assert ages == [make.NOW, make.NOW]


def test_what_a_backup_brought_from_another_cluster_is_told_to_nobody_and_goes(where: UUID) -> None:
    since, thread = mark(where), ids.new()
    tell(where, ids.new())
    with db.transaction(where) as session:
        bulk.run(session, "update event set xact = xact + 1000000", ())

    assert hear(where, since)[0] == []
    tell(where, thread)

    assert hear(where, since)[0] == [(thread,)]
    with db.transaction(where) as session:
        assert bulk.run(session, "select count(*) from event", ()).scalar_one() == 1


def test_whoever_listens_is_woken_by_the_commit_with_the_workspace_alone(
    where: UUID, house: Settings
) -> None:
    with Listening(house) as told:
        with db.transaction(where) as session:
            events.append(session, where, EventKind.FILED, [ids.new()], at=make.NOW)
            assert list(told(0.2)) == []
        assert [notice.payload for notice in told(5)] == [str(where)]


@pytest.mark.parametrize(
    "said",
    [
        "", "1:2", "x", "1:2:3,", "5:3:", "1:9:7,3", "1:3:9", "0:1:", "1:1:;drop", "1:1:\n",
        "1:9223372036854775808:", "9" * 30 + ":1:", "١:٢:", "1:3:२",
    ],
)  # fmt: skip
def test_a_mark_that_is_none_is_refused(said: str) -> None:
    assert events.parse_mark(said) is None


def test_every_mark_that_is_given_can_be_handed_back(where: UUID) -> None:
    with db.transaction(where) as session:
        events.append(session, where, EventKind.FILED, [], at=make.NOW)
        tell(where)
        between = mark(where)

    assert between.split(":")[2]
    assert events.parse_mark(between) == between


def test_the_key_serves_the_question(where: UUID) -> None:
    """Under its policy a column is looked up by its index only where it is compared leakproof."""
    now = mark(where)
    with db.transaction(where) as session:
        bulk.run(session, "set local enable_seqscan = off", ())
        values = {"ws": where, "mark": now, "most": 5}
        plan = "\n".join(row[0] for row in bulk.run(session, "explain" + events._AFTER, values))

    assert "event_pk" in plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert "xact" in condition
    assert "workspace_id" in condition


class Listening:
    """Listen beside the code under test."""

    def __init__(self, house: Settings) -> None:
        url = house.database_url.replace("+psycopg", "")
        self._connection = psycopg.connect(url, autocommit=True)

    def __enter__(self):
        self._connection.execute(f"listen {events.CHANNEL}")
        return self._heard

    def _heard(self, seconds: float) -> Iterator[psycopg.Notify]:
        return self._connection.notifies(timeout=seconds, stop_after=1)

    def __exit__(self, *_: object) -> None:
        self._connection.close()
