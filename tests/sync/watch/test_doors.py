"""Doors: at one host few knock at once, every host has its turn, and who is gone is passed over."""

from __future__ import annotations

import threading

from crm.base import ids
from crm.mail.watched import WayIn
from sync.watch.doors import AT_A_HOST, Doors
from sync.watch.watch import Watch


def watch(host: str) -> Watch:
    return Watch((ids.new(), ids.new()), WayIn("mark", host))


def test_a_host_that_lets_everybody_wait_holds_up_no_other() -> None:
    doors, dead, good = Doors(), [watch("dead.test") for _ in range(500)], watch("good.test")
    for one in (*dead, good):
        doors.put(one)

    taken = [doors.take() for _ in range(AT_A_HOST + 1)]

    assert good in taken
    doors.done("good.test")
    waiting = threading.Thread(target=lambda: taken.append(doors.take()))
    waiting.start()
    waiting.join(0.2)
    assert len(taken) == AT_A_HOST + 1
    doors.done("dead.test")
    waiting.join(10)
    assert taken[-1] is dead[AT_A_HOST]


def test_hosts_have_their_turns_by_and_by() -> None:
    doors, asked = Doors(), [watch(host) for host in ("a.test", "a.test", "a.test", "b.test")]
    for one in asked:
        doors.put(one)

    assert [doors.take() for _ in range(3)] == [asked[0], asked[3], asked[1]]


def test_who_is_gone_is_not_knocked_at() -> None:
    doors, gone, here = Doors(), watch("a.test"), watch("a.test")
    doors.put(gone)
    doors.put(here)
    gone.gone = True

    assert doors.take() is here


def test_whoever_waits_for_a_door_goes_home_in_the_end() -> None:
    doors, taken = Doors(), []
    waiting = threading.Thread(target=lambda: taken.append(doors.take()))
    waiting.start()

    doors.close()

    waiting.join(10)
    assert taken == [None]
    assert doors.take() is None
