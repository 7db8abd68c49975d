"""`inlay user`: add a colleague who may sign in, list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crm.base import addresses, clock, i18n
from crm.base.db import transaction
from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from crm.workspace import users
from crm.workspace.models import User, UserRole
from server.cli import given, opening, output

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.db import Session


@click.group(name="user")
def command() -> None:
    """Add users, or list them."""


@command.command()
@click.argument("email")
@opening.workspace_option
@click.option("--role", type=click.Choice([r.value for r in UserRole]), default="rep")
@click.option("--name", default="", help="As colleagues see it.")
@click.option("--language", type=click.Choice(i18n.offered()), default="en")
@click.option("--time-zone", default="UTC", help="As Europe/Prague.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@output.json_option
def add(
    email: str,
    workspace_name: str | None,
    role: str,
    name: str,
    language: str,
    time_zone: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a user. Without a password they cannot sign in yet."""
    password = given.password() if password_stdin else None
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            _refuse_known(session, workspace.id, email)
            user = users.add(
                session,
                workspace.id,
                email,
                role=UserRole(role),
                password=password,
                name=name,
                language=language,
                time_zone=time_zone,
                at=clock.now(),
            )
        _show(user, as_json=as_json)


@command.command(name="list")
@opening.workspace_option
@output.json_option
def list_(workspace_name: str | None, as_json: bool) -> None:
    """List the users who may sign in."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            found = users.everyone(session, workspace.id)
    if as_json:
        output.document({"users": [_shape(user) for user in found]})
    else:
        output.table(
            [_("name"), _("address"), _("role")], [[u.name, u.email, u.role] for u in found]
        )


def _refuse_known(session: Session, workspace_id: UUID, email: str) -> None:
    """Refuse somebody who is there and has no password, with the way to one."""
    address = addresses.parse(email)
    known = users.find_by_email(session, workspace_id, address.email) if address else None
    if known is not None and known.password is None:
        problem = _(
            "{email} is a user already, and has no password yet. Nothing was changed. An admin who"
            " signs in makes a link for them under People; where none can, add one by another"
            " address: inlay user add EMAIL --role admin --password-stdin"
        )
        raise ConflictError(problem.format(email=known.email))


def _shape(user: User) -> dict[str, str]:
    return {"id": str(user.id), "email": user.email, "name": user.name, "role": user.role}


def _show(user: User, *, as_json: bool) -> None:
    if as_json:
        output.document(_shape(user))
    else:
        output.line(f"{user.name} <{user.email}>, {user.role}")
