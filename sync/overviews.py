"""Where the overview of a first import over IMAP is kept, for every worker of the mailbox.

It lies in Valkey, numbers alone. Where that is away, or wiped, each worker asks for its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import redis
from redis.exceptions import RedisError

from sync.sources.gmail import overview

if TYPE_CHECKING:
    from uuid import UUID

    from sync.sources.gmail.overview import Overview

#: Seconds for which it is kept: a history lasts for hours at least, mostly for a week.
LASTS: Final = 3600


class Overviews:
    """Where the overview of one mailbox lies."""

    def __init__(self, mailbox_id: UUID, redis_url: str) -> None:
        self._kept = redis.Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5)
        self._place = f"inlay:gmail:overview:{mailbox_id}"

    def find(self) -> Overview | None:
        """Return what is kept, if there is something."""
        try:
            packed = self._kept.get(self._place)
        except RedisError:
            return None
        return overview.unpack(packed) if isinstance(packed, bytes) else None

    def keep(self, made: Overview) -> None:
        """Keep an overview for the others."""
        try:
            self._kept.set(self._place, overview.pack(made), ex=LASTS)
            self._kept.set(f"{self._place}:name", made.name, ex=LASTS)
        except RedisError:
            return  # The others ask for their own.

    def holds(self, made: Overview) -> bool:
        """Tell whether an overview is the one that is kept, so that it may be gone by."""
        try:
            return self._kept.get(f"{self._place}:name") == made.name.encode()
        except RedisError:
            return False

    def forget(self) -> None:
        """Let nobody go by what is kept any more."""
        try:
            self._kept.delete(self._place, f"{self._place}:name")
        except RedisError:
            return  # Nobody can ask whether it holds, and so nobody goes by it.
