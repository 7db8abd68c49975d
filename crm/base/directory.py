"""What must be found before the workspace is known: a table of hashes without a policy.

It holds no customer's text: a kind, SHA-256 of the key, and where it leads. A row is written in
the same transaction as its target. One key may lead to several workspaces.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from crm.base.db import Base, among

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.base.db import Session


#: It leads nowhere: that it is there is all it says.
NOWHERE = UUID(int=0)


class Key(StrEnum):
    """What sort of key leads into a workspace."""

    USER = "user address"
    GOOGLE = "google subject"
    MAILBOX = "mailbox address"
    SESSION = "session"
    LINK = "password link"
    SPENT = "spent state"  # what a signed address may be used for once


class DirectoryEntry(Base):
    """Where one key leads."""

    __tablename__ = "directory"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Way:
    """A workspace, and the id of the thing in it."""

    workspace_id: UUID
    id: UUID


def find(session: Session, kind: Key, key: str) -> list[Way]:
    """Return where a key leads, in no order; nothing when nobody has it."""
    rows = session.execute(
        select(DirectoryEntry.workspace_id, DirectoryEntry.id).where(
            DirectoryEntry.kind == kind, DirectoryEntry.key == hashed(key)
        )
    )
    return [Way(workspace_id, id_) for workspace_id, id_ in rows]


def add(session: Session, kind: Key, key: str, workspace_id: UUID, id_: UUID) -> None:
    """Let a key lead to a thing. Adding it twice is the same as once."""
    session.merge(
        DirectoryEntry(kind=kind, key=hashed(key), workspace_id=workspace_id, id=id_), load=True
    )


def claim(session: Session, kind: Key, key: str, workspace_id: UUID, id_: UUID) -> None:
    """Let a key lead to this thing alone, wherever it led before."""
    session.execute(
        delete(DirectoryEntry).where(DirectoryEntry.kind == kind, DirectoryEntry.key == hashed(key))
    )
    add(session, kind, key, workspace_id, id_)


def spend(session: Session, key: str) -> bool:
    """Note that what may be used once was used; False where it had been used before."""
    found = session.execute(
        insert(DirectoryEntry)
        .values(kind=Key.SPENT, key=hashed(key), workspace_id=NOWHERE, id=NOWHERE)
        .on_conflict_do_nothing()
        .returning(DirectoryEntry.key)
    )
    return found.first() is not None


def is_shared(session: Session, kind: Key, way: Way) -> bool:
    """Tell whether a key that leads to a thing leads into another workspace as well."""
    mine, theirs = aliased(DirectoryEntry), aliased(DirectoryEntry)
    found = session.execute(
        select(theirs.key)
        .join(mine, and_(mine.kind == theirs.kind, mine.key == theirs.key))
        .where(mine.kind == kind, mine.workspace_id == way.workspace_id, mine.id == way.id)
        .where(theirs.workspace_id != way.workspace_id)
        .limit(1)
    )
    return found.first() is not None


def remove_all(session: Session, kind: Key, way: Way) -> None:
    """Forget every key that leads to a thing."""
    session.execute(
        delete(DirectoryEntry).where(
            DirectoryEntry.kind == kind,
            DirectoryEntry.workspace_id == way.workspace_id,
            DirectoryEntry.id == way.id,
        )
    )


def remove(session: Session, kind: Key, key: str, workspace_id: UUID) -> None:
    """Forget that a key leads into a workspace."""
    remove_hashed(session, kind, [hashed(key)], workspace_id)


def remove_hashed(session: Session, kind: Key, keys: Iterable[bytes], workspace_id: UUID) -> None:
    """Forget that keys lead into a workspace, of which only the hashes are known."""
    session.execute(
        delete(DirectoryEntry).where(
            DirectoryEntry.kind == kind,
            among(DirectoryEntry.key, keys),
            DirectoryEntry.workspace_id == workspace_id,
        )
    )


def hashed(key: str) -> bytes:
    """Return what stands in the table for a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
