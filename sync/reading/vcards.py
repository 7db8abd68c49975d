"""The calling cards that are attached to a letter (RFC 6350, and its elders)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.meaning import Details
    from sync.reading.mime import Leaf


def of_leaves(leaves: Sequence[Leaf]) -> tuple[Details, ...]:
    """Return the people whose cards hang on a letter, at most 20."""
    return ()
