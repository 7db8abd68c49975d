"""The worker: whatever a queue holds, only functions of the table run, with ids for arguments."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from rq import Callback, Queue, SimpleWorker
from rq.job import Job, JobStatus
from rq.registry import StartedJobRegistry, clean_registries
from rq.serializers import JSONSerializer
from rq.webhook import Webhook

from crm.base import queues
from crm.base.settings import Settings
from sync import jobs, worker
from sync.worker import RefusedJobError, TableJob
from tests.sync import rig
from tests.sync.rig import Box

PLANTED = "tests.sync.test_worker.planted"


@pytest.fixture
def valkey(town: Settings) -> Iterator[Redis]:
    connection = queues.connect(town.redis_url)
    connection.flushall()
    yield connection
    connection.flushall()
    connection.close()


@pytest.fixture
def box(town: Settings, tmp_path: Path) -> Iterator[Box]:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.eml").write_bytes(rig.letters(1)[0])
    made = rig.connect_files(town, tmp_path / "mail")
    jobs.bind(town, made.vault)
    yield made
    jobs.bind(None, None)  # type: ignore[arg-type]


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "somebody-ran-code-here"


def work(connection: Redis, another: SimpleWorker | None = None) -> None:
    """Let a worker empty the queue, as it does in a process of its own."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    try:
        made = another or worker.make(connection, name=f"test-{uuid4().hex}")
        made.work(burst=True, logging_level="CRITICAL")
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def stranger(connection: Redis) -> Queue:
    """Return the queue as somebody has it who may write there and knows rq."""
    return Queue(queues.NAME, connection=connection, serializer=JSONSerializer)


def assert_goes_on(connection: Redis, box: Box) -> None:
    """See that the next job of the table is done as ever."""
    stranger(connection).enqueue("sync.jobs.sync_mailbox", str(box.workspace_id), str(box.id))
    work(connection)
    assert len(rig.ledger_of(box)) == 1
    assert stranger(connection).count == 0


def test_a_job_of_the_table_is_run(valkey: Redis, box: Box) -> None:
    queues.bind(valkey)
    queues.hint("sync.jobs.sync_mailbox", box.workspace_id, box.id)
    queues.bind(None)

    work(valkey)

    assert len(rig.ledger_of(box)) == 1
    assert box.row().state == "live"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("os.system", ["touch {marker}"]),
        ("builtins.eval", ["__import__('os').system('touch {marker}')"]),
        ("subprocess.check_call", [["touch", "{marker}"]]),
        ("pathlib.Path.touch", ["{marker}"]),
        ("sync.quarantine.retry", ["{workspace}"]),
        ("sync.jobs.bind", ["{workspace}", "{mailbox}"]),
        ("sync.jobs.sync_mailbox", ["{workspace}"]),
        ("sync.jobs.sync_mailbox", ["{workspace}", "{mailbox}", "{mailbox}"]),
        ("sync.jobs.sync_mailbox", ["{workspace}", "../../etc/passwd"]),
        ("sync.jobs.sync_mailbox", ["{workspace}", {"id": "{mailbox}"}]),
        ("sync.jobs.sync_mailbox", ["{workspace}", "{MAILBOX}"]),
        ("sync.jobs.sync_mailbox", [1, 2]),
        ("sync.jobs.nothing_of_that_name", ["{workspace}", "{mailbox}"]),
        ("", []),
    ],
)
def test_what_is_not_in_the_table_does_not_run_and_the_worker_goes_on(
    valkey: Redis, box: Box, marker: Path, name: str, args: list[Any]
) -> None:
    values = {"marker": marker, "workspace": box.workspace_id, "mailbox": box.id}
    values["MAILBOX"] = str(box.id).upper()
    filled = [arg.format(**values) if isinstance(arg, str) else arg for arg in args]
    stranger(valkey).enqueue(name or "x", args=filled)

    work(valkey)

    assert not marker.exists()
    assert rig.ledger_of(box) == []
    assert_goes_on(valkey, box)


def test_named_arguments_and_objects_are_refused(valkey: Redis, box: Box) -> None:
    ids = {"workspace_id": str(box.workspace_id), "mailbox_id": str(box.id)}
    stranger(valkey).enqueue("sync.jobs.sync_mailbox", kwargs=ids)
    both = Job.create(
        "sync.jobs.sync_mailbox",
        args=list(ids.values()),
        connection=valkey,
        serializer=JSONSerializer,
        origin=queues.NAME,
    )
    both._instance = "an object"
    stranger(valkey).enqueue_job(both)

    work(valkey)

    assert rig.ledger_of(box) == []
    assert_goes_on(valkey, box)


class Touching:
    """An object whose unpickling runs a command."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self._path}",)


def test_a_pickle_is_never_opened(valkey: Redis, box: Box, marker: Path) -> None:
    job = stranger(valkey).enqueue("sync.jobs.sync_mailbox", str(box.workspace_id), str(box.id))
    deadly = pickle.dumps(("sync.jobs.sync_mailbox", None, (Touching(marker),), {}))
    valkey.hset(job.key, "data", deadly)
    valkey.hset(job.key, "meta", pickle.dumps(Touching(marker)))

    work(valkey)

    assert not marker.exists()
    assert_goes_on(valkey, box)


@pytest.mark.parametrize("mailbox", ["known", "unknown"])
def test_callbacks_do_not_exist(
    valkey: Redis, box: Box, marker: Path, monkeypatch: pytest.MonkeyPatch, mailbox: str
) -> None:
    monkeypatch.setenv("MARKER", str(marker))
    mailbox_id = str(box.id) if mailbox == "known" else str(uuid4())
    stranger(valkey).enqueue(
        "sync.jobs.sync_mailbox",
        *(str(box.workspace_id), mailbox_id),
        on_success=Callback(PLANTED),
        on_failure=Callback(PLANTED),
        on_stopped=Callback(PLANTED),
    )

    work(valkey)

    assert not marker.exists()
    assert_goes_on(valkey, box)


@pytest.mark.parametrize("who", ["our worker", "a worker of rq's"])
def test_the_callback_of_a_job_that_was_abandoned_does_not_run_either(
    valkey: Redis, box: Box, marker: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setenv("MARKER", str(marker))
    queue = stranger(valkey)
    ids = (str(box.workspace_id), str(box.id))
    job = queue.enqueue("sync.jobs.sync_mailbox", *ids, on_failure=Callback(PLANTED))
    valkey.delete(queue.key)
    valkey.hset(job.key, "status", JobStatus.STARTED)
    registry = StartedJobRegistry(queues.NAME, connection=valkey, serializer=JSONSerializer)
    valkey.zadd(registry.key, {f"{job.id}:somebody": 1})

    if who == "our worker":
        work(valkey)
    else:
        clean_registries(queue)

    assert valkey.zcard(registry.key) == 0
    assert marker.exists() == (who != "our worker")


@pytest.mark.parametrize("who", ["our worker", "a worker of rq's"])
def test_a_job_makes_the_worker_call_no_address(valkey: Redis, box: Box, who: str) -> None:
    called: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            called.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        for mailbox_id in (str(box.id), str(uuid4())):
            stranger(valkey).enqueue(
                "sync.jobs.sync_mailbox",
                *(str(box.workspace_id), mailbox_id),
                webhooks=[Webhook(url, "finished"), Webhook(url, "failed")],
            )
        if who == "our worker":
            work(valkey)
        else:
            theirs = SimpleWorker([stranger(valkey)], connection=valkey, serializer=JSONSerializer)
            work(valkey, theirs)
        server.shutdown()
        thread.join()

    assert bool(called) == (who != "our worker")


def test_check_names_what_it_refuses(valkey: Redis) -> None:
    ids = [str(uuid4()), str(uuid4())]
    made = {
        name: TableJob.create(name, args=args, connection=valkey, serializer=JSONSerializer)
        for name, args in {
            "sync.jobs.sync_mailbox": ids,
            "os.system": ids,
            "sync.jobs.take_stretches": ["no id", ids[0]],
        }.items()
    }

    worker.check(made["sync.jobs.sync_mailbox"])
    with pytest.raises(RefusedJobError, match="table"):
        worker.check(made["os.system"])
    with pytest.raises(RefusedJobError, match="no id"):
        worker.check(made["sync.jobs.take_stretches"])
    with pytest.raises(RefusedJobError):
        _ = made["os.system"].func


def planted(*_said: object) -> None:
    """Leave a mark: somebody could make the worker import a name."""
    Path(os.environ["MARKER"]).touch()
