"""`users.drafts`: create, get, list, update, send, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail import api_messages, drafts, payload
from server.demo.gmail.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.question import Question


def create(ask: Question) -> dict[str, Any]:
    """Keep a draft."""
    message = _message(ask)
    id_ = drafts.create(ask.mailbox, ask.letter(message), ask.thread(message))
    return _shape(id_, drafts.get(ask.mailbox, id_))


def get(ask: Question) -> dict[str, Any]:
    """Return a draft with its message in the format that is asked for."""
    copy = drafts.get(ask.mailbox, ask.id)
    form = ask.values.get("format", "full")
    return {"id": ask.id, "message": payload.shape(copy, form, at=ask.mailbox.now())}


def list_page(ask: Question) -> dict[str, Any]:
    """Return one page of drafts, the newest first."""
    found, after = api_messages.walk(ask, api_messages.wanted(ask, "DRAFT"))
    with ask.mailbox.lock:
        names = {message: id_ for id_, message in ask.mailbox.drafts.items()}
    lines = [
        {"id": names[copy.id], "message": {"id": copy.id, "threadId": copy.thread}}
        for copy in found
        if copy.id in names
    ]
    told: dict[str, Any] = {"drafts": lines} if lines else {}
    if after:
        told["nextPageToken"] = after
    return {**told, "resultSizeEstimate": len(lines)}


def update(ask: Question) -> dict[str, Any]:
    """Put another message behind a draft."""
    message = _message(ask)
    copy = drafts.update(ask.mailbox, ask.id, ask.letter(message), ask.thread(message))
    return _shape(ask.id, copy)


def send(ask: Question) -> dict[str, Any]:
    """Send a draft, as it is or with the message that is handed in with it."""
    id_ = ask.body.get("id")
    if not isinstance(id_, str) or not id_:
        raise invalid("Missing draft id")
    message = _message(ask)
    if ask.media is not None or message.get("raw"):
        drafts.update(ask.mailbox, id_, ask.letter(message), ask.thread(message))
    return api_messages.ids(drafts.send(ask.mailbox, id_))


def delete(ask: Question) -> None:
    """Delete a draft for good."""
    drafts.delete(ask.mailbox, ask.id)


def _message(ask: Question) -> dict[str, Any]:
    message = ask.body.get("message") or {}
    if not isinstance(message, dict):
        raise invalid("Invalid value at 'draft.message'")
    return message


def _shape(id_: str, copy: Copy) -> dict[str, Any]:
    return {"id": id_, "message": api_messages.ids(copy)}


METHODS: dict[str, Callable[[Question], Any]] = {
    "users.drafts.create": create,
    "users.drafts.get": get,
    "users.drafts.list": list_page,
    "users.drafts.update": update,
    "users.drafts.send": send,
    "users.drafts.delete": delete,
}
