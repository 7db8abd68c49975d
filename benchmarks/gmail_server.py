"""A Gmail in a process of its own, so that its work is not counted as ours, and what it was asked.

python -m benchmarks.gmail_server MAILDIR USER     a line of JSON in, a line of JSON out
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter, deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.house import ROOT
from server.demo.gmail import App, GmailServer, Quota

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from server.demo.gmail import Call

_APP: Final = App("Bench", "bench.apps.example", "of the bench alone", ("http://127.0.0.1/back",))
_READING: Final = ("https://www.googleapis.com/auth/gmail.readonly",)
_TOKEN: Final = "oauth2.token"
_MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Gmail:
    """Where it is, what lets us in, and how it is spoken to."""

    url: str
    refresh_token: str
    pid: int
    process: subprocess.Popen[str]

    def environment(self, units: int) -> dict[str, str]:
        """Return what a command is told that asks this Gmail, so many units a minute at most."""
        return {
            "GOOGLE_CLIENT_ID": _APP.client_id,
            "GOOGLE_CLIENT_SECRET": _APP.client_secret,
            "GOOGLE_API_URL": self.url,
            "GOOGLE_TOKEN_URL": f"{self.url}/token",
            "GOOGLE_UNITS_PER_USER": str(units),
            "GOOGLE_UNITS_PER_PROJECT": str(max(units, 1_200_000)),
        }

    def told(self, *, quota: int | None = None) -> dict[str, Any]:
        """Return what was asked since the last time; hold everybody to a quota from now on."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"quota": quota}) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found


@contextmanager
def serving(maildir: Path, user: str) -> Iterator[Gmail]:
    """Serve a Maildir as a mailbox of Gmail."""
    command = (sys.executable, "-m", "benchmarks.gmail_server", str(maildir), user)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        began = json.loads(process.stdout.readline())
        try:
            yield Gmail(began["url"], began["refresh_token"], process.pid, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()  # It ends with its input.
            process.wait(20)


def main(maildir: str, user: str) -> None:
    """Serve until nobody says anything any more."""
    with GmailServer() as server:
        box = server.add(user)
        box.load_maildir(maildir)
        for copy in box.copies:
            assert copy.snippet is not None  # Made at the first look, and not again.
            copy.letter = copy.raw  # Gmail is quick to find it: what is measured is who asks.
        server.register(_APP)
        token = server.refresh_token(user, _APP.client_id, _READING)
        _say({"url": server.url, "refresh_token": token})
        for line in sys.stdin:
            told = _told(server.calls)
            server.calls.clear()
            quota = json.loads(line)["quota"]
            server.limit(Quota(user=quota) if quota else None)
            _say(told)


def _told(calls: Iterable[Call]) -> dict[str, Any]:
    """Return what was asked: how often, for how many units, and in the busiest minute."""
    asked = [call for call in calls if call.method != _TOKEN]
    spent = [(call.at, call.units) for call in asked if call.status < 400]
    return {
        "calls": len(asked),
        "by_method": dict(Counter(call.method for call in asked)),
        "refused": sum(call.status in (403, 429) for call in asked),
        "units": sum(units for _, units in spent),
        "seconds": round(spent[-1][0] - spent[0][0], 2) if spent else 0.0,
        "busiest_minute": _busiest(spent),
    }


def _busiest(spent: Iterable[tuple[float, int]]) -> int:
    """Return the most units that were spent in any minute."""
    window: deque[tuple[float, int]] = deque()
    most = held = 0
    for at, units in sorted(spent):
        window.append((at, units))
        held += units
        while window[0][0] <= at - _MINUTE:
            held -= window.popleft()[1]
        most = max(most, held)
    return most


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
