"""Outages: the queue is wiped, a worker is gone without a trace, the database is away."""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from crm.base import queues
from tests.servers import own as own_server
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss
from tests.soak.working import seconds_until, working
from tests.sync import rig

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from tests.soak.ground import Ground
    from tests.sync.rig import Box

#: Seconds after which somebody would have to come.
PATIENCE = 180
#: Letters that a worker is not done with before it is seen in the middle of them.
FEWEST = 1_000
#: A sweep comes every five seconds: a wipe falls before the hint, into its time, or after it.
MOMENTS = 8.0


def play_wiped(ground: Ground, seed: int, size: int) -> Figures:
    """Wipe Valkey at a random moment of the work, deliver more, and see when that is in."""
    dice, user = random.Random(seed), f"wiped{seed}"
    rig.deliver(ground.dovecot, user, rig.letters(size, seed=seed))
    with ground.town() as town, _written() as path:
        valkey = queues.connect(town.redis_url)
        valkey.flushall()
        with working(town, Path(path) / "written"):
            box = rig.connect(town, ground.dovecot.port, user)
            time.sleep(dice.uniform(0, MOMENTS * size / 200))
            valkey.flushall()
            rig.deliver(ground.dovecot, user, rig.letters(3, seed=seed + 1_000))
            rig.expire(box)
            seconds = seconds_until(partial(_has, box, size + 3), PATIENCE)
            seconds_until(lambda: box.row().state == "live", PATIENCE)
        valkey.close()
        return _counted(ground, box, user) | {"seconds": seconds}


def judge_wiped(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is lost, and the schedule is back within a minute."""
    return _in_time(rounds, 60, "back on schedule after")


def play_gone(ground: Ground, seed: int, size: int) -> Figures:
    """Kill a worker in the middle of a mailbox, start another, and see when it goes on.

    Beside less than a thousand letters nobody waits for the lease to end: it is let run out.
    """
    dice, user = random.Random(seed), "soak-gone"
    has = ground.mailbox(user, size)
    with ground.town() as town, _written() as path:
        queues.connect(town.redis_url).flushall()
        with working(town, Path(path) / "written") as processes:
            box = rig.connect(town, ground.dovecot.port, user)
            worker, held = processes.running[1], dict[UUID, int]()
            while not held:  # It may have given back what it held a moment ago.
                worker.send_signal(signal.SIGCONT)
                rig.until(partial(_held, box), PATIENCE)
                time.sleep(dice.uniform(0, size / 10_000))
                worker.send_signal(signal.SIGSTOP)
                held = _held(box)
            worker.kill()
            worker.wait()
            if size < 1_000:
                rig.expire_leases(box)
                _call(box, town)
            processes.start("worker", "two")
            seconds = seconds_until(partial(_goes_on, box, held), PATIENCE)
            seconds_until(lambda: box.row().state == "live", PATIENCE)
        return asdict(tally.take(box, has)) | {"seconds": seconds}


def judge_gone(rounds: Sequence[Figures]) -> Seen:
    """Judge that another worker goes on within 90 seconds."""
    return _in_time(rounds, 90, "another goes on after")


def play_away(ground: Ground, seed: int, size: int) -> Figures:
    """Take the database away for `size` seconds in the middle of the work, mail coming in."""
    dice, user = random.Random(seed), f"away{seed}"
    count = max(FEWEST, 200 * size)
    rig.deliver(ground.dovecot, user, rig.letters(count, seed=seed))
    with own_server.running() as own, _written() as path:
        town: Settings = replace(own.settings, redis_url=ground.cluster.servers.redis_url)
        queues.connect(town.redis_url).flushall()
        with rig.bound(town), working(town, Path(path) / "written"):
            box = rig.connect(town, ground.dovecot.port, user)
            place = dice.uniform(0, count / 2)
            rig.until(lambda: place < _count(box), PATIENCE)
            own.stop(dice.choice((signal.SIGINT, signal.SIGQUIT)))
            rig.deliver(ground.dovecot, user, rig.letters(3, seed=seed + 1_000))
            time.sleep(size)
            own.start()
            stood = _count(box)  # Sooner than a worker that still waits for its next try.
            assert 0 < stood < count, f"{stood} of {count} were in: that is not the middle"
            seconds = seconds_until(partial(_has, box, stood + 1), PATIENCE)
            seconds_until(partial(_has, box, count + 3), PATIENCE)
            seconds_until(lambda: box.row().state == "live", PATIENCE)
            return _counted(ground, box, user) | {"seconds": seconds}


def judge_away(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is lost, and something comes in within ten seconds."""
    return _in_time(rounds, 10, "first letter in since it is back after")


def _written() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="inlay-soak-")


def _call(box: Box, town: Settings) -> None:
    """Call for a look, as the watcher does when it hears of news."""
    rig.expire(box)
    valkey = queues.connect(town.redis_url)
    queues.bind(valkey)
    queues.hint("sync.jobs.sync_mailbox", box.workspace_id, box.id)
    queues.bind(None)
    valkey.close()


def _has(box: Box, count: int) -> bool:
    return _count(box) >= count


def _count(box: Box) -> int:
    ((found,),) = box.ask("select count(*) from copy where mailbox_id = %s", box.id)
    return int(found)


def _held(box: Box) -> dict[UUID, int]:
    """Return the stretches that a worker has in hand, each with how often it was claimed."""
    held = "select id, epoch from stretch where mailbox_id = %s and not done"
    return dict(box.ask(f"{held} and leased_until > now()", box.id))  # type: ignore[arg-type]


def _goes_on(box: Box, held: dict[UUID, int]) -> bool:
    """Tell whether somebody has claimed one of these stretches since."""
    found = box.ask("select id, epoch from stretch where id = any(%s)", list(held))
    now = dict(found)  # type: ignore[arg-type]
    return any(now.get(one) != epoch for one, epoch in held.items())


def _counted(ground: Ground, box: Box, user: str) -> Figures:
    """Count after one look more: what came in during the last is in its sums then."""
    rig.bring(box)
    return asdict(tally.take(box, rig.served(ground.dovecot, user)))


def _in_time(rounds: Sequence[Figures], most: float, what: str) -> Seen:
    times = sorted(one["seconds"] for one in rounds)
    words = f"{what} {times[len(times) // 2]:.1f} s at the median, {times[-1]:.1f} s at worst"
    seen = nothing_amiss(rounds, words)
    return Seen(seen.words, kept=seen.kept and times[-1] <= most)
