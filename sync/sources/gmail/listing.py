"""What a Gmail mailbox holds and what has changed in it, by ids alone: no letter is fetched.

A message's id is a number of 64 bits in hexadecimal digits; here it is that number, as any UID is.
A page of 500 ids costs 5 units, as a quarter of one letter does
(developers.google.com/workspace/gmail/api/reference/quota).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sync.errors import CursorExpiredError, SyncError
from sync.source import Changes
from sync.sources.gmail.words import expired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sources.gmail.client import Client

#: What questions cost, in units, and how much comes at once.
PROFILE_UNITS: Final = 1
LIST_UNITS: Final = 5
HISTORY_UNITS: Final = 2
PAGE: Final = 500
#: Pages of history that are read: who was away for longer is compared by a listing, which is less.
PAGES_MOST: Final = 200
#: Labels of what is not kept, in the order in which they count, and the rule's name.
RULES: Final = {"TRASH": "trash", "SPAM": "spam", "DRAFT": "draft", "CHAT": "chat"}
_KINDS: Final = ("messageAdded", "messageDeleted", "labelAdded", "labelRemoved")
_FIELDS: Final = "nextPageToken,messages/id"


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose mailbox it is, how many messages it has, and how far its history has come."""

    email: str
    count: int
    history: int


def number(name: str) -> int:
    """Return a message's id as a number. Raises ValueError on what is none."""
    found = int(name, 16)
    if not 0 < found < 1 << 63:
        raise ValueError(f"no id of a message: {name[:20]!r}")
    return found


def name(uid: int) -> str:
    """Return a message's id as Gmail writes it."""
    return f"{uid:016x}"


def rule_of(labels: frozenset[str]) -> str:
    """Name the rule by which a message with these labels is not kept, or return ""."""
    return next((rule for label, rule in RULES.items() if label in labels), "")


def profile(client: Client) -> Profile:
    """Ask whose mailbox it is and where its history stands."""
    said = client.ask(client.users.getProfile(userId="me"), PROFILE_UNITS)
    with client.plain_words():
        history, count = int(said["historyId"]), int(said.get("messagesTotal", 0))
    return Profile(str(said.get("emailAddress", "")), count, history)


def ids(client: Client, *, label: str = "", query: str = "") -> Iterator[int]:
    """Yield the ids of messages, the newest first, what is in Spam and Trash among them."""
    asked: dict[str, Any] = {"userId": "me", "maxResults": PAGE, "includeSpamTrash": True}
    if label:
        asked["labelIds"] = [label]
    if query:
        asked["q"] = query
    page = ""
    while True:
        more = {"pageToken": page} if page else {}
        listed = client.messages.list(**asked, **more, fields=_FIELDS)
        said = client.ask(listed, LIST_UNITS)
        with client.plain_words():
            found = [number(message["id"]) for message in said.get("messages", ())]
        yield from found
        page = said.get("nextPageToken", "")
        if not page:
            return


def labels(client: Client) -> dict[str, str]:
    """Return the mailbox's labels: their names by their ids, which never change."""
    said = client.ask(client.users.labels().list(userId="me"), PROFILE_UNITS)
    return {one["id"]: str(one.get("name", "")) for one in said.get("labels", ())}


def changes(client: Client, since: int) -> Changes:
    """Return what happened after a point of the history. Raises CursorExpiredError.

    All pages begin at the same point, and only the last one's end counts as far as we are then.
    """
    found, page = Changes(since), ""
    asked = {"userId": "me", "startHistoryId": str(since), "historyTypes": list(_KINDS)}
    for _page in range(PAGES_MOST):
        more = {"pageToken": page} if page else {}
        request = client.users.history().list(**asked, maxResults=PAGE, **more)
        try:
            said = client.ask(request, HISTORY_UNITS)
        except SyncError as error:
            if not expired(error):
                raise
            problem = "Gmail no longer knows this point of its history."
            raise CursorExpiredError(problem, said=error.said) from error
        with client.plain_words():
            for record in said.get("history", ()):  # A page may have none, and another behind it.
                _apply(found, record)
            page = said.get("nextPageToken", "")
            if not page:
                found.until = max(since, int(said["historyId"]))
                return found
    raise CursorExpiredError("Too much has happened since we looked last: all is compared.")


def _apply(found: Changes, record: dict[str, Any]) -> None:
    """Take over one record. Records repeat and overlap: the last word on a message counts."""
    for one in record.get("messagesAdded", ()):
        uid = number(one["message"]["id"])
        found.added[uid] = frozenset(one["message"].get("labelIds", ()))
        found.gone.discard(uid)
    for one in record.get("labelsAdded", ()):
        _label(found, number(one["message"]["id"]), came=one.get("labelIds", ()))
    for one in record.get("labelsRemoved", ()):
        _label(found, number(one["message"]["id"]), went=one.get("labelIds", ()))
    for one in record.get("messagesDeleted", ()):
        uid = number(one["message"]["id"])
        found.gone.add(uid)
        found.added.pop(uid, None)
        found.labelled.pop(uid, None)


def _label(found: Changes, uid: int, came: Any = (), went: Any = ()) -> None:
    added, removed = found.labelled.setdefault(uid, (set(), set()))
    added.difference_update(went)
    removed.difference_update(came)
    added.update(came)
    removed.update(went)
    if uid in found.added:
        found.added[uid] = (found.added[uid] | frozenset(came)) - frozenset(went)
