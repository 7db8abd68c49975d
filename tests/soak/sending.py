"""Sending: workers die by `kill -9` on the way out, and what the server got is held to the rows."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm.base import crash
from tests.servers.smtp import DROP, DROP_AFTER_ANSWER, DROP_BEFORE_ANSWER, Smtp
from tests.soak.row import Figures, Seen, total
from tests.sync import rig, sending

if TYPE_CHECKING:
    from tests.soak.ground import Ground
    from tests.sync.sending import Post

#: Workers that die in a round, and the longest that one lives after its first claim, in seconds.
FEWEST, MOST, LIFE = 2, 5, 0.6
#: What the server does meanwhile, beside taking letters: at most so often in a round.
_PLANS = (
    ("RCPT", "451 4.7.1 Come back later"),
    ("MAIL", DROP),
    ("BODY", DROP_BEFORE_ANSWER),
    ("BODY", DROP_AFTER_ANSWER),
    ("BODY", "451 4.3.0 Try again"),
)


def play(ground: Ground, seed: int, size: int) -> Figures:
    """Kill workers at random, or at a point of the way, while they send; then let one finish."""
    dice, user = random.Random(seed), f"sending{seed}"
    with ground.town() as town, Smtp() as smtp:
        post = sending.connect(town, ground.dovecot, smtp, user)
        for verb, what in dice.sample(_PLANS, 2):
            smtp.plan(verb, *([what] * dice.randint(0, 2)))
        for n in range(size):
            post.write(f"Message {n}")
        kills = sum(_killed(post, dice, sure=not n) for n in range(dice.randint(FEWEST, MOST)))
        post.settle()
        return _count(post, smtp, ground, user) | {"kills": kills}


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing was received twice, and that nothing was forgotten or doubled."""
    twice, lost, copies, lines = (
        total(rounds, name) for name in ("twice", "forgotten", "copies", "lines")
    )
    kills, asked = total(rounds, "kills"), total(rounds, "asked")
    words = (
        f"{twice} received twice, {lost} forgotten, {copies} copies and {lines} lines too many;"
        f" {kills:,} kills, {total(rounds, 'received'):,} received, {asked} asked about"
    )
    kept = not (twice or lost or copies or lines)
    return Seen(words, kept=kept, complete=all(one["kills"] for one in rounds))


def _killed(post: Post, dice: random.Random, *, sure: bool) -> int:
    """Let one worker die, at random or at a point; tell whether it did.

    Which one is `sure` to die does so at a point that is passed: each round has one.
    """
    point = dice.choice(crash.SENDING) if sure or dice.random() < 0.3 else ""
    passing = 1 if sure else dice.randint(1, 4)
    worker = post.start(f"{point}:{passing}" if point else "")
    time.sleep(0.1)
    if not point:
        time.sleep(dice.uniform(0, LIFE))
        worker.kill()
    ended = rig.finish(worker)
    post.hurry()
    return int(ended != 0)


def _count(post: Post, smtp: Smtp, ground: Ground, user: str) -> Figures:
    received, states = smtp.ids, post.ids()
    copies = sending.in_sent(ground.dovecot, user)
    right = {
        rfc_id: {"sent", "unknown"} if rfc_id in received else {"waiting", "unknown"}
        for rfc_id in states
    }
    return {
        "twice": sum(1 for count in received.values() if count > 1),
        "forgotten": sum(1 for rfc_id, state in states.items() if state not in right[rfc_id])
        + len(set(received) - set(states)),
        "received": len(received),
        "asked": list(states.values()).count("unknown"),
        "copies": len(copies) - len(set(copies)),
        "lines": max(0, post.lines() - len(states)),
    }
