"""Gmail: a server that fails and cuts within a quota, workers that die, and every get counted."""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from server.demo.gmail import GmailServer, Quota
from server.demo.gmail.exchange import Answer, Ending, Request
from sync.source import BATCH_COUNT
from sync.sources.gmail.letters import FOLDER
from tests.soak import kills, tally
from tests.soak.row import Figures, Seen, nothing_amiss, total
from tests.sync import rig

if TYPE_CHECKING:
    from server.demo.gmail import Call
    from tests.soak.ground import Ground
    from tests.sync.rig import Box

ADDRESS = "ana@halden.test"
#: What the server does wrong: so many of its calls fail, and so many are cut.
FAIL, CUT = 0.05, 0.01
KILLS = 2
#: Units a minute: 25 letters a second, which are fewer than we could take.
UNITS = 30_000
#: Looks, until all must be in; each a minute later by the clock of the mailbox.
LOOKS = 10


class Counting(GmailServer):
    """A Gmail that remembers which letters went out whole."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.given: Counter[str] = Counter()
        self._turn = threading.Lock()

    def _answer(self, request: Request) -> Answer:
        with self._turn:
            before = len(self.calls)
            answer = super()._answer(request)
            if answer.ending is Ending.WHOLE and answer.status == 200:
                gets = [c for c in self.calls[before:] if c.method == "users.messages.get"]
                self.given.update(call.id for call in gets if call.status == 200)
        return answer


def play(ground: Ground, seed: int, size: int) -> Figures:
    """Kill workers here and there in the work, let others go on, and count gets and units."""
    dice = random.Random(seed)
    letters = rig.letters(size, seed=3, size=200)
    with ground.town() as town, Counting(quota=Quota(user=UNITS)) as google:
        ana = google.add(ADDRESS)
        has = {(FOLDER, int(ana.deliver(raw), 16)): raw for raw in letters}
        box = rig.connect_gmail(town, google, ADDRESS)
        box = replace(box, settings=replace(box.settings, google_units_per_user=UNITS))
        google.chaos(seed=seed, fail=FAIL, cut=CUT)
        died = 0
        places = sorted(dice.uniform(0, kills.FURTHEST) * size for _ in range(KILLS))
        for _ in range(kills.ENOUGH):
            moment = dice.uniform(0, size / 5_000)
            died += kills.killed(box, size, partial(kills.wait_until, box, places[died], moment))
            if died == KILLS:
                break
        looks = _finish(box)
        google.heal()
        rig.hours_pass(box)
        assert rig.bring(box).trouble == ""
        return asdict(tally.take(box, has)) | {
            "kills": died,
            "looks": looks,
            "gets": sum(call.method == "users.messages.get" for call in google.calls),
            "again": sum(count - 1 for count in google.given.values()),
            "faults": sum(bool(call.fault) for call in google.calls),
            "refused": sum(call.status in (403, 429) and not call.fault for call in google.calls),
            "busiest": round(_busiest(google.calls) / UNITS, 3),
        }


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that no letter went out twice but for a kill, and that no quota was passed."""
    again, died = total(rounds, "again"), total(rounds, "kills")
    busiest = max(one["busiest"] for one in rounds)
    also = f"{died} kills, {total(rounds, 'faults'):,} faults, {total(rounds, 'gets'):,} gets;"
    also += f" {again} letters went out again; {busiest:.0%} of the quota in the busiest minute"
    seen = nothing_amiss(rounds, also)
    once = all(one["again"] <= one["kills"] * BATCH_COUNT for one in rounds)
    within = busiest <= 1 and not total(rounds, "refused")
    complete = all(one["kills"] == KILLS and one["faults"] for one in rounds)
    return Seen(seen.words, kept=seen.kept and once and within, complete=complete)


def _finish(box: Box) -> int:
    """Look until nothing is left to do, with the server as it is; return how many looks it took."""
    for look in range(1, LOOKS + 1):
        brought = rig.bring(box)
        if not brought.trouble and not brought.more:
            return look
        rig.expire(box)
        rig.expire_leases(box)
    raise AssertionError(f"not in after {LOOKS} looks: {brought.words}")


def _busiest(calls: Sequence[Call]) -> int:
    """Return the most units that were spent in any minute."""
    window: deque[Call] = deque()
    most = held = 0
    for call in calls:
        window.append(call)
        held += call.units
        while window[0].at <= call.at - 60:
            held -= window.popleft().units
        most = max(most, held)
    return most
