"""The card beside a message that is not here: why, what follows, and who its people are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import authorship, posing
from addon.cards import contact_parts, parts
from addon.widgets import (
    Action,
    Button,
    Buttons,
    Card,
    Icon,
    Line,
    OpenLink,
    Paragraph,
    Section,
    isolate,
)
from crm.base.i18n import gettext as _
from crm.base.i18n import lazy
from crm.mail.meaning import Named
from crm.mail.opened import Fate, Opened
from crm.people.domains import company_domain, guess_name
from crm.people.machines import is_machine
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from addon.context import Context
    from addon.facts import OtherSide

_UNKNOWN = Opened(Fate.AWAITED)
_WORDS = {
    Fate.COMING: lazy("This message is not in Inlay yet. It is being fetched now."),
    Fate.AWAITED: lazy(
        "This message is not in Inlay yet. If its mailbox is connected, it comes by itself;"
        " what is not logged on purpose stays out."
    ),
    Fate.UNREAD: lazy(
        "Inlay could not read this message. It is kept as it came, and will be read again."
    ),
    Fate.GONE: lazy("Gmail does not have this message any more."),
    Fate.UNSAID: lazy("Gmail did not say in time which message this is."),
    Fate.LEFT_OUT: lazy("A rule keeps this message out: it is not logged."),
}
#: Why a rule of the ledger keeps a message out, by its name.
_RULES = {
    "spam": lazy("Gmail takes this message for spam: it is not logged."),
    "trash": lazy("This message is in the bin: it is not logged. Take it out, and it comes."),
    "draft": lazy("This is a draft: it is logged when it has been sent."),
    "chat": lazy("This is a line of a chat: it is not logged."),
}
#: What no other look changes.
_SETTLED = (Fate.UNREAD, Fate.GONE)


def absent_card(
    opened: Opened | None,
    beside: OtherSide | None,
    context: Context,
    names: Mapping[object, str],
) -> Card:
    """Say what became of a message, offer what helps, and show who is on the other side."""
    opened = opened or _UNKNOWN
    why: tuple[Paragraph | Buttons, ...] = (Paragraph(_words(opened, context)),)
    if buttons := tuple(_ways_on(opened, context)):
        why += (Buttons(buttons),)
    head = Section("", why)
    if beside is None:
        return Card(title=_("Inlay"), name="absent", sections=(head,))
    known, address = beside.known, beside.address
    warning = posing.warning(address.name, address.email)
    warned = (Section("", (Line(warning, icon=Icon.WARNING),)),) if warning else ()
    if known is not None:
        contact = known.contact
        about = [contact.title, contact.company.name if contact.company else ""]
        return Card(
            title=isolate(contact.name),
            subtitle=isolate(" · ".join(word for word in about if word)),
            name="absent",
            person=True,
            sections=(head, *warned, *contact_parts.contact_sections(known, context, names)),
        )
    machine = is_machine(address.email)
    return Card(
        title=isolate(authorship.called(Named(address.name, address.email))),
        subtitle=_("Nobody reads this address") if machine else _("Not a contact yet"),
        name="absent",
        person=True,
        sections=(head, *warned, Section(_("Contact and company"), tuple(_stranger(beside)))),
    )


def _words(opened: Opened, context: Context) -> str:
    if opened.fate is Fate.LEFT_OUT and opened.rule in _RULES:
        return str(_RULES[opened.rule])
    if opened.fate is Fate.STOPPED:
        words = _("{address} is not read now: it is paused, or has to be connected again.")
        return words.format(address=isolate(opened.address))
    if opened.fate is Fate.UNCONNECTED:
        if permissions.allowed(context.user, May.CONNECT):
            return _("Your Gmail is not connected to Inlay. Connect it, and its messages are here.")
        return _("Your Gmail is not connected to Inlay. Ask the admin of your workspace.")
    return str(_WORDS[opened.fate])


def _ways_on(opened: Opened, context: Context) -> Iterator[Button]:
    if permissions.allowed(context.user, May.CONNECT):
        if opened.fate is Fate.UNCONNECTED:
            yield Button(_("Connect Gmail"), OpenLink("/mailboxes/gmail"), filled=True)
        if opened.fate is Fate.STOPPED:
            yield Button(_("Mailboxes"), OpenLink("/mailboxes"))
    if opened.fate not in _SETTLED:
        yield Button(_("Look again"), Action("message", {"again": "yes"}))


def _stranger(beside: OtherSide) -> list[Line]:
    email = beside.address.email
    if is_machine(email):
        return [Line(isolate(email), icon=Icon.ADDRESS)]
    lines = [Line(parts.write_to(email), icon=Icon.ADDRESS)]
    if (domain := company_domain(beside.address.domain)) is not None:
        guess = _("Perhaps {company}").format(company=isolate(guess_name(domain)))
        lines.append(Line(guess, below=isolate(domain), icon=Icon.COMPANY))
    return lines
