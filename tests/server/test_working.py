"""The processes behind the web start, wait for what is away, and end when told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server import working
from tests.conftest import environment


@pytest.mark.parametrize("words", [["scheduler"], ["watcher"], ["worker", "worker-1"]])
def test_a_process_ends_when_it_is_told_to(house, words):
    command = [sys.executable, "-m", working.__name__, *words]
    with subprocess.Popen(command, env=environment(house), stderr=subprocess.PIPE) as process:
        while process.poll() is None and not listens(process.pid):
            time.sleep(0.05)
        assert process.poll() is None, process.stderr.read().decode()
        process.send_signal(signal.SIGTERM)

        assert process.wait(15) == 0


def listens(pid):
    """Tell whether a process has a word for SIGTERM already, as the kernel sees it."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
