"""`inlay mailbox pause`, `disconnect` and `resume`: stop reading a mailbox, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crm.base import clock
from crm.base.db import transaction
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import mailboxes, parting
from crm.mail.models import MailboxKind
from server import shapes
from server.cli import given, opening, output
from sync.connecting import parting as giving_back

if TYPE_CHECKING:
    from pathlib import Path

    from crm.mail.models import Mailbox


@click.command()
@click.argument("mailbox")
@opening.workspace_option
@output.json_option
def pause(mailbox: str, workspace_name: str | None, as_json: bool) -> None:
    """Stop reading a mailbox. Nothing is lost meanwhile."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, mailbox)
            mailboxes.pause(session, box, by=opening.operator(session, workspace.id))
            session.refresh(box)
        show(box, as_json=as_json)


@click.command()
@click.argument("mailbox")
@opening.workspace_option
@output.json_option
def disconnect(mailbox: str, workspace_name: str | None, as_json: bool) -> None:
    """Read a mailbox no more, and delete what let us in. The mail that is here stays."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, mailbox)
            alone = not parting.is_read_elsewhere(session, box)
        given_back = giving_back.part(box, house.settings, house.vault, alone=alone)
        with transaction(workspace.id) as session:
            box = mailboxes.get(session, workspace.id, box.id)
            parting.disconnect(session, box, by=opening.operator(session, workspace.id))
            session.refresh(box)
        show(box, as_json=as_json)
        if not given_back and not as_json:
            words = _("Google still has the consent. It can be taken back there: {url}")
            output.say(words, url=giving_back.AT_GOOGLE)


@click.command()
@click.argument("mailbox")
@click.option("--password-stdin", is_flag=True, help="Read a new password first, or a token.")
@given.key_option
@opening.workspace_option
@output.json_option
def resume(
    mailbox: str,
    password_stdin: bool,
    key_path: Path | None,
    workspace_name: str | None,
    as_json: bool,
) -> None:
    """Go on where we stopped, with a new password where the old one was refused or is deleted."""
    if password_stdin and key_path is not None:
        raise click.UsageError(_("Give --password-stdin or --service-account FILE, not both."))
    by_key = key_path is not None
    password = given.password() if password_stdin else None
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, mailbox)
            text = given.key(key_path) if key_path is not None else password
            mailboxes.resume(
                session,
                box,
                secret=house.vault.seal(text) if text is not None else None,
                place=_place(box, by_key=by_key),
                by=opening.operator(session, workspace.id),
                at=clock.now(),
            )
            session.refresh(box)
        show(box, as_json=as_json)


def show(box: Mailbox, *, as_json: bool) -> None:
    """Print how a mailbox is doing."""
    shape = shapes.mailbox(box, clock.now())
    if as_json:
        output.document(shape)
        return
    output.line(f"{shape['address']}  {shape['kind']}  {shape['state']}")
    if shape["last_error"]:
        output.line(f"{shape['trouble']}: {shape['last_error']}")


def _place(box: Mailbox, *, by_key: bool) -> dict[str, Any]:
    """Return what a new login says of a mailbox's place: of Gmail, which way it is got into."""
    if box.kind == MailboxKind.GMAIL:
        grant = "delegation" if by_key else "consent"
        return {"grant": grant, "scopes": None, "consent_ends": None}
    if by_key:
        raise InvalidError(_("Only a mailbox of Gmail has such a key. Nothing was changed."))
    return {}
