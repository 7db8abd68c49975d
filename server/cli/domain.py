"""`inlay mailbox add domain`: many mailboxes of a Google Workspace domain at once, from a list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.base import clock
from crm.base.db import transaction
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail.importing import Over
from server.cli import given, opening, output
from sync.connecting import domain
from sync.connecting.domain import What

if TYPE_CHECKING:
    from uuid import UUID

    from server.database import House
    from sync.connecting.domain import Found, Key

#: Which way a first import of Gmail goes.
over_option = click.option(
    "--import-over",
    "over",
    type=click.Choice([over.value for over in Over]),
    default=Over.API.value,
    help="IMAP is faster at first, and needs leave for all of a mailbox.",
)


@click.command(name="domain")
@opening.workspace_option
@click.option(
    "--service-account",
    "key_path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key of a service account that the domain's admin lets in.",
)
@click.option(
    "--list",
    "listed",
    required=True,
    type=click.File(encoding="utf-8"),
    help="A file with an address in each line, or - for standard input.",
)
@over_option
@click.option("--preview", "only_preview", is_flag=True, help="Ask for each, and keep nothing.")
@output.json_option
def command(
    key_path: Path,
    listed: Any,
    over: str,
    workspace_name: str | None,
    *,
    only_preview: bool,
    as_json: bool,
) -> None:
    """Connect the mailboxes of a list, each for the user with its address."""
    with opening.house() as house:
        key = domain.read_key(given.key(key_path), house.settings)
        wanted = domain.listed(listed)
        if not wanted:
            raise InvalidError(_("The list names no address. Nothing was stored."))
        workspace = opening.find_workspace(house, workspace_name)
        found = []
        for address in wanted:
            one = _bring(house, workspace.id, address, key, Over(over), keep=not only_preview)
            found.append(one)
            if not as_json:
                output.line(f"{one.address}: {one.said}")
    well = sum(one.what in domain.WELL for one in found)
    if as_json:
        output.document({"mailboxes": [_as_json(one) for one in found]})
    else:
        output.say(_("{well} of {all} are as they should be."), well=well, all=len(found))
    sys.exit(0 if well == len(found) else 1)


def _bring(
    house: House, workspace_id: UUID, address: str, key: Key, over: Over, *, keep: bool
) -> Found:
    """Ask for one mailbox, and connect it. No transaction is open while Google is asked."""
    with transaction(workspace_id) as session:
        found = domain.known(session, workspace_id, address)
    if found.what is What.UNASKED:
        found = domain.ask(house.settings, found, key, over)
    if found.what is not What.READY or not keep:
        return found
    with transaction(workspace_id) as session:
        return domain.connect(
            session,
            found,
            key,
            over,
            vault=house.vault,
            workspace_id=workspace_id,
            at=clock.now(),
        )


def _as_json(found: Found) -> dict[str, Any]:
    asked = found.what in (What.READY, What.CONNECTED)
    return {
        "address": found.address,
        "outcome": found.what.value,
        "messages": found.messages if asked else None,
        "said": found.said,
    }
