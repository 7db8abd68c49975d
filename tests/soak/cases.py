"""Promises that have their cases in tests already: these are run, and counted."""

from __future__ import annotations

import os
import signal
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

_PYTEST = (sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider")


def play(paths: Sequence[str], _ground: Ground, _seed: int, _size: int) -> Figures:
    """Run tests in a process of their own, and count them."""
    with tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        report, written = Path(folder) / "report.xml", Path(folder) / "written"
        _run([*_PYTEST, "--junit-xml", str(report), *paths], written)
        if not report.exists():
            raise RuntimeError(f"the tests did not come to the end: {written.read_text()[-300:]}")
        (suite,) = ET.parse(report).getroot().iter("testsuite")
        counts = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors")}
        failed, skipped = counts["failures"] + counts["errors"], int(suite.get("skipped", 0))
        names = [case.get("name", "") for case in suite.iter("testcase") if _is_bad(case)]
        passed = counts["tests"] - failed - skipped
        return {"passed": passed, "failed": failed, "skipped": skipped, "names": names}


def collected(paths: Sequence[str]) -> list[str]:
    """Return the name of every case that pytest finds there."""
    with tempfile.TemporaryDirectory(prefix="inlay-soak-") as folder:
        written = Path(folder) / "written"
        _run([*_PYTEST, "--collect-only", *paths], written)
        return [line for line in written.read_text().splitlines() if "::" in line]


def judge(least: int, rounds: Sequence[Figures]) -> Seen:
    """Judge that so many cases pass at least, none fails, and none is skipped."""
    passed, failed, skipped = (total(rounds, name) for name in ("passed", "failed", "skipped"))
    words = f"{passed} cases hold, {failed} do not" + (f", {skipped} skipped" if skipped else "")
    return Seen(words, kept=passed >= least and not failed and not skipped)


def _is_bad(case: ET.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None


def _run(command: Sequence[str], written: Path) -> None:
    """Run a command; whoever ends us lets it stop its servers first.

    It stands in a group of its own, so that Ctrl-C comes to it once, from here.
    """
    more = {"INLAY_REQUIRE_SERVERS": "1", "PYTHONPATH": str(ROOT)}
    with (
        written.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | more, stdout=out, stderr=out, process_group=0
        ) as process,
    ):
        try:
            process.wait()
        except BaseException:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            raise
