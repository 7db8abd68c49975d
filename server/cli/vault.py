"""`inlay vault`: put the passwords of mailboxes under a new key."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from crm.base import showing
from crm.base.db import transaction
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.base.vault import make_key
from crm.mail import sealing
from crm.workspace import workspaces
from server import database
from server.cli import opening, output

if TYPE_CHECKING:
    from crm.mail.sealing import Sealed
    from crm.workspace.models import Workspace


@dataclass(frozen=True, slots=True)
class _Done:
    workspace: Workspace
    sealed: Sealed


@click.group(name="vault")
def command() -> None:
    """Look after the keys of the mailboxes' passwords."""


@command.command()
def key() -> None:
    """Make a key for VAULT_KEYS, and print it. Opens nothing."""
    output.line(make_key())


@command.command()
@output.json_option
def rotate(as_json: bool) -> None:
    """Encrypt every stored password with the first of VAULT_KEYS. Safe to run twice.

    Everything that runs has to know the new key before. Ends with 1 where a password is left that
    no key opens.
    """
    done = []
    with opening.house() as house:
        with database.scheduler(house.settings) as session:
            every = workspaces.everywhere(session)
        for workspace in every:
            with transaction(workspace.id) as session:
                sealed = sealing.renew(session, workspace.id, house.vault)
            done.append(_Done(workspace, sealed))
            if not as_json:
                _tell(done[-1])
        others = len(house.settings.vault_keys) - 1
    whole = not any(one.sealed.key_missing for one in done)
    if as_json:
        output.document(
            {"workspaces": [_shape(one) for one in done], "only_first_key_needed": whole}
        )
    else:
        _tell_end(others, whole=whole)
    sys.exit(0 if whole else 1)


def _tell(done: _Done) -> None:
    n = done.sealed.renewed
    said = ngettext("{name}: {n} password renewed", "{name}: {n} passwords renewed", n)
    output.say(said, name=done.workspace.name, n=showing.number(n))
    for address in done.sealed.key_missing:
        said = _("  {address}: no key opens its password. It needs a login, or the key it had.")
        output.say(said, address=address)


def _tell_end(others: int, *, whole: bool) -> None:
    if not whole:
        output.line(_("Keep every key: some passwords were not renewed."))
    elif others:
        output.line(
            _(
                "Every password is under the first key. Once all that runs was started with it,"
                " take the other keys out of VAULT_KEYS. Backups from before need them still."
            )
        )
    else:
        output.line(_("Every password is under the one key that there is."))


def _shape(done: _Done) -> dict[str, object]:
    return {
        "id": str(done.workspace.id),
        "name": done.workspace.name,
        "passwords": done.sealed.count,
        "renewed": done.sealed.renewed,
        "locked": list(done.sealed.key_missing),
    }
