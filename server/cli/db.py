"""`inlay db`: bring the database to the revision that this version needs."""

from __future__ import annotations

import click

from crm.base import settings
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.migrations import upgrading
from server import database
from server.cli import output


@click.group(name="db")
def command() -> None:
    """Look after the database."""


@command.command()
@output.json_option
def upgrade(as_json: bool) -> None:
    """Bring the database to the newest revision. Safe to run twice, or twice at once."""
    read = settings.read()
    if read.database_url and not read.database_owner_url:
        problem = _("DATABASE_OWNER_URL is not set: migrations run as the tables' owner.")
        raise InvalidError(problem)
    with database.served(read) as complete:
        before = upgrading.current(complete.database_owner_url)
        database.refuse_unknown(before)
        upgrading.upgrade(complete.database_owner_url)
        after = upgrading.current(complete.database_owner_url)
    if as_json:
        output.document({"before": before, "after": after})
    else:
        output.say(_("The database is at revision {revision}."), revision=after)
