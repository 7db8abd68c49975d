"""How soon a letter is seen: from the server's word, and from its delivery, to an open page."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from contextlib import contextmanager
from http.client import HTTPException
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Self
from urllib.request import Request, urlopen

from sqlalchemy import text

from benchmarks import house as houses
from crm.base import clock, db
from crm.workspace import sign_ins, users
from tests import make
from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.house import House

_LOGIN = "arrivals"
_PATIENCE = 30.0


def measure(letters: int) -> dict[str, Any]:
    """Deliver letters one by one, and note when each is announced, told, and there to read."""
    with Dovecot() as server, houses.opened() as house:
        houses.furnish(house)
        server.deliver(_LOGIN, make.raw(), "INBOX")
        house.inlay(
            *("mailbox", "add", "imap", "--user", houses.USER, "--address", houses.USER),
            *("--host", "127.0.0.1", "--port", str(server.port), "--security", "none"),
            *("--login", _LOGIN, "--password-stdin"),
            typed=server.password,
        )
        house.inlay("sync")
        with _running(house) as url:
            return _arrive(server, url, _cookie(house), letters)


def _arrive(server: Dovecot, url: str, cookie: str, letters: int) -> dict[str, Any]:
    spans: dict[str, list[float]] = {"told": [], "shown": [], "whole": []}
    with _Told(url, cookie) as told, _Announced(server) as announced:
        time.sleep(5)  # The watcher stands at the mailbox by now, and what it came for is done.
        for number in range(letters):
            subject = f"Arrival {number}"
            began = time.monotonic()
            letter = make.raw(f"p{number}@firm.test", houses.USER, subject, at=clock.now())
            server.deliver(_LOGIN, letter, "INBOX")
            said = announced.next(began)
            heard, thread = told.next(began)
            page = _get(f"{url}/inbox/{thread}", cookie, part="reading").decode()
            shown = time.monotonic()
            if subject not in page or 'id="card"' not in page:
                raise RuntimeError(f"{subject} was told, and is not there")
            spans["told"].append(heard - said)
            spans["shown"].append(shown - said)
            spans["whole"].append(shown - began)
            time.sleep(1.6)  # As letters come: not on each other's heels.
    return {"letters": letters} | {name: _figures(found) for name, found in spans.items()}


def _figures(seconds: list[float]) -> dict[str, float]:
    most = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return {
        "p50_ms": round(median(seconds) * 1000),
        "p95_ms": round(most * 1000),
        "most_ms": round(max(seconds) * 1000),
    }


@contextmanager
def _running(house: House) -> Iterator[str]:
    port = str(29_000 + time.time_ns() % 1_000)
    command = (str(houses.INLAY), "up", "--port", port, "--json")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=house.environment()
    )
    try:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("inlay up did not come up")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _cookie(house: House) -> str:
    engine = db.open_engine(house.servers.database_url)
    db.bind(engine)
    scheduler = db.open_engine(house.servers.scheduler_url)
    with db.Session(scheduler) as session:
        (workspace_id,) = session.execute(text("select id from workspace")).scalars()
    with db.transaction(workspace_id) as session:
        user = users.get_named(session, workspace_id, houses.USER)
        token = sign_ins.begin(session, user, agent="bench", at=clock.now())
    scheduler.dispose()
    engine.dispose()
    return f"inlay={token}"


def _get(url: str, cookie: str, *, part: str = "") -> bytes:
    """Ask for a page; or for a part of it, as one that is open asks for what changes."""
    headers = {"Cookie": cookie}
    if part:
        headers |= {"HX-Request": "true", "HX-Target": part}
    with urlopen(Request(url, headers=headers), timeout=_PATIENCE) as answer:
        found: bytes = answer.read()
        return found


class _Heard:
    """What a thread of its own notes, with the moment."""

    def __init__(self) -> None:
        self._found: list[tuple[float, str]] = []
        self._new = threading.Condition()
        self._over = threading.Event()
        threading.Thread(target=self._hear, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()

    def _hear(self) -> None:
        """Listen on; whom we have stopped listening to may hang up."""
        try:
            self._listen()
        except (OSError, HTTPException):
            if not self._over.is_set():
                raise

    def _wait(self, since: float) -> tuple[float, str]:
        with self._new:
            if not self._new.wait_for(lambda: self._after(since), _PATIENCE):
                raise RuntimeError("a letter was delivered, and nobody heard of it")
            return self._after(since)[0]

    def _after(self, since: float) -> list[tuple[float, str]]:
        return [one for one in self._found if one[0] > since]

    def _note(self, what: str) -> None:
        with self._new:
            self._found.append((time.monotonic(), what))
            self._new.notify_all()

    def _listen(self) -> None:
        raise NotImplementedError


class _Announced(_Heard):
    """When the server says EXISTS to somebody who idles there as the watcher does."""

    def __init__(self, server: Dovecot) -> None:
        self._client = server.connect(_LOGIN)
        self._client.select("INBOX", readonly=True)
        super().__init__()

    def next(self, since: float) -> float:
        """Return when the next letter was announced."""
        return self._wait(since)[0]

    def _listen(self) -> None:
        self._client.sock.settimeout(None)
        self._client.send(b"X1 IDLE\r\n")
        while line := self._client.readline():
            if b"EXISTS" in line:
                self._note("")


class _Told(_Heard):
    """When `/live` tells of a thread: coming back with the last id, as a browser does."""

    def __init__(self, url: str, cookie: str) -> None:
        page = _get(f"{url}/inbox", cookie).decode()
        found = re.search(r'data-live="([^"]+)"', page)
        assert found is not None
        self._address, self._cookie = url + found[1], cookie
        super().__init__()

    def next(self, since: float) -> tuple[float, str]:
        """Return when the next thread was told of, and which."""
        return self._wait(since)

    def _listen(self) -> None:
        last, pause = "", 0
        while True:
            time.sleep(pause / 1000)
            headers = {"Cookie": self._cookie} | ({"Last-Event-ID": last} if last else {})
            with urlopen(Request(self._address, headers=headers), timeout=_PATIENCE) as stream:
                for line in stream:
                    name, _, value = line.decode().strip().partition(": ")
                    if name == "id":
                        last = value
                    elif name == "retry":
                        pause = int(value)
                    elif name == "data" and value.startswith("thread "):
                        self._note(value.removeprefix("thread "))
