"""Running: a mailbox is brought up to date, and says how it went."""

from __future__ import annotations

import time

from crm.base.settings import Settings
from tests.servers.dovecot import Dovecot
from tests.sync import rig


def test_x(town: Settings, dovecot: Dovecot) -> None:
    t = time.monotonic()
    rig.deliver(dovecot, "run1", rig.letters(600))
    print("deliver", time.monotonic() - t)
    box = rig.connect(town, dovecot.port, "run1")
    t = time.monotonic()
    print(rig.bring(box), time.monotonic() - t)
    t = time.monotonic()
    has = rig.served(dovecot, "run1")
    print("served", len(has), time.monotonic() - t)
    rig.assert_exact(box, has)
    t = time.monotonic()
    print(rig.bring(box), time.monotonic() - t)
    box = rig.connect(town, dovecot.port, "run1")
    for _ in range(3):
        t = time.monotonic()
        w = rig.start(box, "after messages")
        print(rig.finish(w), time.monotonic() - t)
