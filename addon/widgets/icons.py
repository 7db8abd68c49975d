"""The icons of a card, each with one meaning: its sign in the panel, in Gmail, and its word."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from crm.base.i18n import gettext, lazy

if TYPE_CHECKING:
    from addon.widgets.links import Links
    from addon.widgets.shape import Json


class Icon(Enum):
    """A kind or an action that recurs: lucide's name, Google's name where it has one, the word."""

    CONTACT = ("user", "PERSON", lazy("Contact"))
    COMPANY = ("building-2", "STORE", lazy("Company"))
    ADDRESS = ("at-sign", "EMAIL", lazy("Address"))
    MESSAGE = ("mail", "EMAIL", lazy("Message"))
    PHONE = ("phone", "PHONE", lazy("Phone"))
    DEAL = ("handshake", "DOLLAR", lazy("Deal"))
    STAGE = ("arrow-left-right", "", lazy("Stage"))
    TASK = ("circle-check", "", lazy("Task"))
    TICKET = ("life-buoy", "TICKET", lazy("Ticket"))
    NOTE = ("sticky-note", "DESCRIPTION", lazy("Note"))
    MEETING = ("calendar", "INVITE", lazy("Meeting"))
    DUE = ("clock", "CLOCK", lazy("Due"))
    PRIVATE = ("lock", "", lazy("Private"))
    LIMIT = ("hourglass", "", lazy("Past its limit"))
    WARNING = ("triangle-alert", "", lazy("Needs attention"))
    LOGIN = ("key-round", "", lazy("Sign in"))
    MERGE = ("git-merge", "", lazy("Merge"))
    COLD = ("snowflake", "", lazy("Went cold"))
    WRITE = ("pencil", "", lazy("Write"))
    UNDO = ("undo-2", "", lazy("Undo"))
    MORE = ("ellipsis", "", lazy("More"))

    @property
    def sign(self) -> str:
        """Return lucide's name, which is the panel's."""
        return self.value[0]

    @property
    def word(self) -> str:
        """Say what the icon means, in the language spoken here."""
        return gettext(self.value[2])

    def to_json(self, links: Links) -> Json:
        """Name the icon as Google does, or show ours: 48 px, PNG, for Gmail takes no SVG."""
        _sign, known, _word = self.value
        if known:
            return {"knownIcon": known, "altText": self.word}
        return {"iconUrl": links.to(f"/static/icons/{self.sign}.png"), "altText": self.word}
