"""Plan what of a mailbox is to be brought in, and bring in one stretch.

At the first look a folder gets its live stretch, which starts where the folder stands, and below
it stretches of a thousand messages, the newest with the highest rank. From then on a look only
notes what has changed. Any number of workers take the stretches, each in its own connection.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from crm.base import crash
from crm.base.i18n import gettext as _
from crm.mail import awaited, folders, stretches
from sync import history, ingest, renumbering, trial
from sync.errors import CursorExpiredError, FolderUnavailableError, SyncError
from sync.patience import is_its_own, transact
from sync.source import BATCH_COUNT, Batch, FolderRole, HistorySource, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.filing import Filed
    from crm.mail.letter import Arrival
    from crm.mail.models import Folder, Mailbox
    from crm.mail.stretches import Claim
    from sync.source import FolderState, MailSource

Result = TypeVar("Result")

#: Letters that are fetched at once where a worker has ended, and in the rest of its mailbox: all
#: that was fetched and not filed is fetched again.
FEW, SOME = 10, 40

#: Folders whose content is not kept, and the rule's name.
SKIPS = {
    FolderRole.SPAM: "spam",
    FolderRole.TRASH: "trash",
    FolderRole.DRAFT: "draft",
}


def plan(
    mailbox: Mailbox, source: MailSource, states: Sequence[FolderState]
) -> dict[str, FolderState]:
    """Note every folder of the server, and cut stretches for what is new. Safe to repeat.

    Returns those that can be brought in. What is the matter with another is noted with it, and
    the next plan tries again.
    """
    if isinstance(source, HistorySource):
        for state in states:
            history.plan(mailbox, source, state)
        return {state.name: state for state in states}
    have, taken_up = transact(mailbox.workspace_id, partial(_have, mailbox=mailbox))
    planned: dict[str, FolderState] = {}
    troubles = dict(source.unavailable)
    for state in states:
        folder = have.get(state.name)
        try:
            if not _stands(folder, state, taken_up):
                rule = rule_for(mailbox, state.name, state.role)
                renumbering.take_up(mailbox, source, state, rule)
        except (CursorExpiredError, FolderUnavailableError) as error:
            troubles[state.name] = words_of(error)
        else:
            planned[state.name] = state
    if troubles or any(folder.trouble for folder in have.values()):
        note = partial(folders.note_troubles, mailbox=mailbox, troubles=troubles)
        transact(mailbox.workspace_id, note)
    crash.point("after plan")
    return planned


def rule_for(mailbox: Mailbox, name: str, role: FolderRole) -> str:
    """Name the rule by which nothing of a folder is kept, or return "" where it is."""
    if name in mailbox.excluded:
        return "folder_excluded"
    return SKIPS.get(role, "")


def words_of(error: CursorExpiredError | FolderUnavailableError) -> str:
    """Say what is the matter with one folder."""
    if isinstance(error, CursorExpiredError):
        return _("The server numbered it anew while we looked. Nothing is lost: we look again.")
    return str(error)


def take_stretch(
    workspace_id: UUID, stretch_id: UUID, source: MailSource
) -> Iterator[tuple[Claim, Filed]]:
    """Bring in what is left of a stretch, batch by batch. Safe to run twice, or twice at once.

    Raises what the source raises, CursorExpiredError and FolderUnavailableError among it.
    """
    take = partial(stretches.claim, workspace_id=workspace_id, stretch_id=stretch_id)
    claim = transact(workspace_id, take)
    if claim is None:
        return
    crash.point("after claim")
    alone: int | None = None
    try:
        for batch, careful in _fetched(claim, source):
            alone = batch.until if careful else None
            filed = _take(claim, batch, careful=careful)
            if filed is None:
                return  # Another worker has gone on from here.
            yield claim, filed
            alone = None
    except (SyncError, GeneratorExit):  # The server's fault, or enough for now: not the letter's.
        _give_back(claim)
        raise
    except Exception as error:
        if isinstance(error, DBAPIError) and is_its_own(error):
            _give_back(claim)
        else:
            transact(claim.workspace_id, partial(stretches.drop, claim=claim, uid=alone))
        raise
    crash.point("before release")
    _give_back(claim)


def _fetched(claim: Claim, source: MailSource) -> Iterator[tuple[Batch, bool]]:
    """Yield what a stretch still holds, and whether it stands alone for fear of what it does.

    Where a worker ended, what it held is fetched by little and little, and taken one by one: who
    ends here too has fetched little in vain. Whatever it was lay among as many as a batch has.
    """
    since, left = claim.cursor, BATCH_COUNT
    if claim.careful:
        for few in _batches(claim, source, since, FEW):
            for batch in _one_by_one(few):
                yield batch, True
            since, left = few.until, left - len(few.messages)
            if left <= 0:
                break
        else:
            return
    most = SOME if claim.beset or claim.careful else None
    for batch in _batches(claim, source, since, most):
        yield batch, False


def _batches(claim: Claim, source: MailSource, cursor: int, most: int | None) -> Iterator[Batch]:
    """Yield what a stretch holds above a cursor, and go by its row: letters may leave it.

    Somebody looks at one, which comes in before the others: see `sync.urgent`.
    """
    uids = claim.uids
    while True:
        named = tuple(uids) if uids is not None else None
        left = Stretch(claim.folder, claim.uidvalidity, cursor, claim.last, named, claim.way)
        for batch in source.batches(left, most):
            yield batch
            if uids is None:
                continue
            look = partial(awaited.fewer, claim=claim, count=len(uids))
            if (fewer := transact(claim.workspace_id, look)) is not None:
                cursor, uids = batch.until, fewer
                break
        else:
            return


def _have(session: Session, mailbox: Mailbox) -> tuple[dict[str, Folder], frozenset[UUID]]:
    return folders.of_mailbox(session, mailbox), stretches.taken_up(session, mailbox)


def _stands(folder: Folder | None, state: FolderState, taken_up: frozenset[UUID]) -> bool:
    """Tell whether a folder is known under its number of now, with its stretches."""
    if folder is None or folder.uidvalidity != state.uidvalidity:
        return False
    return bool(folder.skips) or folder.id in taken_up


def _give_back(claim: Claim) -> None:
    transact(claim.workspace_id, partial(stretches.release, claim=claim))


def _take(claim: Claim, batch: Batch, *, careful: bool) -> Filed | None:
    crash.point("after fetch")
    arrivals = _read_alone(claim, batch) if careful else ingest.read_all(batch.messages)
    crash.point("after reading")

    def file(session: Session) -> Filed | None:
        filed = ingest.take_in(session, claim, batch, arrivals)
        crash.point("before commit")
        return filed

    filed = _transact(claim, file)
    crash.point("after commit")
    return filed


def _one_by_one(batch: Batch) -> Iterator[Batch]:
    """Cut a batch into single letters, so that one which ends the worker stands alone."""
    since = batch.since
    for message in batch.messages:
        yield Batch(since, message.place.uid, (message,))
        since = message.place.uid
    if since < batch.until or not batch.messages:
        yield Batch(since, batch.until, ())


def _read_alone(claim: Claim, batch: Batch) -> list[Arrival]:
    """Read one letter at a place where workers ended; keep it raw when it is what ended them.

    Only while it is being read is a letter under suspicion, and another process tries it before it
    counts as guilty: a worker may be killed by anything, at any time. What has ended four workers,
    or lets nobody beyond it, is kept unread whatever a trial has shown.
    """
    arrivals = []
    for message in batch.messages:
        uid = message.place.uid
        if claim.convicts(uid) or (claim.hopeless and batch.since == claim.cursor):
            arrivals.append(ingest.keep(message, trial.DEADLY))
            continue
        _transact(claim, partial(stretches.suspect, claim=claim, uid=uid))
        fault = trial.fault_of(message) if claim.tries_apart(uid) else ""
        arrivals.append(ingest.keep(message, fault) if fault else ingest.read_one(message))
        _transact(claim, partial(stretches.acquit, claim=claim))
    return arrivals


def _transact(claim: Claim, work: Callable[[Session], Result]) -> Result:
    """Write for a claim; where the database lets it wait, it stays ours and accuses nobody."""
    return transact(claim.workspace_id, work, delayed=partial(stretches.excuse, claim=claim))
