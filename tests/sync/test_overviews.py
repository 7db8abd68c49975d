"""An overview is kept for the others, and lets go of where it does not hold any more."""

from __future__ import annotations

from uuid import uuid4

from crm.base.settings import Settings
from sync.overviews import Overviews
from sync.sources.gmail import overview


def test_what_one_keeps_the_others_go_by(town: Settings) -> None:
    mailbox = uuid4()
    mine, theirs = (Overviews(mailbox, town.redis_url) for _ in range(2))
    made = overview.make(3, [(5, 1, 100)], {"INBOX": [5]})
    assert mine.find() is None
    assert not mine.holds(made)

    mine.keep(made)

    assert theirs.find() == made
    assert theirs.holds(made)
    assert Overviews(uuid4(), town.redis_url).find() is None


def test_another_one_or_none_takes_its_place(town: Settings) -> None:
    kept = Overviews(uuid4(), town.redis_url)
    old, new = overview.make(3, [], {}), overview.make(3, [], {})
    kept.keep(old)
    kept.keep(new)
    assert kept.holds(new)
    assert not kept.holds(old)

    kept.forget()

    assert kept.find() is None
    assert not kept.holds(new)


def test_without_a_place_to_keep_it_nothing_holds() -> None:
    away = Overviews(uuid4(), "redis://127.0.0.1:1/0")
    made = overview.make(3, [], {})

    away.keep(made)
    away.forget()

    assert away.find() is None
    assert not away.holds(made)
