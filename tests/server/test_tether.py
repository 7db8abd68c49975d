"""A process that is tied to its starter ends with it."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil
import pytest

from server import tether

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's wish is Linux's")

STARTER = """
import subprocess, sys, time
from server import tether
child = subprocess.Popen(tether.tied([sys.executable, "-c", "import time; time.sleep(600)"]))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_it_ends_when_its_starter_is_killed():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE) as starter:
        try:
            child = psutil.Process(int(starter.stdout.readline()))
            while child.cmdline()[1:2] != ["-c"]:  # It is tied once it has become the command.
                time.sleep(0.02)
        finally:
            starter.kill()

    _gone, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []


def test_it_does_not_begin_where_its_starter_is_gone():
    command = [sys.executable, "-m", tether.__name__, "1", sys.executable, "-c", "print('began')"]

    assert subprocess.run(command, capture_output=True, check=True).stdout == b""
