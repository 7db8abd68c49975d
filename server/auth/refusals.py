"""What Google has signed and we refused all the same: kept for an hour, for `inlay doctor` to tell.

It lies in Valkey. Nothing depends on it: where that is away, nobody is told.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import redis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm.base.settings import Settings

_KEPT: Final = "inlay:push:refused"
_SECONDS: Final = 3600
#: A flood is noted no more often, in seconds by each process.
_SELDOM: Final = 30.0
_TIMEOUT: Final = 1.0
_SAID_MOST: Final = 200
#: Neither the audience fits nor the robot.
_STRANGER: Final = "both"

_noted_at = float("-inf")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What did not fit: `audience`, `robot`, both or `subscription`; and what stood in its place.

    Anybody with a service account of theirs may have Google sign any audience. So what a robot that
    is not ours calls itself is not repeated: somebody might believe it.
    """

    what: str
    said: str = ""


def of(claims: Mapping[str, Any], audience: str, robot: str) -> Refusal | None:
    """Tell what about a token of Google's does not fit; None where all of it does."""
    ours = claims.get("email") == robot and claims.get("email_verified") is True
    meant = claims.get("aud") == audience
    if ours:
        return None if meant else Refusal("audience", str(claims.get("aud", "")))
    return Refusal("robot" if meant else _STRANGER)


def note(settings: Settings, refusal: Refusal) -> None:
    """Keep a refusal for an hour; not a stranger's, which tells nothing of our settings."""
    global _noted_at  # noqa: PLW0603 - by each process, and for nothing else
    now = time.monotonic()
    if refusal.what == _STRANGER or now - _noted_at < _SELDOM:
        return
    _noted_at = now
    said = "".join(one for one in refusal.said if one.isprintable())[:_SAID_MOST]
    try:
        with _connect(settings) as kept:
            kept.set(_KEPT, json.dumps([refusal.what, said]), ex=_SECONDS)
    except redis.RedisError:
        return  # The next one is noted.


def last(settings: Settings) -> Refusal | None:
    """Return what was refused within the hour, if anything."""
    try:
        with _connect(settings) as kept:
            found = kept.get(_KEPT)
        what, said = json.loads(found) if isinstance(found, bytes) else ("", "")
    except (redis.RedisError, ValueError):
        return None
    return Refusal(str(what), str(said)) if what else None


def _connect(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(
        settings.redis_url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
    )
