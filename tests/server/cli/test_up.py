"""`inlay up`: the whole product in one house, until it is told to stop."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
import urllib.request

import psutil

from tests.commands import COMMAND
from tests.conftest import environment


def test_up_serves_and_leaves_no_process_behind(house):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [COMMAND, "up", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=environment(house), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert f"http://127.0.0.1:{port}" in process.stdout.readline()
            ready = answered(f"http://127.0.0.1:{port}/readyz")
            family = psutil.Process(process.pid).children(recursive=True)
        finally:
            process.send_signal(signal.SIGTERM)
            told = time.monotonic()
            code = process.wait(60)

    assert (ready, code) == (200, 0)
    assert time.monotonic() - told < 15, "somebody had to be killed"
    assert len(family) >= 3
    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def answered(url):
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
        time.sleep(0.1)
    return 0
