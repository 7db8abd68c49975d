import random, time
import pytest
from tests.sync import rig
from tests.sync.rig import Watcher
town, _town, liar = rig.town, rig._town, rig.liar

@pytest.mark.parametrize("seed", range(10))
def test_probe(town, dovecot, liar, seed):
    if seed == 0:
        rig.deliver(dovecot, "random", rig.letters(600, seed=4, size=200))
    dice = random.Random(seed)
    box = rig.connect(town, liar.port, "random")
    t0 = time.monotonic()
    out = []
    for i in range(4):
        t = time.monotonic()
        worker = rig.start(box)
        worker.join(dice.uniform(0.6, 2))
        a = worker.is_alive()
        if a:
            worker.kill()
        worker.join()
        out.append(("worker", i, "killed" if a else worker.exitcode, round(time.monotonic()-t, 2), "copies", len(rig.ledger_of(box)), "cmds", len(liar.commands), "bodies", len(liar.bodies)))
        t = time.monotonic()
        rig.expire_leases(box)
        out.append(("expire", round(time.monotonic()-t,2)))
    t = time.monotonic()
    out.append((rig.bring(box), round(time.monotonic()-t,2), "cmds", len(liar.commands), "bodies", len(liar.bodies)))
    if time.monotonic() - t0 > 8:
        print(seed, *out, sep="\n")
