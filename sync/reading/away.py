"""When somebody comes back who is out of the office, as their automatic answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


def returns_on(subject: str, text: str, sent_at: datetime | None) -> date | None:
    """Return the day on which somebody is back, or None where none is named."""
    return None
