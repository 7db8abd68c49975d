"""What a letter of ours has left behind in a mailbox of Gmail: its draft, or its copy in Sent.

Gmail may put a Message-ID of its own into a letter. One of ours is known by the id that we gave
it where that still stands, and else by what it says: author, Date, subject, recipients, text and
the sizes of its files. Nobody's letter is taken for ours by a part of that.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from crm.mail import identity, subjects
from crm.mail.letter import Role
from sync import reading
from sync.errors import MessageGoneError, UnreadableMessageError
from sync.sources.gmail import letters
from sync.sources.gmail.listing import LIST_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crm.mail.draft import Draft
    from crm.mail.letter import Letter, Party
    from sync.sources.gmail.client import Client
    from sync.transports import Parcel

#: What questions cost (developers.google.com/workspace/gmail/api/reference/quota).
THREAD_UNITS: Final = 40
#: So many drafts, or letters in Sent, are looked at: the newest, of those who may be it.
_LOOKED_AT: Final = 20
#: By how much our clock and Google's may differ, and a letter may wait behind its Date.
_SPARE: Final = timedelta(hours=1)
#: Where Gmail keeps the Message-ID that it has replaced.
_ORIGINAL: Final = "X-Google-Original-Message-ID"
_HEADERS: Final = ["From", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", _ORIGINAL]
_IN_BRACKETS: Final = re.compile(r"<([^<>\s]+)>")
#: What may stand in a search as it is.
_PLAIN: Final = re.compile(r"[\w.@+=$!#%&*/?^`~-]+\Z", re.ASCII)
_WRITTEN_TO: Final = frozenset({Role.TO, Role.CC, Role.BCC})


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft at Gmail, the thread that it stands in, and the message that it was when we knew it.

    Changed, it is another message (developers.google.com/workspace/gmail/api/guides/drafts).
    """

    id: str
    thread: str
    message: str


def thread_of(client: Client, draft: Draft) -> str:
    """Return Gmail's thread of what a letter answers, where it fits; "" where it has none here.

    Gmail lets a letter join where its References and its Subject fit
    (developers.google.com/workspace/gmail/api/guides/threads).
    """
    answered = draft.references[-1] if draft.references else ""
    if not _PLAIN.match(answered):
        return ""
    for said in _listed(client, q=f"rfc822msgid:{answered}"):
        found = _metadata(client, said["id"])
        if found is not None and _about(_header(found, "Subject")) == _about(draft.subject):
            return str(found["threadId"])
    return ""


def is_draft(client: Client, id_: str) -> bool:
    """Tell whether a draft is still there: then nobody has sent it."""
    return _draft(client, id_, "minimal") is not None


def is_unchanged(client: Client, id_: str, raw: bytes) -> bool:
    """Tell whether a draft is still there, and says what we wrote: its owner may change it."""
    said = _draft(client, id_, "raw")
    return said is not None and _says_the_same(said, reading.read(raw))


def is_untouched(client: Client, kept: Kept, raw: bytes) -> bool:
    """Tell whether a draft is still there, and nobody has changed anything of it."""
    if not kept.message:
        return is_unchanged(client, kept.id, raw)
    said = _draft(client, kept.id, "minimal")
    return said is not None and said.get("id") == kept.message


def find_draft(client: Client, parcel: Parcel, raw: bytes) -> Kept | None:
    """Return the draft that an earlier try has made without coming to say so."""
    ours = reading.read(raw)
    asked = client.users.drafts().list(userId="me", q=_search(parcel.draft), maxResults=_LOOKED_AT)
    for one in client.ask(asked, LIST_UNITS).get("drafts", ()):
        said = _draft(client, one["id"], "metadata")
        if said is None or not _may_be(said, parcel, ours):
            continue
        if is_unchanged(client, one["id"], raw):
            return Kept(one["id"], str(said.get("threadId", "")), str(said.get("id", "")))
    return None


def find_sent(client: Client, parcel: Parcel, raw: bytes, thread: str) -> dict[str, Any] | None:
    """Return the copy that Gmail keeps of a letter of ours that has left, with its headers."""
    ours = reading.read(raw)
    for said in _sent(client, parcel, thread):
        if "SENT" not in said.get("labelIds", ()) or not _may_be(said, parcel, ours):
            continue
        if parcel.draft.rfc_id in _ids(said):
            return said
        get = client.messages.get(userId="me", id=said["id"], format="raw")
        try:
            if _says_the_same(client.ask(get, client.letter_units), ours):
                return said
        except MessageGoneError:
            continue
    return None


def given_id(client: Client, message_id: str) -> str:
    """Return the Message-ID under which Gmail has sent a letter; "" where it tells none."""
    said = _metadata(client, message_id)
    return id_in(said) if said is not None else ""


def id_in(said: dict[str, Any]) -> str:
    """Return the Message-ID that stands in a message's headers, without its brackets."""
    found = _IN_BRACKETS.search(_header(said, "Message-ID"))
    return found[1] if found is not None else ""


def _sent(client: Client, parcel: Parcel, thread: str) -> Iterator[dict[str, Any]]:
    """Yield what may be a copy in Sent: in the thread of its draft, then among all of late."""
    if thread:
        asked = client.users.threads().get(
            userId="me", id=thread, format="metadata", metadataHeaders=_HEADERS
        )
        with suppress(MessageGoneError):  # Nothing of it is there any more.
            yield from reversed(client.ask(asked, THREAD_UNITS).get("messages", ()))
    for one in _listed(client, labelIds=["SENT"], q=_search(parcel.draft)):
        said = _metadata(client, one["id"])
        if said is not None:
            yield said


def _draft(client: Client, id_: str, form: str) -> dict[str, Any] | None:
    asked = client.users.drafts().get(userId="me", id=id_, format=form)
    try:
        found: dict[str, Any] = client.ask(asked, client.letter_units).get("message", {})
    except MessageGoneError:
        return None
    return found


def _search(draft: Draft) -> str:
    """Return a search by whom it goes to and when, as far as that can be searched for."""
    since = f"after:{int((draft.at - _SPARE).timestamp())}"
    email = next((one.email for one in draft.recipients if _PLAIN.match(one.email)), "")
    return f"to:{email} {since}" if email else since


def _listed(client: Client, **asked: Any) -> list[dict[str, Any]]:
    request = client.messages.list(userId="me", maxResults=_LOOKED_AT, **asked)
    found: list[dict[str, Any]] = client.ask(request, LIST_UNITS).get("messages", [])
    return found


def _metadata(client: Client, id_: str) -> dict[str, Any] | None:
    asked = client.messages.get(userId="me", id=id_, format="metadata", metadataHeaders=_HEADERS)
    try:
        return client.ask(asked, client.letter_units)
    except MessageGoneError:
        return None


def _may_be(said: dict[str, Any], parcel: Parcel, ours: Letter) -> bool:
    """Tell whether a message may be the letter, by its headers."""
    if parcel.draft.rfc_id in _ids(said):
        return True
    try:
        head = reading.read_head(letters.head(said).raw)
    except (*letters.UNREADABLE, UnreadableMessageError):
        return False
    author = ours.author.email if ours.author is not None else ""
    theirs = (head.author, head.sent_at, _squashed(head.subject), _people(head.parties))
    return theirs == (author, ours.sent_at, _squashed(ours.subject), _people(ours.parties))


def _says_the_same(said: dict[str, Any], ours: Letter) -> bool:
    """Tell whether a message is the letter as we wrote it: its owner may have changed a draft."""
    try:
        theirs = reading.read(letters.whole(said).raw)
    except (*letters.UNREADABLE, UnreadableMessageError):
        return False
    said_here, said_there = (
        (
            _squashed(one.subject),
            _people(one.parties),
            identity.squash(one.text),
            [part.size for part in one.parts],
        )
        for one in (ours, theirs)
    )
    return said_here == said_there


def _people(parties: Iterable[Party]) -> frozenset[str]:
    return frozenset(one.address.email for one in parties if one.role in _WRITTEN_TO)


def _squashed(subject: str) -> str:
    return " ".join(subject.split())


def _ids(said: dict[str, Any]) -> set[str]:
    named = (_header(said, "Message-ID"), _header(said, _ORIGINAL))
    return {found for text in named for found in _IN_BRACKETS.findall(text)}


def _header(said: dict[str, Any], name: str) -> str:
    """Return a header's value; Gmail writes names in any case."""
    headers = said.get("payload", {}).get("headers", ())
    wanted = name.lower()
    return next((str(h["value"]) for h in headers if h.get("name", "").lower() == wanted), "")


def _about(subject: str) -> str:
    return _squashed(subjects.bare(subject).casefold())
