"""The flags of filed letters follow the mailbox, and with them what its inbox has unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.base import bulk, events
from crm.filing import known
from crm.filing.thread_rows import write_inbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crm.base.db import Session
    from crm.mail.letter import Flag
    from crm.mail.models import Folder, Mailbox

_NOTE = """
with changed as (
  update copy c set flags = v.flags
  from unnest(%(uids)s::bigint[], %(flags)s::text[]) as v(uid, flags)
  where c.workspace_id = %(ws)s and c.folder_id = %(folder)s and c.uidvalidity = %(number)s
    and c.uid = v.uid and c.flags <> v.flags
  returning c.message_id
)
select distinct m.thread_id from changed
  join message m on m.workspace_id = %(ws)s and m.id = changed.message_id
"""


def written(flags: frozenset[Flag]) -> str:
    """Return flags as a copy keeps them."""
    return " ".join(sorted(flags))


def note(
    session: Session,
    mailbox: Mailbox,
    folder: Folder,
    found: Mapping[int, frozenset[Flag]],
    *,
    at: datetime,
) -> None:
    """Note the flags that the server has for UIDs of a folder. Others are passed over."""
    known.lock(session, folder.workspace_id)
    values = {
        "ws": folder.workspace_id,
        "folder": folder.id,
        "number": folder.uidvalidity,
        "uids": list(found),
        "flags": [written(flags) for flags in found.values()],
    }
    threads = [thread_id for (thread_id,) in bulk.run(session, _NOTE, values)]
    if threads:
        write_inbox(session, folder.workspace_id, threads, mailbox)
        kind = events.EventKind.FLAGGED
        events.append(session, folder.workspace_id, kind, threads, at=at, mailbox_id=mailbox.id)
