"""`inlay workspace`: found a workspace, list them."""

from __future__ import annotations

import click

from crm.base import clock
from crm.base.db import transaction
from crm.base.i18n import gettext as _
from crm.sales import pipelines
from crm.workspace import workspaces
from server import database
from server.cli import opening, output


@click.group(name="workspace")
def command() -> None:
    """Found a workspace, or list them."""


@command.command()
@click.argument("name")
@click.option("--sandbox", is_flag=True, help="Let no mail ever leave it, as in the demo.")
@output.json_option
def add(name: str, sandbox: bool, as_json: bool) -> None:
    """Found a workspace with one sales pipeline."""
    with opening.house() as house:
        with database.scheduler(house.settings) as every, transaction() as session:
            workspaces.refuse_taken(every, name)
            workspace = workspaces.found(session, name, at=clock.now(), sandbox=sandbox)
            pipelines.add_first(session, workspace.id)
        shape = {"id": str(workspace.id), "name": workspace.name}
    if as_json:
        output.document(shape)
    else:
        output.line(f"{shape['name']}  {shape['id']}")


@command.command(name="list")
@output.json_option
def list_(as_json: bool) -> None:
    """List the workspaces."""
    with opening.house() as house, database.scheduler(house.settings) as session:
        found = [{"id": str(w.id), "name": w.name} for w in workspaces.everywhere(session)]
    if as_json:
        output.document({"workspaces": found})
    else:
        output.table([_("name"), _("id")], [[w["name"], w["id"]] for w in found])
