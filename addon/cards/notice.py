"""The card for what did not work: what happened, what is safe, what to do next."""

from __future__ import annotations

from addon.widgets import Action, Button, Buttons, Card, OpenLink, Paragraph, Section
from crm.base.i18n import gettext as _


def notice_card(words: str, *, again: Action | None = None) -> Card:
    """Say in one sentence what happened, and offer another try where that makes sense."""
    widgets: tuple[Paragraph | Buttons, ...] = (Paragraph(words),)
    if again is not None:
        widgets += (Buttons((Button(_("Try again"), again),)),)
    return Card(title=_("Inlay"), name="notice", sections=(Section("", widgets),))


def broken_card(reference: str, *, again: Action | None = None) -> Card:
    """Admit a fault of ours, with the reference under which it is written down."""
    words = _("The card could not be made. Nothing was changed. Reference {reference}.")
    return notice_card(words.format(reference=reference), again=again)


def late_card(*, again: Action | None = None) -> Card:
    """Say that a card was not made in time."""
    words = _("The card took too long and was given up. Nothing was changed.")
    return notice_card(words, again=again)


def stranger_card(there: str) -> Card:
    """Lead somebody whose Google account we do not know to the page where it becomes known."""
    words = _(
        "Inlay does not know your Google account yet. Sign in once, and your contacts, deals and"
        " tasks stand here beside each message. If you have no password, ask the admin of your"
        " workspace for an invitation."
    )
    button = Button(_("Sign in"), OpenLink(there, reload=True), filled=True)
    return Card(
        title=_("Welcome to Inlay"),
        name="notice",
        sections=(Section("", (Paragraph(words), Buttons((button,)))),),
    )
