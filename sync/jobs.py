"""What workers do, as plain functions of ids. Safe to run twice, or twice at once.

A job opens what it needs out of the worker's own settings; the queue only says which mailbox.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING
from uuid import UUID

from rq.timeouts import JobTimeoutException

from crm.base import clock, queues
from crm.base.i18n import gettext as _
from crm.mail import mailboxes, stretches
from crm.mail.models import MailboxKind
from sync import leases, running, urgent
from sync.patience import transact

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault

_log = logging.getLogger(__name__)

_settings: Settings | None = None
_vault: Vault | None = None

#: Seconds after which a job gives way to those of other mailboxes.
_BUDGET = 60.0
#: More workers than this on one mailbox would only wait for each other's filing.
_OTHERS = 3


def bind(settings: Settings, vault: Vault) -> None:
    """Give the worker's settings to its jobs. The worker does this once."""
    global _settings, _vault
    _settings, _vault = settings, vault


def sync_mailbox(workspace_id: str, mailbox_id: str) -> None:
    """Bring a mailbox up to date, unless another worker is at it."""
    settings, vault = _bound()
    workspace, mailbox = UUID(workspace_id), UUID(mailbox_id)
    row = transact(workspace, lambda s: mailboxes.get(s, workspace, mailbox))
    if not mailboxes.is_due(row, clock.now()):
        return  # An old job: the row says that there is nothing to do.
    with leases.held(workspace, mailbox) as held:
        if not held:
            return  # Whoever holds it looks at the end whether somebody called meanwhile.
        try:
            running.bring_up_to_date(
                workspace,
                mailbox,
                settings,
                vault,
                planned=lambda: _call(workspace, mailbox),
                budget=_BUDGET,
            )
        except JobTimeoutException:
            transact(workspace, lambda s: _note_unfinished(s, workspace, mailbox))
    row = transact(workspace, lambda s: mailboxes.get(s, workspace, mailbox))
    if mailboxes.is_due(row, clock.now()):  # There is more, or the watcher called meanwhile.
        queues.hint("sync.jobs.sync_mailbox", workspace, mailbox)  # Others come first.


def take_stretches(workspace_id: str, mailbox_id: str) -> None:
    """Take stretches of a mailbox that another worker is bringing up to date."""
    settings, vault = _bound()
    brought = running.help_out(UUID(workspace_id), UUID(mailbox_id), settings, vault)
    if brought.trouble:
        _log.warning("Help with mailbox %s ended early: %s", mailbox_id, brought.trouble)


def send_outgoing(workspace_id: str, outgoing_id: str) -> None:
    """Do what is due with a message to be sent, unless another worker is at it."""
    from sync import outbox  # It stays in memory, beside a large letter: some never send.

    settings, vault = _bound()
    outbox.work(UUID(workspace_id), UUID(outgoing_id), settings, vault)


def tell_owner(workspace_id: str, mailbox_id: str) -> None:
    """Tell the owner of a mailbox by mail that it is read no more. Safe to run twice."""
    from sync import notices

    settings, _vault = _bound()
    notices.tell(UUID(workspace_id), UUID(mailbox_id), settings)


def watch_mailbox(workspace_id: str, mailbox_id: str) -> None:
    """Let Gmail push what happens in a mailbox, or no more. Safe to run twice."""
    from sync import pushing  # Google's libraries take a quarter of a second.

    settings, vault = _bound()
    pushing.arrange(UUID(workspace_id), UUID(mailbox_id), settings, vault)


def take_letter(workspace_id: str, stretch_id: str) -> None:
    """Take in a letter that somebody has open, unless another worker is at it or has done so."""
    settings, vault = _bound()
    urgent.take(UUID(workspace_id), UUID(stretch_id), settings, vault)


def _call(workspace_id: UUID, mailbox_id: UUID) -> None:
    """Call others, where there is enough for them."""

    def call(session: Session) -> None:
        if mailboxes.get(session, workspace_id, mailbox_id).kind == MailboxKind.GMAIL:
            return  # One worker spends all that Gmail lets it; more would wait for each other.
        waiting = len(stretches.unfinished(session, workspace_id, mailbox_id))
        for _other in range(min(_OTHERS, waiting // 4)):
            queues.enqueue(session, "sync.jobs.take_stretches", workspace_id, mailbox_id)

    transact(workspace_id, call)


def _note_unfinished(session: Session, workspace_id: UUID, mailbox_id: UUID) -> None:
    """Note that a look took longer than a job may, unless somebody has stopped the mailbox."""
    row = mailboxes.get(session, workspace_id, mailbox_id)
    if row.state in mailboxes.BY_HAND:
        return
    words = _(
        "The look was not through after {hours} hours, and begins anew. The command “inlay sync”"
        " may take as long as it needs."
    ).format(hours=queues.LONGER["sync.jobs.sync_mailbox"] // 3600)
    jitter = random.random()  # noqa: S311 - it spreads the looking
    mailboxes.note_trouble(session, row, "unfinished", words, at=clock.now(), jitter=jitter)


def _bound() -> tuple[Settings, Vault]:
    if _settings is None or _vault is None:
        raise RuntimeError("a worker binds its settings before it runs a job")
    return _settings, _vault
