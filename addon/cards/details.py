"""The card of all that letters tell of a contact and nobody has decided about yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon.cards import contact_parts
from addon.cards.parts import Changed
from addon.widgets import Action, Button, Buttons, Card, Line, Section, isolate
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addon.context import Context
    from crm.filing.suggestions import Suggested
    from crm.people.models import Contact

#: Gmail drops what comes after the hundredth widget, and each of these has two.
_MOST = 40


def details_card(
    contact: Contact,
    suggested: Sequence[Suggested],
    context: Context,
    here: Mapping[str, str],
    changed: Changed | None = None,
    *,
    may_edit: bool,
) -> Card:
    """Show what letters tell of a contact; beside a message, lead back to it."""
    decided = (changed or Changed()).decided
    lines = contact_parts.suggestion_lines(
        suggested, decided, context, {**here, "all": "yes"}, may_edit=may_edit, most=_MOST
    )
    ways: tuple[Buttons, ...] = ()
    if "message" in here:
        ways = (Buttons((Button(_("Back to the message"), Action("message/back", here)),)),)
    return Card(
        title=isolate(contact.name),
        name="details",
        person=True,
        sections=(
            Section("", ways),
            Section(_("New in their letters"), tuple(lines or _nothing())),
        ),
    )


def _nothing() -> list[Line]:
    return [Line(_("Nothing new."))]
