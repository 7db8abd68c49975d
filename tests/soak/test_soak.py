"""The soak cannot rot: each row is played at a tiny size, and what is broken is seen."""

from __future__ import annotations

import base64
import re
import subprocess
import zlib
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from crm.base import queues
from crm.base.settings import Settings
from tests.conftest import Cluster
from tests.servers.dovecot import Dovecot
from tests.soak import canaries, cases, faults, kills, letters, rounds, tally, trust
from tests.soak.ground import Ground
from tests.soak.row import MAIL, Row, Seen, nothing_amiss
from tests.soak.rows import ROWS
from tests.soak.tally import Tally
from tests.sync import rig
from tests.sync.reading import hostile

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

    # Of few letters many are fetched again.
    kept = nothing_amiss([figures]).kept if row.name == "refetch" else row.judge([figures]).kept
    assert kept, figures


def test_rows_of_cases_ask_for_no_more_of_them_than_there_are() -> None:
    paths = {row.name: row.play.args[0] for row in CASES}  # type: ignore[attr-defined]
    found = cases.collected([path for some in paths.values() for path in some])

    for row in CASES:
        names = [one for one in found if one.startswith(tuple(paths[row.name]))]
        least = row.judge.args[0]  # type: ignore[attr-defined]
        assert 0.9 * len(names) <= least <= len(names), row.name


@pytest.mark.parametrize("place", ["dump", "Valkey", "pages"])
def test_a_canary_that_is_somewhere_is_found(ground: Ground, place: str) -> None:
    secret = "canary-that-was-planted"
    found = {"Valkey": b"-", "pages": b"-", "dump": canaries.MARK.encode()}
    assert canaries.judge([canaries._searched(found, [secret])]).kept

    if place == "Valkey":  # As a job lies there: pressed, and pickled or not.
        valkey = queues.connect(ground.cluster.servers.redis_url)
        valkey.hset("planted", "data", zlib.compress(f"before {secret} after".encode()))
        found[place] = canaries._keys(valkey)
        valkey.delete("planted")
        valkey.close()
    else:
        found[place] += base64.b64encode(f"?{secret} and more".encode())
    figures = canaries._searched(found, [secret])

    assert figures["hits"] == [place]
    assert not canaries.judge([figures]).kept


def test_a_search_that_sees_nothing_is_no_comfort() -> None:
    figures = canaries._searched({"dump": b"an empty house", "pages": b"-"}, ["secret"])

    assert not canaries.judge([figures]).kept


LETTER = {
    "letter": "one",
    "kept": 1,
    "stored": 1,
    "died": False,
    "seconds": 1.0,
    "memory": 90,
}


@pytest.mark.parametrize(
    "amiss",
    [{"stored": 0}, {"died": True}, {"seconds": 11.0}, {"memory": 500}, {"memory": 0}],
    ids=lambda one: next(iter(one)),
)
def test_a_letter_that_is_only_kept_or_costs_too_much_is_a_promise_missed(
    amiss: dict[str, object],
) -> None:
    assert letters.judge([LETTER]).kept
    assert not letters.judge([LETTER, LETTER | amiss]).kept


def test_a_round_without_faults_and_one_without_all_its_kills_show_nothing() -> None:
    nothing = {"lost": 0, "doubled": 0, "altered": 0}
    quiet = nothing | {"faults": 0, "kinds": [], "kind": "bye", "looks": 1}
    few = nothing | {"kills": 11, "fetched": 1.0}

    assert not faults.judge_mixed([quiet]).kept
    assert not faults.judge_alone([quiet]).kept
    assert not kills.judge_refetch([few]).complete
    assert not kills.judge_refetch([few, few, few | {"fetched": 1.6}]).kept


def test_every_body_of_quotes_is_a_megabyte() -> None:
    sizes = {name: len(body()) for name, (body, _) in letters.QUOTES.items()}

    assert set(sizes.values()) == {letters.MEGABYTE}, sizes


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


def test_a_round_that_failed_may_be_played_again_and_says_so(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CACHE", tmp_path)
    better = replace(played(0), again=True)
    for one in (played(0, failed="OSError"), played(1, lost=1), better, replace(better, seed=1)):
        rounds.keep(made(2), one)

    kept = rounds.kept(made(2))

    assert kept == [better, played(1, lost=1)]
    assert "1 played again" in trust.line(made(2), kept).seen.words


def test_a_row_is_bound_to_what_plays_it() -> None:
    for row in ROWS:
        assert {"tests/soak", "tests/servers", "tests/sync/rig.py"} <= set(row.made_of)
        for path in row.made_of:
            assert (rounds.ROOT / path.removeprefix(":(exclude)")).exists(), path


def test_a_translation_leaves_the_rounds_of_mail_and_code_does_not() -> None:
    command = ["git", "ls-files", *MAIL]
    listed = subprocess.run(command, cwd=rounds.ROOT, capture_output=True, text=True, check=True)

    assert "crm/base/settings.py" in listed.stdout
    assert "crm/locales" not in listed.stdout


def test_the_paper_counts_the_hostile_letters_that_there_are() -> None:
    paper = trust.PAPER.read_text("utf-8")

    told = re.findall(r"(\d+)(?= of our own making| can be read| read, 0 workers end)", paper)

    assert told == [str(len(hostile.ALL))] * 3


def test_the_paper_tells_of_the_rounds_and_not_of_today() -> None:
    one = replace(played(0), on="2 cores, Dovecot 2.3", load=1.5)
    other = replace(played(1), on="64 cores", load=0.5, at="2026-11-24T00:00:00Z")
    told = trust.played_on([trust.line(made(), [one, other])])

    assert "2026-11-22 to 2026-11-24; 2 cores, Dovecot 2.3 / 64 cores; load 1.0" in told
    assert "abc?" in trust.show([trust.line(made(), [one])])
