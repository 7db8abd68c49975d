"""Play what is promised, and write what was seen into `docs/trust.md`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
import traceback
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.servers import dovecot
from tests.soak import ground, rounds, trust
from tests.soak.rows import ROWS

if TYPE_CHECKING:
    from types import FrameType

    from tests.soak.ground import Ground
    from tests.soak.rounds import Round
    from tests.soak.row import Row


def main(words: list[str]) -> int:
    """Play what was asked for, and end with 1 where a promise was missed."""
    asked = _read(words)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)  # So that every server is stopped.
    chosen = [row for row in ROWS if row.name in asked.row] if asked.row else list(ROWS)
    if missing := dovecot.available():
        print(missing)
        return 2
    with ExitStack() as servers:
        if not asked.report:
            field = servers.enter_context(ground.opened())
            for row in chosen:
                if asked.seed is not None:
                    return _play_alone(field, row, asked.seed)
                _play(field, row, min(asked.rounds or row.rounds, row.rounds), again=asked.again)
    lines = []
    for row in ROWS:
        played = rounds.kept(row) or (rounds.kept_of_any(row) if asked.keep else [])
        lines.append(trust.line(row, played))
    print(f"\n{trust.show(lines)}")
    trust.write(lines)
    return int(any(line.played and line.missed for line in lines))


def _read(words: list[str]) -> argparse.Namespace:
    names = [row.name for row in ROWS]
    parser = argparse.ArgumentParser("python -m tests.soak", description=__doc__)
    parser.add_argument("--row", action="append", choices=names, help="play this row alone")
    parser.add_argument("--rounds", type=int, help="stop after so many rounds of each row")
    parser.add_argument("--seed", type=int, help="play one round alone, and keep nothing")
    parser.add_argument("--again", action="store_true", help="play failed rounds once more")
    parser.add_argument("--report", action="store_true", help="play nothing, write the table")
    parser.add_argument(
        "--keep", action="store_true", help="show rounds of other code for rows without any of this"
    )
    return parser.parse_args(words)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)


def _play_alone(field: Ground, row: Row, seed: int) -> int:
    """Play one round, show its figures, and let an error be seen whole."""
    figures = row.play(field, seed, row.full)
    seen = row.judge([figures])
    print(figures, seen.words, sep="\n")
    return int(not seen.kept)


def _play(field: Ground, row: Row, wanted: int, *, again: bool) -> None:
    """Play the rounds of a row that were not played yet, and keep each."""
    state, on = rounds.state(row.made_of), trust.surroundings()
    played = rounds.kept(row)
    failed = {one.seed for one in played if one.failed} if again else set()
    played = [one for one in played if one.seed not in failed]
    print(f"{row.name}: {row.promise}. {len(played)} of {row.rounds} rounds played.", flush=True)
    known = {one.seed for one in played}
    for seed in (seed for seed in range(wanted) if seed not in known):
        one = replace(_round(field, row, seed), on=on, again=seed in failed)
        if rounds.state(row.made_of) != state:
            sys.exit("The code was changed while it was being played. Start again.")
        rounds.keep(row, one)
        played.append(one)
        if one.failed:
            print(f"  Seed {seed} failed: {one.failed}", flush=True)
        words = trust.line(row, played).seen.words
        left = (wanted - len(played)) * sum(one.seconds for one in played) / len(played) / 60
        count = f"{len(played)}/{wanted}"
        print(f"  {row.name} {count} · {one.seconds} s · {words} · {left:.0f} min left", flush=True)
        if one.failed or not row.judge([one.figures]).kept:
            print(f"    Again: python -m tests.soak --row {row.name} --seed {seed}", flush=True)


def _round(field: Ground, row: Row, seed: int) -> Round:
    """Play one round; an error in it is the promise broken, and no end of the soak."""
    began, figures, failed, load = time.monotonic(), {}, "", os.getloadavg()[0]
    try:
        figures = row.play(field, seed, row.full)
    except Exception as error:  # noqa: BLE001 - the next round is played all the same
        traceback.print_exc()
        failed = f"{type(error).__name__}: {error}"[:300]
    return rounds.Round(
        seed=seed,
        figures=figures,
        failed=failed,
        seconds=round(time.monotonic() - began, 1),
        commit=rounds.commit(row.made_of),
        at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        load=round(load, 1),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
