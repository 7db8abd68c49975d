"""Sending: workers die by `kill -9` on the way out, and what the server got is held to the rows.

Over SMTP, with the copy kept over IMAP; and over the Gmail API, with the mailbox read meanwhile.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm.base import crash
from server.demo.gmail import Fault, GmailServer
from tests.servers.smtp import DROP, DROP_AFTER_ANSWER, DROP_BEFORE_ANSWER, Smtp
from tests.soak.row import Figures, Seen, total
from tests.sync import rig, sending

if TYPE_CHECKING:
    from tests.soak.ground import Ground
    from tests.sync.sending import Post, Received

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
#: What Gmail does meanwhile: it did what it was asked and closes, or closes and did not, or fails.
_AT_GMAIL = (
    ("drafts.create", "cut_after"),
    ("drafts.create", "503"),
    ("drafts.send", "cut_before"),
    ("drafts.send", "cut_after"),
    ("drafts.send", "truncated_json"),
    ("drafts.send", "500"),
    ("drafts.send", "429"),
    ("drafts.get", "500"),
    ("messages.get", "503"),
    ("threads.get", "cut"),
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
        kills = sum(
            _killed(post, dice, crash.SENDING, sure=not n)
            for n in range(dice.randint(FEWEST, MOST))
        )
        post.settle()
        copies = sending.in_sent(ground.dovecot, user)
        return _count(post, smtp, copies) | {"kills": kills}


def play_gmail(ground: Ground, seed: int, size: int) -> Figures:
    """Do the same over the Gmail API; what was sent comes in between, and may be quicker than we.

    Gmail gives what it sends an id of its own, or it does not.
    """
    dice = random.Random(seed)
    with ground.town() as town, GmailServer(seed=seed) as google:
        post, received = sending.connect_gmail(town, google), sending.Received(google)
        google.add(post.author().email).renames = dice.random() < 0.7
        google.plan(
            *(
                Fault(kind, f"users.{verb}", times=dice.randint(1, 2), nth=dice.randint(1, size))
                for verb, kind in dice.sample(_AT_GMAIL, 3)
            )
        )
        for n in range(size):
            post.write(f"Message {n}")
        kills = 0
        for n in range(dice.randint(FEWEST, MOST)):
            kills += _killed(post, dice, (*crash.DRAFTING, *crash.SENDING), sure=not n)
            if dice.random() < 0.5:
                _bring(post)
        google.heal()
        post.settle()
        _bring(post)
        copies = [sending.our_id(raw) for raw in sending.in_gmail(google)]
        left = len(sending.in_gmail(google, "DRAFT"))
        return _count(post, received, copies) | {"kills": kills, "drafts": left}


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


def _killed(post: Post, dice: random.Random, points: Sequence[str], *, sure: bool) -> int:
    """Let one worker die, at random or at a point; tell whether it did.

    Which one is `sure` to die does so at a point that is passed: each round has one.
    """
    point = dice.choice(points) if sure or dice.random() < 0.3 else ""
    passing = 1 if sure else dice.randint(1, 4)
    worker = post.start(f"{point}:{passing}" if point else "")
    time.sleep(0.1)
    if not point:
        time.sleep(dice.uniform(0, LIFE))
        worker.kill()
    ended = rig.finish(worker)
    post.hurry()
    return int(ended != 0)


def _bring(post: Post) -> None:
    """Take in what lies at the server, as often as that takes while it fails."""
    rig.expire_leases(post.box)
    rig.expire(post.box)
    rig.bring(post.box)


def _count(post: Post, server: Smtp | Received, copies: Sequence[str]) -> Figures:
    received, states = server.ids, post.ids()
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
