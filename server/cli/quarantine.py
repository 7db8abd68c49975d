"""`inlay quarantine`: letters that could not be read; look at them, try them again."""

from __future__ import annotations

import sys
from base64 import b64encode
from typing import Any

import click

from crm.base import ids
from crm.base.db import transaction
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import copies, folders, mailboxes
from server import shapes
from server.cli import opening, output
from sync import quarantine


@click.group(name="quarantine")
def command() -> None:
    """See letters that could not be read, and try them again."""


@command.command(name="list")
@click.option("--mailbox", "name", default=None, help="Only of this one: address or id.")
@opening.workspace_option
@output.json_option
def list_(name: str | None, workspace_name: str | None, as_json: bool) -> None:
    """List letters that could not be read. They are kept whole."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, name) if name else None
            found = [
                _shape(session, copy)
                for copy in copies.failed(session, workspace.id, box.id if box else None, most=500)
            ]
    if as_json:
        output.document({"messages": found})
        return
    if not found:
        output.line(_("Every letter could be read."))
        return
    rows = [[m["id"], m["mailbox"], m["folder"], m["error"], str(m["size"])] for m in found]
    output.table([_("id"), _("mailbox"), _("folder"), _("error"), _("size")], rows)


@command.command()
@click.argument("letter")
@opening.workspace_option
@output.json_option
def show(letter: str, workspace_name: str | None, as_json: bool) -> None:
    """Print the bytes of a letter as they came; on a terminal none that commands it."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            raw = quarantine.raw(session, _find(session, workspace.id, letter))
    if as_json:
        output.document({"id": letter, "size": len(raw), "base64": b64encode(raw).decode()})
    elif sys.stdout.isatty():
        output.text(raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    else:
        output.raw(raw)


@command.command()
@opening.workspace_option
@output.json_option
def retry(workspace_name: str | None, as_json: bool) -> None:
    """Read every letter in quarantine again, as after an upgrade."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        read, left = quarantine.retry(workspace.id)
    if as_json:
        output.document({"read": read, "left": left})
    else:
        words = _("{read} could be read now and are filed; {left} are kept as they are.")
        output.say(words, read=read, left=left)


def _shape(session: Any, copy: Any) -> dict[str, Any]:
    folder = folders.get(session, copy.workspace_id, copy.folder_id)
    box = mailboxes.get(session, copy.workspace_id, copy.mailbox_id)
    return shapes.quarantined(copy, box.address, folder.name)


def _find(session: Any, workspace_id: Any, name: str) -> Any:
    folder, _colon, rest = name.partition(":")
    validity, _colon, uid = rest.partition(":")
    folder_id = ids.parse(folder)
    for copy in copies.failed(session, workspace_id):
        if (copy.folder_id, str(copy.uidvalidity), str(copy.uid)) == (folder_id, validity, uid):
            return copy
    raise NotFoundError(_("There is no letter {name} in quarantine.").format(name=name))
