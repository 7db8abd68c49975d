"""Send over the Gmail API: a draft that Gmail keeps, and then the word that lets it leave.

remember {"began"}              a draft may lie there from now on
drafts.create                   unless one is remembered, or an earlier try has left it there
remember {"draft", "thread",    committed: no second one is made
          "message"}
leave                           committed: from here on it may
drafts.send                     one step, asked once, whose answer may be lost

A draft can be sent once: as long as it is there nobody has. Where it is not, its letter lies among
what was sent, or nobody can tell. Where an answer was lost, that draft alone is sent from then on,
as it is: Gmail may be slow to send it, and of two drafts each could be sent.

Gmail keeps what it sends, so that there is no copy to be kept. It may give the letter a Message-ID
of its own, which is read back.
"""

from __future__ import annotations

import base64
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from googleapiclient.http import MediaIoBaseUpload

from crm.base import crash
from crm.mail.models import OutgoingTrouble
from sync.errors import (
    AuthorizationRevokedError,
    MessageGoneError,
    NotAdmittedError,
    QuotaError,
    ScopeMissingError,
    SyncError,
)
from sync.sources.gmail import words
from sync.sources.gmail.client import Client
from sync.transports import Departure, LaterError, NotSentError, RefusedError, Verdict, traces
from sync.transports.traces import Kept
from sync.writing import heads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sources.gmail import GmailLogin
    from sync.transports import Parcel, Steps

#: What questions cost (developers.google.com/workspace/gmail/api/reference/quota).
CREATE_UNITS: Final = 10
SEND_UNITS: Final = 100
DELETE_UNITS: Final = 10
#: The largest letter that drafts.create takes, in bytes: `maxSize` in the API's description.
LARGEST: Final = 36_700_160
#: The largest that stands in the question itself
#: (developers.google.com/workspace/gmail/api/guides/uploads).
IN_ONE: Final = 5_000_000
#: How long a letter waits where the day's limit of letters is used up.
DAILY: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: How long it waits where an admin keeps us out, until they let us in.
KEPT_OUT: Final = timedelta(hours=1)
#: What a 429 says that is no limit of the day.
_AT_ONCE: Final = "concurrent"
_TOO_NARROW: Final = (
    "The consent for {address} does not cover sending (gmail.compose). Connect it again and leave"
    " all boxes ticked; reading goes on meanwhile."
)


class GmailTransport:
    """A mailbox of Gmail that sends. `may_send` is False where its consent is for reading alone."""

    def __init__(self, login: GmailLogin, *, may_send: bool = True) -> None:
        self._login = login
        self._may_send = may_send

    @property
    def place(self) -> None:
        """Return nothing: it sends where it is read."""

    def send(self, parcel: Parcel, steps: Steps) -> Departure:
        """Let a letter leave, once. Raises what `sync.transports` says."""
        raw = with_blind(parcel)
        if not self._may_send:
            problem = _TOO_NARROW.format(address=self._login.address)
            raise RefusedError(OutgoingTrouble.SCOPE_MISSING, problem)
        if len(raw) > LARGEST:
            problem = f"Gmail takes letters of {LARGEST:,} bytes; this has {len(raw):,}."
            raise RefusedError(OutgoingTrouble.TOO_LARGE, problem)
        with closing(Client(self._login)) as client:
            return self._send(client, parcel, raw, steps)

    def look(self, parcel: Parcel) -> Verdict:
        """Find out whether a letter has left: its draft is there, or its copy among what was."""
        client = Client(self._login)
        with closing(client), client.plain_words():
            draft = str(parcel.remote.get("draft", ""))
            if draft and traces.is_draft(client, draft):
                return Verdict.NEVER_LEFT
            thread = str(parcel.remote.get("thread", ""))
            left = traces.find_sent(client, parcel, with_blind(parcel), thread)
            return Verdict.CANNOT_TELL if left is None else Verdict.LEFT

    def keep(self, parcel: Parcel) -> bool:  # noqa: ARG002 - others have something to do
        """Return True: Gmail keeps what it sends."""
        return True

    def withdraw(self, parcel: Parcel) -> None:
        """Delete the draft of a letter that is not to be sent, as long as it is as we made it."""
        client, raw = Client(self._login), with_blind(parcel)
        with closing(client), client.plain_words():
            kept = _known(parcel)
            if kept is None and parcel.remote.get("began"):
                kept = traces.find_draft(client, parcel, raw)
            if kept is None or not traces.is_untouched(client, kept, raw):
                return
            with suppress(MessageGoneError):
                client.tell(client.users.drafts().delete(userId="me", id=kept.id), DELETE_UNITS)

    def _send(self, client: Client, parcel: Parcel, raw: bytes, steps: Steps) -> Departure:
        with self._plain_words(daily=False), client.plain_words():
            kept = self._draft(client, parcel, raw, steps)
        if isinstance(kept, Departure):
            return kept
        asked = client.users.drafts().send(userId="me", body={"id": kept.id})
        with self._plain_words(daily=True):
            said = client.ask_once(asked, SEND_UNITS, ready=steps.leave)
        return Departure(rfc_id=_given(client, parcel, str(said.get("id", ""))))

    def _draft(self, client: Client, parcel: Parcel, raw: bytes, steps: Steps) -> Kept | Departure:
        """Return the one draft of a letter; or that it has left, for its owner has sent it."""
        kept = _known(parcel)
        if kept is not None:
            if parcel.remote.get("doubted") or traces.is_unchanged(client, kept.id, raw):
                return kept
            left = traces.find_sent(client, parcel, raw, kept.thread)
            if left is not None:
                return Departure(rfc_id=_other(traces.id_in(left), parcel))
        elif parcel.remote.get("began"):
            found = traces.find_draft(client, parcel, raw)
            if found is not None:
                return _remembered(found, steps)
        else:
            steps.remember({"began": True})
        return _remembered(_create(client, parcel, raw), steps)

    @contextmanager
    def _plain_words(self, *, daily: bool) -> Iterator[None]:
        """Say what is certain: it has not left. Of what is not certain the error is left as it is.

        `daily` says that a 429 means the letters of a day, and not the questions of a minute.
        """
        try:
            yield
        except NotSentError:
            raise
        except SyncError as error:
            plain = self._certain(error, daily=daily)
            if plain is None:
                raise
            raise plain from error

    def _certain(self, error: SyncError, *, daily: bool) -> NotSentError | None:
        status, said = words.answer_of(error)
        if isinstance(error, ScopeMissingError):
            told = _TOO_NARROW.format(address=self._login.address) if status else str(error)
            return RefusedError(OutgoingTrouble.SCOPE_MISSING, told, said=error.said)
        if isinstance(error, AuthorizationRevokedError):
            return RefusedError(OutgoingTrouble.CONSENT, str(error), said=error.said)
        if isinstance(error, NotAdmittedError):
            trouble = OutgoingTrouble.NOT_ADMITTED
            return LaterError(trouble, str(error), why=error.why, said=error.said, wait=KEPT_OUT)
        if isinstance(error, QuotaError):
            wait = _wait(error, said) if daily and status else timedelta(0)
            return LaterError(OutgoingTrouble.QUOTA, str(error), said=error.said, wait=wait)
        if status == 413:
            return RefusedError(OutgoingTrouble.TOO_LARGE, f"Gmail: {said}", said=error.said)
        if 400 <= status < 500 and not isinstance(error, MessageGoneError):
            told = f"Gmail does not take this message: {status} {said}"
            return RefusedError(OutgoingTrouble.REFUSED, told, said=error.said)
        return None


def with_blind(parcel: Parcel) -> bytes:
    """Return a letter as Gmail wants it: by its Bcc it learns of them, and takes it out."""
    blind = parcel.draft.bcc
    return (heads.addresses_field("Bcc", blind) if blind else b"") + parcel.raw


def _create(client: Client, parcel: Parcel, raw: bytes) -> Kept:
    """Make a draft, in the thread of what it answers where that is here and it fits."""
    thread = traces.thread_of(client, parcel.draft)
    crash.point("before draft")
    try:
        said = client.ask_once(_creation(client, raw, thread), CREATE_UNITS)
    except MessageGoneError:
        if not thread:
            raise
        thread = ""  # It was deleted a moment ago.
        said = client.ask_once(_creation(client, raw, thread), CREATE_UNITS)
    crash.point("after draft")
    with client.plain_words():
        message = said.get("message", {})
        thread, name = str(message.get("threadId", "")), str(message.get("id", ""))
        return Kept(str(said["id"]), thread, name)


def _creation(client: Client, raw: bytes, thread: str) -> Any:
    message: dict[str, str] = {"threadId": thread} if thread else {}
    media = None
    if len(raw) > IN_ONE:
        # One piece: it is not held in memory once more, and nothing of it is sent again.
        media = MediaIoBaseUpload(BytesIO(raw), "message/rfc822", chunksize=-1, resumable=True)
    else:
        message["raw"] = base64.urlsafe_b64encode(raw).decode()
    asked = client.users.drafts()
    return asked.create(userId="me", body={"message": message}, media_body=media)


def _remembered(kept: Kept, steps: Steps) -> Kept:
    steps.remember({"draft": kept.id, "thread": kept.thread, "message": kept.message})
    crash.point("after draft id")
    return kept


def _known(parcel: Parcel) -> Kept | None:
    draft, thread, message = (
        str(parcel.remote.get(name, "")) for name in ("draft", "thread", "message")
    )
    return Kept(draft, thread, message) if draft else None


def _given(client: Client, parcel: Parcel, message_id: str) -> str:
    """Return the Message-ID that Gmail gave a letter; "" where it is ours, or cannot be told now.

    It has left, whatever this question comes to: its copy tells it later.
    """
    try:
        with client.plain_words():
            return _other(traces.given_id(client, message_id), parcel) if message_id else ""
    except SyncError:
        return ""


def _other(rfc_id: str, parcel: Parcel) -> str:
    return rfc_id if rfc_id != parcel.draft.rfc_id else ""


def _wait(error: QuotaError, said: str) -> timedelta:
    """Return how long a letter waits whose mailbox may send no more: hours, and not seconds."""
    if _AT_ONCE in said.lower():
        return timedelta(0)
    return min(_DAY, max(DAILY, timedelta(seconds=words.wait_told(error))))
