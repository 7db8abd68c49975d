"""Processes are started, restarted when they die with all they began, and all of them stopped."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager, suppress

import psutil
import pytest

from server import supervisor
from tests.sync import rig

#: Writes down its process; with a port it has a child, which listens there as the web's do.
SCRIPT = """
import os, socket, sys, time
folder, seconds, port = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
child = port and os.fork()
if port and not child:
    line = socket.create_server(("127.0.0.1", port), reuse_port=True)
open(os.path.join(folder, str(os.getpid())), "w")
time.sleep(seconds)
"""


def script(folder, seconds, port=0):
    return [sys.executable, "-c", SCRIPT, str(folder), str(seconds), str(port)]


@contextmanager
def running(named, port):
    """Have them looked after; yields whether it was told that they are ready."""
    ended, told = threading.Event(), []
    runner = threading.Thread(
        target=supervisor.run,
        args=(named, dict(os.environ), ended),
        kwargs={"port": port, "ready": lambda: told.append("ready")},
    )
    runner.start()
    try:
        yield told
    finally:
        ended.set()
        runner.join(40)


def started(folder):
    return [int(path.name) for path in folder.iterdir()]


def gone(pids):
    """Tell whether all have ended; one whom nobody has asked about since is a zombie."""
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                return False
    return True


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_product_is_web_scheduler_watcher_and_workers():
    named = supervisor.commands(8025, 2)

    assert sorted(name.partition("-")[0] for name in named) == [
        "scheduler",
        "watcher",
        "web",
        "worker",
        "worker",
    ]
    web = list(named["web"])
    assert web[web.index("--host") + 1] == "127.0.0.1"
    assert "8025" in web


def test_parts_are_named_apart_and_together_they_are_all():
    apart = {part: supervisor.commands(8025, 2, only=[part]) for part in supervisor.PARTS}

    assert [list(named) for named in apart.values()] == [
        ["web"],
        ["scheduler"],
        ["watcher"],
        ["worker-1", "worker-2"],
    ]
    together = {name: command for named in apart.values() for name, command in named.items()}
    assert together == supervisor.commands(8025, 2)


def test_what_dies_is_started_again_and_all_end_together(tmp_path, port):
    named = {"short": script(tmp_path, 0), "web": script(tmp_path, 600, port)}

    with running(named, port) as told:
        rig.until(lambda: len(started(tmp_path)) >= 4)
        rig.until(lambda: told == ["ready"])

    rig.until(lambda: gone(started(tmp_path)))


def test_what_a_dead_process_began_ends_before_it_is_started_again(tmp_path, port):
    with running({"web": script(tmp_path, 600, port)}, port):
        rig.until(lambda: len(started(tmp_path)) == 2)
        first = started(tmp_path)
        master = next(pid for pid in first if psutil.Process(pid).children())

        os.kill(master, signal.SIGKILL)
        rig.until(lambda: len(started(tmp_path)) == 4)

        assert gone(first)
    rig.until(lambda: gone(started(tmp_path)))


def test_a_stranger_on_the_port_is_not_the_web(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        with running(
            {"web": [sys.executable, "-c", ""], "other": script(tmp_path, 600)}, port
        ) as t:
            rig.until(lambda: started(tmp_path))
            time.sleep(2)

    assert t == []


def test_a_port_that_is_taken_is_refused_in_words(port):
    supervisor.refuse_taken(port)

    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(supervisor.PortTakenError, match=rf"Port {port} .* in use.*--port"),
    ):
        supervisor.refuse_taken(port)


def test_a_port_that_was_left_a_moment_ago_is_free(port):
    with (
        socket.create_server(("127.0.0.1", port)) as line,
        socket.create_connection(("127.0.0.1", port)),
    ):
        line.accept()[0].close()  # Who closes first waits in TIME_WAIT.

    supervisor.refuse_taken(port)
