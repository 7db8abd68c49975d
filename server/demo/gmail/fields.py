"""Partial answers: `fields=nextPageToken,messages/id` leaves the rest out.

https://developers.google.com/workspace/gmail/api/guides/performance
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from server.demo.gmail.errors import invalid

_TOKEN = re.compile(r"[A-Za-z0-9_$]+|[*/(),]")

#: What is kept below a name; nothing below it means all of it.
Mask = dict[str, "Mask"]


def keep(shape: Any, text: str) -> Any:
    """Return what a selection keeps of an answer. Raises ApiError for no selection."""
    return _kept(shape, _parse(text))


@lru_cache(maxsize=256)
def _parse(text: str) -> Mask:
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != "".join(text.split()) or not tokens:
        raise invalid(f"Invalid field selection {text}")
    mask, at = _selection(tokens, 0, text)
    if at != len(tokens):
        raise invalid(f"Invalid field selection {text}")
    return mask


def _selection(tokens: list[str], at: int, text: str) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        node = mask
        while True:
            if at >= len(tokens) or tokens[at] in "/(),":
                raise invalid(f"Invalid field selection {text}")
            node = node.setdefault(tokens[at], {})
            at += 1
            if at >= len(tokens) or tokens[at] != "/":
                break
            at += 1
        if at < len(tokens) and tokens[at] == "(":
            inner, at = _selection(tokens, at + 1, text)
            if at >= len(tokens) or tokens[at] != ")":
                raise invalid(f"Invalid field selection {text}")
            node.update(inner)
            at += 1
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _kept(shape: Any, mask: Mask) -> Any:
    if not mask or "*" in mask:
        return shape
    if isinstance(shape, list):
        return [_kept(one, mask) for one in shape]
    if not isinstance(shape, dict):
        return shape
    return {name: _kept(value, mask[name]) for name, value in shape.items() if name in mask}
