"""The soak cannot rot: each row is played at a tiny size, and what is broken is seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from crm.base.settings import Settings
from tests.conftest import Cluster
from tests.servers.dovecot import Dovecot
from tests.soak import cases, rounds, tally, trust
from tests.soak.ground import Ground
from tests.soak.row import Row, Seen, nothing_amiss
from tests.soak.rows import ROWS
from tests.soak.tally import Tally
from tests.sync import rig

if TYPE_CHECKING:
    from tests.sync.rig import Box, Served

town, _town = rig.town, rig._town

CASES = [row for row in ROWS if isinstance(row.play, partial)]
PLAYED = [row for row in ROWS if row not in CASES]


@pytest.fixture(scope="module")
def ground(cluster: Cluster, template: str, long_dovecot: Dovecot) -> Ground:
    """Lend this run's servers."""
    return Ground(cluster, template, long_dovecot)


@pytest.mark.parametrize("row", PLAYED, ids=lambda row: row.name)
def test_a_round_of_each_row_is_played(ground: Ground, row: Row) -> None:
    figures = row.play(ground, 0, row.tiny)

    assert row.judge([figures]).words
    if "lost" in figures:
        assert nothing_amiss([figures]).kept, figures


def test_the_cases_that_rows_name_exist() -> None:
    for row in CASES:
        for path in row.play.args[0]:  # type: ignore[attr-defined]
            file, _, name = path.partition("::")
            assert f"def {name}" in (rounds.ROOT / file).read_text(), path


def test_cases_are_run_and_counted(ground: Ground) -> None:
    found = cases.play(["tests/sync/reading/test_ids.py"], ground, 0, 0)

    assert found["passed"] > 3
    assert (found["failed"], found["skipped"], found["names"]) == (0, 0, [])
    assert not cases.judge(found["passed"] + 1, [found]).kept
    assert not cases.judge(1, [found | {"failed": 1}]).kept


@pytest.fixture
def brought(town: Settings, dovecot: Dovecot) -> tuple[Box, Served]:
    """Bring in a mailbox of which all is here."""
    rig.deliver(dovecot, "counted", rig.letters(6))
    box = rig.connect(town, dovecot.port, "counted")
    rig.bring(box)
    return box, rig.served(dovecot, "counted")


def test_what_is_all_there_counts_nought(brought: tuple[Box, Served]) -> None:
    assert tally.take(*brought) == Tally()


@pytest.mark.parametrize(
    ("broken", "counted"),
    [
        ("delete from copy where workspace_id = %s and uid = 3", Tally(lost=1)),
        ("update copy set state = 3 where workspace_id = %s and uid = 2", Tally(lost=1)),
        ("update copy set uid = 77 where workspace_id = %s and uid = 2", Tally(lost=1, doubled=1)),
        (
            "update copy set digest = decode(repeat('00', 32), 'hex')"
            " where workspace_id = %s and uid = 4",
            Tally(altered=1),
        ),
        (
            "insert into activity select (jsonb_populate_record(a,"
            " jsonb_build_object('id', gen_random_uuid()))).* from activity a"
            " where workspace_id = %s and kind = 1 limit 1",
            Tally(doubled=1),
        ),
    ],
    ids=["lost", "unread", "moved", "altered", "told-twice"],
)
def test_what_is_broken_is_counted(
    brought: tuple[Box, Served], broken: str, counted: Tally
) -> None:
    box, has = brought
    box.ask(broken, box.workspace_id)

    assert tally.take(box, has) == counted


def played(seed: int, *, lost: int = 0, failed: str = "") -> rounds.Round:
    """Make a round that has ended."""
    figures = {} if failed else {"lost": lost, "doubled": 0, "altered": 0}
    return rounds.Round(seed, figures, failed, 1.5, "abc", "2026-11-22T12:00:00Z")


def made(count: int = 3) -> Row:
    """Make a row that says nothing of the product."""
    return Row("made", "a made row", "0 lost", count, lambda *_: {}, nothing_amiss)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([played(0), played(1)], "so far"),
        ([played(0), played(1), played(2)], "kept"),
        ([played(0), played(1, lost=1)], "**missed**"),
        ([played(0), played(1, failed="AssertionError")], "**missed**"),
    ],
)
def test_one_bad_round_is_a_promise_missed(found: list[rounds.Round], verdict: str) -> None:
    assert trust.line(made(), found).verdict == verdict


def test_all_rounds_together_may_show_too_little() -> None:
    row = Row("made", "", "", 1, lambda *_: {}, lambda _: Seen("", kept=True, complete=False))

    assert trust.line(row, [played(0)]).verdict == "**missed**"


def test_rounds_are_kept_and_a_line_that_was_cut_off_is_none(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CACHE", tmp_path)
    for one in (played(1), played(0), played(0, lost=4)):
        rounds.keep(made(), one)
    (path,) = rounds.CACHE.rglob("*.jsonl")
    path.write_text(path.read_text() + '{"seed": 2, "fig')

    assert rounds.kept(made()) == [played(0), played(1)]
    monkeypatch.setattr(rounds, "state", lambda _: "other")
    assert rounds.kept(made()) == []
    assert rounds.kept_of_any(made()) == [played(0), played(1)]
