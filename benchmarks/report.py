"""The figures as a table for people and as `results.json` for machines."""

from __future__ import annotations

import json
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from benchmarks import plan

if TYPE_CHECKING:
    from benchmarks.plan import Plan


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was measured, and what we want of it."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """Say whether the target was met; nothing where there is none."""
        return "" if self.met is None else "met" if self.met else "missed"


def lines(results: dict[str, Any]) -> list[Line]:
    """Put what was measured into lines."""
    found: list[Line] = []
    raw = results.get("raw_fetch")
    for run in results.get("taking_in", []):
        found += _taking_in(run, raw)
    if raw:
        found.append(Line("raw IMAP fetch of the same mailbox", f"{raw['rate']:,} messages/s"))
    if beside := results.get("gmail"):
        found += _gmail(beside)
    if peer := results.get("peer"):
        found += _peer(peer, results.get("taking_in", []))
    if read := results.get("reading"):
        found += _reading(read)
    if hard := results.get("crafted_memory"):
        found.append(_peak("peak memory, crafted letters and one of 60 MB", hard["peak_mb"]))
    if singles := results.get("single_messages"):
        worst = singles[0]
        name = f"worst single letter ({worst['letter']})"
        found.append(_most(name, worst["cpu"], plan.SINGLE, "s CPU"))
    found += _cards(results.get("cards", []))
    if called := results.get("door"):
        found.append(_door(called))
    if arrived := results.get("arrivals"):
        found += _arrivals(arrived)
    if watched := results.get("watching"):
        found += _watching(watched)
    return found


def _taking_in(run: dict[str, Any], raw: dict[str, Any] | None) -> list[Line]:
    cpu, workers = run["cpu"], run["workers"]
    name = f"taking in {run['stored']:,} by {workers} worker{'s' if workers > 1 else ''}"
    share = f", {run['rate'] / raw['rate']:.0%} of the raw fetch" if raw else ""
    rate = f"{run['rate']:,} messages/s{share}"
    met = run["rate"] >= plan.RATE if workers == 2 else None
    split = " + ".join(f"{cpu[side]:.2f} {side}" for side in ("client", "postgresql", "dovecot"))
    again = run["again"]
    looked = sum(again[side] for side in ("client", "postgresql", "dovecot"))
    return [
        Line(name, rate, f">= {plan.RATE:,}" if workers == 2 else "", met),
        _most("  CPU s per 1,000: client and PostgreSQL", run["cpu_ours"], plan.CPU, ""),
        Line("  CPU s per 1,000, by side", split),
        _peak("  peak memory of a worker", run["peak_mb"]),
        Line(
            "  looking again, with nothing new", f"{looked:.2f} s CPU, the start of a process in it"
        ),
    ]


def _peer(peer: dict[str, Any], runs: list[dict[str, Any]]) -> list[Line]:
    cpu = peer["cpu"]
    ours = next((run for run in runs if run["workers"] == 1), None)
    times = ""
    if ours:
        theirs = cpu["client"] + cpu["postgresql"]
        times = f"; we are {ours['rate'] / peer['rate']:.1f}x as fast for"
        times += f" {ours['cpu_ours'] / theirs:.0%} of the CPU"
    name = f"{peer['name']} {peer['versions']}, {peer['messages']:,} messages"
    split = " + ".join(f"{cpu[side]:.2f} {side}" for side in ("client", "postgresql", "dovecot"))
    return [
        Line(name, f"{peer['rate']:,} messages/s{times}"),
        Line("  CPU s per 1,000, by side", split),
    ]


def _gmail(measured: dict[str, Any]) -> list[Line]:
    found = []
    for run in measured["beside_imap"]:
        workers, cpu = run["workers"], run["cpu"]
        name = f"Gmail: {run['stored']:,} by {workers} worker{'s' if workers > 1 else ''}"
        figure = f"{run['rate']:,} messages/s, {run['ratio']:.2f}x of IMAP's {run['imap_rate']:,}"
        met = run["ratio"] >= plan.GMAIL
        imap = run["imap_cpu"]
        split = " + ".join(f"{cpu[side]:.2f} {side}" for side in ("client", "postgresql", "gmail"))
        theirs = " + ".join(f"{imap[side]:.2f}" for side in ("client", "postgresql", "dovecot"))
        found += [
            Line(name, figure, f">= {plan.GMAIL:g}x", met),
            Line("  CPU s per 1,000, by side", f"{split}; by IMAP {theirs}"),
            _most("  calls with nothing new", run["again_calls"], plan.NOTHING_NEW, ""),
        ]
    held = measured["within_quota"]
    share, busiest = held["share"], held["busiest"]
    found += [
        Line(
            f"Gmail within {held['quota']:,} units a minute",
            f"{share:.1%} used",
            f"> {plan.QUOTA:.0%}",
            share > plan.QUOTA,
        ),
        Line(
            "  busiest minute",
            f"{busiest:.1%}, {held['refused']} calls refused",
            "<= 100%, 0",
            busiest <= 1 and not held["refused"],
        ),
    ]
    return found


def _reading(measured: dict[str, Any]) -> list[Line]:
    made, hard = measured["made"], measured["crafted"]
    small, worst = hard["worst_of_a_megabyte"], hard["worst"]
    name = f"reading a message, median of {made['letters']:,}"
    found = [
        _most(name, made["median_ms"], plan.READ, "ms CPU"),
        _most(
            f"  worst of at most 1 MB ({small['letter']})",
            small["seconds"],
            plan.MEGABYTE_READ,
            "s CPU",
        ),
        _most(f"  worst of all ({worst['letter']})", worst["seconds"], plan.WORST_READ, "s CPU"),
    ]
    if real := measured.get("corpora"):
        name = f"reading a real message, median of {real['letters']:,}"
        found += [
            _most(name, real["median_ms"], plan.READ, "ms CPU"),
            _most("  worst of all", real["worst"]["seconds"], plan.WORST_READ, "s CPU"),
        ]
    return found


def _cards(cards: list[dict[str, Any]]) -> list[Line]:
    if not cards:
        return []
    least, most = cards[0], cards[-1]
    found = []
    for one in cards:
        name = f"card at {one['messages']:,} messages"
        met = one["p99_ms"] < plan.CARD if one is most else None
        figure = f"p50 {one['p50_ms']} ms, p99 {one['p99_ms']} ms"
        found.append(Line(name, figure, f"p99 < {plan.CARD} ms" if one is most else "", met))
        split = f"{one['server_ms']} server + {one['postgresql_ms']} postgresql"
        found.append(Line("  CPU ms, median", split))
        counted = one["counted"]
        for group, values in counted.items():
            shown = ", ".join(f"{what} {_range(value)}" for what, value in values.items())
            found.append(Line(f"  beside a message of {group}", shown))
    growth = most["cpu_ms"] / least["cpu_ms"]
    found.append(_most("card's CPU, largest to smallest", round(growth, 2), plan.GROWTH, "x"))
    for what in ("queries", "rows"):
        here, there = (one["counted"]["stranger"][what] for one in (least, most))
        same = "the same" if here == there else f"{_range(here)} and {_range(there)}"
        found.append(Line(f"{what} of a card, smallest and largest", same, "same", here == there))
    return found


def _door(called: dict[str, Any]) -> Line:
    name = f"a call at the add-on's door at {called['messages']:,} messages"
    figure = f"p50 {called['p50_ms']} ms, p99 {called['p99_ms']} ms"
    return Line(name, figure, f"p99 < {plan.DOOR} ms", called["p99_ms"] < plan.DOOR)


def _arrivals(arrived: dict[str, Any]) -> list[Line]:
    def line(what: str, name: str, target: int = 0) -> Line:
        spans = arrived[name]
        figure = f"p50 {spans['p50_ms']:.0f} ms, p95 {spans['p95_ms']:.0f} ms"
        met = spans["p95_ms"] < target if target else None
        return Line(what, figure, f"p95 < {target} ms" if target else "", met)

    return [
        line("from the server's word to the open page's", "told"),
        line("  to its message and card, fetched", "shown", plan.ARRIVAL),
        line("  from its delivery into the mailbox", "whole"),
    ]


def _watching(watched: dict[str, Any]) -> list[Line]:
    resident, imported = watched["resident_mb"], watched["imported_mb"]
    name = f"a watcher at {watched['mailboxes']} idle mailboxes"
    own = resident - imported
    figure = f"{own:.0f} MB beside its modules, {resident:.0f} MB in all"
    return [
        Line(name, figure, f"< {plan.WATCHER} MB beside", own < plan.WATCHER),
        _most("  its CPU", watched["cpu_percent"], plan.WATCHER_CPU, "%"),
    ]


def _range(values: list[float]) -> str:
    least, middle, most = (f"{value:,.0f}" for value in values)
    return least if least == most else f"{least} to {most}, median {middle}"


def _most(what: str, value: float, target: float, unit: str) -> Line:
    return Line(what, f"{value} {unit}".strip(), f"<= {target} {unit}".strip(), value <= target)


def _peak(what: str, value: float) -> Line:
    return Line(what, f"{value:.0f} MB", f"< {plan.MEMORY} MB", value < plan.MEMORY)


def show(found: list[Line]) -> str:
    """Draw the table."""
    rows = [(line.what, line.figure, line.target, line.verdict) for line in found]
    head = ("measured", "figure", "target", "")
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(4)]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, tuple("-" * width for width in widths), *rows)
    ]
    missed = sum(1 for line in found if line.met is False)
    judged = sum(1 for line in found if line.met is not None)
    return "\n".join([*drawn, "", f"{judged - missed} of {judged} targets met, {missed} missed."])


def surroundings(chosen: Plan) -> dict[str, Any]:
    """Say on what and when this was measured."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "plan": chosen.word,
        "commit": _commit(),
        "python": platform.python_version(),
        "machine": _processor(),
        "processors": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "load_before": [round(one, 1) for one in psutil.getloadavg()],
    }


def write(results: dict[str, Any], found: list[Line]) -> None:
    """Write results.json."""
    judged = [
        {"what": line.what.strip(), "figure": line.figure, "target": line.target, "met": line.met}
        for line in found
    ]
    document = json.dumps(results | {"table": judged}, indent=1, ensure_ascii=False)
    plan.RESULTS.write_text(document + "\n")


def _commit() -> str:
    here = Path(__file__).parent
    words = ("git", "-C", str(here), "describe", "--always", "--dirty")
    try:
        found = subprocess.run(words, capture_output=True, text=True, check=False, timeout=10)
    except OSError:
        return ""
    return found.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
