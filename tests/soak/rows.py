"""Every promise that is played, in the order of the table."""

from __future__ import annotations

from crm.base import crash
from tests.servers.proxy import KINDS
from tests.soak import faults, kills
from tests.soak.row import Row

ROWS: tuple[Row, ...] = (
    Row(
        "kills",
        "`kill -9` of the worker at random, one to five times a round",
        "0 lost, doubled or altered in 200 rounds of 5,000 messages",
        rounds=200,
        play=kills.play_at_random,
        judge=kills.judge_at_random,
        full=5_000,
        tiny=60,
    ),
    Row(
        "refetch",
        "bodies fetched again after 12 kills",
        "median at most 1.1x, worst at most 1.5x",
        rounds=20,
        play=kills.play_refetch,
        judge=kills.judge_refetch,
        full=5_000,
        tiny=60,
    ),
    Row(
        "points",
        "death at every named point of the road, three passings each",
        f"all {len(crash.POINTS)} points, 0 lost, doubled or altered",
        rounds=3 * len(crash.POINTS),
        play=kills.play_at_a_point,
        judge=kills.judge_at_points,
        full=600,
        tiny=60,
    ),
    Row(
        "faults",
        f"{len(KINDS)} kinds of protocol fault mixed, then healed",
        "0 lost, doubled or altered with 200 seeds",
        rounds=200,
        play=faults.play_mixed,
        judge=faults.judge_mixed,
        full=500,
        tiny=20,
    ),
    Row(
        "kinds",
        f"each of the {len(KINDS)} kinds alone",
        "each happens, 0 lost, doubled or altered",
        rounds=4 * len(KINDS),
        play=faults.play_alone,
        judge=faults.judge_alone,
        full=100,
        tiny=10,
    ),
    Row(
        "renumbered",
        "other UIDVALIDITY, same mail, three times a round",
        "0 doubled, 0 bodies fetched again",
        rounds=20,
        play=faults.play_renumbered,
        judge=faults.judge_renumbered,
        full=500,
        tiny=20,
    ),
)
