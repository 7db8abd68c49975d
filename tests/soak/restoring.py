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

from crm.base import db
from crm.base.money import Money
from crm.sales import deals, pipelines
from crm.work import notes
from crm.work.models import Record
from crm.workspace import users
from server import embedded
from tests import make
from tests.soak import tally
from tests.soak.row import Figures, Seen, nothing_amiss, total
from tests.sync import rig
from tests.sync.rig import Box

if TYPE_CHECKING:
    from tests.soak.ground import Ground

#: Letters that come after the dump, and deals and notes that were written before.
LATER, EDITS = 20, 10


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
            edits = _edit(box, seed)
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
            kept = len(edits & _edits(back))
            assert rig.bring(back).trouble == ""
            seconds = time.monotonic() - began
            counted = asdict(tally.take(back, rig.served(ground.dovecot, user)))
        ground.cluster.drop(name)
    figures = {"had": had, "dumped": dumped, "edits": len(edits), "edits_back": kept}
    return counted | figures | {"seconds": round(seconds, 1)}


def judge(rounds: Sequence[Figures]) -> Seen:
    """Judge that no letter is lost, no edit before the dump, and all is whole within an hour."""
    worst = max(one["seconds"] for one in rounds)
    gap = sum(one["had"] - one["dumped"] for one in rounds)
    edits, back = total(rounds, "edits"), total(rounds, "edits_back")
    also = f"{gap:,} letters came back by sync; {back} of {edits} deals and notes are there"
    seen = nothing_amiss(rounds, f"{also}; whole after {worst:.1f} s")
    return Seen(seen.words, kept=seen.kept and worst <= 3_600 and gap > 0 and 0 < edits == back)


def _edit(box: Box, seed: int) -> set[tuple[object, ...]]:
    """Make deals and move them, and write notes on them, as people do; return what stands there."""
    with db.transaction(box.workspace_id) as session:
        owner = users.get(session, box.workspace_id, box.row().user_id)
        last = pipelines.stages(session, box.workspace_id)[-1]
        for n in range(EDITS):
            money = Money(1_000 * n, "EUR")
            deal = deals.make(session, f"Deal {seed}-{n}", money, by=owner, at=make.NOW)
            on = [(Record.DEAL, deal.id)]
            notes.write(session, f"Note {seed}-{n}", by=owner, at=make.NOW, on=on)
            if n % 2:
                deals.move(session, deal, to=last, by=owner, at=make.NOW)
    return _edits(box)


def _edits(box: Box) -> set[tuple[object, ...]]:
    """Return every deal as it stands, every note, and where each is told."""
    asked = (
        "select 'deal', id, name, stage_id, amount from deal where workspace_id = %s",
        "select 'note', id, text, user_id, at from note where workspace_id = %s",
        "select 'line', a.id, a.kind, l.record_id, a.summary from activity a join activity_link l"
        " on l.workspace_id = a.workspace_id and l.activity_id = a.id"
        " where a.workspace_id = %s and a.message_id is null",
    )
    return {row for statement in asked for row in box.ask(statement, box.workspace_id)}


def _run(program: str, *words: str) -> None:
    command = [str(embedded.program(program)), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
