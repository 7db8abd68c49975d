"""The add-on's door: a call as Gmail makes it, over HTTP, its tokens checked, to the whole answer.

The web runs as `inlay up` runs it, beside the largest of the databases. Google's certificates are
asked for once and kept, as Google says; every call bears two tokens, which are checked each time.
Which message is open its id says: Gmail is not asked.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from benchmarks import specimens, stored
from benchmarks.measuring import median, percentile
from crm.base import db
from crm.workspace import subjects, users
from server import supervisor
from tests.servers.google import CLIENT, ROBOT, Google

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from benchmarks.house import House

_ADDON: Final = "https://inlay.test/addon"
_WARM: Final = 100
_PATIENCE: Final = 60.0
_CARD: Final = b'{"pushCard":{"name":"message"'
#: The web's processes, of which each keeps its own certificates.
_PROCESSES: Final = 2


def measure(cache: Path, size: int, seed: int, opened: int) -> dict[str, Any]:
    """Call the door beside messages of a database of this size, one call after the other."""
    with stored.opened(cache, size, seed) as ready, Google(_ADDON) as google:
        calls = _calls(ready, google, opened)
        with _web(ready, google) as port:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            for headers, body in calls[:_WARM]:
                _call(line, headers, body)
            spans = [_call(line, headers, body) for headers, body in calls]
            line.close()
        if google.told:
            raise RuntimeError("Gmail was asked for what is here")
        if google.asked > _PROCESSES:
            raise RuntimeError(f"Google's certificates were asked for {google.asked} times")
    return {
        "messages": size,
        "calls": len(spans),
        "p50_ms": round(median(spans), 2),
        "p99_ms": round(percentile(spans, 0.99), 2),
    }


def _calls(ready: House, google: Google, count: int) -> list[tuple[dict[str, str], bytes]]:
    """Write what Gmail sends when somebody opens a message, for messages of all sorts."""
    engine = db.open_engine(ready.servers.database_url, pool_size=1)
    db.bind(engine)
    house = specimens.place(ready)
    opened = specimens.random_messages(ready, house, count)
    words: dict[UUID, str] = {}
    for one in opened:
        if one.user_id not in words:
            subject = f"bench-{one.user_id}"
            _bind(house.workspace_id, one.user_id, subject)
            words[one.user_id] = google.user(sub=subject)
    engine.dispose()
    headers = {
        "Authorization": f"Bearer {google.robot('message')}",
        "Content-Type": "application/json",
    }
    return [(headers, _event(f"msg-f:{one.uid}", words[one.user_id])) for one in opened]


def _bind(workspace_id: UUID, user_id: UUID, subject: str) -> None:
    with db.transaction(workspace_id) as session:
        user = users.get(session, workspace_id, user_id)
        subjects.bind(session, user, subject, "rep@gmail.test")


def _event(host_id: str, word: str) -> bytes:
    event = {
        "commonEventObject": {"hostApp": "GMAIL", "platform": "WEB", "userLocale": "en"},
        "authorizationEventObject": {"userIdToken": word, "userOAuthToken": "of.the.user"},
        "gmail": {"messageId": host_id, "threadId": "thread-f:1", "accessToken": "of.the.message"},
    }
    return json.dumps(event).encode()


def _call(line: http.client.HTTPConnection, headers: dict[str, str], body: bytes) -> float:
    began = time.perf_counter()
    line.request("POST", "/addon/message", body, headers)
    answer = line.getresponse()
    said = answer.read()
    passed = time.perf_counter() - began
    if answer.status != 200 or _CARD not in said:
        raise RuntimeError(f"That is not a card: {answer.status} {said[:300]!r}")
    return passed * 1000


@contextmanager
def _web(ready: House, google: Google) -> Iterator[int]:
    """Run the web at a database, and nothing else of the product."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    told = {
        "DATABASE_URL": ready.servers.database_url,
        "REDIS_URL": ready.servers.redis_url,
        "ADDON_URL": _ADDON,
        "ADDON_SERVICE_ACCOUNT": ROBOT,
        "GOOGLE_CLIENT_ID": CLIENT,
        "GOOGLE_CERTS_URL": google.certs_url,
        "GOOGLE_API_URL": google.url,
    }
    command = supervisor.commands(port, 0)["web"]
    process = subprocess.Popen(command, env=os.environ | ready.environment() | told)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait(port: int) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web did not come up")
