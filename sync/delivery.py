"""What one worker has in its hands while it does what is due with a message to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.base import clock, events
from crm.filing import own
from crm.mail import drafts, mailboxes, senders
from crm.mail.models import Outgoing
from crm.workspace import users, workspaces
from sync.patience import transact
from sync.transports import Parcel
from sync.writing import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox
    from crm.mail.outbox import Claim
    from sync.transports import Transport


@dataclass(slots=True)
class Delivery:
    """A message to be sent in the hands of one worker, who reads no row any more."""

    claim: Claim
    mailbox: Mailbox
    parcel: Parcel
    allowed: bool
    sandbox: bool
    filed: bool
    sent_rfc_id: str
    thread_id: UUID | None
    settings: Settings
    vault: Vault
    opener: Callable[[Mailbox, Settings, Vault], Transport]

    def note(self, work: Callable[[Session], bool]) -> bool:
        """Commit a note about the row, for its thread's readers too; False when it is lost."""

        def noted(session: Session) -> bool:
            done = work(session)
            if done and self.thread_id is not None:
                workspace_id, threads = self.claim.workspace_id, {self.thread_id}
                kind = events.EventKind.CHANGED
                events.append(session, workspace_id, kind, threads, at=clock.now())
            return done

        return transact(self.claim.workspace_id, noted)

    def transport(self) -> Transport:
        """Open the way by which the letter leaves."""
        return self.opener(self.mailbox, self.settings, self.vault)


def of(
    session: Session,
    claim: Claim,
    settings: Settings,
    vault: Vault,
    opener: Callable[[Mailbox, Settings, Vault], Transport],
) -> Delivery:
    """Return what a claim is about, with all that is needed for it."""
    row = session.get_one(Outgoing, (claim.workspace_id, claim.id))
    mailbox = mailboxes.get(session, claim.workspace_id, claim.mailbox_id)
    draft = drafts.of(session, row, mailbox)
    parcel = Parcel(draft, compose(draft), dict(row.remote), claim.tries)
    author = users.get(session, claim.workspace_id, row.author_id)
    # Under another address its server would put the mailbox's own in place, and say nothing.
    allowed = senders.may(mailbox, author) and draft.author.email in senders.addresses(mailbox)
    sandbox = workspaces.get(session, claim.workspace_id).sandbox
    # Whom a copy went to blindly nobody but we may have said: that is told in any case.
    filed = row.message_id is not None and not draft.bcc
    thread_id = own.thread_of(session, row)
    known = (allowed, sandbox, filed, row.sent_rfc_id, thread_id)
    return Delivery(claim, mailbox, parcel, *known, settings, vault, opener)
