"""Promises that have their cases in tests already: these are run, and counted."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from tests.soak.rounds import ROOT
from tests.soak.row import Figures, Seen, total

if TYPE_CHECKING:
    from tests.soak.ground import Ground


def play(paths: Sequence[str], _ground: Ground, _seed: int, _size: int) -> Figures:
    """Run tests in a process of their own, and count them."""
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *paths]
    more = {"INLAY_REQUIRE_SERVERS": "1", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        report = Path(folder) / "report.xml"
        command += ["--junit-xml", str(report)]
        subprocess.run(command, cwd=ROOT, env=os.environ | more, capture_output=True, check=False)
        (suite,) = ET.parse(report).getroot().iter("testsuite")
        counts = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors")}
        failed, skipped = counts["failures"] + counts["errors"], int(suite.get("skipped", 0))
        names = [case.get("name", "") for case in suite.iter("testcase") if _is_bad(case)]
        passed = counts["tests"] - failed - skipped
        return {"passed": passed, "failed": failed, "skipped": skipped, "names": names}


def judge(least: int, rounds: Sequence[Figures]) -> Seen:
    """Judge that so many cases pass at least, none fails, and none is skipped."""
    passed, failed, skipped = (total(rounds, name) for name in ("passed", "failed", "skipped"))
    words = f"{passed} cases hold, {failed} do not" + (f", {skipped} skipped" if skipped else "")
    return Seen(words, kept=passed >= least and not failed and not skipped)


def _is_bad(case: ET.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None
