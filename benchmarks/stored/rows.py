"""Rows on their way into tables, by COPY: gathered as text and sent by the thousand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

#: The columns that are written; the others have their defaults, or are null.
COLUMNS: Final[Mapping[str, str]] = {
    "company": "workspace_id id name domain origin created_at",
    "contact": "workspace_id id name title phone company_id owner_id lifecycle origin created_at"
    " last_in_at last_out_at",
    "contact_address": "workspace_id email contact_id position",
    "lifecycle_step": "workspace_id contact_id at lifecycle",
    "thread": "workspace_id id subject last_at messages merged_into",
    "mention": "workspace_id ref thread_id",
    "inbox_thread": "workspace_id mailbox_id thread_id last_at last_message_id messages unseen"
    " turn shares",
    "staged": "workspace_id id ref fingerprint rfc_id thread_id at sent_at direction kind"
    " kind_reason unfiled shares from_email from_name subject snippet size parts whole same_id_as"
    " words",
    "message_body": "workspace_id message_id text new_text signature html",
    "copy": "workspace_id folder_id uidvalidity uid mailbox_id state rule message_id digest"
    " headprint size received_at flags differs error attempts",
    "participant": "workspace_id message_id position role email name contact_id",
    "attachment": "workspace_id message_id position section filename content_type size content_id"
    " inline",
    "suggestion": "workspace_id email kind value mailbox_id message_id source at",
    "activity": "workspace_id id kind at summary message_id thread_id user_id",
    "activity_link": "workspace_id record_id audience at activity_id record rule since",
    "deal": "workspace_id id name pipeline_id stage_id outcome amount currency owner_id company_id"
    " made_at stage_since",
    "deal_contact": "workspace_id deal_id contact_id role",
    "deal_thread": "workspace_id deal_id thread_id rule since",
    "deal_move": "workspace_id id deal_id from_stage_id stage_id user_id at",
    "task": "workspace_id id title due_on priority assignee_id made_by_id contact_id deal_id"
    " thread_id made_at done_at",
    "note": "workspace_id id text user_id at",
}
_AT_ONCE: Final = 50_000


class Rows:
    """Gathers rows and copies them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._waiting: dict[str, list[str]] = {name: [] for name in COLUMNS}

    def add(self, table: str, *values: Any) -> None:
        """Take one row, its values in the order of COLUMNS."""
        waiting = self._waiting[table]
        waiting.append("\t".join([_text(value) for value in values]))
        if len(waiting) >= _AT_ONCE:
            self._send(table)

    def flush(self) -> None:
        """Send what is left."""
        for table in COLUMNS:
            self._send(table)

    def _send(self, table: str) -> None:
        if not self._waiting[table]:
            return
        names = ", ".join(f'"{name}"' for name in COLUMNS[table].split())
        with (
            self._connection.cursor() as cursor,
            cursor.copy(f'copy "{table}" ({names}) from stdin') as copy,
        ):
            copy.write(("\n".join(self._waiting[table]) + "\n").encode())
        self._waiting[table] = []


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\n", r"\n").replace("\t", " ")
    return str(int(value)) if isinstance(value, bool | int) else str(value)


def key(rnd_bits: int, stamp: float) -> UUID:
    """Return a UUIDv7 of a moment and 74 random bits, so that the same seed gives the same id."""
    return UUID(
        int=(int(stamp * 1000) << 80)
        | 0x7 << 76
        | (rnd_bits >> 62 & 0xFFF) << 64
        | 0x8 << 60
        | (rnd_bits & (1 << 60) - 1)
    )
