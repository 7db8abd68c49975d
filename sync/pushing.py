"""Let Gmail push what happens in a mailbox, for as long as it is read: users.watch, users.stop.

What goes wrong here stops nobody from reading: it is noted, `inlay doctor` says it, and until it is
mended the mailbox is looked at by the clock.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from crm.base import clock
from crm.mail import mailboxes, parting, pushed
from crm.mail.models import MailboxKind
from crm.mail.pushed import WatchTrouble
from sync import google
from sync.credentials import secret_of
from sync.errors import (
    AuthorizationRevokedError,
    MailboxKeyMissingError,
    MessageGoneError,
    QuotaError,
    SyncError,
)
from sync.patience import transact
from sync.sources.gmail import listing
from sync.sources.gmail.client import Client

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.mail.models import Mailbox

WATCH_UNITS: Final = 100
STOP_UNITS: Final = 50
#: What Gmail says where it pushes to another topic of the same project, and wants that stopped.
_ELSEWHERE: Final = "Only one user push notification client"


def arrange(workspace_id: UUID, mailbox_id: UUID, settings: Settings, vault: Vault) -> None:
    """Let Gmail push where it shall, and stop where it shall not. Safe to repeat.

    It pushes for an app and knows nothing of workspaces: where another one reads the same mailbox,
    the pushes are left to it.
    """
    mailbox = transact(workspace_id, lambda s: mailboxes.get(s, workspace_id, mailbox_id))
    if mailbox.kind != MailboxKind.GMAIL:
        return
    if settings.takes_pushes and pushed.is_kept(mailbox):
        _watch(mailbox, settings, vault)
    elif mailbox.watched_until is not None:
        shared = transact(workspace_id, partial(parting.is_read_elsewhere, mailbox=mailbox))
        if settings.takes_pushes and shared:
            transact(workspace_id, partial(pushed.note_end, mailbox=mailbox))
        else:
            stop(mailbox, settings, vault)


def stop(mailbox: Mailbox, settings: Settings, vault: Vault, *, timeout: float = 30) -> None:
    """Let Gmail push no more. Where it is not to be had, its watch ends by itself in days."""
    with suppress(SyncError):  # What it pushes until then finds a mailbox that is not read.
        client = _client(mailbox, settings, vault, timeout=timeout)
        try:
            client.tell(client.users.stop(userId="me"), STOP_UNITS)
        finally:
            client.close()
    transact(mailbox.workspace_id, partial(pushed.note_end, mailbox=mailbox))


def trouble_of(error: SyncError) -> WatchTrouble:
    """Tell by an error why Gmail does not push."""
    match error:
        case AuthorizationRevokedError() | MailboxKeyMissingError():
            return WatchTrouble.NO_CONSENT
        case MessageGoneError():
            return WatchTrouble.NO_TOPIC
        case QuotaError():
            return WatchTrouble.PASSING
    if error.said.startswith("403:"):
        return WatchTrouble.NOT_GRANTED
    if error.said.startswith("400: Invalid topicName"):
        return WatchTrouble.OTHER_PROJECT
    return WatchTrouble.REFUSED if error.said.startswith("4") else WatchTrouble.PASSING


def _watch(mailbox: Mailbox, settings: Settings, vault: Vault) -> None:
    try:
        client = _client(mailbox, settings, vault)
        try:
            named = listing.profile(client).email or mailbox.address
            ends = _begin(client, settings.google_pubsub_topic)
        finally:
            client.close()
    except SyncError as error:
        trouble, said = trouble_of(error), error.said or str(error)
        note = partial(pushed.note_no_watch, mailbox=mailbox, trouble=trouble, said=said)
        transact(mailbox.workspace_id, partial(note, at=clock.now()))
    else:
        watched = partial(pushed.note_watch, mailbox=mailbox, named=named, ends=ends)
        transact(mailbox.workspace_id, partial(watched, at=clock.now()))


def _begin(client: Client, topic: str) -> datetime:
    """Ask for everything that happens; return until when it is told.

    The point of the history that Gmail answers with is no place to read on from: what lies between
    ours and that one has not been read.
    """
    asked = client.users.watch(userId="me", body={"topicName": topic})
    try:
        said = client.ask(asked, WATCH_UNITS)
    except SyncError as error:
        if _ELSEWHERE not in error.said:
            raise
        client.tell(client.users.stop(userId="me"), STOP_UNITS)
        said = client.ask(client.users.watch(userId="me", body={"topicName": topic}), WATCH_UNITS)
    with client.plain_words():
        return datetime.fromtimestamp(int(said["expiration"]) / 1000, UTC)


def _client(mailbox: Mailbox, settings: Settings, vault: Vault, *, timeout: float = 30) -> Client:
    secret = secret_of(mailbox, vault)
    return Client(google.login(mailbox, settings, vault, secret, first=True), timeout=timeout)
