"""The demo's Gmail comes and goes with the servers of its DATA_DIR, and stays where it was."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import embedded
from server.embedded import daemons, google, place, watching
from tests.sync.rig import until

IN_TIME = 10


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a place under /tmp: pytest's own is closed to the user that root's servers run as."""
    path = Path(tempfile.mkdtemp(prefix="inlay-test-", dir="/tmp"))
    yield path
    gmail = google.daemon(place.settle(path))
    with contextlib.suppress(AttributeError):  # There is none, as there should be.
        daemons.find_process(gmail).kill()
    shutil.rmtree(path)


def answers(url: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/post-office") as page:
        return b"Demo of Gmail" in page.read()
    return False


def test_it_is_there_where_it_was_asked_for_once_and_ends_with_the_last(home: Path) -> None:
    with embedded.running(home, postgresql=False) as servers:
        assert servers.google_url == ""

    with embedded.running(home, postgresql=False, gmail=True) as servers:
        url = servers.google_url
        assert answers(url)
        with embedded.running(home, postgresql=False) as joined:
            assert joined.google_url == url
    assert not answers(url)
    assert not daemons.is_alive(google.daemon(place.settle(home)))

    with embedded.running(home, postgresql=False) as servers:
        assert servers.google_url == url
        assert answers(url)


def test_it_comes_back_at_its_old_place_when_it_dies(home: Path) -> None:
    with embedded.running(home, postgresql=False, gmail=True, watched=True) as servers:
        process = daemons.find_process(google.daemon(place.settle(home)))
        process.kill()
        until(lambda: not process.is_running() or process.status() == "zombie")

        until(lambda: answers(servers.google_url), IN_TIME + watching.EVERY)


def test_whoever_has_the_port_of_a_dead_one_is_not_taken_for_it(home: Path) -> None:
    from server.demo.gmail import GmailServer

    with GmailServer() as stranger:
        google.found(place.settle(home))
        (home / "google" / "url").write_text(stranger.url)
        with embedded.running(home, postgresql=False) as servers:
            assert servers.google_url != stranger.url
            assert answers(servers.google_url)
