"""`docs/vocabulary.md` as a test reads it: its tables of values and its fenced lists."""

from __future__ import annotations

import re
from functools import cache

from tests.house.source import ROOT

PAPER = ROOT / "docs" / "vocabulary.md"


@cache
def values(heading: str, text: str = "") -> tuple[str, ...]:
    """Return the words of the table under a heading, in their order."""
    found = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^##)", text or _text(), _BLOCK)
    if found is None:
        raise LookupError(f"{PAPER.name} has no table {heading}")
    return tuple(re.findall(r"^\| `([a-z_]+)` \| [^|\s]", found[1], re.MULTILINE))


@cache
def fenced(name: str, text: str = "") -> dict[str, str]:
    """Return the lines of a fenced list: the first word, and what is said of it."""
    found = re.search(rf"^```{name}\n(.*?)^```$", text or _text(), _BLOCK)
    if found is None:
        raise LookupError(f"{PAPER.name} has no list {name}")
    lines = (line.split(None, 1) for line in found[1].splitlines() if line.strip())
    return {word: said[0].strip() if said else "" for word, *said in lines}


@cache
def kept(heading: str) -> tuple[str, ...]:
    """Return the words that are kept for later under a heading."""
    found = re.search(r"^```kept\n(.*?)^```$", _text(), _BLOCK)
    lines = found[1].splitlines() if found is not None else []
    lists = dict(line.split(":", 1) for line in lines)
    return tuple(lists.get(heading, "").split())


def headings(text: str = "") -> tuple[str, ...]:
    """Return the headings of all tables of values."""
    part = re.search(r"^## Values\n(.*?)^## ", text or _text(), _BLOCK)
    return tuple(re.findall(r"^### (.+)$", part[1], re.MULTILINE)) if part else ()


_BLOCK = re.MULTILINE | re.DOTALL


def _text() -> str:
    return PAPER.read_text()
