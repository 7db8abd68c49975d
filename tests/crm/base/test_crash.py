"""Named points at which a process dies: at the counted passing, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm.base import crash

ROOT = Path(__file__).parents[3]
WALK = """
import sys
from crm.base import crash
for name in sys.argv[1:]:
    print(name, flush=True)
    crash.point(name)
"""


def walk(crash_at: str, *points: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", WALK, *points],
        env=os.environ | {"CRASH_AT": crash_at},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize(
    ("crash_at", "passed", "code"),
    [
        ("", 4, 0),
        ("after filing", 2, 137),
        ("after filing:2", 4, 137),
        ("after filing:3", 4, 0),
        ("after cursor", 4, 0),
    ],
)
def test_a_process_dies_at_the_counted_passing_of_its_point(
    crash_at: str, passed: int, code: int
) -> None:
    road = ("before filing", "after filing", "before filing", "after filing")

    assert walk(crash_at, *road) == (code, list(road[:passed]))


def test_every_point_on_the_road_is_in_the_list() -> None:
    sources = [path.read_text() for wing in ("crm", "sync") for path in (ROOT / wing).rglob("*.py")]
    named = {name for source in sources for name in re.findall(r'crash\.point\("(.+?)"\)', source)}

    known = {*crash.POINTS, *crash.SENDING, *crash.DRAFTING, *crash.PLANNING}
    assert named - known == set()
    assert len(crash.POINTS) >= 10
