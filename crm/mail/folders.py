"""Folders of a mailbox: note what the server has, start anew when it renumbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from crm.base import ids
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import stretches
from crm.mail.models import Folder, Mailbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from crm.base.db import Session

#: So many new UIDVALIDITYs in a row, and a server counts as unstable.
RESETS = 5
#: Of a folder that could never be opened: no UIDVALIDITY is 0 (RFC 3501, section 9: nz-number).
UNOPENED = 0


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


def find(session: Session, mailbox: Mailbox, name: str) -> Folder | None:
    """Return the folder of a mailbox that has this name on the server; None where there is none."""
    found: Folder | None = session.scalar(
        select(Folder).where(
            Folder.workspace_id == mailbox.workspace_id,
            Folder.mailbox_id == mailbox.id,
            Folder.name == name,
        )
    )
    return found


def get_named(session: Session, mailbox: Mailbox, name: str) -> Folder:
    """Return the folder of a mailbox that has this name. Raises NotFoundError."""
    found = find(session, mailbox, name)
    if found is None:
        raise NotFoundError(_("There is no such folder."))
    return found


def lock(session: Session, workspace_id: UUID, folder_id: UUID) -> Folder:
    """Return a folder as it stands now, and let nobody else change it in this transaction.

    Rows that point at it may be written meanwhile: whoever files has a stretch in hand, for which
    we may wait, and must not wait for us.
    """
    query = select(Folder).where(Folder.workspace_id == workspace_id, Folder.id == folder_id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(query).one()


def begin(session: Session, workspace_id: UUID, folder_id: UUID) -> Folder:
    """Return a folder as it stands now, for somebody who is about to ask what there is.

    Its row is written anew: by `written_by` whoever began before sees that another has begun.
    """
    folder = lock(session, workspace_id, folder_id)
    session.execute(
        update(Folder)
        .where(Folder.workspace_id == workspace_id, Folder.id == folder_id)
        .values(modseq=Folder.modseq)
        .execution_options(synchronize_session=False)
    )
    session.refresh(folder)
    return folder


def number(
    session: Session,
    mailbox: Mailbox,
    name: str,
    *,
    role: str,
    uidvalidity: int,
    skips: str,
    modseq: int | None = None,
) -> Folder:
    """Note under which UIDVALIDITY the server has a folder now; a new one starts it anew.

    Of a folder that is new to us, no flag that was set up to its modseq needs to be asked for:
    each letter comes with its flags.
    """
    folder = find(session, mailbox, name)
    if folder is None:
        folder = add(session, mailbox, name, role=role, uidvalidity=uidvalidity, skips=skips)
        folder.modseq = modseq
        return folder
    if folder.uidvalidity == UNOPENED:
        folder.role, folder.skips = role, skips
    if folder.uidvalidity != uidvalidity:
        renumber(session, folder, uidvalidity)
    return folder


def note_troubles(session: Session, mailbox: Mailbox, troubles: Mapping[str, str]) -> None:
    """Note why some folders could not be opened, and forget what troubled the others.

    One that never could be opened stands in the ledger too, with its trouble.
    """
    known = of_mailbox(session, mailbox)
    for name in troubles.keys() - known.keys():
        known[name] = add(session, mailbox, name, role="", uidvalidity=UNOPENED, skips="")
    for name, folder in known.items():
        folder.trouble = troubles.get(name, "")
    session.flush()


def note_trouble(session: Session, mailbox: Mailbox, name: str, words: str) -> None:
    """Note why one folder could not be read to the end."""
    get_named(session, mailbox, name).trouble = words
    session.flush()


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
    folder.compared_at = folder.modseq = None
    stretches.forget(session, folder)
    session.flush()
