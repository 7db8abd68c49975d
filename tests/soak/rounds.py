"""The rounds that were played: a line for each, kept by the state of the code that they played.

What a row stands on, and what plays it, is hashed as it lies in the working tree; its rounds lie
below that hash, so that no round of other code is mixed in, and a commit that leaves that code
alone keeps them. A round that failed may be played again: then the later one counts, and says so.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.soak.row import Row

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "soak"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: its seed, what was counted, or how it failed; when it was played, and on what."""

    seed: int
    figures: dict[str, Any]
    failed: str
    seconds: float
    commit: str
    at: str
    on: str = ""  # the machine and the servers
    load: float = 0.0  # the machine's when the round began
    again: bool = False  # after it had failed


def state(made_of: Sequence[str]) -> str:
    """Return a hash of the code that a row is made of, as it lies here now."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *made_of]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    whole = hashlib.sha256()
    for name in sorted(set(listed.decode().split("\0")) - {""}):
        path = ROOT / name
        if path.is_file():
            whole.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


@cache
def commit(made_of: tuple[str, ...]) -> str:
    """Return the commit that is checked out, with a + where any of these was changed since."""
    head = _git("rev-parse", "--short=10", "HEAD")
    return head + ("+" if _git("status", "--porcelain", "--", *made_of) else "")


@cache
def is_past(commit: str) -> bool:
    """Tell whether a commit is among those that have led to what is checked out."""
    command = ["git", "merge-base", "--is-ancestor", commit.rstrip("+"), "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def keep(row: Row, played: Round) -> None:
    """Append a round."""
    path = _path(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(asdict(played)) + "\n")


def kept(row: Row) -> list[Round]:
    """Return the rounds of a row that were played with the code of now, each seed once."""
    return _read(_path(row), row)


def kept_of_any(row: Row) -> list[Round]:
    """Return the rounds of a row that were played last, with whatever code."""
    paths = sorted(CACHE.glob(f"*/{row.name}.jsonl"), key=lambda path: path.stat().st_mtime)
    return _read(paths[-1], row) if paths else []


def _path(row: Row) -> Path:
    return CACHE / state(row.made_of) / f"{row.name}.jsonl"


def _read(path: Path, row: Row) -> list[Round]:
    if not path.exists():
        return []
    found: dict[int, Round] = {}
    for line in path.read_text().splitlines():
        try:
            played = Round(**json.loads(line))
        except ValueError:
            continue  # It was being written when the soak was killed.
        if played.seed < row.rounds:
            before = found.get(played.seed)
            if before is None or (before.failed and played.again):
                found[played.seed] = played
    return [found[seed] for seed in sorted(found)]


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
