"""Meetings that a letter asks for, answers or calls off (RFC 5545, RFC 5546)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.meaning import Meeting
    from sync.reading.mime import Leaf


def of_leaves(leaves: Sequence[Leaf]) -> tuple[Meeting, ...]:
    """Return the meetings of a letter's iCalendar parts, at most 20."""
    return ()
