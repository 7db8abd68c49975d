"""The worst single letters: CPU of reading and filing each, memory of taking all of them in."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from benchmarks import crafted, house, mail_server, taking_in
from benchmarks.measuring import running_nanoseconds
from benchmarks.stored import workspaces
from crm import filing
from crm.base import db
from crm.mail import folders, mailboxes
from crm.migrations import upgrading
from sync import ingest
from sync.sources.files import FilesSource

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIMIT: Final = 10_000_000
_AT: Final = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
_NUMBER: Final = re.compile(rb"crafted-(\d+)@")
#: Ordinary letters in the mailbox whose memory is measured.
_BESIDE: Final = 500


def read_and_file() -> list[dict[str, Any]]:
    """Read and file each crafted letter alone; return what it took, the costliest first."""
    names = [name for name, _ in crafted.letters()]
    with _crafted_maildir() as maildir, house.opened() as fresh:
        upgrading.upgrade(fresh.servers.owner_url)
        engine = db.open_engine(fresh.servers.database_url, pool_size=1, statement_timeout=120)
        db.bind(engine)
        try:
            found = list(_each(maildir, names))
        finally:
            engine.dispose()
            db.sessions.configure(bind=None)
    return sorted(found, key=lambda one: -one["cpu"])


def peak_of_all(ordinary: Path) -> dict[str, Any]:
    """Take in a mailbox of crafted and ordinary letters; return the peak memory of a worker."""
    with _crafted_maildir() as maildir:
        for letter in sorted(ordinary.glob("cur/*"))[:_BESIDE]:
            shutil.copy2(letter, maildir / "cur")
        if mail_server.missing():
            return taking_in.take_in(maildir, 1)
        with mail_server.serving(maildir) as server:
            return taking_in.take_in(server, 1)


@contextmanager
def _crafted_maildir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="inlay-bench-", dir="/tmp") as room:
        place = Path(room)
        place.chmod(0o755)
        for kind in ("cur", "new", "tmp"):
            (place / kind).mkdir()
        for number, (_, raw) in enumerate(crafted.letters()):
            stamp = int(_AT.timestamp()) + number
            (place / "cur" / f"{stamp}.M{number}.crafted:2,S").write_bytes(raw)
        yield place


def _each(maildir: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    here = workspaces.found(0, 1)
    with db.transaction(here.id) as session:
        pid = session.execute(text("select pg_backend_pid()")).scalar_one()
    backend = running_nanoseconds(pid)
    with FilesSource(maildir, letter_limit=_LIMIT) as source:
        state = source.folders()[0]
        for place in list(source.listing(state)):
            message = source.letter(place)
            number = _NUMBER.search(message.raw[:1000])
            began, database = time.thread_time(), backend()
            arrival = ingest.read_one(message)
            read = time.thread_time()
            with db.transaction(here.id) as session:
                box = mailboxes.get(session, here.id, here.boxes[0].id)
                folder = folders.of_mailbox(session, box)["INBOX"]
                filing.file(session, box, folder, [arrival], at=_AT)
            filed, stored = time.thread_time(), backend()
            reading, filing_ = read - began, filed - read
            postgresql = (stored - database) / 1e9
            yield {
                "letter": names[int(number[1])] if number else "?",
                "bytes": place.size,
                "reading": round(reading, 3),
                "filing": round(filing_, 3),
                "postgresql": round(postgresql, 3),
                "cpu": round(reading + filing_ + postgresql, 3),
            }
