"""The road's fixtures."""

from __future__ import annotations

from tests.sync.rig import _town, liar, town

__all__ = ["_town", "liar", "town"]
