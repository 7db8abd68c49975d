"""Signs that a sender is not who they seem to be; they are told, and never believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm.mail.meaning import Suspicion
    from sync.reading.clues import Clues


def suspicions(clues: Clues) -> tuple[Suspicion, ...]:
    """Return why a sender may not be who they seem, each once."""
    return ()
