"""The restore drill: dumped while it runs, restored as `docs/operating.md` says, and made whole."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from server import embedded
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss
from tests.sync import rig
from tests.sync.rig import Box

if TYPE_CHECKING:
    from tests.soak.ground import Ground

#: Letters that come after the dump.
LATER = 20


def play(ground: Ground, seed: int, size: int) -> Figures:
    """Dump in the middle of the work, take in more, restore elsewhere, and sync."""
    user = f"restored{seed}"
    rig.deliver(ground.dovecot, user, rig.letters(size, seed=seed))
    with tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        dump = Path(folder) / "inlay.dump"
        with ground.town() as town:
            box = rig.connect(town, ground.dovecot.port, user)
            worker = rig.start(box)
            rig.until(lambda: rig.ledger_of(box), 60)
            _run("pg_dump", "-Fc", "-f", str(dump), town.database_owner_url)
            assert rig.finish(worker, 300) == 0
            rig.deliver(ground.dovecot, user, rig.letters(LATER, seed=seed + 1_000))
            rig.bring(box)
            had = len(rig.ledger_of(box))
        began = time.monotonic()
        name = f"inlay_restored_{uuid4().hex[:8]}"
        empty = ground.cluster.database(name)
        _run("pg_restore", "--exit-on-error", "-d", empty.database_owner_url, str(dump))
        restored = replace(empty, vault_keys=town.vault_keys)  # The keys are kept beside.
        with rig.bound(restored):
            back = Box(box.workspace_id, box.id, restored)
            dumped = len(rig.ledger_of(back))
            rig.expire_leases(back)
            assert rig.bring(back).trouble == ""
            seconds = time.monotonic() - began
            counted = asdict(tally.take(back, rig.served(ground.dovecot, user)))
        ground.cluster.drop(name)
    return counted | {"had": had, "dumped": dumped, "seconds": round(seconds, 1)}


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that no letter is lost, and the house is whole within an hour."""
    worst = max(one["seconds"] for one in rounds)
    gap = sum(one["had"] - one["dumped"] for one in rounds)
    seen = nothing_amiss(rounds, f"{gap:,} letters came back by sync; whole after {worst:.1f} s")
    return Seen(seen.words, kept=seen.kept and worst <= 3_600 and gap > 0)


def _run(program: str, *words: str) -> None:
    command = [str(embedded.program(program)), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
