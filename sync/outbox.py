"""Send what is due: claim a row, let its letter leave once, and see that its copy is kept.

    claimed as      what is done                           and then
    ─────────────   ────────────────────────────────────   ──────────────────────────────────────
    waiting         the transport's steps, each committed  sent, failed, later, or unknown
    unknown         Sent and the inbox are looked through  sent, or once more; then it is asked
    sent            filed in its thread; its copy kept     done, or once more: nothing is sent

A row that is found in `sending` becomes `unknown` by being claimed: `crm.mail.outbox`. No session
is open while a server is asked, and no step is taken before the row says that it may be.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crm.base import clock, crash, events
from crm.filing import own
from crm.mail import drafts, mailboxes, outbox, senders
from crm.mail.models import Outgoing, OutgoingState, OutgoingTrouble
from crm.workspace import users, workspaces
from sync import reading, renewal
from sync.errors import (
    AuthorizationRevokedError,
    MailboxKeyMissingError,
    SyncError,
    UnreadableMessageError,
)
from sync.patience import transact
from sync.transports import (
    LaterError,
    LostClaimError,
    NotSentError,
    Parcel,
    RefusedError,
    Verdict,
)
from sync.transports.opening import open_transport
from sync.writing import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from crm.base.db import Session
    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox
    from crm.mail.outbox import Claim
    from sync.transports import Departure, Transport

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """What one worker has in its hands."""

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


def work(
    workspace_id: UUID,
    outgoing_id: UUID,
    settings: Settings,
    vault: Vault,
    opener: Callable[[Mailbox, Settings, Vault], Transport] = open_transport,
) -> bool:
    """Do what is due with one message to be sent. False where nothing is, or another has it.

    Safe to run twice, or twice at once: what is on its way is never sent by a second one.
    """
    claim = transact(
        workspace_id, lambda s: outbox.claim(s, workspace_id, outgoing_id, at=clock.now())
    )
    if claim is None:
        return False
    crash.point("after outgoing claim")
    with renewal.kept_up(claim):
        job = transact(workspace_id, lambda s: _job(s, claim, settings, vault, opener))
        try:
            if claim.state is OutgoingState.WAITING:
                _send(job)
            elif claim.state is OutgoingState.UNKNOWN:
                _look(job)
            elif claim.state is OutgoingState.SENT:
                _keep(job)
        except LostClaimError:
            _log.warning("Outgoing %s is in other hands now.", outgoing_id)
    return True


class _Steps:
    """The steps of one sending, committed: `left` says whether the letter may have left."""

    def __init__(self, job: _Job) -> None:
        self._job = job
        self.left = False

    def remember(self, remote: Mapping[str, Any]) -> None:
        claim = self._job.claim
        if not self._job.note(lambda s: outbox.remember(s, claim, remote)):
            raise LostClaimError
        self._job.parcel = replace(self._job.parcel, remote=dict(remote))

    def leave(self) -> None:
        crash.point("before leaving")
        claim = self._job.claim
        if not self._job.note(lambda s: outbox.leave(s, claim)):
            raise LostClaimError
        self.left = True
        crash.point("after leaving")


def _send(job: _Job) -> None:
    if not job.allowed:
        words = "Its author may not send from this mailbox any more."
        _note_not_sent(job, RefusedError(OutgoingTrouble.NOT_ALLOWED, words))
        return
    if job.sandbox:
        _note_sent(job, None, OutgoingTrouble.KEPT_HERE)
        _keep(job)
        return
    steps = _Steps(job)
    try:
        transport = job.transport()
        departure = transport.send(job.parcel, steps)
    except NotSentError as error:
        _note_not_sent(job, error)
    except MailboxKeyMissingError as error:
        _note_not_sent(job, LaterError(OutgoingTrouble.KEY_MISSING, str(error)))
    except SyncError as error:
        if steps.left:
            _note_doubt(job, error)
        else:
            _note_not_sent(job, LaterError(OutgoingTrouble.UNREACHABLE, str(error)))
    else:
        crash.point("after departure")
        _note_sent(job, departure)
        _keep_place(job, transport)
        _keep(job)


def _keep_place(job: _Job, transport: Transport) -> None:
    """Keep where the mailbox sends, now that it has worked: it was proposed, and may be otherwise.

    A proposal is made anew as long as none has worked.
    """
    place = transport.place
    if place is not None and "smtp" not in job.mailbox.place:
        workspace_id, mailbox_id = job.claim.workspace_id, job.claim.mailbox_id
        transact(
            workspace_id,
            lambda s: mailboxes.note_smtp(s, mailboxes.get(s, workspace_id, mailbox_id), place),
        )


def _look(job: _Job) -> None:
    """Find out whether the letter has left; where it says nothing, its author is asked."""
    _file(job)
    claim, verdict, over = job.claim, Verdict.CANNOT_TELL, False
    if not job.sandbox:
        try:
            verdict = job.transport().look(job.parcel)
        except SyncError as error:
            # Who is refused does not knock thirty times: servers lock out who does.
            over = isinstance(error, AuthorizationRevokedError)
            _log.warning("Outgoing %s could not be looked for: %s", claim.id, type(error).__name__)
    if verdict is Verdict.LEFT:
        _note_sent(job, None)
        _keep(job)
    elif verdict is Verdict.NEVER_LEFT:
        job.note(lambda s: outbox.note_never_left(s, claim, at=clock.now()))
    else:
        job.note(lambda s: outbox.note_looked(s, claim, at=clock.now(), over=over))


def _keep(job: _Job) -> None:
    """File the letter in its thread, and see that the mailbox has its copy. Sends nothing."""
    _file(job)
    claim, kept = job.claim, job.sandbox
    crash.point("before copy")
    if not kept:
        try:
            kept = job.transport().keep(job.parcel)
        except RefusedError:
            kept = True  # Such a mailbox has no Sent folder of its own.
        except SyncError as error:
            _log.warning("Outgoing %s has no copy yet: %s", claim.id, type(error).__name__)
    crash.point("after copy")
    if kept:
        job.note(lambda s: outbox.note_kept(s, claim))
    else:
        spread = random.random()  # noqa: S311 - it spreads the waiting
        job.note(lambda s: outbox.note_not_kept(s, claim, at=clock.now(), jitter=spread))


def _file(job: _Job) -> None:
    """Give the letter its place in its thread before its copy has come, once."""
    if job.filed:
        return
    claim, draft = job.claim, job.parcel.draft
    if job.sent_rfc_id:  # By which its copies will come, and others answer.
        draft = replace(draft, rfc_id=job.sent_rfc_id)
    try:
        letter = own.told(reading.read(compose(draft)), draft)
    except UnreadableMessageError:
        _log.error("Outgoing %s is written so that we cannot read it.", claim.id)
        return

    def file(session: Session) -> bool:
        mailbox = mailboxes.get(session, claim.workspace_id, claim.mailbox_id)
        message_id = own.file(session, mailbox, claim.id, letter, at=clock.now())
        return message_id is not None and outbox.note_message(session, claim, message_id)

    job.filed = job.note(file)
    crash.point("after own letter")


def _note_sent(
    job: _Job, departure: Departure | None, trouble: OutgoingTrouble = OutgoingTrouble.NONE
) -> None:
    claim = job.claim

    def note(session: Session) -> bool:
        return outbox.note_sent(
            session,
            claim,
            rfc_id=departure.rfc_id if departure else "",
            refused=departure.refused if departure else {},
            trouble=trouble,
            at=clock.now(),
        )

    if not job.note(note):
        raise LostClaimError
    job.sent_rfc_id = departure.rfc_id if departure else ""


def _note_doubt(job: _Job, error: SyncError) -> None:
    claim, now = job.claim, clock.now()
    if not job.note(lambda s: outbox.note_doubt(s, claim, str(error), at=now)):
        raise LostClaimError
    job.claim = replace(claim, state=OutgoingState.UNKNOWN, doubted_at=now)
    _look(job)


def _note_not_sent(job: _Job, error: NotSentError) -> None:
    claim, words = job.claim, str(error)
    _log.warning("Outgoing %s was not sent: %s", claim.id, error.trouble)
    if isinstance(error, RefusedError):
        job.note(
            lambda s: outbox.note_failed(s, claim, error.trouble, words, refused=error.refused)
        )
        return
    spread = random.random()  # noqa: S311 - it spreads the waiting
    job.note(
        lambda s: outbox.note_later(
            s,
            claim,
            error.trouble,
            words,
            refused=error.refused,
            at=clock.now(),
            jitter=spread,
            least=error.wait,
        )
    )


def _job(
    session: Session,
    claim: Claim,
    settings: Settings,
    vault: Vault,
    opener: Callable[[Mailbox, Settings, Vault], Transport],
) -> _Job:
    """Read what is to be sent; no row is needed after that."""
    row = session.get_one(Outgoing, (claim.workspace_id, claim.id))
    mailbox = mailboxes.get(session, claim.workspace_id, claim.mailbox_id)
    draft = drafts.of(session, row, mailbox)
    parcel = Parcel(draft, compose(draft), dict(row.remote), claim.tries)
    allowed = senders.may(mailbox, users.get(session, claim.workspace_id, row.author_id))
    sandbox = workspaces.get(session, claim.workspace_id).sandbox
    filed = row.message_id is not None
    thread_id = own.thread_of(session, row)
    known = (allowed, sandbox, filed, row.sent_rfc_id, thread_id)
    return _Job(claim, mailbox, parcel, *known, settings, vault, opener)
