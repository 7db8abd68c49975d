"""A message that was passed on inside of another: whose it was, and what was written above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.mail.meaning import Forward
    from sync.reading.clues import Clues


def find(clues: Clues) -> Forward | None:
    """Return the message that is passed on in a letter's text, or None where there is none."""
    return None
