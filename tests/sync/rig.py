"""The rig of the road's tests: a mailbox that Dovecot serves, workers, and who counts after them.

    box = rig.connect(settings, dovecot.port, "ann")
    rig.bring(box)
    rig.assert_exact(box, rig.served(dovecot, "ann"))

`assert_exact` is the oracle after every fault: what the server has and what the ledger has are the
same set, every letter is one message and stands once on each timeline, and its digest is that of
the bytes as they were served.
"""

from __future__ import annotations

import hashlib
import importlib
import multiprocessing
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest
from imapclient import imap_utf7

from crm.base import bulk, clock, crash, db
from crm.base.settings import Settings
from crm.base.vault import Vault
from crm.mail import copies, importing, mailboxes
from crm.mail.importing import Over
from crm.mail.models import CopyState, Mailbox, MailboxKind
from crm.workspace.models import User
from server.demo.gmail import App
from sync import running
from sync.google import asked_for
from sync.sources.imap import mailbox
from tests import make
from tests.servers.proxy import FETCH_KINDS, Fault, Proxy
from tests.soon import SOON
from tests.sync import deadly

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from server.demo.gmail import GmailServer
    from sync.running import Brought
    from tests.conftest import Cluster
    from tests.servers.dovecot import Dovecot

Served = dict[tuple[str, int], bytes]
#: What asks for consent at a Gmail on this machine.
APP = App("Inlay", "inlay.apps.test", "a secret of the app", ("http://127.0.0.1/back",))


@dataclass(frozen=True, slots=True)
class Box:
    """A connected mailbox, and the house that it belongs to."""

    workspace_id: UUID
    id: UUID
    settings: Settings

    @property
    def vault(self) -> Vault:
        """Return the vault in which its password lies."""
        return Vault(self.settings.vault_keys)

    def row(self) -> Mailbox:
        """Return the mailbox as it stands in the database now."""
        with db.transaction(self.workspace_id) as session:
            return mailboxes.get(session, self.workspace_id, self.id)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement of the test's own in the mailbox's workspace."""
        with db.transaction(self.workspace_id) as session:
            found = bulk.run(session, statement, values)
            return [tuple(row) for row in found] if found.returns_rows else []


@contextmanager
def database(cluster: Cluster, template: str) -> Iterator[Settings]:
    """Lend a database without a row, and take it away."""
    name = f"inlay_town_{uuid4().hex[:8]}"
    try:
        yield cluster.database(name, template)
    finally:
        cluster.drop(name)


@contextmanager
def bound(settings: Settings) -> Iterator[Settings]:
    """Let this process work in a database."""
    engine = db.open_engine(settings.database_url)
    db.bind(engine)
    try:
        yield settings
    finally:
        db.sessions.configure(bind=None)
        engine.dispose()


@pytest.fixture(scope="session")
def _town(cluster: Cluster, template: str) -> Iterator[Settings]:
    with database(cluster, template) as made:
        yield made


@pytest.fixture
def town(_town: Settings) -> Iterator[Settings]:
    """Lend one database in which everything is committed; each test founds a workspace there."""
    with bound(_town):
        yield _town


class Watcher(Proxy):
    """A proxy that counts the letters whose bodies pass through it."""

    def __init__(self, upstream: int, **plan: Any) -> None:
        super().__init__(upstream, **plan)
        self.bodies: list[int | None] = []

    def due(self, kinds: Sequence[str], uid: int | None = None) -> Fault | None:
        """Count what passes, and return the fault whose turn it is."""
        if kinds is FETCH_KINDS:
            self.bodies.append(uid)
        return super().due(kinds, uid)


@pytest.fixture
def liar(dovecot: Dovecot) -> Iterator[Watcher]:
    """Lend a proxy in front of Dovecot that counts bodies and does as planned."""
    with Watcher(dovecot.port) as proxy:
        yield proxy


def connect(
    settings: Settings,
    port: int,
    login: str,
    *,
    password: str = "secret",
    address: str = "ana@halden.test",
    beside: Box | None = None,
    **values: Any,
) -> Box:
    """Connect an IMAP mailbox on this machine: in a new workspace, or beside another one."""
    place = {"host": "127.0.0.1", "port": port, "security": "none", "login": login}
    secret = Vault(settings.vault_keys).seal(password)
    return _connect(settings, MailboxKind.IMAP, place, secret, address, beside, values)


def connect_gmail(
    settings: Settings,
    google: GmailServer,
    address: str = "ana@halden.test",
    *,
    over: Over = Over.API,
    scopes: Sequence[str] = (),
) -> Box:
    """Connect a mailbox of a Gmail on this machine, whose owner has given consent.

    It goes for reading by the API; for all mail, where the first import goes over IMAP.
    """
    theirs = replace(
        settings,
        google_api_url=google.url,
        google_imap_url=google.imap_url,
        google_token_url=google.token_url,
        google_revoke_url=google.revoke_url,
        google_client_id=APP.client_id,
        google_client_secret=APP.client_secret,
        google_units_per_user=10**9,  # Nobody waits for the clock.
    )
    google.register(APP)
    scopes = scopes or asked_for(over)
    secret = Vault(settings.vault_keys).seal(google.refresh_token(address, APP.client_id, scopes))
    place = {"grant": "consent", **importing.choice(over)}
    return _connect(theirs, MailboxKind.GMAIL, place, secret, address, None, {})


def connect_files(settings: Settings, path: object, *, address: str = "ana@halden.test") -> Box:
    """Connect a mailbox of files in a workspace of its own."""
    return _connect(settings, MailboxKind.FILES, {"path": str(path)}, None, address, None, {})


def _connect(
    settings: Settings,
    kind: MailboxKind,
    place: dict[str, Any],
    secret: bytes | None,
    address: str,
    beside: Box | None,
    values: dict[str, Any],
) -> Box:
    with db.transaction(beside.workspace_id if beside else None) as session:
        workspace_id = beside.workspace_id if beside else make.workspace(session).id
        workspace = make.Workspace(id=workspace_id)
        user = make.user(session, workspace, address, role="admin")
        made = mailboxes.connect(
            session, user, address, kind=kind, place=place, secret=secret, by=user, at=clock.now()
        )
        for name, value in values.items():
            setattr(made, name, value)
        session.flush()
        return Box(workspace_id, made.id, settings)


def bring(box: Box, **hooks: Any) -> Brought:
    """Bring a mailbox up to date in this process."""
    return running.bring_up_to_date(box.workspace_id, box.id, box.settings, box.vault, **hooks)


def start(
    box: Box, crash_at: str = "", *, poison: bytes = b"", batch: int = mailbox.BATCH_COUNT
) -> ForkServerProcess:
    """Start a worker that brings a mailbox up to date once, in a process of its own.

    `crash_at` lets it die at a point of the road; `poison` are bytes that no worker survives
    reading; `batch` is how many letters it takes at once.
    """
    worker: ForkServerProcess = _workers().Process(
        target=_work, args=(box, crash_at, poison, batch), daemon=True
    )
    worker.start()
    return worker


def run(work: Callable[[Box], None], box: Box) -> ForkServerProcess:
    """Start a process that does something else with a mailbox."""
    worker: ForkServerProcess = _workers().Process(target=work, args=(box,), daemon=True)
    worker.start()
    return worker


def finish(worker: ForkServerProcess, seconds: float = 60) -> int:
    """Wait for a worker, and return how it ended: 137 where it died at a point."""
    worker.join(seconds)
    assert worker.exitcode is not None, "the worker does not end"
    return worker.exitcode


@cache
def _workers() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.sync.rig"])
    return context


def _work(box: Box, crash_at: str, poison: bytes, batch: int) -> None:
    os.environ["CRASH_AT"] = crash_at
    importlib.reload(crash)
    mailbox.BATCH_COUNT = batch  # type: ignore[misc]  # Of this process alone.
    if poison:
        deadly.poison(poison)
    engine = db.open_engine(box.settings.database_url)
    db.bind(engine)
    brought = bring(box)
    engine.dispose()
    os._exit(1 if brought.trouble else 0)


def expire_leases(box: Box) -> None:
    """Let everything that a worker holds be free, as the clock would 90 seconds later."""
    box.ask("update stretch set leased_until = now() - interval '1 second' where not done")
    box.ask("update mailbox set leased_until = now() - interval '1 second'")


def expire(box: Box, what: str = "due_at") -> None:
    """Let a mailbox be due, as the clock would later."""
    box.ask(f"update mailbox set {what} = now() - interval '1 second' where id = %s", box.id)


def hours_pass(box: Box, count: int = 1) -> None:
    """Let the last comparison be so many hours older than it is."""
    box.ask(
        "update folder set compared_at = compared_at - %s * interval '61 minutes'"
        " where workspace_id = %s",
        *(count, box.workspace_id),
    )


def log_in_again(box: Box) -> None:
    """Come as the owner does to a mailbox that asks for a login, and give the same one."""
    with db.transaction(box.workspace_id) as session:
        made = mailboxes.get(session, box.workspace_id, box.id)
        owner = session.get_one(User, (box.workspace_id, made.user_id))
        mailboxes.resume(session, made, by=owner, at=clock.now())


def served(server: Dovecot, user: str) -> Served:
    """Fetch everything that the server has, past the code under test."""
    found: Served = {}
    with server.connect(user) as client:
        for line in client.list()[1]:
            assert isinstance(line, bytes)
            raw_name = line.rpartition(b' "/" ')[2].strip(b'"')
            kind, _ = client.select(b'"' + raw_name + b'"', readonly=True)  # type: ignore[arg-type]
            if kind != "OK":
                continue
            name = str(imap_utf7.decode(raw_name))
            for said in client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]:
                if isinstance(said, tuple):
                    uid = re.search(rb"UID (\d+)", said[0])
                    assert uid is not None
                    found[name, int(uid[1])] = said[1]
    return found


def ledger_of(box: Box) -> list[tuple[str, int, int, bytes | None, UUID | None]]:
    """Return (folder, uid, state, digest, message) of every copy that is not gone."""
    rows = box.ask(
        "select f.name, c.uid, c.state, c.digest, c.message_id from copy c"
        " join folder f on f.workspace_id = c.workspace_id and f.id = c.folder_id"
        " where c.workspace_id = %s and c.mailbox_id = %s and c.state <> %s order by 1, 2",
        *(box.workspace_id, box.id, CopyState.GONE),
    )
    return [(f, u, s, d and bytes(d), m) for f, u, s, d, m in rows]


def places_of(box: Box, *states: CopyState) -> set[tuple[str, int]]:
    """Return the places whose copies are in one of these states."""
    return {(folder, uid) for folder, uid, state, _, _ in ledger_of(box) if state in states}


def assert_exact(box: Box, has: Served, *, failed: int = 0) -> None:
    """Hold what the server has against what we have: nothing lost, doubled or altered."""
    rows = ledger_of(box)
    places = [(folder, uid) for folder, uid, *_ in rows]
    assert sorted(places) == sorted(has)
    assert sum(1 for _, _, state, _, _ in rows if state == CopyState.FAILED) == failed
    stored = [(f, u, d, m) for f, u, state, d, m in rows if state == CopyState.STORED]
    for folder, uid, digest, _ in stored:
        assert digest == hashlib.sha256(has[folder, uid]).digest(), (folder, uid)
    letters: dict[bytes | None, set[UUID | None]] = {}
    for _, _, digest, message in stored:
        letters.setdefault(digest, set()).add(message)
    assert all(len(messages) == 1 and None not in messages for messages in letters.values())
    assert_filed_once(box)
    assert_balanced(box)


def assert_filed_once(box: Box, *, distinct: bool = True) -> None:
    """One message a letter, one activity a message, and no line twice on any timeline.

    `distinct` says that no two letters with other bytes are copies of one message.
    """
    ((messages, activities, told, digests),) = box.ask(
        "select (select count(*) from message where workspace_id = w),"
        " (select count(*) from activity where workspace_id = w and kind = 1),"
        " (select count(distinct message_id) from activity where workspace_id = w and kind = 1),"
        " (select count(distinct digest) from copy"
        "   where workspace_id = w and message_id is not null)"
        " from (select %s::uuid) as v(w)",
        box.workspace_id,
    )
    assert (activities, told) == (messages, messages)
    assert messages == digests if distinct else messages <= digests
    doubled = box.ask(
        "select record_id, activity_id from activity_link where workspace_id = %s"
        " group by 1, 2 having count(*) > 1",
        box.workspace_id,
    )
    assert doubled == []


def assert_balanced(box: Box) -> None:
    """Every folder's account adds up."""
    with db.transaction(box.workspace_id) as session:
        mailbox = mailboxes.get(session, box.workspace_id, box.id)
        lines = copies.ledger(session, mailbox)
    assert lines
    assert [line.folder.name for line in lines if not line.balanced] == []


def letters(count: int, seed: int = 1, *, size: int = 600) -> list[bytes]:
    """Write a correspondence: people, questions and answers; the same for the same seed."""
    dice = random.Random(seed)
    people = [f"p{n}@firm{n % 9}.test" for n in range(30)]
    written: list[bytes] = []
    heads: list[tuple[str, str]] = []
    for n in range(count):
        person = dice.choice(people)
        ours = dice.random() < 0.4
        sender, to = ("ana@halden.test", person) if ours else (person, "ana@halden.test")
        more = {}
        subject = f"Order {seed}-{n}"
        if heads and dice.random() < 0.5:
            parent, refs = dice.choice(heads[-50:])
            more = {"In_Reply_To": parent, "References": f"{refs} {parent}".strip()}
            subject = f"Re: {subject}"
        mid = f"{seed}.{n}@halden.test"
        heads.append((f"<{mid}>", more.get("References", "")))
        text = "\r\n".join(f"Line {line} of {n}." for line in range(max(1, size // 20)))
        at = make.NOW - timedelta(hours=count - n)
        written.append(make.raw(sender, to, subject, text, message_id=mid, at=at, **more))
    return written


def deliver(
    server: Dovecot,
    user: str,
    raws: list[bytes],
    folder: str = "INBOX",
    at: datetime | None = None,
) -> None:
    """Put letters into a folder, a minute apart."""
    for n, raw in enumerate(raws):
        moment = (at or make.NOW - timedelta(days=100)) + timedelta(minutes=n)
        server.deliver(user, raw, folder, ["seen"], at=moment)


def until(true: Callable[[], object], seconds: float = SOON) -> None:
    """Wait until something is true, and fail when it never is."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it never happened"
        time.sleep(0.01)


def knock(url: str) -> bool:
    """Tell whether a database answers."""
    try:
        with psycopg.connect(url, connect_timeout=2) as one:
            one.execute("select 1")
    except psycopg.Error:
        return False
    return True
