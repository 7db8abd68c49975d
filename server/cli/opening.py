"""Open the house for a command, and find the workspace that it is about."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from crm.base import ids, settings
from crm.base.db import transaction
from crm.base.i18n import gettext as _
from crm.workspace import users, workspaces
from crm.workspace.models import UserRole
from server import database
from server.cli.output import AmbiguousError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User, Workspace
    from server.database import House

workspace_option = click.option(
    "--workspace", "-w", "workspace_name", default=None, help="A workspace's name or id."
)

as_option = click.option(
    "--as", "as_name", default=None, help="See what this user sees: address or id."
)


@contextmanager
def house(*, watched: bool = False) -> Iterator[House]:
    """Open everything that the settings name, or that DATA_DIR holds.

    A command that stays has its embedded servers `watched`.
    """
    with database.opened(settings.read(), watched=watched) as opened:
        yield opened


def find_workspace(opened: House, name: str | None) -> Workspace:
    """Return the workspace that was named, or the only one there is."""
    with database.scheduler(opened.settings) as session:
        found = workspaces.everywhere(session)
    wanted = ids.parse(name) if name else None
    fits = [w for w in found if name is None or w.id == wanted or w.name == name]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(f"{w.name} ({w.id})" for w in found)
    if not found:
        raise AmbiguousError(_("There is no workspace yet."), "inlay workspace add NAME")
    if not fits:
        problem, hint = _("There is no workspace {name}."), _("There are: {names}")
        raise AmbiguousError(problem.format(name=name), hint.format(names=names))
    hint = _("--workspace one of: {names}").format(names=names)
    raise AmbiguousError(_("More than one workspace fits."), hint)


@contextmanager
def viewing(workspace_name: str | None, as_name: str | None) -> Iterator[tuple[Session, User]]:
    """Open a transaction for somebody who looks: the one named, or the first admin there is.

    Whoever may run this command has the keys of the house; what it shows still is what that
    user would see.
    """
    with house() as opened:
        workspace = find_workspace(opened, workspace_name)
        with transaction(workspace.id) as session:
            if as_name is not None:
                yield session, users.get_named(session, workspace.id, as_name)
                return
            yield session, operator(session, workspace.id)


def operator(session: Session, workspace_id: UUID) -> User:
    """Return as whom a command acts that is told no user: the first admin there is."""
    everyone = users.everyone(session, workspace_id)
    if not everyone:
        hint = "inlay user add EMAIL --role admin --password-stdin"
        raise AmbiguousError(_("The workspace has no user yet."), hint)
    return min(everyone, key=lambda u: (u.role != UserRole.ADMIN, u.created_at))
