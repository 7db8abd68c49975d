"""Let PostgreSQL know how its tables have grown, while a first mailbox comes in.

A fresh database has no statistics: every index that begins with the workspace looks as cheap as
any other, and the checks of foreign keys read hundreds of rows for one. Autovacuum comes by once
a minute; a mailbox of thousands is in by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from crm.base.db import Session

#: After so many messages of one run the tables are looked at.
STEPS = (250, 2_000, 16_000)

#: Of messages the columns that queries go by alone: sampling texts and search words takes longer
#: than all the rest, and no plan asks for it.
_LOOK = text(
    "analyze company, contact, contact_address, copy, thread, mention, participant, activity,"
    " activity_link, inbox_thread, suggestion, forward, bounce, meeting_message,"
    " message_body (workspace_id, message_id),"
    " message (workspace_id, id, ref, thread_id, at, kind, shares, from_email, unfiled)"
)


def is_due(before: int, after: int) -> bool:
    """Tell whether a run has come to a step."""
    return any(before < step <= after for step in STEPS)


def look(session: Session) -> None:
    """Gather statistics. Before PostgreSQL 17 the program may not, and is told so in the log."""
    session.execute(_LOOK)
