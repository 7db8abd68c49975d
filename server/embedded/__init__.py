"""PostgreSQL and Valkey out of the box, for an Inlay that was given neither.

    with embedded.running(data_dir) as servers:
        serve(servers.database_url, servers.redis_url)

Any number of commands share the servers of one DATA_DIR; the last to leave stops them. Nothing
listens on a port: both servers have Unix sockets in a directory that other users cannot enter, and
PostgreSQL asks for a password as well. Started as root, they run as a system user without rights.

`place` knows where everything lies and whom it belongs to, `sharing` who uses it, `daemons` how a
server comes and goes, `watching` how it comes back when it has died, `roles` what a database of
ours needs, on this server or on another.
Nothing here knows a table of Inlay's. The demo's DATA_DIR has a third server, `google`: a Gmail on
this machine, which listens on the loopback interface.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.embedded import daemons, google, place, sharing, watching
from server.embedded import postgresql as _postgresql
from server.embedded import valkey as _valkey
from server.embedded.errors import EmbeddedError
from server.embedded.place import claim
from server.embedded.postgresql import admin_url, program
from server.embedded.roles import add_database, database_sql, rights_sql, roles_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from server.embedded.daemons import Daemon

__all__ = [
    "EmbeddedError",
    "Servers",
    "add_database",
    "admin_url",
    "claim",
    "database_sql",
    "program",
    "push_to",
    "rights_sql",
    "roles_sql",
    "running",
]


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the running servers are. An address is empty when its server was not asked for."""

    database_url: str
    owner_url: str
    scheduler_url: str
    redis_url: str
    google_url: str = ""
    google_imap_url: str = ""


@contextmanager
def running(
    data_dir: Path,
    *,
    postgresql: bool = True,
    valkey: bool = True,
    tuning: Mapping[str, str] | None = None,
    watched: bool = False,
    gmail: bool = False,
) -> Iterator[Servers]:
    """Start the servers of a DATA_DIR, or join them, and stop them if nobody else is left.

    `tuning` overrides PostgreSQL's settings; whoever joins takes them as they are. Raises
    EmbeddedError. A process forked inside lives at most as long as its parent's `with`. `watched`
    starts again what dies meanwhile: for who stays long. `gmail` brings a Gmail of its own along,
    here and whenever this DATA_DIR is used again: the demo's.
    """
    here = place.settle(data_dir)
    if gmail:
        google.found(here)
    starts = _starts(here, tuning or {}, postgresql=postgresql, valkey=valkey)
    with (
        sharing.lease(here.run, start=lambda: _start(here, starts), stop=lambda: _stop(here)),
        watching.watched(here.run, starts) if watched else nullcontext(),
    ):
        yield _addresses(here, postgresql=postgresql, valkey=valkey)


def push_to(data_dir: Path, there: str) -> None:
    """Say where the Gmail of a DATA_DIR is to push to."""
    google.push_to(place.settle(data_dir), there)


def _starts(
    here: place.Place, tuning: Mapping[str, str], *, postgresql: bool, valkey: bool
) -> dict[Daemon, Callable[[], None]]:
    """Say how each server that was asked for is started."""
    starts: dict[Daemon, Callable[[], None]] = {}
    if valkey:
        starts[_valkey.daemon(here)] = lambda: _valkey.start(here)
    if postgresql:
        starts[_postgresql.daemon(here)] = lambda: _postgresql.start(here, tuning)
    if google.is_here(here):
        starts[google.daemon(here)] = lambda: google.start(here)
    return starts


def _start(here: place.Place, starts: Mapping[Daemon, Callable[[], None]]) -> None:
    here.furnish()
    for start in starts.values():
        start()


def _stop(here: place.Place) -> None:
    daemons.stop(_postgresql.daemon(here), _valkey.daemon(here), google.daemon(here))
    here.tidy()


def _addresses(here: place.Place, *, postgresql: bool, valkey: bool) -> Servers:
    return Servers(
        database_url=_postgresql.url(here, "inlay_program") if postgresql else "",
        owner_url=_postgresql.url(here, "inlay_owner") if postgresql else "",
        scheduler_url=_postgresql.url(here, "inlay_scheduler") if postgresql else "",
        redis_url=_valkey.url(here) if valkey else "",
        google_url=google.url(here),
        google_imap_url=google.imap_url(here),
    )
