"""Send what is due: claim a row, let its letter leave once, and see that its copy is kept.

    claimed as      what is done                           and then
    ─────────────   ────────────────────────────────────   ──────────────────────────────────────
    waiting         the transport's steps, each committed  sent, failed, later, or unknown
    unknown         Sent and the inbox are looked through  sent, or once more; then it is asked
    sent            filed in its thread; its copy kept     done, or once more: nothing is sent
    taken back      what was begun over there is deleted   done, or once more: nothing is sent

A row that is found in `sending` becomes `unknown` by being claimed: `crm.mail.outbox`. No session
is open while a server is asked, and no step is taken before the row says that it may be.
"""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm.base import clock, crash
from crm.filing import own
from crm.mail import mailboxes, outbox
from crm.mail.models import TAKEN_BACK, MailboxState, OutgoingState, OutgoingTrouble
from sync import delivery, reading, renewal
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
    from sync.delivery import Delivery
    from sync.transports import Departure, Transport

_log = logging.getLogger(__name__)


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
        one = transact(workspace_id, lambda s: delivery.of(s, claim, settings, vault, opener))
        try:
            if claim.state is OutgoingState.WAITING:
                _send(one)
            elif claim.state is OutgoingState.UNKNOWN:
                _look(one)
            elif claim.state is OutgoingState.SENT:
                _keep(one)
            elif claim.state in TAKEN_BACK:
                _withdraw(one)
        except LostClaimError:
            _log.warning("Outgoing %s is in other hands now.", outgoing_id)
    return True


class _Steps:
    """The steps of one sending, committed: `left` says whether the letter may have left."""

    def __init__(self, one: Delivery) -> None:
        self._one = one
        self.left = False

    def remember(self, remote: Mapping[str, Any]) -> None:
        claim = self._one.claim
        if not self._one.note(lambda s: outbox.remember(s, claim, remote)):
            raise LostClaimError
        self._one.parcel = replace(self._one.parcel, remote=dict(remote))

    def leave(self) -> None:
        crash.point("before leaving")
        claim = self._one.claim
        if not self._one.note(lambda s: outbox.leave(s, claim)):
            raise LostClaimError
        self.left = True
        crash.point("after leaving")


def _send(one: Delivery) -> None:
    if one.mailbox.state == MailboxState.DISCONNECTED:
        words = "Its mailbox was disconnected."
        _note_not_sent(one, RefusedError(OutgoingTrouble.DISCONNECTED, words))
        return
    if not one.allowed:
        words = "Its author may not send from this mailbox any more, or not under this address."
        _note_not_sent(one, RefusedError(OutgoingTrouble.NOT_ALLOWED, words))
        return
    if one.sandbox:
        _note_sent(one, None, OutgoingTrouble.KEPT_HERE)
        _keep(one)
        return
    steps = _Steps(one)
    try:
        transport = one.transport()
        departure = transport.send(one.parcel, steps)
    except NotSentError as error:
        _note_not_sent(one, error)
    except MailboxKeyMissingError as error:
        _note_not_sent(one, LaterError(OutgoingTrouble.KEY_MISSING, str(error)))
    except SyncError as error:
        if steps.left:
            _note_doubt(one, error)
        else:
            _note_not_sent(one, LaterError(OutgoingTrouble.UNREACHABLE, str(error)))
    else:
        crash.point("after departure")
        _note_sent(one, departure)
        _keep_place(one, transport)
        _keep(one)


def _keep_place(one: Delivery, transport: Transport) -> None:
    """Keep where the mailbox sends, now that it has worked: it was proposed, and may be otherwise.

    A proposal is made anew as long as none has worked.
    """
    place = transport.place
    if place is not None and "smtp" not in one.mailbox.place:
        workspace_id, mailbox_id = one.claim.workspace_id, one.claim.mailbox_id
        transact(
            workspace_id,
            lambda s: mailboxes.note_smtp(s, mailboxes.get(s, workspace_id, mailbox_id), place),
        )


def _look(one: Delivery) -> None:
    """Find out whether the letter has left; where it says nothing, its author is asked."""
    _file(one)
    claim, verdict, over = one.claim, Verdict.CANNOT_TELL, False
    if not one.sandbox:
        try:
            verdict = one.transport().look(one.parcel)
        except SyncError as error:
            # Who is refused does not knock thirty times: servers lock out who does.
            over = isinstance(error, AuthorizationRevokedError)
            _log.warning("Outgoing %s could not be looked for: %s", claim.id, type(error).__name__)
    if verdict is Verdict.LEFT:
        _note_sent(one, None)
        _keep(one)
    elif verdict is Verdict.NEVER_LEFT:
        _note_never_left(one)
    else:
        one.note(lambda s: outbox.note_looked(s, claim, at=clock.now(), over=over))


def _keep(one: Delivery) -> None:
    """File the letter in its thread, and see that the mailbox has its copy. Sends nothing."""
    _file(one)
    claim, kept = one.claim, one.sandbox
    crash.point("before copy")
    if not kept:
        try:
            kept = one.transport().keep(one.parcel)
        except RefusedError:
            kept = True  # Such a mailbox has no Sent folder of its own.
        except SyncError as error:
            _log.warning("Outgoing %s has no copy yet: %s", claim.id, type(error).__name__)
    crash.point("after copy")
    _settle(one, done=kept)


def _withdraw(one: Delivery) -> None:
    """Take away what was begun of a letter that is not to be sent. Sends nothing."""
    done = one.sandbox
    if not done:
        try:
            one.transport().withdraw(one.parcel)
            done = True
        except (RefusedError, AuthorizationRevokedError):
            done = True  # It is not ours to do any more.
        except SyncError as error:
            _log.warning("Outgoing %s still lies there: %s", one.claim.id, type(error).__name__)
    _settle(one, done=done)


def _settle(one: Delivery, *, done: bool) -> None:
    """Note that there is nothing more to do, or that it is tried again."""
    claim = one.claim
    if done:
        one.note(lambda s: outbox.note_done(s, claim))
    else:
        spread = random.random()  # noqa: S311 - it spreads the waiting
        one.note(lambda s: outbox.note_not_done(s, claim, at=clock.now(), jitter=spread))


def _file(one: Delivery) -> None:
    """Give the letter its place in its thread before its copy has come, once."""
    if one.filed:
        return
    claim, draft = one.claim, one.parcel.draft
    if one.sent_rfc_id:  # By which its copies will come, and others answer.
        draft = replace(draft, rfc_id=one.sent_rfc_id)
    try:
        letter = own.told(reading.read(compose(draft)), draft)
    except UnreadableMessageError:
        _log.error("Outgoing %s is written so that we cannot read it.", claim.id)
        return

    def file(session: Session) -> bool:
        mailbox = mailboxes.get(session, claim.workspace_id, claim.mailbox_id)
        message_id = own.file(session, mailbox, claim.id, letter, at=clock.now())
        return message_id is not None and outbox.note_message(session, claim, message_id)

    one.filed = one.note(file)
    crash.point("after own letter")


def _note_sent(
    one: Delivery, departure: Departure | None, trouble: OutgoingTrouble = OutgoingTrouble.NONE
) -> None:
    claim = one.claim

    def note(session: Session) -> bool:
        return outbox.note_sent(
            session,
            claim,
            rfc_id=departure.rfc_id if departure else "",
            refused=departure.refused if departure else {},
            trouble=trouble,
            at=clock.now(),
        )

    if not one.note(note):
        raise LostClaimError
    one.sent_rfc_id = departure.rfc_id if departure else ""


def _note_doubt(one: Delivery, error: SyncError) -> None:
    claim, now = one.claim, clock.now()
    if not one.note(lambda s: outbox.note_doubt(s, claim, str(error), at=now)):
        raise LostClaimError
    one.claim = replace(claim, state=OutgoingState.UNKNOWN, doubted_at=now)
    _look(one)


def _note_never_left(one: Delivery) -> None:
    claim, doubts = one.claim, int(one.parcel.remote.get("doubts", 0))
    spread = random.random()  # noqa: S311 - it spreads the waiting
    one.note(
        lambda s: outbox.note_never_left(s, claim, doubts=doubts, at=clock.now(), jitter=spread)
    )


def _note_not_sent(one: Delivery, error: NotSentError) -> None:
    claim, words = one.claim, str(error)
    _log.warning("Outgoing %s was not sent: %s", claim.id, error.trouble)
    if isinstance(error, RefusedError):
        one.note(
            lambda s: outbox.note_failed(s, claim, error.trouble, words, refused=error.refused)
        )
        return
    spread = random.random()  # noqa: S311 - it spreads the waiting
    one.note(
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
