"""Processes are started, started again when they die, and all of them stopped."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time

import psutil

from server import supervisor


def port_of(listener):
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener.getsockname()[1]


def test_the_product_is_web_scheduler_and_workers():
    named = supervisor.commands(8025, 2)

    assert sorted(name.partition("-")[0] for name in named) == [
        "scheduler",
        "web",
        "worker",
        "worker",
    ]
    web = list(named["web"])
    assert web[web.index("--host") + 1] == "127.0.0.1"
    assert "8025" in web


def test_what_dies_is_started_again_and_all_end_together(tmp_path):
    script = f"import os, time; open(r'{tmp_path}/' + str(os.getpid()), 'w'); time.sleep(%s)"
    named = {
        "short": [sys.executable, "-c", script % "0"],
        "long": [sys.executable, "-c", script % "600"],
    }
    ended, told = threading.Event(), []
    with socket.socket() as listener:
        port = port_of(listener)
        runner = threading.Thread(
            target=supervisor.run,
            args=(named, dict(os.environ), ended),
            kwargs={"port": port, "ready": lambda: told.append("ready")},
        )
        runner.start()
        deadline = time.monotonic() + 20
        while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        ended.set()
        runner.join(20)

    started = [int(path.name) for path in tmp_path.iterdir()]
    assert len(started) >= 3
    assert told == ["ready"]
    assert not any(psutil.pid_exists(pid) for pid in started)
