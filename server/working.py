"""The processes behind the web: `python -m server.working worker NAME`, `scheduler`, `watcher`.

Their settings come by the environment; each waits for database and queue when they are away. Each
imports what it needs and no more: it runs all day, and what it imports stays in memory.
"""

from __future__ import annotations

import logging
import resource
import sys
import time

import redis

from crm.base import db, queues, settings
from crm.base.vault import Vault
from server import ending, memory, secrets

_log = logging.getLogger(__name__)


def main() -> None:
    """Run the process that was asked for, until it is told to end."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("rq").setLevel(logging.WARNING)
    if sys.argv[1] == "scheduler":
        _schedule()
    elif sys.argv[1] == "watcher":
        _watch()
    else:
        _work(sys.argv[2])


def _work(name: str) -> None:
    from sync import jobs, worker

    memory.give_back_large_blocks()
    read = secrets.complete(settings.read())
    db.bind(db.open_engine(read.database_url, statement_timeout=120))
    jobs.bind(read, Vault(read.vault_keys))
    while True:
        connection = queues.connect(read.redis_url)
        queues.bind(connection)
        try:
            worker.make(connection, name=f"{name}-{time.time_ns()}").work(logging_level="WARNING")
        except redis.RedisError as error:
            _log.warning("The worker waits for the queue: %s", type(error).__name__)
            time.sleep(2)
        else:
            return


def _watch() -> None:
    from sync.watch import Watcher

    memory.give_back_large_blocks()
    read = secrets.complete(settings.read())
    ended = ending.told()
    _let_open_many()
    queues.bind(queues.connect(read.redis_url))
    db.bind(db.open_engine(read.database_url, pool_size=2))
    vault = Vault(read.vault_keys)
    scheduler = db.open_engine(read.database_scheduler_url, pool_size=1)
    Watcher(scheduler, read, vault).run(ended)


def _let_open_many() -> None:
    """Let the process have as many connections as the system allows it to ask for."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _schedule() -> None:
    from sync import schedule

    read = settings.read()
    ended = ending.told()
    queues.bind(queues.connect(read.redis_url))
    engine = db.open_engine(read.database_scheduler_url, pool_size=1)
    schedule.run(engine, ended, pushes=read.takes_pushes, tells=read.tells)


if __name__ == "__main__":
    main()
