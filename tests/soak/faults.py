"""Faults of the mail server: each kind alone, all mixed and then healed, and new numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

from crm.mail.models import MailboxState
from sync import credentials
from sync.sources.imap import ImapSource
from tests.servers.proxy import FOLDER_KINDS, KINDS, Fault
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss, total
from tests.sync import rig
from tests.sync.rig import Box, Watcher

if TYPE_CHECKING:
    from tests.soak.ground import Ground

#: Looks at a server that is out of its mind.
LOOKS = 8
#: Looks at one that is well again, until all must be well here.
HEALS = 4


def play_mixed(ground: Ground, seed: int, size: int) -> Figures:
    """Look again and again at a server that does everything wrong; heal it, and count."""
    dice = random.Random(seed)
    has = ground.mailbox("faults", size)
    rate = dice.choice((0.003, 0.01, 0.05))
    with (
        ground.town() as town,
        Watcher(ground.dovecot.port, seed=seed, rate=rate, kinds=KINDS) as liar,
        _impatient(),
    ):
        box = rig.connect(town, liar.port, "faults")
        for look in range(LOOKS * HEALS):
            _look(box)
            if look >= LOOKS - 1 and liar.happened:  # One without a fault would show nothing.
                break
        looks = _heal(box, liar)
        figures = asdict(tally.take(box, has))
        kinds = sorted(set(liar.happened))
        return figures | {"faults": len(liar.happened), "kinds": kinds, "looks": looks}


def judge_mixed(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is lost, doubled or altered, and that each kind has had its turn."""
    kinds = set().union(*(one["kinds"] for one in rounds))
    also = f"{total(rounds, 'faults'):,} faults of {len(kinds)} kinds"
    return _faulty(rounds, f"{also}; well after {_most(rounds)}", complete=kinds == set(KINDS))


def play_alone(ground: Ground, seed: int, size: int) -> Figures:
    """Let one kind of fault happen, at a moment and as often as the dice say; heal, and count."""
    dice = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    has = ground.mailbox("alone", size)
    with ground.town() as town, Watcher(ground.dovecot.port) as liar, _impatient():
        box = rig.connect(town, liar.port, "alone")
        nth = dice.randint(1, 3) if "auth" in kind or kind in _SELDOM else dice.randint(1, size)
        times = dice.choice((1, 3, None))
        liar.plan(Fault(kind, times=times, nth=nth, value=dice.randint(0, 40), seconds=0.5))
        for _ in range(3):
            _look(box)
        looks = _heal(box, liar)
        figures = asdict(tally.take(box, has))
        return figures | {"kind": kind, "faults": len(liar.happened), "looks": looks}


#: What the server is not asked a hundred times.
_SELDOM = ("black_hole", "no_idle", "tagged_no", *FOLDER_KINDS)


def judge_alone(rounds: Sequence[Figures]) -> Seen:
    """Judge that each kind has happened, and nothing is lost."""
    kinds = {one["kind"] for one in rounds if one["faults"]}
    also = f"{len(kinds)} of {len(KINDS)} kinds, {total(rounds, 'faults'):,} faults"
    return _faulty(rounds, f"{also}; well after {_most(rounds)}", complete=kinds == set(KINDS))


def play_renumbered(ground: Ground, seed: int, size: int) -> Figures:
    """Give the folders of a mailbox other numbers, and count what asks for bodies."""
    user = f"renumbered{seed}"
    has = ground.mailbox(user, size)
    with ground.town() as town, Watcher(ground.dovecot.port) as door:
        box = rig.connect(town, door.port, user)
        assert rig.bring(box).trouble == ""
        before = len(door.commands)
        for value in random.Random(seed).sample(range(1, 4_000_000_000), 3):
            ground.dovecot.set_uidvalidity(user, value)
            ground.dovecot.set_uidvalidity(user, value, "Sent")
            assert rig.bring(box).trouble == ""
        after = rig.served(ground.dovecot, user)
        assert after == has
        return asdict(tally.take(box, has)) | {
            "asked": sum(b"BODY.PEEK[]" in said for said in door.commands[before:])
        }


def judge_renumbered(rounds: Sequence[Figures]) -> Seen:
    """Judge that nothing is doubled, and no body was fetched again."""
    asked = total(rounds, "asked")
    seen = nothing_amiss(rounds, f"bodies were asked for {asked} times")
    return Seen(seen.words, kept=seen.kept and asked == 0)


def _faulty(rounds: Sequence[Figures], also: str, *, complete: bool) -> Seen:
    """Judge rounds of which each had its faults: one without any has shown nothing."""
    quiet = sum(not one["faults"] for one in rounds)
    seen = nothing_amiss(rounds, also + (f"; {quiet} rounds without a fault" if quiet else ""))
    return Seen(seen.words, kept=seen.kept and not quiet, complete=complete)


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait a second for an answer instead of half a minute."""
    with patch.object(credentials, "ImapSource", partial(ImapSource, timeout=1)):
        yield


def _look(box: Box) -> None:
    """Look as when the mailbox is due; its owner comes where a login is asked for."""
    rig.bring(box)
    rig.expire_leases(box)
    rig.expire(box)
    if box.row().state == MailboxState.NEEDS_LOGIN:
        rig.log_in_again(box)


def _heal(box: Box, liar: Watcher) -> int:
    """Let the server be well, and look until all is well here; return how many looks it took.

    The first look is an hour later: then a mailbox is compared as a set, whatever its numbers say.
    """
    liar.heal()
    rig.hours_pass(box)
    looks, row = 0, box.row()
    while looks == 0 or ((row.state, row.trouble) != ("live", "none") and looks < HEALS):
        _look(box)
        looks, row = looks + 1, box.row()
    assert (row.state, row.trouble, row.last_error) == ("live", "none", "")
    rig.bring(box)
    return looks


def _most(rounds: Sequence[Figures]) -> str:
    looks = max(one["looks"] for one in rounds)
    return f"{looks} look{'s' if looks > 1 else ''}"
