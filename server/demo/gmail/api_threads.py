"""`users.threads`: a thread is what its messages are, and its labels are theirs together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail import api_messages, payload
from server.demo.gmail.copies import hex_id
from server.demo.gmail.errors import not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.question import Question


def list_page(ask: Question) -> dict[str, Any]:
    """Return one page of threads, the one with the newest message first."""
    fits = api_messages.wanted(ask)
    threads = ask.mailbox.copies.threads

    def leads(copy: Copy) -> bool:
        return fits(copy) and not any(
            other.place > copy.place and fits(other) for other in threads[copy.thread]
        )

    with ask.mailbox.lock:
        found, after = api_messages.walk(ask, leads)
        lines = [_line(ask, copy) for copy in found]
    told: dict[str, Any] = {"threads": lines} if lines else {}
    if after:
        told["nextPageToken"] = after
    return {**told, "resultSizeEstimate": len(lines)}


def get(ask: Question) -> dict[str, Any]:
    """Return a thread with its messages, the oldest first."""
    copies = _copies(ask)
    form = ask.values.get("format", "full")
    names = ask.values.get("metadataHeaders", ())
    at = ask.mailbox.now()
    return {
        "id": copies[0].thread,
        "historyId": str(max(copy.history for copy in copies)),
        "messages": [payload.shape(copy, form, names, at=at) for copy in copies],
    }


def modify(ask: Question) -> dict[str, Any]:
    """Put labels on all messages of a thread and take others off them."""
    add, remove = api_messages.labels_asked(ask)
    changed = [ask.mailbox.label(copy.id, add=add, remove=remove) for copy in _copies(ask)]
    return _shape(changed)


def trash(ask: Question) -> dict[str, Any]:
    """Put a thread in the trash."""
    return _shape([ask.mailbox.trash(copy.id) for copy in _copies(ask)])


def untrash(ask: Question) -> dict[str, Any]:
    """Take a thread out of the trash."""
    return _shape([ask.mailbox.untrash(copy.id) for copy in _copies(ask)])


def delete(ask: Question) -> None:
    """Delete a thread for good."""
    for copy in _copies(ask):
        ask.mailbox.delete(copy.id)


def _copies(ask: Question) -> list[Copy]:
    with ask.mailbox.lock:
        held = ask.mailbox.copies.threads.get(hex_id(ask.id))
        if not held:
            raise not_found()
        return sorted(held, key=lambda copy: copy.place)


def _line(ask: Question, copy: Copy) -> dict[str, str]:
    held = ask.mailbox.copies.threads[copy.thread]
    newest = max(one.history for one in held)
    return {"id": copy.thread, "snippet": copy.snippet, "historyId": str(newest)}


def _shape(changed: list[Copy]) -> dict[str, Any]:
    return {"id": changed[0].thread, "messages": [api_messages.ids(copy) for copy in changed]}


METHODS: dict[str, Callable[[Question], Any]] = {
    "users.threads.list": list_page,
    "users.threads.get": get,
    "users.threads.modify": modify,
    "users.threads.trash": trash,
    "users.threads.untrash": untrash,
    "users.threads.delete": delete,
}
