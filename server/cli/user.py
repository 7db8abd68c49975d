"""`inlay user`: add a colleague who may sign in, give them a password, list them."""

from __future__ import annotations

import click

from crm.base import clock, i18n
from crm.base.db import transaction
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import password_links, sign_ins, users
from crm.workspace.models import User, UserRole
from server.cli import given, opening, output


@click.group(name="user")
def command() -> None:
    """Add users, give them passwords, or list them."""


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


@command.command()
@click.argument("user")
@opening.workspace_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@output.json_option
def password(user: str, workspace_name: str | None, password_stdin: bool, as_json: bool) -> None:
    """Set a user's password. Wherever they were signed in they are out, and their link is over."""
    if not password_stdin:
        raise click.UsageError(_("The password comes by --password-stdin, never as an argument."))
    new = given.password()
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            known = users.get_named(session, workspace.id, user)
            if not known.active:
                problem = _("{name} is deactivated. Nothing was changed.")
                raise InvalidError(problem.format(name=known.name))
            users.set_password(known, new)
            password_links.end(session, known)
            sign_ins.end_all(session, known)
        _show(known, as_json=as_json)


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


def _shape(user: User) -> dict[str, str]:
    return {"id": str(user.id), "email": user.email, "name": user.name, "role": user.role}


def _show(user: User, *, as_json: bool) -> None:
    if as_json:
        output.document(_shape(user))
    else:
        output.line(f"{user.name} <{user.email}>, {user.role}")
