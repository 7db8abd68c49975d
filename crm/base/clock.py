"""What time it is. Only doors ask; what they learn is passed on as `at`."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return the moment, in UTC."""
    return datetime.now(UTC)
