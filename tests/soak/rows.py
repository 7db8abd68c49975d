"""Every promise that is played, in the order of the table."""

from __future__ import annotations

from functools import partial

from crm.base import crash
from tests.servers.proxy import KINDS
from tests.soak import canaries, cases, faults, gmail, kills, letters, outages, restoring, sending
from tests.soak.row import MAIL, WHOLE, WORKERS, Row
from tests.sync.reading import hostile

_LETTER_HTML = "tests/server/web/test_letter_html.py"
_IN_BROWSER = "tests/journeys/test_hostile_letters.py"


#: What cases stand on beside their own files.
_FIXTURES = ("tests/visiting.py", "tests/rows.py", "tests/browser.py")
_HOSTILE = ("tests/sync/reading/hostile.py",)


def _cases(name: str, what: str, promise: str, least: int, *paths: str) -> Row:
    """Make a row of cases that the tests have already, of which there are so many at least."""
    return Row(
        name,
        what,
        promise,
        rounds=1,
        play=partial(cases.play, paths),
        judge=partial(cases.judge, least),
        full=1,
        stands_on=WHOLE,
        also=(*(path.partition("::")[0] for path in paths), *_FIXTURES),
    )


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
        f"death at each of {len(crash.POINTS)} named points of the road, at three passings (the"
        " plan's at its only one)",
        f"a death at all {len(kills.PASSINGS)}, 0 lost, doubled or altered",
        rounds=len(kills.PASSINGS),
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
        "gmail",
        "a Gmail that fails 5 % of its calls and cuts 1 %, beside two kills of the worker",
        "0 lost, no letter given twice but for a batch a kill, never above the quota",
        rounds=10,
        play=gmail.play,
        judge=gmail.judge,
        full=5_000,
        tiny=300,
        also=("server/demo/gmail",),
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
    Row(
        "hostile",
        "letters that are made to break readers",
        f"all {len(hostile.ALL)} read, 0 workers end, 10 s and {letters.MEMORY} MB at most",
        rounds=len(hostile.ALL),
        play=letters.play,
        judge=letters.judge,
        also=_HOSTILE,
    ),
    Row(
        "quotes",
        "a megabyte of quotes, or of what looks like their beginning",
        "read within 0.5 s",
        rounds=len(letters.QUOTES),
        play=letters.play_quotes,
        judge=letters.judge_quotes,
        also=_HOSTILE,
    ),
    _cases(
        "scripts",
        "letters that would run a script or load something",
        "0 run, 0 load, by the filter's output and in a browser",
        80,
        f"{_LETTER_HTML}::test_nothing_that_runs_or_loads_survives",
        f"{_LETTER_HTML}::test_a_remote_image_is_left_out_and_counted",
        _IN_BROWSER,
    ),
    _cases(
        "bombs",
        "HTML that is made to keep the filter busy",
        "within 5 s at the largest size that is let in",
        24,
        f"{_LETTER_HTML}::test_too_much_is_not_even_begun",
        f"{_LETTER_HTML}::test_a_bomb_takes_no_longer_than_a_letter_may",
        f"{_LETTER_HTML}::test_what_somebody_crafted_costs_half_a_second_at_most",
    ),
    Row(
        "wiped",
        "Valkey wiped in the middle of the work",
        "0 lost in 100 rounds, back on schedule within 60 s",
        rounds=100,
        play=outages.play_wiped,
        judge=outages.judge_wiped,
        full=200,
        tiny=5,
        stands_on=WORKERS,
    ),
    Row(
        "gone",
        "a worker that is gone without a trace",
        "another goes on with its mailbox within 90 s",
        rounds=5,
        play=outages.play_gone,
        judge=outages.judge_gone,
        full=5_000,
        tiny=200,
        stands_on=WORKERS,
    ),
    Row(
        "away",
        "the database away for 30 s in the middle of the work",
        "0 lost, first letter in within 10 s",
        rounds=10,
        play=outages.play_away,
        judge=outages.judge_away,
        full=30,
        tiny=1,
        stands_on=WORKERS,
    ),
    Row(
        "canaries",
        "planted passwords and keys",
        "0 found in dump, logs, Valkey, pages and output",
        rounds=3,
        play=canaries.play,
        judge=canaries.judge,
        full=100,
        tiny=2,
        stands_on=WHOLE,
        also=("tests/visiting.py", "tests/commands.py"),
    ),
    Row(
        "restored",
        "dumped while it runs, restored elsewhere, synced",
        "0 letters lost, 0 deals and notes of before the dump, whole within an hour",
        rounds=5,
        play=restoring.play,
        judge=restoring.judge,
        full=5_000,
        tiny=20,
    ),
    Row(
        "sending",
        "`kill -9` of workers that send, at random and at each point, beside 4xx and lost answers",
        "in 200 rounds none received twice; what was not received waits, or its author is asked",
        rounds=200,
        play=sending.play,
        judge=sending.judge,
        full=12,
        tiny=3,
        also=("tests/sync/sending.py",),
    ),
    Row(
        "sending-gmail",
        "the same over the Gmail API, beside 429, 5xx, lost answers and a mailbox that is read",
        "in 200 rounds none received twice; what was not received waits, or its author is asked",
        rounds=200,
        play=sending.play_gmail,
        judge=sending.judge,
        full=12,
        tiny=3,
        stands_on=(*MAIL, "server/demo/gmail"),
        also=("tests/sync/sending.py",),
    ),
    _cases(
        "apart",
        "routes, roles and workspaces",
        "no answer for another's ids, 0 rows changed by what is refused",
        110,
        *("tests/server/test_app.py", "tests/journeys/test_two_workspaces.py"),
        *("tests/crm/test_apart.py", "tests/crm/workspace/test_permissions.py"),
        *("tests/server/auth/test_csrf.py", "tests/server/test_matrix.py"),
    ),
    _cases(
        "inside",
        "spellings of addresses inside, rebinding, ports",
        "0 connections to what is not public",
        115,
        "tests/sync/sources/test_guard.py",
    ),
)
