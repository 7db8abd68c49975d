"""The same road in django-mailbox, the best known library for it: IMAP into PostgreSQL.

It keeps no threads, contacts or index, reads letter by letter, and deletes from the server what it
has read: so it gets a copy of its own, a part of the mailbox that is enough for a rate.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg

from benchmarks import house, mail_server
from server import embedded

if TYPE_CHECKING:
    from benchmarks.house import House

PACKAGES = ("django-mailbox", "django", "psycopg[binary]")
_SCRIPT = Path(__file__).with_name("peer_script.py")


def take_in(maildir: Path, count: int, cache: Path) -> dict[str, Any]:
    """Let django-mailbox read so many letters of a Maildir. Raises RuntimeError."""
    python = _environment(cache)
    part = cache / f"peer-mailbox-{count}"
    _cut(maildir, part, count)
    with mail_server.serving(part) as server, house.opened() as fresh:
        words = _database(fresh) | {
            "PEER_URI": f"imap://{mail_server.USER}:{server.password}@127.0.0.1:{server.port}"
        }
        _run(python, "migrate", fresh, words, None)
        ran = _run(python, "read", fresh, words, server.pid)
    stored = int(ran.words.split()[-1])
    return {
        "name": "django-mailbox",
        "versions": _versions(python),
        "messages": stored,
        "seconds": round(ran.seconds, 2),
        "rate": round(stored / ran.seconds),
        "cpu": ran.usage.per_thousand(stored),
        "peak_mb": round(ran.peak_mb, 1),
    }


def _environment(cache: Path) -> Path:
    """Return the Python of a virtual environment with the peer in it, made if need be."""
    place = cache / "peer-venv"
    if not (place / "ready").exists():
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        pip = (place / "bin" / "python", "-m", "pip", "install", "--quiet")
        made = subprocess.run(
            [*pip, "--disable-pip-version-check", *PACKAGES],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"django-mailbox cannot be installed: {made.stderr[-500:]}")
        (place / "ready").touch()
    return place / "bin" / "python"


def _cut(maildir: Path, part: Path, count: int) -> None:
    """Put the first letters of all folders into one INBOX."""
    if part.exists():
        return
    unfinished = part.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for kind in ("cur", "new", "tmp"):
        (unfinished / kind).mkdir(parents=True)
    letters = sorted(maildir.rglob("cur/*"), key=lambda path: path.name)[:count]
    for letter in letters:
        shutil.copy2(letter, unfinished / "cur" / letter.name)
    unfinished.rename(part)


def _database(fresh: House) -> dict[str, str]:
    admin = embedded.admin_url(fresh.data_dir)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("create database peer owner inlay_owner")
    url = urlsplit(fresh.servers.owner_url)
    return {
        "PEER_HOST": url.query.removeprefix("host=").replace("%2F", "/"),
        "PEER_USER": url.username or "",
        "PEER_PASSWORD": url.password or "",
    }


def _run(
    python: Path, what: str, fresh: House, words: dict[str, str], dovecot: int | None
) -> house.Ran:
    return house.run((str(python), str(_SCRIPT), what), fresh, dovecot=dovecot, extra=words)


def _versions(python: Path) -> str:
    names = "django-mailbox", "django"
    code = f"from importlib.metadata import version as v; print(*map(v, {names!r}))"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    own, django = found.stdout.split()
    return f"{own}, Django {django}, Python {sys.version_info.major}.{sys.version_info.minor}"
