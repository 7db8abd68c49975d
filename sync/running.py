"""Bring a mailbox up to date: plan, take its stretches, compare, heal, and say how it went.

    open the source ── plan ── take stretch after stretch ── compare each folder ── heal ── note
         │
         └─ trouble: named in a word, noted on the mailbox with a sentence, tried again later;
            a refused login is tried three times and then waits for its owner

Several workers may run one mailbox: each stretch is taken by one of them, and whoever finds none
left goes on to compare.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from crm.base import clock
from crm.base.db import transaction
from crm.base.i18n import gettext as _
from crm.filing import planning
from crm.mail import copies, folders, mailboxes, stretches
from crm.mail.models import MailboxState
from sync import backfill, ledger
from sync.credentials import open_source
from sync.errors import CursorExpiredError, FolderUnavailableError, SyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.filing import Filed
    from crm.mail.models import Mailbox
    from sync.source import FolderState, MailSource

#: Seconds between two looks at what others have in hand.
_WAIT = 0.5
#: How often a mailbox without a watcher is looked at.
RHYTHM = timedelta(minutes=1)


@dataclass(slots=True)
class Brought:
    """What one run brought in, by number of copies, and the trouble that ended it, if any."""

    stored: int = 0
    skipped: int = 0
    failed: int = 0
    trouble: str = ""
    words: str = ""
    more: bool = False

    def add(self, filed: Filed) -> None:
        """Count a batch."""
        self.stored += filed.stored
        self.skipped += filed.skipped
        self.failed += filed.failed


class Crew(Protocol):
    """Other processes that take stretches of the same mailbox."""

    def join(self, brought: Brought) -> None:
        """Wait for them, and count what they brought."""


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
    with transaction(workspace_id) as session:
        mailbox = mailboxes.get(session, workspace_id, mailbox_id)
    if mailbox.state == MailboxState.NEEDS_LOGIN:
        brought.trouble, brought.words = mailbox.trouble, mailbox.last_error
        return brought  # We stopped knocking.
    deadline = time.monotonic() + budget if budget is not None else None
    try:
        with open_source(mailbox, settings, vault) as source:
            states = backfill.plan(mailbox, source)
            if planned is not None:
                planned()
            others = crew() if crew is not None else None
            brought.more = not take_all(mailbox, source, brought, progress, deadline)
            if others is not None:
                others.join(brought)
            if not brought.more:
                _compare(mailbox, source, states, brought)
    except SyncError as error:
        brought.trouble, brought.words = error.code, str(error)
    _note(mailbox, brought)
    return brought


def take_all(
    mailbox: Mailbox,
    source: MailSource,
    brought: Brought,
    progress: Callable[[int], None] | None = None,
    deadline: float | None = None,
) -> bool:
    """Take every stretch, the live ones first, and wait for those that others have in hand.

    False when the deadline, of the monotonic clock, came first: then there is more.
    """
    with transaction(mailbox.workspace_id) as session:
        waiting = stretches.unfinished(session, mailbox.workspace_id, mailbox.id)
    while waiting:
        if not _take(mailbox, source, waiting, brought, progress, deadline):
            return False
        with transaction(mailbox.workspace_id) as session:
            waiting = stretches.busy(session, mailbox.workspace_id, mailbox.id)
        if waiting and deadline is not None and time.monotonic() > deadline:
            return False
        if waiting:
            time.sleep(_WAIT)  # Whoever died gives them free when the lease ends.
    return True


def _take(
    mailbox: Mailbox,
    source: MailSource,
    waiting: Sequence[UUID],
    brought: Brought,
    progress: Callable[[int], None] | None,
    deadline: float | None,
) -> bool:
    for stretch_id in waiting:
        try:
            for _claim, filed in backfill.take_stretch(mailbox.workspace_id, stretch_id, source):
                before = brought.stored
                brought.add(filed)
                if planning.is_due(before, brought.stored):
                    with transaction(mailbox.workspace_id) as session:
                        planning.look(session)
                if progress is not None:
                    progress(brought.stored + brought.skipped + brought.failed)
                if deadline is not None and time.monotonic() > deadline:
                    return False
        except FolderUnavailableError:
            continue  # The plan has noted it; the other folders go on.
    return True


def compare_all(mailbox: Mailbox, settings: Settings, vault: Vault) -> str:
    """Compare every folder with the server, and note the sums; return the trouble in words."""
    try:
        with open_source(mailbox, settings, vault) as source:
            for state in backfill.plan(mailbox, source).values():
                ledger.compare(mailbox, source, state)
    except SyncError as error:
        return str(error)
    return ""


def help_out(workspace_id: UUID, mailbox_id: UUID, settings: Settings, vault: Vault) -> Brought:
    """Take stretches of a mailbox that another worker is bringing up to date."""
    brought = Brought()
    with transaction(workspace_id) as session:
        mailbox = mailboxes.get(session, workspace_id, mailbox_id)
    try:
        with open_source(mailbox, settings, vault) as source:
            with transaction(workspace_id) as session:
                waiting = stretches.unfinished(session, workspace_id, mailbox_id)
            _take(mailbox, source, waiting, brought, None, None)
    except SyncError as error:
        brought.trouble, brought.words = error.code, str(error)
    return brought


def _compare(
    mailbox: Mailbox, source: MailSource, states: dict[str, FolderState], brought: Brought
) -> None:
    """Compare every folder with the server, and heal what differs."""
    for state in states.values():
        try:
            found = ledger.compare(mailbox, source, state)
            if found.pending or found.stray or _has_failed(mailbox):
                brought.add(ledger.heal(mailbox, source, state, found))
                ledger.compare(mailbox, source, state)
        except (FolderUnavailableError, CursorExpiredError):
            continue
    _leave_folders(mailbox, states)
    with transaction(mailbox.workspace_id) as session:
        for folder in folders.of_mailbox(session, mailbox).values():
            if folder.compared_at is not None:
                folder.resets = 0
            elif folder.resets >= folders.RESETS:
                brought.trouble = "unstable"
                brought.words = _(
                    "The server renumbers “{folder}” each time we look. Nothing is lost: we look"
                    " once an hour, and go on when it is still."
                ).format(folder=folder.name)


def _leave_folders(mailbox: Mailbox, states: dict[str, FolderState]) -> None:
    """Note that what a vanished folder held is gone."""
    with transaction(mailbox.workspace_id) as session:
        known = folders.of_mailbox(session, mailbox)
    for name, folder in known.items():
        if name in states or folder.trouble:
            continue
        uids = list(ledger.known_uids(folder))
        with transaction(mailbox.workspace_id) as session:
            current = folders.get(session, mailbox.workspace_id, folder.id)
            copies.mark_gone(session, current, uids)
            copies.note_compared(session, current, server=0, pending=0, stray=0, at=clock.now())


def _has_failed(mailbox: Mailbox) -> bool:
    with transaction(mailbox.workspace_id) as session:
        return bool(copies.failed(session, mailbox.workspace_id, mailbox.id))


def _note(mailbox: Mailbox, brought: Brought) -> None:
    with transaction(mailbox.workspace_id) as session:
        current = mailboxes.get(session, mailbox.workspace_id, mailbox.id)
        if brought.trouble:
            jitter = random.random()  # noqa: S311 - it spreads the knocking
            mailboxes.note_trouble(
                session, current, brought.trouble, brought.words, at=clock.now(), jitter=jitter
            )
        elif not brought.more:
            mailboxes.note_success(session, current, at=clock.now(), again=RHYTHM)
