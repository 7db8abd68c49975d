"""Canaries: passwords that nobody else bears are planted, and looked for where none may be."""

from __future__ import annotations

import base64
import logging
import random
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import quote

from crm.base import queues
from crm.base.db import transaction
from crm.base.vault import Vault
from crm.workspace import users
from server import embedded
from server.app import create_app
from sync.connecting import previewing
from tests.commands import Inlay
from tests.servers.dovecot import Dovecot
from tests.soak.row import Figures, Seen, total
from tests.soak.working import seconds_until, working
from tests.sync import rig
from tests.visiting import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis import Redis

    from crm.base.settings import Settings
    from tests.soak.ground import Ground
    from tests.sync.rig import Box

#: A login that must be found in the dump, so that a search which finds nothing is no comfort.
MARK = "login-with-a-mark"
REFUSED = "login-that-is-refused"


def play(ground: Ground, seed: int, size: int) -> Figures:
    """Work with planted passwords, right and wrong, and search everything that is left of it."""
    dice = random.Random(seed)
    right, wrong = (f"canary-{dice.getrandbits(64):016x}" for _ in range(2))
    with (
        Dovecot(password=right) as dovecot,
        ground.town() as settings,
        tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder,
        _listening() as logged,
    ):
        town, written = replace(settings, allow_private_imap=True), Path(folder) / "written"
        rig.deliver(dovecot, MARK, rig.letters(size, seed=seed))
        valkey = queues.connect(town.redis_url)
        valkey.flushall()
        queues.bind(valkey)
        box = rig.connect(town, dovecot.port, MARK, password=right)
        refused = rig.connect(
            town, dovecot.port, REFUSED, password=wrong, address="bo@halden.test", beside=box
        )
        queues.hint("sync.jobs.sync_mailbox", box.workspace_id, refused.id)
        queued = _keys(valkey)
        with working(town, written):
            seconds_until(lambda: box.row().state == "live", 60)
            seconds_until(lambda: refused.row().last_error, 60)
        found = {
            "Valkey": queued + _keys(valkey),
            "pages": _pages(town, box, refused, dovecot.port, wrong),
            "output": _output(town, dovecot.port, wrong),
            "logs": written.read_bytes() + "\n".join(logged).encode(),
            "dump": _dump(town),
        }
        queues.bind(None)
        valkey.close()
    return _searched(found, [right, wrong, *town.vault_keys, town.secret_key])


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that no canary is anywhere, and that the search sees what is there."""
    size = total(rounds, "searched") / 1_000_000
    places = sorted({place for one in rounds for place in one["hits"]})
    words = f"hits in {', '.join(places)}" if places else "0 hits"
    words += f" in {size:.1f} MB of dump, logs, Valkey, pages and output"
    return Seen(words, kept=not places and all(one["sees"] for one in rounds))


def _searched(found: dict[str, bytes], secret: Sequence[str]) -> Figures:
    spelled = [one for text in secret for one in _spellings(text)]
    return {
        "hits": [place for place, text in found.items() if any(one in text for one in spelled)],
        "sees": MARK.encode() in found["dump"] and all(found.values()),
        "searched": sum(map(len, found.values())),
    }


def _spellings(secret: str) -> Iterator[bytes]:
    """Yield a secret as it is, in hexadecimal, in a URL, and in base64 wherever it begins."""
    raw = secret.encode()
    yield from (raw, raw.hex().encode(), quote(secret, safe="").encode())
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + raw)
        yield coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def _pages(town: Settings, box: Box, refused: Box, port: int, wrong: str) -> bytes:
    """Open pages, send wrong passwords, and let something break while one is being tried."""
    app = create_app(town, Vault(town.vault_keys))
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with transaction(box.workspace_id) as session:
        owner = users.get(session, box.workspace_id, box.row().user_id)
        session.expunge_all()
    visitor = Visitor(app).be(owner)
    form = {"step": "look", "address": "new@halden.test", "host": "127.0.0.1", "port": str(port)}
    form |= {"security": "none", "login": "new", "password": wrong}
    there = f"/mailboxes/{refused.id}"
    answers = [visitor.get(url) for url in ("/mailboxes", f"/mailboxes/{box.id}", there, "/none")]
    answers.append(visitor.post("/mailboxes/connect", form))
    answers.append(visitor.post(f"{there}/sign-in", {"password": wrong}))
    with patch.object(previewing, "open_source", side_effect=RuntimeError("It breaks.")):
        answers.append(visitor.post("/mailboxes/connect", form))
    assert answers[-1].status_code == 500, answers[-1].status
    return b"".join(answer.data + str(answer.headers).encode() for answer in answers)


def _output(town: Settings, port: int, wrong: str) -> bytes:
    """Let the command speak of mailboxes, and refuse a password."""
    inlay = Inlay(town, {"LC_ALL": "C.UTF-8"})
    add = (
        *("mailbox", "add", "imap", "--user", "bo@halden.test", "--address", "third@halden.test"),
        *("--host", "127.0.0.1", "--port", str(port), "--security", "none"),
        *("--login", "third", "--password-stdin"),
    )
    ended = [inlay(*add, stdin=wrong.encode()), inlay("doctor"), inlay("sync")]
    ended.append(inlay("mailbox", "show", "ana@halden.test", "--json"))
    return b"".join(one.raw + one.err.encode() for one in ended)


def _dump(town: Settings) -> bytes:
    command = [str(embedded.program("pg_dump")), town.database_owner_url]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _keys(valkey: Redis) -> bytes:
    """Return all that the queue holds, and what is pressed in it too."""
    pieces: list[Any] = []
    for key in valkey.scan_iter():
        pieces += [key, valkey.dump(key) or b""]
        if valkey.type(key) == b"hash":
            for field, value in valkey.hgetall(key).items():
                pieces += [field, value]
    return b"\n".join([*pieces, *_unpressed(pieces)])


def _unpressed(pieces: Iterable[Any]) -> Iterator[bytes]:
    for piece in pieces:
        with suppress(zlib.error):
            yield zlib.decompress(piece)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Hear every line that this process logs, tracebacks too."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(self.format(record))

    ear, root = Ear(logging.DEBUG), logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
