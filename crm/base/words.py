"""Numbers in the database that are words everywhere else."""

from __future__ import annotations

from enum import IntEnum


class WordEnum(IntEnum):
    """Stored as a small number, spoken of by its word of `docs/vocabulary.md`."""

    @property
    def word(self) -> str:
        """Return the word."""
        return self.name.lower()
