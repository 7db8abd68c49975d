"""Records that something is to stand on: whether they are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.work.models import Record

_MISSING = """
select 1 from unnest(%s::smallint[], %s::uuid[]) r(record, id)
where not exists (select from contact t where r.record = 1 and t.workspace_id = %s and t.id = r.id)
  and not exists (select from company t where r.record = 2 and t.workspace_id = %s and t.id = r.id)
  and not exists (select from deal t where r.record = 3 and t.workspace_id = %s and t.id = r.id)
  and not exists (
    select from object_record t where r.record = 5 and t.workspace_id = %s and t.id = r.id)
limit 1
"""


def check(session: Session, workspace_id: UUID, on: Sequence[tuple[Record, UUID]]) -> None:
    """Refuse records that nobody would ever look at: they are of no table, or not of ours.

    Raises NotFoundError.
    """
    session.flush()
    kinds, record_ids = [int(kind) for kind, _id in on], [record_id for _kind, record_id in on]
    if bulk.run(session, _MISSING, (kinds, record_ids, *[workspace_id] * 4)).first() is not None:
        raise NotFoundError(_("There is no such record. Nothing was saved."))
