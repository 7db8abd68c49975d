"""One letter before all others: somebody has it open in Gmail, and it is not here yet.

    the card beside it ── ask_for ── a stretch of its own, ── the job takes it, now; or whoever
                                     before all others        brings the mailbox in, after a batch

It leaves the stretch that would have brought it, and what stocks are taken later know of it: so no
letter is asked for twice, whichever way it comes. The stretch is a row, and a live mailbox is due
with it: what a queue forgets costs the time until the next sweep.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from crm.base import clock, queues
from crm.mail import awaited, folders, mailboxes, stretches, watched
from sync import backfill
from sync.credentials import open_source
from sync.errors import SyncError
from sync.patience import is_its_own, transact
from sync.source import BATCH_COUNT, FolderRole, Way

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Folder, Mailbox

_log = logging.getLogger(__name__)

#: How long a card waits for whoever writes: its whole answer has five seconds.
_PATIENCE = text("set local lock_timeout = '1s'")


def ask_for(session: Session, mailbox: Mailbox, uid: int, *, large: bool = False) -> bool:
    """Let a letter of Gmail come in at once, by its id. Safe to repeat; asks nobody by itself.

    A large one leaves its attachments where they are. False where a worker is writing just now,
    and has not ended in a moment: somebody waits for our answer.
    """
    way = Way.BY_PARTS if large else Way.ALONE
    try:
        with session.begin_nested():
            session.execute(_PATIENCE)
            folder = _folder(session, mailbox)
            stretch_id = awaited.single_out(session, folder, uid, way=way, at_once=BATCH_COUNT)
            if stretch_id is not None:  # Whatever becomes of the job, its mailbox is due.
                watched.call(session, mailbox.workspace_id, mailbox.id, at=clock.now())
    except DBAPIError as error:
        if not is_its_own(error):
            raise
        return False
    if stretch_id is not None:
        queues.enqueue(session, "sync.jobs.take_letter", mailbox.workspace_id, stretch_id)
    return True


def take(workspace_id: UUID, stretch_id: UUID, settings: Settings, vault: Vault) -> None:
    """Take in a letter that was asked for. Safe to run twice, or twice at once.

    What keeps it from coming in is noted nowhere: the mailbox's next run has the last word.
    """

    def find(session: Session) -> Mailbox | None:
        mailbox_id = stretches.mailbox_of(session, workspace_id, stretch_id)
        return mailboxes.get(session, workspace_id, mailbox_id) if mailbox_id else None

    mailbox = transact(workspace_id, find)
    if mailbox is None or mailbox.state in mailboxes.STOPPED:
        return
    try:
        with open_source(mailbox, settings, vault, first=True) as source:
            for _filed in backfill.take_stretch(workspace_id, stretch_id, source):
                pass
    except SyncError as error:
        _log.warning("A letter of mailbox %s waits for its turn: %s", mailbox.id, error.code)


def waiting(mailbox: Mailbox) -> list[UUID]:
    """List the stretches of letters that were asked for, and are in nobody's hand."""
    ask = partial(awaited.singled_out, workspace_id=mailbox.workspace_id, mailbox_id=mailbox.id)
    return transact(mailbox.workspace_id, ask)


def _folder(session: Session, mailbox: Mailbox) -> Folder:
    """Return the mailbox's one folder, locked; noted here where no worker has looked at it yet."""
    from sync.sources.gmail.letters import FOLDER, NUMBERED  # Google's libraries take a while.

    if (found := folders.find(session, mailbox, FOLDER)) is None:
        try:
            with session.begin_nested():
                found = folders.add(
                    *(session, mailbox, FOLDER),
                    role=FolderRole.ALL,
                    uidvalidity=NUMBERED,
                    skips="",
                )
        except IntegrityError:  # A worker has looked at it a moment ago.
            found = folders.get_named(session, mailbox, FOLDER)
    return folders.lock(session, mailbox.workspace_id, found.id)
