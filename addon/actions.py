"""The buttons and where they lead: every function a card can call, and who answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.handlers import (
    compose,
    contact,
    deal,
    detail,
    homepage,
    link,
    message,
    note,
    task,
)

if TYPE_CHECKING:
    from addon.context import Handler

#: Entry points of the manifest. They only read: the host calls them at will.
HOMEPAGE, MESSAGE, COMPOSE = ENTRIES = ("homepage", "message", "compose")

#: Where the same is asked again by a click, as what the host says then is enough.
AGAIN = frozenset({HOMEPAGE, MESSAGE})  # To whom a draft goes is said with its entry alone.

#: What asks for that which is saved.
FORMS = {
    "contact/save": "contact/new",
    "recipient/save": "recipient/new",
    "note/save": "note/new",
    "task/save": "task/new",
    "deal/save": "deal/new",
}

FUNCTIONS: dict[str, Handler] = {
    HOMEPAGE: homepage.opened,
    MESSAGE: message.opened,
    "message/back": message.back,
    "message/person": message.chosen,
    COMPOSE: compose.opened,
    "recipient/new": compose.new,
    "recipient/save": compose.save,
    "contact": contact.opened,
    "contact/new": contact.new,
    "contact/save": contact.save,
    "detail/all": detail.opened,
    "detail/use": detail.use,
    "detail/ignore": detail.ignore,
    "detail/undo": detail.undo,
    "note/new": note.new,
    "note/save": note.save,
    "task/new": task.new,
    "task/save": task.save,
    "task/done": task.done,
    "task/undo": task.undo,
    "deal": deal.opened,
    "deal/new": deal.new,
    "deal/save": deal.save,
    "deal/move": deal.move,
    "deal/back": deal.move_back,
    "deal/link": deal.link,
    "deal/unlink": deal.unlink,
    "deal/relink": deal.relink,
    "link/off": link.off,
    "link/never": link.never,
    "link/back": link.back,
    "thread/private": message.keep_private,
    "thread/share": message.share_again,
}
