"""`inlay contact`: list contacts, show one with its timeline, say why each line stands there."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from crm.base import ids
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import visibility
from crm.people import contacts
from crm.work import reasons, timeline
from crm.workspace import users
from server import shapes
from server.cli import opening, output

if TYPE_CHECKING:
    from crm.base.db import Session
    from crm.people.models import Contact
    from crm.workspace.models import User


@click.group(name="contact")
def command() -> None:
    """See contacts and their timelines."""


@command.command(name="list")
@click.option("--limit", type=click.IntRange(1, 1000), default=50)
@click.option("--after", default=None, help="The mark of the page before.")
@opening.as_option
@opening.workspace_option
@output.json_option
def list_(
    limit: int, after: str | None, as_name: str | None, workspace_name: str | None, as_json: bool
) -> None:
    """List contacts by name."""
    mark = ids.parse(after) if after else None
    if after and mark is None:
        raise InvalidError(_("The mark of --after is none that a page has given."))
    with opening.viewing(workspace_name, as_name) as (session, user):
        page = contacts.page(session, user, mark, limit)
        found = [_shape(session, user, contact) for contact in page.contacts]
    if as_json:
        output.document({"contacts": found, "next": str(page.next) if page.next else None})
        return
    rows = [[c["name"], ", ".join(c["addresses"]), c["company"] or ""] for c in found]
    output.table([_("name"), _("addresses"), _("company")], rows)
    if page.next:
        given = {"--limit": str(limit), "--as": as_name, "-w": workspace_name}
        words = [word for option, value in given.items() if value for word in (option, value)]
        command = shlex.join(["inlay", "contact", "list", *words, "--after", str(page.next)])
        output.say(_("More: {command}"), command=command)


@command.command()
@click.argument("contact")
@opening.as_option
@opening.workspace_option
@output.json_option
def show(contact: str, as_name: str | None, workspace_name: str | None, as_json: bool) -> None:
    """Show a contact with its timeline."""
    _show(contact, as_name, workspace_name, as_json=as_json)


@command.command()
@click.argument("contact")
@opening.as_option
@opening.workspace_option
@output.json_option
def why(contact: str, as_name: str | None, workspace_name: str | None, as_json: bool) -> None:
    """Say for every line of a contact's timeline why it stands there."""
    _show(contact, as_name, workspace_name, as_json=as_json)


def _show(name: str, as_name: str | None, workspace_name: str | None, *, as_json: bool) -> None:
    with opening.viewing(workspace_name, as_name) as (session, user):
        contact = contacts.get_named(session, user, name)
        viewer = visibility.viewer(session, user)
        page = timeline.page(session, viewer, contact.id, size=100)
        shape = _shape(session, user, contact)
        shape["activities"] = [shapes.activity(e, reasons.of_link(e.rule)) for e in page.entries]
    if as_json:
        output.document(shape)
        return
    output.line(f"{shape['name']}  {', '.join(shape['addresses'])}")
    output.line(f"{shape['lifecycle']}  {shape['company'] or ''}")
    rows = [[a["at"][:16], a["kind"], a["summary"], a["reason"]] for a in shape["activities"]]
    output.table([_("at"), _("kind"), _("summary"), _("reason")], rows)


def _shape(session: Session, user: User, contact: Contact) -> dict[str, Any]:
    owner = None
    if contact.owner_id is not None:
        owner = users.get(session, user.workspace_id, contact.owner_id).email
    return shapes.contact(contact, owner)
