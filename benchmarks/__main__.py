"""Measure, print a table, write results.json: `python -m benchmarks [part …]`, or `make bench`.

Ends with 0 when it could measure, whatever the figures are.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from benchmarks import (
    arrivals,
    cards,
    door,
    gmail,
    hot_spots,
    made_mailbox,
    mail_server,
    peer,
    raw_fetch,
    reading,
    report,
    single_messages,
    taking_in,
    watching,
    yardstick,
)
from benchmarks.plan import CACHE, FULL, QUICK, SEED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.mail_server import MailServer
    from benchmarks.plan import Plan

PARTS = (
    "reading",
    "taking-in",
    "gmail",
    "singles",
    "peer",
    "cards",
    "door",
    "arrivals",
    "watching",
)
#: They need none of the made mailbox, or make one of another size.
_BESIDE = {"arrivals", "watching", "gmail"}


def main(words: list[str]) -> int:
    """Measure the parts that were named, or all of them."""
    chosen = QUICK if os.environ.get("QUICK", "") not in ("", "0") else FULL
    if words == ["hot-spots"]:
        _show_hot_spots(chosen)
        return 0
    if unknown := set(words) - set(PARTS):
        print(f"No such part: {', '.join(unknown)}. There are {', '.join(PARTS)} and hot-spots.")
        return 2
    wanted = words or list(PARTS)
    CACHE.mkdir(exist_ok=True)
    results: dict[str, Any] = {"surroundings": report.surroundings(chosen), "yardstick_ms": {}}
    maildir = CACHE
    if set(wanted) - _BESIDE:
        maildir = made_mailbox.maildir(CACHE, chosen.messages, SEED)
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "reading": lambda: {"reading": reading.measure(maildir)},
        "taking-in": lambda: _taking_in(maildir),
        "gmail": lambda: _gmail(chosen),
        "singles": lambda: _singles(maildir),
        "peer": lambda: _peer(maildir, chosen),
        "cards": lambda: {"cards": cards.measure(CACHE, chosen.stored, SEED, chosen.opened)},
        "door": lambda: {
            "door": door.measure(CACHE, chosen.stored[-1], SEED, chosen.opened),
        },
        "arrivals": lambda: _at_a_server({"arrivals": arrivals.measure}, chosen.arriving),
        "watching": lambda: _at_a_server({"watching": watching.measure}, chosen.watched),
    }
    failed: list[str] = []
    for part in wanted:
        print(f"{part} …", flush=True)
        began = time.monotonic()
        results["yardstick_ms"][part] = yardstick.lay()
        try:
            results |= measures[part]()
        except RuntimeError as error:
            print(f"  Not measured: {error}", flush=True)
            failed.append(part)
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    found = report.lines(results)
    print(f"\n{report.show(found)}")
    if failed:
        print(f"Not measured: {', '.join(failed)}. results.json was not written.")
        return 1
    if not words:
        report.write(results, found)
    return 0


def _taking_in(maildir: Path) -> dict[str, Any]:
    if missing := mail_server.missing():
        print(f"  {missing}: the mailbox is taken in from its files, and no raw fetch is measured.")
        runs = [taking_in.take_in(maildir, workers) for workers in (1, 2)]
        return {"source": "files", "taking_in": runs}
    with ExitStack() as stack:
        server: MailServer = stack.enter_context(mail_server.serving(maildir))
        raw = raw_fetch.fetch_all(server)
        runs = [taking_in.take_in(server, workers) for workers in (1, 2)]
    return {"source": "imap", "raw_fetch": raw, "taking_in": runs}


def _gmail(chosen: Plan) -> dict[str, Any]:
    if missing := mail_server.missing():
        print(f"  {missing}: there is no IMAP to hold Gmail against.")
        return {}
    made = [
        made_mailbox.maildir(CACHE, count, SEED)
        for count in (chosen.gmail_messages, chosen.limited_messages)
    ]
    return {"gmail": gmail.measure(*made, chosen.quota)}


def _at_a_server(
    measures: dict[str, Callable[[int], dict[str, Any]]], count: int
) -> dict[str, Any]:
    if missing := mail_server.missing():
        print(f"  {missing}: {', '.join(measures)} cannot be measured.")
        return {}
    return {name: measure(count) for name, measure in measures.items()}


def _singles(maildir: Path) -> dict[str, Any]:
    return {
        "single_messages": single_messages.read_and_file(),
        "crafted_memory": single_messages.peak_of_all(maildir),
    }


def _peer(maildir: Path, chosen: Plan) -> dict[str, Any]:
    if missing := mail_server.missing():
        print(f"  {missing}: django-mailbox is not measured.")
        return {}
    try:
        return {"peer": peer.take_in(maildir, chosen.peer_messages, CACHE)}
    except RuntimeError as error:
        print(f"  {str(error)[:500]} It is not measured.")
        return {}


def _show_hot_spots(chosen: Plan) -> None:
    maildir = made_mailbox.maildir(CACHE, chosen.messages, SEED)
    with ExitStack() as stack:
        source: MailServer | Path = maildir
        if not mail_server.missing():
            source = stack.enter_context(mail_server.serving(maildir))
        print(json.dumps(hot_spots.look(source), indent=1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
