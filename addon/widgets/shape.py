"""The JSON that a widget becomes: what is empty is left out."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def present(**fields: object) -> Json:
    """Keep the fields that say something; zero does, an empty text does not."""
    return {name: value for name, value in fields.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == []
