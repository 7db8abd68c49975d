"""`inlay message`: show a message, and say why it is linked, or why not."""

from __future__ import annotations

from typing import Any

import click

from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from crm.mail import messages, visibility
from crm.work import links, reasons
from server import shapes
from server.cli import opening, output


@click.group(name="message")
def command() -> None:
    """See a message, and why it is where it is."""


@command.command()
@click.argument("message")
@opening.as_option
@opening.workspace_option
@output.json_option
def show(message: str, as_name: str | None, workspace_name: str | None, as_json: bool) -> None:
    """Show a message: where its copies are, and on which records it stands."""
    _show(message, as_name, workspace_name, as_json=as_json)


@command.command()
@click.argument("message")
@opening.as_option
@opening.workspace_option
@output.json_option
def why(message: str, as_name: str | None, workspace_name: str | None, as_json: bool) -> None:
    """Say why a message is linked, or not logged."""
    _show(message, as_name, workspace_name, as_json=as_json)


def _show(name: str, as_name: str | None, workspace_name: str | None, *, as_json: bool) -> None:
    with opening.viewing(workspace_name, as_name) as (session, user):
        viewer = visibility.viewer(session, user)
        found = messages.named(session, viewer, name)
        if len(found) > 1:
            which = ", ".join(str(seen.message.id) for seen in found)
            problem = _("{count} messages bear this Message-ID. By id: {which}")
            raise ConflictError(problem.format(count=len(found), which=which))
        seen = found[0]
        copies = messages.copies(session, viewer, seen.message.id)
        shape = shapes.message(seen, copies, links.of_message(session, viewer, seen.message.id))
        m = seen.message
        unfiled = reasons.of_unfiled(m.unfiled, m.kind_reason, seen.kind) if m.unfiled else ""
    if as_json:
        output.document(shape)
    else:
        _print(shape, unfiled)


def _print(shape: dict[str, Any], unfiled: str) -> None:
    sender = shape["from"]
    output.line(shape["subject"])
    output.line(f"{sender['name']} <{sender['address']}>  {shape['direction']}  {shape['kind']}")
    for copy in shape["copies"]:
        output.say(_("  in {mailbox} {folder}"), **copy)
    for link in shape["links"]:
        output.say(_("  on {record} {name}: {reason}"), **link)
    if unfiled:
        output.line(f"  {unfiled}")
