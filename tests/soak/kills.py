"""Kills: workers die by `kill -9` at random moments, and at each named point of the road."""

from __future__ import annotations

import random
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from crm.base import crash
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss, total
from tests.sync import rig

if TYPE_CHECKING:
    from tests.soak.ground import Ground
    from tests.sync.rig import Box

#: Workers that die in a round; and in one that asks how much is fetched again.
FEWEST, MOST, DOZEN = 1, 5, 12
#: The longest that one lives, in seconds, beside 5,000 letters: so that deaths are spread over the
#: whole road.
LIFE = 2.4
#: After so many workers that came to the end by themselves there is nothing left to kill.
ENOUGH = 60
#: Letters at once: so that a point is passed several times.
BATCH = 50


def play_at_random(ground: Ground, seed: int, size: int) -> Figures:
    """Kill some workers at random moments, let one live, and count."""
    dice = random.Random(seed)
    has = ground.mailbox("kills", size)
    with ground.town() as town:
        box = rig.connect(town, ground.dovecot.port, "kills")
        kills = _kill(box, dice, dice.randint(FEWEST, MOST), size)
        return asdict(tally.take(box, has)) | {"kills": kills}


def judge_at_random(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is lost, doubled or altered."""
    return nothing_amiss(rounds, f"{total(rounds, 'kills'):,} kills")


def play_refetch(ground: Ground, seed: int, size: int) -> Figures:
    """Kill a dozen workers, and count the bodies that pass."""
    has = ground.mailbox("kills", size)
    with ground.town() as town, rig.Watcher(ground.dovecot.port) as door:
        box = rig.connect(town, door.port, "kills")
        kills = _kill(box, random.Random(seed), DOZEN, size)
        figures = asdict(tally.take(box, has))
        return figures | {"kills": kills, "fetched": round(len(door.bodies) / len(has), 3)}


def judge_refetch(rounds: Sequence[Figures]) -> Seen:
    """Judge how many bodies were fetched again, over the rounds with all their kills."""
    times = [one["fetched"] for one in rounds if one["kills"] == DOZEN]
    if not times:
        return Seen("no round had all its kills", kept=False)
    median, worst = statistics.median(times), max(times)
    words = f"median {median:.2f}x, worst {worst:.2f}x"
    amiss = not nothing_amiss(rounds).kept
    return Seen(words, kept=median <= 1.1 and worst <= 1.5 and not amiss)


def play_at_a_point(ground: Ground, seed: int, size: int) -> Figures:
    """Let a worker die at the first, second or third passing of a point, and another go on."""
    name, nth = crash.POINTS[seed % len(crash.POINTS)], 1 + seed // len(crash.POINTS)
    has = ground.mailbox("points", size)
    with ground.town() as town:
        box = rig.connect(town, ground.dovecot.port, "points")
        died = rig.finish(rig.start(box, f"{name}:{nth}", batch=BATCH)) == 137
        rig.expire_leases(box)
        assert rig.finish(rig.start(box)) == 0
        return asdict(tally.take(box, has)) | {"point": name, "died": died}


def judge_at_points(rounds: Sequence[Figures]) -> Seen:
    """Judge that workers have died at every point, and nothing is lost."""
    points = {one["point"] for one in rounds if one["died"]}
    also = f"{len(points)} of {len(crash.POINTS)} points, {total(rounds, 'died')} deaths"
    seen = nothing_amiss(rounds, also)
    return Seen(seen.words, seen.kept, complete=points == set(crash.POINTS))


def _kill(box: Box, dice: random.Random, wanted: int, size: int) -> int:
    """Kill so many workers of a mailbox, let the next come to the end; return how many died."""
    kills, ended, life = 0, 0, LIFE * max(size, 500) / 5_000
    while kills < wanted and ended < ENOUGH:
        worker = rig.start(box)
        worker.join(dice.uniform(0.02, life))
        if worker.is_alive():
            worker.kill()
            kills += 1
        else:
            ended += 1
        worker.join()
        rig.expire_leases(box)
    assert rig.finish(rig.start(box), 600) == 0
    return kills
