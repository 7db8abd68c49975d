"""How often somebody has tried, lately: what slows down guessing.

A table without a policy, for who tries is nobody yet. It holds no text: SHA-256 of whatever is
counted, since when, and how often. What a refusal takes back must not be its count, so a door
counts in a transaction of its own.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crm.base import bulk
from crm.base.db import Base

if TYPE_CHECKING:
    from crm.base.db import Session

_KEPT = timedelta(days=1)


class Attempt(Base):
    """So many attempts at one thing since a moment."""

    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_since_ix", "since"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    count: Mapped[int]


_ADD = """
insert into attempt (key, since, count) values (%(key)s, %(at)s, 1)
on conflict (key) do update set
  count = case when attempt.since <= %(over)s then 1 else attempt.count + 1 end,
  since = case when attempt.since <= %(over)s then excluded.since else attempt.since end
returning count
"""


def add(session: Session, what: str, *, within: timedelta, at: datetime) -> int:
    """Count one more attempt; return how many there were in this span of time, this one too."""
    values = {"key": _hashed(what), "at": at, "over": at - within}
    bulk.run(session, "delete from attempt where since <= %s", (at - _KEPT,))
    return int(bulk.run(session, _ADD, values).scalar_one())


def forget(session: Session, what: str) -> None:
    """Forget the attempts at something: it was done."""
    bulk.run(session, "delete from attempt where key = %s", (_hashed(what),))


def _hashed(what: str) -> bytes:
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).digest()
