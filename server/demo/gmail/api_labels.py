"""`users.labels`: list, get, create, rename, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.demo.gmail.question import Question


def list_all(ask: Question) -> dict[str, Any]:
    """Return all labels, without counts."""
    return {"labels": [label.shape() for label in ask.mailbox.labels]}


def get(ask: Question) -> dict[str, Any]:
    """Return a label with its counts."""
    with ask.mailbox.lock:
        label = ask.mailbox.labels.get(ask.id)
        held = [copy for copy in ask.mailbox.copies if label.id in copy.labels]
        unread = [copy for copy in held if "UNREAD" in copy.labels]
    return {
        **label.shape(),
        "messagesTotal": len(held),
        "messagesUnread": len(unread),
        "threadsTotal": len({copy.thread for copy in held}),
        "threadsUnread": len({copy.thread for copy in unread}),
    }


def create(ask: Question) -> dict[str, Any]:
    """Make a label of the owner's."""
    with ask.mailbox.lock:
        return ask.mailbox.labels.create(_name(ask)).shape()


def rename(ask: Question) -> dict[str, Any]:
    """Give a label another name; its id stays."""
    with ask.mailbox.lock:
        return ask.mailbox.labels.rename(ask.id, _name(ask)).shape()


def delete(ask: Question) -> None:
    """Delete a label, and take it off all messages."""
    box = ask.mailbox
    with box.lock:
        for copy in box.copies:
            if ask.id in copy.labels and not box.labels.get(ask.id).system:
                box.label(copy.id, remove=[ask.id])
        box.labels.delete(ask.id)


def _name(ask: Question) -> str:
    name = ask.body.get("name")
    if not isinstance(name, str):
        raise invalid("Invalid label name")
    return name


METHODS: dict[str, Callable[[Question], Any]] = {
    "users.labels.list": list_all,
    "users.labels.get": get,
    "users.labels.create": create,
    "users.labels.patch": rename,
    "users.labels.update": rename,
    "users.labels.delete": delete,
}
