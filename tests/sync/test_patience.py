"""Patience: a database that is away is waited for, a lost race is run again, a mistake is not."""

from __future__ import annotations

import time

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from crm.base import db
from crm.base.settings import Settings
from sync import patience
from sync.patience import is_away, is_its_own, patiently

#: A backend that ends itself is a server that went away in the middle of a statement.
_DIE = "select pg_terminate_backend(pg_backend_pid())"
_AGAIN = "do $$ begin raise exception 'lost' using errcode = '{code}'; end $$"


@pytest.fixture
def engine(town: Settings) -> Engine:
    return db.open_engine(town.database_url, pool_size=1)


class Work:
    """A transaction that goes wrong a few times and then goes through."""

    def __init__(self, engine: Engine, statement: str, times: int) -> None:
        self._engine, self._statement, self._times = engine, statement, times
        self.runs = 0

    def __call__(self) -> str:
        """Run the transaction once."""
        self.runs += 1
        with self._engine.begin() as connection:
            if self.runs <= self._times:
                connection.execute(text(self._statement))
        return "done"


def test_a_database_that_goes_away_is_waited_for(engine: Engine) -> None:
    work = Work(engine, _DIE, 2)

    assert patiently(work) == "done"
    assert work.runs == 3
    engine.dispose()


def test_a_database_that_stays_away_is_not_waited_for_for_ever() -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    began = time.monotonic()

    with pytest.raises(OperationalError):
        patiently(Work(nowhere, "select 1", 9), patience=0.5)

    assert time.monotonic() - began > 0.4


@pytest.mark.parametrize("code", ["40P01", "40001", "23505"])
def test_a_lost_race_is_run_again(engine: Engine, code: str) -> None:
    work = Work(engine, _AGAIN.format(code=code), 2)

    assert patiently(work) == "done"
    assert work.runs == 3
    engine.dispose()


@pytest.mark.parametrize("code", ["55P03", "57014", "25P03"])
def test_a_database_that_is_too_busy_is_waited_for(engine: Engine, code: str) -> None:
    work, told = Work(engine, _AGAIN.format(code=code), 5), []

    assert patiently(work, delayed=lambda: told.append(work.runs)) == "done"
    assert told == [1, 2, 3, 4, 5]
    engine.dispose()


@pytest.mark.parametrize(
    ("limit", "statement"),
    [
        ("statement_timeout", "select pg_sleep(1)"),
        ("idle_in_transaction_session_timeout", "do $$ begin perform 1; end $$"),
    ],
)
def test_a_limit_of_the_servers_own_is_not_for_ever(
    engine: Engine, limit: str, statement: str
) -> None:
    runs = []

    def work() -> str:
        runs.append(limit)
        with engine.begin() as connection:
            connection.execute(text(f"set local {limit} = '{50 if len(runs) == 1 else 0}ms'"))
            if len(runs) == 1:
                connection.execute(text(statement))
                time.sleep(0.3)
            connection.execute(text("select 1"))
        return "done"

    assert patiently(work) == "done"
    assert len(runs) == 2
    engine.dispose()


def test_a_database_that_stays_busy_is_not_waited_for_for_ever(engine: Engine) -> None:
    with pytest.raises(OperationalError):
        patiently(Work(engine, _AGAIN.format(code="55P03"), 99), patience=0.5)

    engine.dispose()


def test_who_loses_every_race_is_told(engine: Engine) -> None:
    work = Work(engine, _AGAIN.format(code="23505"), 99)

    with pytest.raises(IntegrityError):
        patiently(work)

    assert work.runs == 3
    engine.dispose()


def test_a_mistake_is_not_tried_again(engine: Engine) -> None:
    work = Work(engine, "select * from there_is_no_such_table", 1)

    with pytest.raises(ProgrammingError):
        patiently(work)

    assert work.runs == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("code", "away"),
    [
        ("57P01", True),  # terminated by an administrator
        ("57P02", True),  # the server crashed
        ("57P03", True),  # it is starting
        ("08006", True),
        ("53300", True),  # too many connections
        ("57014", False),  # our own time-out
        ("22P02", False),
        ("42P01", False),
    ],
)
def test_what_counts_as_away(code: str, away: bool) -> None:
    error = psycopg.errors.lookup(code)("said the server")

    assert is_away(DBAPIError("select 1", None, error)) is away


@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("53100", True),  # its disk is full
        ("58030", True),  # its disk is broken
        ("57P01", True),
        ("55P03", True),  # another holds a lock too long
        ("57014", True),  # a statement took too long
        ("25P03", True),  # a transaction stood still too long
        ("54000", False),  # a row that no index takes
        ("22P02", False),
    ],
)
def test_what_is_no_letters_fault(code: str, own: bool) -> None:
    error = psycopg.errors.lookup(code)("said the server")

    assert is_its_own(DBAPIError("select 1", None, error)) is own


def test_a_value_that_cannot_be_sent_is_a_mistake_and_not_an_absence(engine: Engine) -> None:
    with pytest.raises(ProgrammingError) as refused, engine.connect() as connection:
        connection.exec_driver_sql("select %s", (object(),))

    assert not is_away(refused.value)
    engine.dispose()


def test_the_waiting_is_long_enough_for_a_restart() -> None:
    assert patience.PATIENCE >= 300
