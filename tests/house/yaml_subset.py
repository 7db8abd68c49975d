"""The YAML that our manifests are written in: maps, lists, plain and quoted scalars.

A small part of YAML, on purpose: what this cannot read, a reader of the manifests need not either.
Anchors, tags, block scalars and tabs are refused.
"""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s"\'\[\]{},:#][^"\'\[\]{},#]*?):(?:\s+(.*))?')
_FLOW = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{},]|[^\s"\[\]{},][^\[\]{},"]*)')
_REFUSED = re.compile(r"^[&*!|>%@`]|^\? ")
_WORDS = {"true": True, "false": False, "null": None}

Line = tuple[int, str]


def load_all(text: str) -> list[Any]:
    """Read every document of a file. Raises ValueError."""
    found = [_block(lines, 0)[0] for lines in map(_lines, re.split(r"(?m)^---$", text)) if lines]
    if not found:
        raise ValueError("no document")
    return found


def _lines(text: str) -> list[Line]:
    found = []
    for raw in text.splitlines():
        if "\t" in raw or raw != raw.rstrip():
            raise ValueError(f"tabs, or blanks at the end: {raw!r}")
        bare = raw.strip()
        if bare and not bare.startswith("#"):
            found.append((len(raw) - len(bare), bare))
    return found


def _block(lines: list[Line], at: int) -> tuple[Any, int]:
    """Read what begins at a line and is indented like it; return it, and where it ends."""
    indent, text = lines[at]
    if text.startswith("- "):
        return _list(lines, at, indent)
    if _KEY.fullmatch(text):
        return _map(lines, at, indent)
    raise ValueError(f"neither a list nor a map: {text!r}")


def _list(lines: list[Line], at: int, indent: int) -> tuple[list[Any], int]:
    found = []
    while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
        inner = lines[at][1][2:]
        if _KEY.fullmatch(inner) and not inner.startswith(("[", "{", '"')):
            lines[at] = (indent + 2, inner)
            value, at = _map(lines, at, indent + 2)
        else:
            value, at = _scalar(inner), at + 1
        found.append(value)
    _ends(lines, at, indent)
    return found, at


def _map(lines: list[Line], at: int, indent: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(lines) and lines[at][0] == indent and not lines[at][1].startswith("- "):
        match = _KEY.fullmatch(lines[at][1])
        if match is None:
            raise ValueError(f"no key: {lines[at][1]!r}")
        key = str(_scalar(match[1]))
        if key in found:
            raise ValueError(f"twice: {key}")
        if match[2]:
            found[key], at = _scalar(match[2]), at + 1
        elif at + 1 < len(lines) and lines[at + 1][0] > indent:
            found[key], at = _block(lines, at + 1)
        else:
            found[key], at = None, at + 1
    _ends(lines, at, indent)
    return found, at


def _ends(lines: list[Line], at: int, indent: int) -> None:
    if at < len(lines) and lines[at][0] > indent:
        raise ValueError(f"indented too far: {lines[at][1]!r}")


def _scalar(text: str) -> Any:
    if _REFUSED.match(text) or " #" in text:
        raise ValueError(f"not read here: {text!r}")
    if text[0] in "[{":
        value, rest = _flow(text)
        if rest.strip():
            raise ValueError(f"more after it: {rest!r}")
        return value
    if text[0] in "\"'":
        return json.loads(text)
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if re.fullmatch(r"0|[1-9]\d*", text) else text


def _flow(text: str) -> tuple[Any, str]:
    """Read a list or an empty map on one line; return it, and what follows."""
    if text.startswith("{}"):
        return {}, text[2:]
    if not text.startswith("["):
        raise ValueError(f"not read here: {text!r}")
    found, rest = [], text[1:].lstrip()
    while not rest.startswith("]"):
        match = _FLOW.match(rest)
        if match is None or match[1] in ("]", ",", "{", "[", "}"):
            raise ValueError(f"not read here: {rest!r}")
        found.append(_scalar(match[1].strip()))
        rest = rest[match.end() :].lstrip()
        if rest.startswith(","):
            rest = rest[1:].lstrip()
        elif not rest.startswith("]"):
            raise ValueError(f"no end: {rest!r}")
    return found, rest[1:]
