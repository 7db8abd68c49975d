"""The token of an hour with which Gmail is asked, shared by every worker of a mailbox.

It lies in Valkey, sealed by the vault. One worker asks Google for the next while the others wait;
where Valkey is away, each asks for its own, which Google allows.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import redis
from redis.exceptions import LockError, RedisError

from crm.base import clock
from crm.base.vault import KeyMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from crm.base.vault import Vault

#: A token is not used for the last of its time: google-auth takes it for none, of which 3 minutes
#: and 45 seconds are left.
_SPARE: Final = timedelta(minutes=4)
#: Seconds for which one may be asking, and the others wait.
_ASKING, _WAITING = 40.0, 35.0
#: What a token lies apart for, beside reading.
SENDING: Final = "sending"
_KINDS: Final = ("", SENDING)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends, in UTC."""

    text: str = field(repr=False)
    ends: datetime


class Tokens:
    """Where the token of one mailbox lies; one that is good for something more, apart."""

    def __init__(self, mailbox_id: UUID, redis_url: str, vault: Vault, what: str = "") -> None:
        self._kept = redis.Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5)
        self._name = _name(mailbox_id, what)
        self._vault = vault

    def find(self) -> Token | None:
        """Return the token that is good for a while, if there is one."""
        try:
            sealed = self._kept.get(self._name)
            text, ends = "", 0.0
            if isinstance(sealed, bytes):
                text, ends = json.loads(self._vault.open(sealed))
        except (RedisError, KeyMissingError, ValueError, TypeError):
            return None
        found = Token(text, datetime.fromtimestamp(ends, UTC))
        return found if text and found.ends - _SPARE > clock.now() else None

    def keep(self, token: Token) -> None:
        """Keep a token for the others, until it ends."""
        left = int((token.ends - clock.now()).total_seconds())
        if left <= 0:
            return
        sealed = self._vault.seal(json.dumps([token.text, token.ends.timestamp()]))
        try:
            self._kept.set(self._name, sealed, ex=left)
        except RedisError:
            return  # The others ask for their own.

    def forget(self, token: str) -> None:
        """Let nobody use a token any more that Google has refused."""
        found = self.find()
        if found is not None and found.text == token:
            try:
                self._kept.delete(self._name)
            except RedisError:
                return  # It is refused there once more, and then each asks for its own.

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Let one worker at a time ask Google."""
        lock = self._kept.lock(f"{self._name}:asking", timeout=_ASKING, blocking_timeout=_WAITING)
        try:
            held = lock.acquire()
        except RedisError:
            held = False
        try:
            yield
        finally:
            if held:
                _release(lock)


def drop(mailbox_id: UUID, redis_url: str) -> None:
    """Forget every token of a mailbox; where Valkey is away, each ends within its hour."""
    names = [_name(mailbox_id, what) for what in _KINDS]
    with (
        suppress(RedisError),
        redis.Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5) as kept,
    ):
        kept.delete(*names)


def _name(mailbox_id: UUID, what: str) -> str:
    return f"inlay:gmail:token:{mailbox_id}{what and ':'}{what}"


def _release(lock: redis.lock.Lock) -> None:
    try:
        lock.release()
    except (LockError, RedisError):
        return  # It has ended by itself.
