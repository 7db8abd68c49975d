"""Copies of what was sent from here, as they come in: each settles what became of its message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.base import bulk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.mail.models import Mailbox

_DOUBTED: Final = "o.state in ('unknown', 'dropped')"


def settle(
    session: Session, mailbox: Mailbox, letters: Mapping[UUID, str], *, at: datetime
) -> None:
    """Note that messages of ours have come back from a server, by id and Message-ID.

    What was in doubt has left, then. One that had no place in a thread yet has it now.
    """
    if not letters:
        return
    bulk.run(
        session,
        "update outgoing o set message_id = v.id,"
        f"   epoch = epoch + ({_DOUBTED})::int,"
        f"   leased_until = case when {_DOUBTED} then null else leased_until end,"
        f"   sent_at = case when {_DOUBTED} then doubted_at else sent_at end,"
        f"   due_at = case when {_DOUBTED} then %(at)s::timestamptz else due_at end,"
        f"   tries = case when {_DOUBTED} then 0 else tries end,"
        f"   state = case when {_DOUBTED} then 'sent' else o.state end"
        " from unnest(%(ids)s::uuid[], %(rfc_ids)s::text[]) as v(id, rfc_id)"
        " where o.workspace_id = %(ws)s and o.state in ('sending', 'unknown', 'dropped', 'sent')"
        f"   and (o.message_id = v.id and {_DOUBTED}"
        "     or o.message_id is null and o.mailbox_id = %(mailbox)s and o.rfc_id = v.rfc_id)",
        {
            "ws": mailbox.workspace_id,
            "mailbox": mailbox.id,
            "at": at,
            "ids": list(letters),
            "rfc_ids": list(letters.values()),
        },
    )
