"""The table of promises, as it stands in `docs/trust.md` between two marks."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from server import embedded
from tests.servers import dovecot
from tests.soak import rounds
from tests.soak.row import Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.soak.rounds import Round
    from tests.soak.row import Row

PAPER = rounds.ROOT / "docs" / "trust.md"
BEGINS, ENDS = "<!-- The soak writes from here -->", "<!-- to here. -->"


@dataclass(frozen=True, slots=True)
class Line:
    """A row, its rounds, and what was seen in them."""

    row: Row
    played: Sequence[Round]
    seen: Seen

    @property
    def is_whole(self) -> bool:
        """Tell whether all rounds were played."""
        return len(self.played) >= self.row.rounds

    @property
    def missed(self) -> bool:
        """Tell whether a round broke the promise, or all rounds together do not show it."""
        return not self.seen.kept or (self.is_whole and not self.seen.complete)

    @property
    def verdict(self) -> str:
        """Say whether the promise was kept."""
        if self.missed:
            return "**missed**"
        return "kept" if self.is_whole else "so far"


def line(row: Row, played: Sequence[Round]) -> Line:
    """Judge the rounds of a row."""
    whole = [one.figures for one in played if not one.failed]
    failed = [one.seed for one in played if one.failed]
    seen = row.judge(whole) if whole else Seen("no round was whole", kept=not failed)
    if failed:
        seeds = ", ".join(map(str, failed[:5])) + (" …" if len(failed) > 5 else "")
        seen = Seen(f"{seen.words}; {len(failed)} rounds failed, seeds {seeds}", kept=False)
    if again := sum(one.again for one in played):
        seen = replace(seen, words=f"{seen.words}; {again} played again after failing")
    return Line(row, played, seen)


def show(lines: Sequence[Line]) -> str:
    """Put lines into a table."""
    head = ("promise", "seen", "rounds", "", "commit")
    cells = [head, tuple("---" for _ in head)]
    for one in lines:
        count = f"{len(one.played)} of {one.row.rounds}"
        seen = one.seen.words if one.played else "not played"
        commits = " ".join(dict.fromkeys(_named(played.commit) for played in one.played))
        verdict = one.verdict if one.played else ""
        cells.append((f"{one.row.what}: {one.row.promise}", seen, count, verdict, commits))
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def write(lines: Sequence[Line]) -> None:
    """Put the table into the paper, with the days and the machines of its rounds."""
    text = PAPER.read_text()
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    PAPER.write_text(f"{before}{BEGINS}\n\n{show(lines)}\n\n{played_on(lines)}\n\n{ENDS}{after}")


def played_on(lines: Sequence[Line]) -> str:
    """Say when rounds were played, on what, and how busy that was; nothing of today is told."""
    played = [one for each in lines for one in each.played]
    if not played:
        return "Nothing was played yet."
    days = sorted({one.at[:10] for one in played})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    places = sorted({one.on for one in played if one.on})
    loads = [one.load for one in played]
    busy = f"load {statistics.median(loads):.1f} at the median, {max(loads):.1f} at most"
    return f"Played on: {when}; {' / '.join(places)}; {busy}, as rounds began."


def surroundings() -> str:
    """Name the machine and the servers of now, for the rounds that are played on them."""
    server = subprocess.run(
        [dovecot.BINARY, "--version"], capture_output=True, text=True, check=False
    )
    postgres = subprocess.run(
        [embedded.program("postgres"), "--version"], capture_output=True, text=True, check=True
    )
    parts = [
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"PostgreSQL {postgres.stdout.split()[-1]}",
        f"Dovecot {server.stdout.split()[0] if server.stdout else 'missing'}",
    ]
    return ", ".join(parts)


def _named(commit: str) -> str:
    return commit if rounds.is_past(commit) else f"{commit}?"
