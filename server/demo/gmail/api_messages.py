"""`users.messages`: list, get, and all that changes a message."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from server.demo.gmail import joining, mime, paging, payload, searching, sending
from server.demo.gmail.errors import invalid
from server.demo.gmail.labels import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.question import Question

#: How many messages one batchModify or batchDelete takes.
_LARGEST_CHANGE = 1000


def list_page(ask: Question) -> dict[str, Any]:
    """Return one page of the ids of messages, the newest first."""
    found, after = walk(ask, wanted(ask))
    told: dict[str, Any] = {}
    if found:
        told["messages"] = [{"id": copy.id, "threadId": copy.thread} for copy in found]
    if after:
        told["nextPageToken"] = after
    return {**told, "resultSizeEstimate": len(found) + (ask.page_size if after else 0)}


def get(ask: Question) -> dict[str, Any]:
    """Return a message in the format that is asked for."""
    with ask.mailbox.lock:
        copy = ask.mailbox.copies.get(ask.id)
    form = ask.values.get("format", "full")
    names = ask.values.get("metadataHeaders", ())
    return payload.shape(copy, form, names, at=ask.mailbox.now())


def get_attachment(ask: Question) -> dict[str, Any]:
    """Return the bytes of an attachment, by an id that a message told a short while ago."""
    copy = ask.mailbox.copies.get(ask.values["messageId"])
    return payload.attachment(copy, ask.id, at=ask.mailbox.now())


def modify(ask: Question) -> dict[str, Any]:
    """Put labels on a message and take others off it."""
    add, remove = labels_asked(ask)
    return ids(ask.mailbox.label(ask.id, add=add, remove=remove))


def batch_modify(ask: Question) -> None:
    """Do the same to many messages; an id that is not there is passed over."""
    add, remove = labels_asked(ask)
    for copy in _named(ask):
        ask.mailbox.label(copy.id, add=add, remove=remove)


def trash(ask: Question) -> dict[str, Any]:
    """Put a message in the trash."""
    return ids(ask.mailbox.trash(ask.id))


def untrash(ask: Question) -> dict[str, Any]:
    """Take a message out of the trash."""
    return ids(ask.mailbox.untrash(ask.id))


def delete(ask: Question) -> None:
    """Delete a message for good."""
    ask.mailbox.delete(ask.id)


def batch_delete(ask: Question) -> None:
    """Delete many messages for good."""
    for copy in _named(ask):
        ask.mailbox.delete(copy.id)


def insert(ask: Question) -> dict[str, Any]:
    """Keep a letter as it is, as IMAP's APPEND does."""
    return _keep(ask, ask.values.get("internalDateSource", "receivedTime"))


def import_(ask: Question) -> dict[str, Any]:
    """Keep a letter as if it had arrived."""
    return _keep(ask, ask.values.get("internalDateSource", "dateHeader"))


def send(ask: Question) -> dict[str, Any]:
    """Send a letter, in the thread that is named where it fits."""
    return ids(ask.mailbox.send(ask.letter(ask.body), ask.thread(ask.body)))


def walk(ask: Question, wanted: Callable[[Copy], bool]) -> tuple[list[Copy], str]:
    """Return the copies on one page of a list, and the token of the next page or nothing."""
    box, values = ask.mailbox, ask.values
    question = repr((values.get("q"), values.get("labelIds"), values.get("includeSpamTrash")))
    before: tuple[int, str] | None = None
    if "pageToken" in values:
        ms, _, id_ = paging.unseal(box, question, values["pageToken"]).partition(" ")
        before = (int(ms), id_)
    with box.lock:
        fitting = (copy for copy in box.copies.newest_first(before) if wanted(copy))
        found = list(islice(fitting, ask.page_size + 1))
    if len(found) <= ask.page_size:
        return found, ""
    found.pop()
    return found, paging.seal(box, question, f"{found[-1].ms} {found[-1].id}")


def wanted(ask: Question, *labels: str) -> Callable[[Copy], bool]:
    """Return what tells whether a list shows a copy. Raises ApiError for a search it does not know.

    A copy needs all the labels; spam and trash are shown where they are asked for.
    """
    query = searching.parse(ask.values.get("q", ""), ask.mailbox.labels)
    needed = frozenset((*labels, *ask.values.get("labelIds", ())))
    shown = query.hidden or ask.values.get("includeSpamTrash", False)
    hidden = frozenset() if shown else HIDDEN - needed

    def fits(copy: Copy) -> bool:
        return copy.labels >= needed and not copy.labels & hidden and query.fits(copy)

    return fits


def ids(copy: Copy) -> dict[str, Any]:
    """Return the JSON of a message that was changed: its ids and its labels."""
    return {"id": copy.id, "threadId": copy.thread, "labelIds": sorted(copy.labels)}


def labels_asked(ask: Question) -> tuple[frozenset[str], frozenset[str]]:
    """Return the labels to put on and to take off. Raises ApiError for those that nobody may."""
    labels = ask.mailbox.labels
    add = labels.check(ask.strings("addLabelIds"), free=True)
    remove = labels.check(ask.strings("removeLabelIds"), free=True)
    if not add and not remove:
        raise invalid("No label add or removes specified")
    if add & remove:
        raise invalid("Cannot both add and remove the same label")
    return add, remove


def _keep(ask: Question, source: str) -> dict[str, Any]:
    box, raw = ask.mailbox, ask.letter(ask.body)
    labels = set(ask.strings("labelIds"))
    allowed = labels - {"SENT"} if sending.is_from(raw, box.address) else labels
    box.labels.check(allowed, free=True)
    with box.lock:
        thread = joining.find_by_api(box.copies, mime.read_head(raw), ask.thread(ask.body))
        ms = _date_of(raw) if source == "dateHeader" else None
        if ask.values.get("deleted"):
            labels.add("TRASH")
        return ids(box.put(raw, labels=labels, ms=ms, thread=thread, join=False))


def _date_of(raw: bytes) -> int | None:
    headers = mime.read_headers(raw)
    dates = [value for name, value in headers if name.lower() == "date"]
    try:
        return int(parsedate_to_datetime(dates[0]).timestamp() * 1000)
    except (IndexError, ValueError, OverflowError):
        return None


def _named(ask: Question) -> list[Copy]:
    named = ask.strings("ids")
    if not named or len(named) > _LARGEST_CHANGE:
        raise invalid(f"One to {_LARGEST_CHANGE} ids are needed")
    found = (ask.mailbox.copies.find(id_) for id_ in dict.fromkeys(named))
    return [copy for copy in found if copy is not None]


METHODS: dict[str, Callable[[Question], Any]] = {
    "users.messages.list": list_page,
    "users.messages.get": get,
    "users.messages.attachments.get": get_attachment,
    "users.messages.modify": modify,
    "users.messages.batchModify": batch_modify,
    "users.messages.trash": trash,
    "users.messages.untrash": untrash,
    "users.messages.delete": delete,
    "users.messages.batchDelete": batch_delete,
    "users.messages.insert": insert,
    "users.messages.import": import_,
    "users.messages.send": send,
}
