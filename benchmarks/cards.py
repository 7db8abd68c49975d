"""The card beside an open message: how long it takes, how many queries, how many rows are read.

Everything between the request's transaction and Google's JSON is measured: the user is loaded, the
add-on is asked as Gmail asks it, by Gmail's id of the message, and its answer is written out.
The token check and the web server are left out; so is the network to Gmail.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event, text

from addon import event as events
from addon.dispatch import dispatch
from addon.widgets import Links
from benchmarks import specimens, stored
from benchmarks.measuring import median, percentile, running_nanoseconds
from crm.base import db
from crm.mail import opened
from crm.workspace import users
from server import memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy import Engine

    from benchmarks.specimens import Opened, Specimens
    from crm.base.db import Session

AT: Final = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LINKS: Final = Links("https://inlay.test/addon", "https://inlay.test")
_WARM: Final = 60
_COUNTED: Final = 40
_TURN: Final = 20
#: The name of a message's card, which no notice that stands in for it bears.
_NAME: Final = '{"pushCard": {"name": "message"'
#: Tables that do not grow with the mail; a sequential scan reads them whole, at every size.
_SMALL: Final = "('user', 'mailbox', 'folder', 'pipeline', 'stage', 'workspace')"
_ROWS: Final = text(
    "select coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)"
    f" from pg_stat_xact_all_tables where schemaname = 'public' and relname not in {_SMALL}"
)


@dataclass(frozen=True, slots=True)
class Timed:
    """One card: milliseconds of wall and of CPU."""

    wall: float
    server: float
    postgresql: float


def open_message_card(session: Session, workspace_id: UUID, message: Opened) -> str:
    """Answer Gmail's question about an open message, as the door does."""
    user = users.get(session, workspace_id, message.user_id)
    name = f"msg-f:{message.uid}"
    asked = {
        "commonEventObject": {"hostApp": "GMAIL", "platform": "WEB", "userLocale": "en"},
        "gmail": {"messageId": name, "threadId": "thread-f:1"},
    }
    place = opened.find(session, user, opened.number(name))
    answer = dispatch(
        session,
        events.parse(asked, function="message"),
        user=user,
        look=lambda _: None,
        opened=place.opened if place is not None else None,
        at=AT,
    )
    return json.dumps(answer.to_json(LINKS), ensure_ascii=False)


@dataclass(slots=True)
class Table:
    """A database of one size while cards are opened on it."""

    count: int
    engine: Engine
    house: Specimens
    messages: list[Opened]
    timed: list[Timed]


def measure(cache: Path, sizes: Sequence[int], seed: int, count: int) -> list[dict[str, Any]]:
    """Open cards beside messages of databases of several sizes, in turns.

    In turns, so that what else goes on upon the machine slows all of them alike.
    """
    with ExitStack() as stack, _no_faults():
        tables = [_set(stack, cache, size, seed, count) for size in sizes]
        memory.settle()  # As the web does when it has started.
        for start in range(0, count, _TURN):
            for table in tables:
                db.bind(table.engine)
                turn = table.messages[start : start + _TURN]
                table.timed += _time(table.house.workspace_id, turn)
        return [_shape(table) for table in tables]


def _set(stack: ExitStack, cache: Path, size: int, seed: int, count: int) -> Table:
    ready = stack.enter_context(stored.opened(cache, size, seed))
    engine = db.open_engine(ready.servers.database_url, pool_size=1)
    stack.callback(engine.dispose)
    db.bind(engine)
    house = specimens.place(ready)
    messages = specimens.random_messages(ready, house, count)
    _open_all(house.workspace_id, [*house.strangers, *house.known, *messages[:_WARM]])
    return Table(size, engine, house, messages, [])


def _shape(table: Table) -> dict[str, Any]:
    db.bind(table.engine)
    timed, house = table.timed, table.house
    groups = {"any": table.messages, "stranger": house.strangers, "best known": house.known}
    return {
        "messages": table.count,
        "opened": len(timed),
        "p50_ms": round(median(t.wall for t in timed), 2),
        "p99_ms": round(percentile((t.wall for t in timed), 0.99), 2),
        "server_ms": round(median(t.server for t in timed), 2),
        "postgresql_ms": round(median(t.postgresql for t in timed), 2),
        "cpu_ms": round(median(t.server + t.postgresql for t in timed), 2),
        "cpu_p99_ms": round(percentile((t.server + t.postgresql for t in timed), 0.99), 2),
        "counted": {
            name: _count(table.engine, house.workspace_id, group[:_COUNTED])
            for name, group in groups.items()
        },
    }


class _Faults(logging.Handler):
    """Hears of the faults that the add-on turns into a kind card: such a card is no measurement."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is said of the first fault."""
        self.said = self.said or record.getMessage()


@contextmanager
def _no_faults() -> Iterator[None]:
    """Raise RuntimeError when a card was broken meanwhile, and keep the log quiet."""
    faults, log = _Faults(), logging.getLogger("addon.dispatch")
    heard, log.propagate = log.propagate, False
    log.addHandler(faults)
    try:
        yield
    finally:
        log.removeHandler(faults)
        log.propagate = heard
    if faults.said:
        raise RuntimeError(f"The card is broken, so nothing was measured: {faults.said[:400]}")


def _open_all(workspace_id: UUID, messages: Sequence[Opened]) -> None:
    """Open cards once, and see that each is the card of its message."""
    for message in messages:
        with _no_faults(), db.transaction(workspace_id) as session:
            said = open_message_card(session, workspace_id, message)
        if _NAME not in said:
            raise RuntimeError(f"That is not the card of a message: {said[:300]}")


def _time(workspace_id: UUID, messages: Sequence[Opened]) -> Iterator[Timed]:
    with db.transaction(workspace_id) as session:
        pid = session.execute(text("select pg_backend_pid()")).scalar_one()
    backend = running_nanoseconds(pid)
    for message in messages:
        wall, server, database = time.perf_counter_ns(), time.thread_time_ns(), backend()
        with db.transaction(workspace_id) as session:
            open_message_card(session, workspace_id, message)
        used = time.thread_time_ns() - server
        passed = time.perf_counter_ns() - wall
        yield Timed(passed / 1e6, used / 1e6, (backend() - database) / 1e6)


def _count(
    engine: Engine, workspace_id: UUID, messages: Sequence[Opened]
) -> dict[str, list[float]]:
    """Count queries and rows of each card; the least, the median and the most of both."""
    queries: list[float] = []
    rows: list[float] = []
    asked = 0

    def note(*_: object) -> None:
        nonlocal asked
        asked += 1

    for message in messages:
        with db.transaction(workspace_id) as session:
            before = session.execute(_ROWS).scalar_one()
            asked = 0
            event.listen(engine, "before_cursor_execute", note)
            open_message_card(session, workspace_id, message)
            event.remove(engine, "before_cursor_execute", note)
            queries.append(asked)
            rows.append(int(session.execute(_ROWS).scalar_one() - before))
    return {
        name: [min(values), median(values), max(values)]
        for name, values in (("queries", queries), ("rows", rows))
    }
