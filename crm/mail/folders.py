"""Folders of a mailbox: note what the server has, start anew when it renumbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base import ids
from crm.mail import stretches
from crm.mail.models import Folder, Mailbox

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session

#: So many new UIDVALIDITYs in a row, and a server counts as unstable.
RESETS = 5


def get(session: Session, workspace_id: UUID, folder_id: UUID) -> Folder:
    """Return a folder that is known to exist."""
    return session.scalars(
        select(Folder).where(Folder.workspace_id == workspace_id, Folder.id == folder_id)
    ).one()


def of_mailbox(session: Session, mailbox: Mailbox) -> dict[str, Folder]:
    """Return a mailbox's folders by their names on the server."""
    found = session.scalars(
        select(Folder).where(
            Folder.workspace_id == mailbox.workspace_id, Folder.mailbox_id == mailbox.id
        )
    )
    return {folder.name: folder for folder in found}


def add(
    session: Session, mailbox: Mailbox, name: str, *, role: str, uidvalidity: int, skips: str
) -> Folder:
    """Note a folder that the server has. `skips` names the rule by which none of it is kept."""
    folder = Folder(
        workspace_id=mailbox.workspace_id,
        id=ids.new(),
        mailbox_id=mailbox.id,
        name=name,
        role=role,
        uidvalidity=uidvalidity,
        skips=skips,
        trouble="",
        server=0,
        pending=0,
        stray=0,
        resets=0,
    )
    session.add(folder)
    session.flush()
    return folder


def renumber(session: Session, folder: Folder, uidvalidity: int) -> None:
    """Start a folder anew under another UIDVALIDITY; its old copies wait to be recognised."""
    folder.uidvalidity = uidvalidity
    folder.resets += 1
    folder.compared_at = None
    stretches.forget(session, folder)
    session.flush()
