"""The embedded servers are killed under `inlay up`: it is ready again, and mail comes in."""

from __future__ import annotations

import json
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from crm.base.settings import Settings
from server import embedded
from tests import make, product
from tests.commands import Inlay
from tests.conftest import environment
from tests.sync import rig

IN_TIME = 10


@pytest.fixture
def inlay() -> Iterator[Inlay]:
    """Open a terminal in a house without servers of its own."""
    folder = Path(tempfile.mkdtemp(prefix="inlay-own-", dir="/tmp"))
    try:
        yield Inlay(Settings(data_dir=folder), {"LC_ALL": "C.UTF-8"})
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def up(inlay: Inlay) -> Iterator[tuple[psutil.Process, str]]:
    """Run the product; yields its process, and where it says that it is ready."""
    env = environment(inlay.house) | inlay.more
    with product.running(env, "--workers", "1") as started:
        yield psutil.Process(started.process.pid), f"{started.url}/readyz"


def state(url: str) -> dict[str, Any]:
    """Return what a probe is told; nothing where nobody answers."""
    with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
        return dict(json.load(answer))
    return {}


def ready(url: str) -> bool:
    """Tell whether it is ready, with database and queue."""
    return state(url) == {"ready": True, "database": True, "queue": True}


def kill(data_dir: Path, up: psutil.Process) -> None:
    """Kill both servers, and the web: it has to start while the database is away."""
    pids = [
        int((data_dir / name).read_text().split()[0])
        for name in ("postgresql/postmaster.pid", "valkey/valkey.pid")
    ]
    web = next(child for child in up.children() if "granian" in child.cmdline())
    for process in (*map(psutil.Process, pids), web):
        process.kill()


def test_killed_servers_are_back_in_ten_seconds_and_mail_comes_in(
    inlay: Inlay, up: tuple[psutil.Process, str], tmp_path: Path
) -> None:
    process, url = up
    rig.until(lambda: ready(url), 60)
    assert inlay("workspace", "add", "Halden").code == 0
    words = ("user", "add", "ana@halden.test", "--role", "admin", "--name", "Ana Kovač")
    assert inlay(*words, "--password-stdin", stdin=b"a long password\n").code == 0

    kill(inlay.house.data_dir, process)
    rig.until(lambda: not ready(url), IN_TIME)
    rig.until(lambda: ready(url), IN_TIME)

    (tmp_path / "1.eml").write_bytes(make.raw(subject="Label printers"))
    words = ("mailbox", "add", "files", "--user", "ana@halden.test", "--address", "ana@halden.test")
    assert inlay(*words, "--path", str(tmp_path)).code == 0
    rig.until(lambda: subjects(inlay) == [("Label printers",)])


def subjects(inlay: Inlay) -> list[tuple[str]]:
    """List what the worker has taken in."""
    with psycopg.connect(embedded.admin_url(inlay.house.data_dir), dbname="inlay") as connection:
        return connection.execute("select subject from message").fetchall()
