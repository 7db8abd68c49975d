"""The memory of large letters goes back to the system, and imports are not looked through."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from server import memory

SCRIPT = """
import psutil
from server import memory

assert memory.give_back_large_blocks()
before = psutil.Process().memory_info().rss
for _ in range(3):  # The second time, glibc would have kept the blocks of the first.
    blocks = [bytearray(b"x" * 9_000_000) for _ in range(4)]
    between = bytearray(2_000)  # Lies above them in a heap, which then could not shrink.
    del blocks
print((psutil.Process().memory_info().rss - before) // 1_000_000)
"""


def test_large_blocks_are_given_back_at_once():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 9


def test_nothing_is_collected_while_modules_are_loaded_and_all_is_afterwards():
    with pytest.raises(ImportError):
        _load_what_is_missing()

    assert gc.isenabled()


def test_what_a_command_loads_is_left_out_of_its_collections():
    script = (
        "import gc, sys; sys.argv = ['inlay', '--version']; from server import cli; cli.run()\n"
        "print(gc.get_freeze_count() > 10_000, gc.isenabled())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split()[-2:] == ["True", "True"]


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with memory.loading(), memory.loading():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()


def _load_what_is_missing() -> None:
    with memory.loading():
        assert not gc.isenabled()
        raise ImportError
