"""The processes behind the web start, wait for what is away, and end when told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from server import working
from tests.conftest import environment


@pytest.mark.parametrize("words", [["scheduler"], ["worker", "worker-1"]])
def test_a_process_ends_when_it_is_told_to(house, words):
    command = [sys.executable, "-m", working.__name__, *words]
    with subprocess.Popen(command, env=environment(house), stderr=subprocess.PIPE) as process:
        time.sleep(4)
        assert process.poll() is None, process.stderr.read().decode()
        process.send_signal(signal.SIGTERM)

        assert process.wait(15) == 0
