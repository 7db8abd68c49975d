"""How lines begin, sorted by their first two signs: most lines are passed in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def sort(phrases: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Sort beginnings of at least two signs."""
    table: dict[str, list[str]] = {}
    for phrase in phrases:
        table.setdefault(phrase[:2], []).append(phrase)
    return {signs: tuple(found) for signs, found in table.items()}


def has(table: Mapping[str, tuple[str, ...]], text: str) -> bool:
    """Tell whether a text begins with one of them."""
    found = table.get(text[:2])
    return found is not None and text.startswith(found)
