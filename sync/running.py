"""Bring a mailbox up to date: plan, take its stretches, compare, heal, and say how it went.

    open the source ── plan ── take stretch after stretch ── compare and settle each folder ── note
         │                                └── take what was cut for what is missing ──┘
         └─ trouble: named in a word, noted on the mailbox with a sentence, tried again later;
            a refused login is tried three times, minutes apart, and then waits for its owner

What is the matter with one folder stands with that folder, and the others go on. Several workers
may run one mailbox: each stretch is taken by one of them, and whoever finds none left goes on to
compare.
"""

from __future__ import annotations

import random
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from crm.base import clock
from crm.base.i18n import gettext as _
from crm.filing import planning
from crm.mail import folders, mailboxes, pushed, stretches
from crm.mail.models import MailboxState
from sync import backfill, following, history, ledger, quarantine, urgent
from sync.credentials import open_source
from sync.errors import CursorExpiredError, FolderUnavailableError, SyncError
from sync.ingest import StoppedError
from sync.patience import transact
from sync.source import FlagSource, HistorySource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.filing import Filed
    from crm.mail.models import Folder, Mailbox
    from sync.source import FolderState, MailSource

    Listing = Callable[[Session, UUID, UUID], Sequence[UUID]]

#: Seconds between two looks at what others have in hand.
_WAIT = 0.5
#: How often a mailbox is looked at whose news nobody tells us, or whose pushes do not come.
RHYTHM = timedelta(minutes=1)


@dataclass(slots=True)
class Brought:
    """What one run brought in, by number of copies, and the trouble that ended it, if any."""

    stored: int = 0
    skipped: int = 0
    failed: int = 0
    trouble: str = ""
    why: str = ""
    words: str = ""
    more: bool = False
    entered: bool = False  # the server let us in
    aside: list[str] = field(default_factory=list)  # what ended those who helped, in words

    def add(self, filed: Filed) -> None:
        """Count a batch."""
        self.stored += filed.stored
        self.skipped += filed.skipped
        self.failed += filed.failed


class Crew(Protocol):
    """Other processes that take stretches of the same mailbox."""

    def join(self, brought: Brought) -> None:
        """Wait for them, count what they brought, and note aside what ended them early."""


def bring_up_to_date(
    workspace_id: UUID,
    mailbox_id: UUID,
    settings: Settings,
    vault: Vault,
    *,
    progress: Callable[[int], None] | None = None,
    crew: Callable[[], Crew] | None = None,
    planned: Callable[[], None] | None = None,
    budget: float | None = None,
) -> Brought:
    """Take in everything that is new, and account for all the rest.

    Raises nothing of the mail server's: its trouble is noted on the mailbox and returned. With a
    budget, in seconds, it stops at a batch's end when that is used up, and says that there is
    more.
    """
    brought = Brought()
    mailbox = transact(workspace_id, lambda s: mailboxes.get(s, workspace_id, mailbox_id))
    if mailbox.state == MailboxState.NEEDS_LOGIN:
        brought.trouble, brought.words = mailbox.trouble, mailbox.last_error
        return brought  # We stopped knocking.
    deadline = time.monotonic() + budget if budget is not None else None
    try:
        with open_source(mailbox, settings, vault) as source:
            seen = source.folders()
            brought.entered = True
            states = backfill.plan(mailbox, source, seen)
            again = ledger.ungiven(mailbox)
            if planned is not None:
                planned()
            others = crew() if crew is not None else None
            take = partial(take_all, mailbox, source, brought, progress, deadline)
            brought.more = not take()
            if others is not None:
                others.join(brought)
                brought.more = not take()  # What a helper gave back that ended early.
            if not brought.more:
                differing = _compare(mailbox, source, states, again, brought)
                if differing:
                    brought.more = not take(stretches.left_over)
                    _count(mailbox, source, differing)
    except StoppedError:
        brought.more = True
    except SyncError as error:
        brought.trouble, brought.why, brought.words = error.code, error.why.value, str(error)
    _note(mailbox, brought)
    return brought


def take_all(
    mailbox: Mailbox,
    source: MailSource,
    brought: Brought,
    progress: Callable[[int], None] | None = None,
    deadline: float | None = None,
    which: Listing = stretches.unfinished,
) -> bool:
    """Take every stretch, the live ones first, and wait for those that others have in hand.

    False when the deadline, of the monotonic clock, came first: then there is more.
    """
    waiting = _listed(mailbox, which)
    closed: set[UUID] = set()  # Of folders that cannot be read now: the others go on.
    while waiting:
        for stretch_id in waiting:
            try:
                if not _take(mailbox, source, stretch_id, brought, progress, deadline):
                    return False
            except (FolderUnavailableError, CursorExpiredError):
                closed.add(stretch_id)
        waiting = [one for one in _listed(mailbox, stretches.left_over) if one not in closed]
        if waiting and deadline is not None and time.monotonic() > deadline:
            return False
        if waiting:
            time.sleep(_WAIT)  # Whoever died gives them free when the lease ends.
    return True


def compare_all(mailbox: Mailbox, settings: Settings, vault: Vault) -> str:
    """Compare every folder with the server, and note the sums; return the trouble in words."""
    try:
        with open_source(mailbox, settings, vault) as source:
            states = backfill.plan(mailbox, source, source.folders())
            _count(mailbox, source, states.values())
            for folder in _vanished(mailbox, states):
                ledger.compare_vanished(folder)
    except SyncError as error:
        return str(error)
    return ""


def help_out(workspace_id: UUID, mailbox_id: UUID, settings: Settings, vault: Vault) -> Brought:
    """Take stretches of a mailbox that another worker is bringing up to date.

    The trouble that ended it is returned, and noted nowhere: the other has the last word.
    """
    brought = Brought()
    mailbox = transact(workspace_id, lambda s: mailboxes.get(s, workspace_id, mailbox_id))
    try:
        with open_source(mailbox, settings, vault) as source:
            for stretch_id in _listed(mailbox, stretches.unfinished):
                with suppress(FolderUnavailableError, CursorExpiredError):
                    _take(mailbox, source, stretch_id, brought, None, None)
    except StoppedError:
        brought.more = True
    except SyncError as error:
        brought.trouble, brought.words = error.code, str(error)
    return brought


def _listed(mailbox: Mailbox, which: Listing) -> Sequence[UUID]:
    return transact(mailbox.workspace_id, lambda s: which(s, mailbox.workspace_id, mailbox.id))


def _take(
    mailbox: Mailbox,
    source: MailSource,
    stretch_id: UUID,
    brought: Brought,
    progress: Callable[[int], None] | None,
    deadline: float | None,
) -> bool:
    for _claim, filed in backfill.take_stretch(mailbox.workspace_id, stretch_id, source):
        before = brought.stored
        brought.add(filed)
        if planning.is_due(before, brought.stored):
            transact(mailbox.workspace_id, planning.look)
        if progress is not None:
            progress(brought.stored + brought.skipped + brought.failed)
        if isinstance(source, HistorySource):
            for asked in urgent.waiting(mailbox):  # Somebody looks at it, and waits.
                for _one, one in backfill.take_stretch(mailbox.workspace_id, asked, source):
                    brought.add(one)
        if deadline is not None and time.monotonic() > deadline:
            return False
    return True


def _compare(
    mailbox: Mailbox,
    source: MailSource,
    states: dict[str, FolderState],
    again: dict[tuple[str, int], set[int]],
    brought: Brought,
) -> list[FolderState]:
    """Compare every folder with the server where the numbers differ or are old, and settle it.

    Returns those where that changed it. Flags follow.
    """
    differing: list[FolderState] = []

    def settle(state: FolderState) -> None:
        uids = again.get((state.name, state.uidvalidity), ())
        if isinstance(source, HistorySource):
            if history.settle(mailbox, source, state, uids):
                differing.append(state)
            return
        agrees = not uids and ledger.agrees(mailbox, state)
        if not agrees:
            found, filed = ledger.settle(mailbox, source, state, uids)
            brought.add(filed)
            if found or uids:
                differing.append(state)
        if isinstance(source, FlagSource):
            following.follow(mailbox, source, state, compared=not agrees)

    for state in states.values():
        _in_folder(mailbox, state, partial(settle, state))
    for folder in _vanished(mailbox, states):
        ledger.leave_vanished(folder)
    if differing:
        quarantine.tidy(mailbox.workspace_id)
    unstable = transact(mailbox.workspace_id, partial(_unstable, mailbox=mailbox))
    if unstable is not None:
        brought.trouble = "unstable"
        brought.words = _(
            "The server renumbers “{folder}” each time we look. Nothing is lost: we look"
            " once an hour, and go on when it is still."
        ).format(folder=unstable)
    return differing


def _count(mailbox: Mailbox, source: MailSource, states: Iterable[FolderState]) -> None:
    """Compare folders with the server, and note the sums alone."""
    for state in states:
        _in_folder(mailbox, state, partial(ledger.compare, mailbox, source, state))


def _in_folder(mailbox: Mailbox, state: FolderState, work: Callable[[], object]) -> None:
    """Do something with one folder; what is the matter with it is noted, and no other's trouble."""
    try:
        work()
    except (FolderUnavailableError, CursorExpiredError) as error:
        words = backfill.words_of(error)
        note = partial(folders.note_trouble, mailbox=mailbox, name=state.name, words=words)
        transact(mailbox.workspace_id, note)


def _vanished(mailbox: Mailbox, states: dict[str, FolderState]) -> list[Folder]:
    """Return the folders that we know, and the server no longer lists."""
    known = transact(mailbox.workspace_id, lambda s: folders.of_mailbox(s, mailbox))
    return [f for name, f in known.items() if name not in states and not f.trouble]


def _unstable(session: Session, mailbox: Mailbox) -> str | None:
    """Name a folder that got number after number and was never compared, if there is one."""
    named = None
    for folder in folders.of_mailbox(session, mailbox).values():
        if folder.compared_at is not None:
            folder.resets = 0
        elif folder.resets >= folders.RESETS:
            named = folder.name
    return named


def _note(mailbox: Mailbox, brought: Brought) -> None:
    jitter = random.random()  # noqa: S311 - it spreads the knocking

    def note(session: Session) -> None:
        current = mailboxes.get(session, mailbox.workspace_id, mailbox.id)
        if brought.entered:
            mailboxes.note_entered(session, current)
        if brought.trouble and current.state in mailboxes.BY_HAND:
            return  # Whoever stopped it may have taken away what let us in.
        if brought.trouble:
            told = (brought.trouble, brought.words)
            mailboxes.note_trouble(
                *(session, current, *told), why=brought.why, at=clock.now(), jitter=jitter
            )
        elif brought.more:
            mailboxes.note_progress(session, current)
        else:
            again = pushed.rhythm(current, clock.now(), RHYTHM)
            mailboxes.note_success(
                session, current, at=clock.now(), again=again, asked=mailbox.due_at
            )

    transact(mailbox.workspace_id, note)
