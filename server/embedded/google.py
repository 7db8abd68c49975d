"""The demo's Gmail: a server of ours on the loopback interface, whose mailboxes lie in DATA_DIR.

It is there where DATA_DIR has a folder for it. It runs as whoever started it, for it is our own
program and needs nobody's protection; unlike the others it has a port, since browsers come to it:
the one that it had before, if that is free.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.embedded import daemons
from server.embedded.place import Keeper

if TYPE_CHECKING:
    from server.embedded.place import Place

_ROOT = Path(__file__).resolve().parent.parent.parent


def found(place: Place) -> None:
    """Let a place have a Gmail from now on."""
    _folder(place).mkdir(mode=0o700, exist_ok=True)


def is_here(place: Place) -> bool:
    """Tell whether a place has a Gmail."""
    return _folder(place).is_dir()


def start(place: Place) -> None:
    """Join the Gmail of a place, or start it."""
    daemons.ensure(daemon(place), lambda _lock: _command(place))


def url(place: Place) -> str:
    """Say where it listens; "" where there is none."""
    return _lines(place)[0]


def imap_url(place: Place) -> str:
    """Say where it listens for IMAP; "" where it does not."""
    return _lines(place)[1]


def push_to(place: Place, there: str) -> None:
    """Say where it is to push to. One that runs already follows within a second."""
    unfinished = _folder(place) / "push-to.unfinished"
    unfinished.write_text(f"{there}\n", "utf-8")
    unfinished.replace(_folder(place) / "push-to")


def daemon(place: Place) -> daemons.Daemon:
    """Describe the Gmail of a place."""
    return daemons.Daemon(
        name="Gmail",
        keeper=Keeper("", os.geteuid(), os.getegid()),
        lock=place.run / "google.lock",
        journal=place.root / "log" / "google.log",
        pid_file=_folder(place) / "pid",
        mark=str(_folder(place)),
        farewell=signal.SIGTERM,
        answers=lambda: _answers(place),
    )


def _command(place: Place) -> list[str]:
    """Return what to execute. Where the last one listened is asked for again, and told anew."""
    port, imap_port = (urlsplit(line).port or 0 for line in _lines(place))
    _address(place).unlink(missing_ok=True)
    program = [sys.executable, "-m", "server.demo.stand_in"]
    program += ["--port", str(port), "--imap-port", str(imap_port)]
    return ["/usr/bin/env", f"PYTHONPATH={_ROOT}", *program, str(_folder(place))]


def _answers(place: Place) -> bool:
    """Tell whether it is ours that answers: whoever took the port of a dead one is not."""
    there = urlsplit(url(place))
    if not there.port or not daemons.is_alive(daemon(place)):
        return False
    try:
        with socket.create_connection((there.hostname or "", there.port), timeout=5):
            return True
    except OSError:
        return False


def _lines(place: Place) -> tuple[str, str]:
    with suppress(FileNotFoundError):
        api, imap, *_rest = [*_address(place).read_text("utf-8").split("\n"), "", ""]
        return api.strip(), imap.strip()
    return "", ""


def _folder(place: Place) -> Path:
    return place.root / "google"


def _address(place: Place) -> Path:
    return _folder(place) / "url"
