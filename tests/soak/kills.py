"""Kills: workers die by `kill -9` at random moments, and at each named point of the road."""

from __future__ import annotations

import random
import signal
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from crm.base import crash
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss, total
from tests.sync import rig

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from tests.soak.ground import Ground
    from tests.sync.rig import Box

#: Workers that die in a round; and in one that asks how much is fetched again, of 5,000 letters.
FEWEST, MOST, DOZEN = 1, 5, 12
#: The longest that one lives after its first claim, in seconds, beside 5,000 letters: so that
#: deaths are spread over the whole road.
LIFE = 2.4
#: So many workers are started at most: where all is in, there is nothing left to kill.
ENOUGH = 60
#: How far the work is, as a part of it, when the last of a dozen dies.
FURTHEST = 0.9
#: Letters at once: so that a point is passed several times.
BATCH = 50
#: A plan is made once in a run: no second passing of that point is there to die at.
ONCE = ("after plan",)
#: Every point, and each of its first three passings.
PASSINGS = tuple(
    (name, nth) for nth in (1, 2, 3) for name in crash.POINTS if nth == 1 or name not in ONCE
)


def play_at_random(ground: Ground, seed: int, size: int) -> Figures:
    """Kill some workers at random moments, let one live, and count."""
    dice, life = random.Random(seed), LIFE * size / 5_000
    has = ground.mailbox("soak-kills", size)
    with ground.town() as town:
        box = rig.connect(town, ground.dovecot.port, "soak-kills")
        wanted, kills = dice.randint(FEWEST, MOST), 0
        for _ in range(ENOUGH):
            # The first dies early: a quick machine has all in within the longest of lives.
            moment = dice.uniform(0, life if kills else life / 4)
            kills += killed(box, len(has), partial(wait_until, box, 0, moment))
            if kills == wanted or _count(box) == len(has):
                break
        assert rig.finish(rig.start(box), 600) == 0
        return asdict(tally.take(box, has)) | {"kills": kills}


def judge_at_random(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is lost, doubled or altered, and that each round had its kills."""
    seen = nothing_amiss(rounds, f"{total(rounds, 'kills'):,} kills")
    return Seen(seen.words, seen.kept, complete=all(one["kills"] for one in rounds))


def play_refetch(ground: Ground, seed: int, size: int) -> Figures:
    """Kill a dozen workers, here and there in the work, and count the bodies that pass.

    Of few letters there are fewer to kill beside.
    """
    dice = random.Random(seed)
    has = ground.mailbox("soak-kills", size)
    wanted = min(DOZEN, max(1, size // 60))
    places = sorted(dice.uniform(0, FURTHEST) * len(has) for _ in range(wanted))
    with ground.town() as town, rig.Watcher(ground.dovecot.port) as door:
        box = rig.connect(town, door.port, "soak-kills")
        kills = 0
        for _ in range(ENOUGH):
            place, moment = places[kills], dice.uniform(0, 0.2) * size / 5_000
            kills += killed(box, len(has), partial(wait_until, box, place, moment))
            if kills == wanted:
                break
        assert rig.finish(rig.start(box), 600) == 0
        figures = asdict(tally.take(box, has))
        return figures | {"kills": kills, "fetched": round(len(door.bodies) / len(has), 3)}


def judge_refetch(rounds: Sequence[Figures]) -> Seen:
    """Judge how many bodies were fetched again, in rounds that had all their kills."""
    times = [one["fetched"] for one in rounds]
    median, worst = statistics.median(times), max(times)
    words = f"median {median:.2f}x, worst {worst:.2f}x; {total(rounds, 'kills')} kills"
    amiss = not nothing_amiss(rounds).kept
    whole = all(one["kills"] == DOZEN for one in rounds)
    return Seen(words, kept=median <= 1.1 and worst <= 1.5 and not amiss, complete=whole)


def play_at_a_point(ground: Ground, seed: int, size: int) -> Figures:
    """Let a worker die at the first, second or third passing of a point, and another go on."""
    name, nth = PASSINGS[seed]
    has = ground.mailbox("soak-points", size)
    with ground.town() as town:
        box = rig.connect(town, ground.dovecot.port, "soak-points")
        died = rig.finish(rig.start(box, f"{name}:{nth}", batch=BATCH)) == 137
        rig.expire_leases(box)
        assert rig.finish(rig.start(box)) == 0
        return asdict(tally.take(box, has)) | {"point": name, "nth": nth, "died": died}


def judge_at_points(rounds: Sequence[Figures]) -> Seen:
    """Judge that a worker has died at every passing of every point, and nothing is lost."""
    points = {one["point"] for one in rounds if one["died"]}
    alive = [f"{one['point']} ({one['nth']})" for one in rounds if not one["died"]]
    also = f"{len(points)} of {len(crash.POINTS)} points, {total(rounds, 'died')} deaths"
    also += f"; none at {', '.join(alive)}" if alive else ""
    seen = nothing_amiss(rounds, also)
    return Seen(seen.words, kept=seen.kept and not alive, complete=points == set(crash.POINTS))


def killed(box: Box, count: int, wait: Callable[[ForkServerProcess], object]) -> bool:
    """Let a worker live as long as `wait` does, and kill it; tell whether it was at work.

    It was where it held a stretch, and the ledger was not whole.
    """
    worker = rig.start(box)
    wait(worker)
    worker.kill()
    worker.join()
    at_work = worker.exitcode == -signal.SIGKILL and _is_held(box)
    rig.expire_leases(box)
    return at_work and _count(box) < count


def wait_until(box: Box, place: float, moment: float, worker: ForkServerProcess) -> None:
    """Wait until so many letters are in, and a worker holds a stretch; and a moment more."""
    while worker.is_alive() and not (_is_held(box) and _count(box) >= place):
        time.sleep(0.01)
    worker.join(moment)


def _count(box: Box) -> int:
    ((found,),) = box.ask("select count(*) from copy where mailbox_id = %s", box.id)
    return int(found)


def _is_held(box: Box) -> bool:
    """Tell whether a worker has a stretch in hand."""
    held = "select 1 from stretch where mailbox_id = %s and not done and leased_until > now()"
    return bool(box.ask(held, box.id))
