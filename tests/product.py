"""The product as its users start it: `inlay up` at a free port, until it is told to stop."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.commands import COMMAND

PATIENCE = 60


@dataclass(frozen=True)
class Running:
    """The product that answers, and the process that looks after it."""

    url: str
    process: subprocess.Popen[str]


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(
    *words: str, env: Mapping[str, str], stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Start a command that stays. In the end it is told to stop, if it still runs."""
    with subprocess.Popen(
        [COMMAND, *words],
        env={**env, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # It says where each of its threads is.
                raise


@contextmanager
def running(env: Mapping[str, str], *words: str) -> Iterator[Running]:
    """Run the whole product; it answers by then, and has to end well."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with started("up", "--port", str(port), *words, env={**env, "BASE_URL": url}) as process:
        assert process.stdout is not None
        if not any(url in line for line in process.stdout):
            pytest.fail("it did not come up")
        yield Running(url, process)
    assert process.returncode == 0
