"""A signal is heard whatever the process is about."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: It waits as our loops do, and is told a thousand times a second, in the middle of anything.
_WAITS = """
import signal, time
from server import ending

begun = time.monotonic()
rounds = 0
while time.monotonic() < begun + 3:
    ended = ending.told()
    signal.signal(signal.SIGALRM, signal.getsignal(signal.{name}))
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
    while not ended.is_set():
        ended.wait(0.00001)
    signal.setitimer(signal.ITIMER_REAL, 0)
    rounds += 1
print(rounds)
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_in_the_middle_of_a_wait_ends_it(name: str) -> None:
    words = (sys.executable, "-c", _WAITS.format(name=name))
    said = subprocess.run(words, timeout=60, check=True, capture_output=True, text=True).stdout
    assert int(said) > 10
