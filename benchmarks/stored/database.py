"""Make a stored database, or open the one that an earlier run has made."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import psycopg

from benchmarks import house
from benchmarks.stored import mail, work, workspaces
from benchmarks.stored.rows import Rows
from crm.base import db
from crm.migrations import upgrading
from server import embedded
from server.embedded import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.house import House

#: Raise it when other rows are written: databases of earlier editions are then made anew.
EDITION: Final = 1
#: Of a hundred messages, so many are in each workspace; and so many colleagues work there.
SHARES: Final = ((60, 12), (16, 5), (12, 4), (8, 3), (4, 2))
#: One contact in so many messages.
MESSAGES_A_CONTACT: Final = 12

_STAGE: Final = """
create unlogged table staged (like message including defaults);
alter table staged drop column search, add column words text;
"""
_FILL: Final = """
insert into message (workspace_id, id, ref, fingerprint, rfc_id, thread_id, at, sent_at, direction,
  kind, kind_reason, unfiled, shares, from_email, from_name, subject, snippet, size, parts, whole,
  same_id_as, search)
select workspace_id, id, ref, fingerprint, rfc_id, thread_id, at, sent_at, direction, kind,
  kind_reason, unfiled, shares, from_email, from_name, subject, snippet, size, parts, whole,
  same_id_as, to_tsvector('public.inlay', words)
from staged;
drop table staged;
"""
_INDICES: Final = """
select indexname, indexdef from pg_indexes i
where schemaname = 'public' and not exists (
  select from pg_constraint c join pg_class k on k.oid = c.conindid where k.relname = i.indexname)
"""


@contextmanager
def opened(cache: Path, count: int, seed: int) -> Iterator[House]:
    """Run the servers of a database with so many messages; make it first where there is none."""
    place = _place(cache, count, seed)
    if not (place / "made").exists():
        shutil.rmtree(place, ignore_errors=True)
    with house.opened(place) as ready:
        if not (place / "made").exists():
            _make(ready, count, seed)
            (place / "made").touch()
        yield ready


def admin(ready: House) -> psycopg.Connection[Any]:
    """Connect as the superuser, whom no policy binds."""
    url = embedded.admin_url(ready.data_dir).replace("/postgres?", "/inlay?")
    return psycopg.connect(url, autocommit=True)


def _place(cache: Path, count: int, seed: int) -> Path:
    """Name the DATA_DIR after what decides about its content; move out where it may not lie."""
    mark = hashlib.sha256()
    for file in sorted(Path(upgrading.HERE, "versions").glob("*.*")):
        mark.update(file.read_bytes())
    name = f"stored-{count}-{seed}-{EDITION}-{mark.hexdigest()[:8]}"
    try:
        return embedded.claim(cache / name)
    except EmbeddedError:
        return Path(tempfile.gettempdir(), f"inlay-bench-{name}")


def _make(ready: House, count: int, seed: int) -> None:
    began = time.monotonic()
    upgrading.upgrade(ready.servers.owner_url)
    engine = db.open_engine(ready.servers.database_url, statement_timeout=600)
    db.bind(engine)
    founded = [workspaces.found(i, colleagues) for i, (_, colleagues) in enumerate(SHARES)]
    engine.dispose()
    with admin(ready) as connection:
        connection.execute("set session_replication_role = replica")  # No triggers: the keys hold.
        indices = connection.execute(_INDICES).fetchall()
        for name, _ in indices:
            connection.execute(f'drop index "{name}"')
        connection.execute(_STAGE)
        rnd, rows = Random(seed), Rows(connection)
        for (share, _), workspace in zip(SHARES, founded, strict=True):
            here = count * share // 100
            workspaces.people(rows, rnd, workspace, max(20, here // MESSAGES_A_CONTACT))
            work.deals(rows, rnd, workspace)
            work.notes(rows, rnd, workspace)
            mail.MailWriter(rows, rnd, workspace).write(here)
        rows.flush()
        connection.execute(_FILL)
        connection.execute("set maintenance_work_mem = '1GB'")
        for _, definition in indices:
            connection.execute(definition)
        connection.execute("vacuum (analyze)")
        connection.execute("checkpoint")
    print(f"  made a database of {count:,} messages in {time.monotonic() - began:.0f} s")
