"""Let what the ledger says of flags follow the mailbox: read there is read here.

A server with CONDSTORE (RFC 7162) tells by one number whether any flag has changed, and is asked
for those alone. Without it all flags of a folder are asked for when it is compared as a set.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from crm.base import clock
from crm.filing import flagging
from crm.mail import folders
from sync.patience import transact

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.mail.models import Folder, Mailbox
    from sync.source import FlagSource, FolderState

_AT_ONCE = 1000


def follow(mailbox: Mailbox, source: FlagSource, state: FolderState, *, compared: bool) -> None:
    """Take over the flags that have changed since the folder's last look. Safe to break off.

    `compared` says whether the folder has just been compared as a set. What is changed while we
    ask has a higher modseq than `state` has, and is asked for in the next run.
    """

    def read(session: Session) -> Folder:
        return folders.get_named(session, mailbox, state.name)

    folder = transact(mailbox.workspace_id, read)
    if folder.skips or not (compared if state.modseq is None else folder.modseq != state.modseq):
        return
    told = source.flags(state, _since(folder, state))
    while some := dict(islice(told, _AT_ONCE)):
        note = partial(flagging.note, mailbox=mailbox, folder=folder, found=some, at=clock.now())
        transact(mailbox.workspace_id, note)

    def reached(session: Session) -> None:
        current = folders.lock(session, folder.workspace_id, folder.id)
        if current.uidvalidity == state.uidvalidity:
            current.modseq = state.modseq

    if folder.modseq != state.modseq:
        transact(mailbox.workspace_id, reached)


def _since(folder: Folder, state: FolderState) -> int | None:
    """Return the modseq that is known; None where there is none, or the server has gone back."""
    if state.modseq is None or folder.modseq is None or folder.modseq > state.modseq:
        return None
    return folder.modseq
