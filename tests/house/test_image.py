"""The container's image is made of what is locked: all that running needs, and no tools."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source import ROOT
from tests.house.test_project import dependencies

MANIFESTS = ROOT / "manifests"


def test_the_image_installs_what_is_locked_and_asks_for_nothing_else():
    text = (MANIFESTS / "Dockerfile").read_text()

    for command in re.findall(r"pip install[^&\n]*", text):
        hashed = "--require-hashes" in command
        assert hashed or ("--no-deps" in command and "--no-build-isolation" in command), command


def test_the_image_holds_what_running_needs_and_no_tools(tmp_path):
    lock = running_lock(ROOT / "pyproject.toml", ROOT / "requirements.lock").stdout
    there = {name.partition("==")[0] for name in re.findall(r"(?m)^\S+==\S+", lock)}
    groups = dependencies()

    assert set(groups[""]) | set(groups["embedded"]) <= there
    assert not set(groups["dev"]) & there
    assert lock.count("==") == len(there)
    assert lock == "".join(kept(there))
    missing = {(name, need) for name in there for need in needs(name) if need not in there}
    assert missing == set()

    lacking = tmp_path / "lacking.lock"
    lacking.write_text(lock.replace("\nflask==", "\nbottle=="))
    ended = running_lock(ROOT / "pyproject.toml", lacking)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "flask" in ended.stderr


def running_lock(*words: Path) -> subprocess.CompletedProcess[str]:
    """Make the image's own lock file, as the Dockerfile does."""
    command = [sys.executable, MANIFESTS / "running.py", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def kept(names: set[str]) -> Iterator[str]:
    """Return the lines of the whole lock that are about these packages, hashes and all."""
    for part in re.split(r"(?m)^(?=\S+==)", (ROOT / "requirements.lock").read_text()):
        if part.partition("==")[0] in names:
            yield part


def needs(name: str) -> set[str]:
    """Return what a package depends on here, by its own word."""
    try:
        said = [Requirement(line) for line in metadata.requires(name) or []]
    except metadata.PackageNotFoundError:  # What only another Python needs is not here.
        return set()
    fits = [one for one in said if one.marker is None or one.marker.evaluate({"extra": ""})]
    return {canonicalize_name(one.name) for one in fits}
