"""The card beside a message that is being written: who its recipients are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addon import posing, recipients
from addon.cards import contact_parts, parts
from addon.widgets import Action, Button, Card, Icon, Line, Paragraph, Section, bold, isolate
from crm.base import showing
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.people.domains import company_domain, guess_name
from crm.people.machines import is_machine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addon.context import Context
    from addon.facts import Known
    from addon.recipients import Acquaintance, Recipients
    from crm.base.addresses import Address


def compose_card(
    found: Recipients,
    context: Context,
    known: Known | None,
    names: Mapping[object, str],
    *,
    may_edit: bool,
) -> Card:
    """Show the recipients. Where one contact is among them, all that is known of them stands here.

    Of several each has a line, which opens their card.
    """
    if known is not None:
        title, about = (
            isolate(known.contact.name),
            contact_parts.contact_sections(known, context, names),
        )
    else:
        title = _("Recipients")
        about = (Section(_("Contacts"), tuple(_line(one, context) for one in found.contacts)),)
    rest = (
        Section("", tuple(_warnings(found))),
        *about,
        Section(_("Not contacts yet"), tuple(_stranger(one, may_edit) for one in found.strangers)),
        Section(_("Colleagues"), tuple(_colleague(one) for one in found.colleagues)),
        Section("", tuple(_unshown(found))),
    )
    return Card(
        title=title,
        subtitle=_count(found),
        name="compose",
        person=known is not None,
        sections=tuple(section for section in rest if section.widgets) or (_nobody(),),
    )


def _count(found: Recipients) -> str:
    if not found.count:
        return ""
    said = ngettext("{n} recipient", "{n} recipients", found.count)
    return said.format(n=showing.number(found.count))


def _nobody() -> Section:
    words = _(
        "Add somebody to To, Cc or Bcc and open Inlay again: who they are stands here, and what is"
        " open with them."
    )
    return Section("", (Paragraph(words),))


def _warnings(found: Recipients) -> list[Line]:
    emails = [one.email for one in found.contacts] + [one.email for one in found.strangers]
    said = (posing.warning("", email) for email in emails)
    return [Line(words, icon=Icon.WARNING) for words in said if words]


def _line(one: Acquaintance, context: Context) -> Line:
    open_deals = ngettext("{n} open deal", "{n} open deals", one.deals)
    open_tasks = ngettext("{n} open task", "{n} open tasks", one.tasks)
    last = one.last_at and showing.moment(one.last_at, context.at, context.zone)
    return Line(
        bold(isolate(one.name)),
        label=isolate(one.company),
        below=parts.beside(
            open_deals.format(n=showing.number(one.deals)) if one.deals else "",
            open_tasks.format(n=showing.number(one.tasks)) if one.tasks else "",
            _("Last activity: {when}").format(when=last) if last else "",
        ),
        icon=Icon.CONTACT,
        on_click=Action("contact", {"contact": str(one.contact_id)}),
    )


def _stranger(address: Address, may_edit: bool) -> Line:  # noqa: FBT001 - Mapped over a list.
    if is_machine(address.email):
        nobody = _("Nobody reads this address")
        return Line(isolate(address.email), below=nobody, icon=Icon.ADDRESS)
    domain = company_domain(address.domain)
    guess = _("Perhaps {company}").format(company=isolate(guess_name(domain))) if domain else ""
    new = Button(
        _("Create contact"),
        Action("recipient/new", {"recipient": recipients.mark(address)}),
        alt=_("Create a contact of {email}").format(email=isolate(address.email)),
    )
    return Line(
        isolate(address.email), below=guess, icon=Icon.ADDRESS, end=new if may_edit else None
    )


def _colleague(address: Address) -> Line:
    if not address.name:
        return Line(isolate(address.email), icon=Icon.CONTACT)
    return Line(isolate(address.name), below=isolate(address.email), icon=Icon.CONTACT)


def _unshown(found: Recipients) -> list[Line]:
    if found.unshown <= 0:
        return []
    return [Line(_("… and {n} more").format(n=showing.number(found.unshown)))]
