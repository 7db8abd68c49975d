"""Where the messages of a thread are now: it may have gone into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session

_LIVING = """
with recursive way as (
  select id, merged_into from thread where workspace_id = %(ws)s and id = %(id)s
  union select t.id, t.merged_into from thread t join way w on t.id = w.merged_into
  where t.workspace_id = %(ws)s
)
select id from way where merged_into is null
"""


def living(session: Session, workspace_id: UUID, thread_id: UUID) -> UUID | None:
    """Return where a thread's messages are now: itself, or another; None where there is none."""
    found: UUID | None = bulk.run(session, _LIVING, {"ws": workspace_id, "id": thread_id}).scalar()
    return found
