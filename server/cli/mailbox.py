"""`inlay mailbox`: connect, list, pause, and the ledger of what it holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.base import clock
from crm.base.db import transaction
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import copies, importing, mailboxes
from crm.mail.importing import Over
from crm.mail.models import Mailbox, MailboxKind
from crm.workspace import users
from server import shapes
from server.cli import domain, given, opening, output, preview, stopping
from sync import running
from sync.connecting import lasting, previewing, submitting

if TYPE_CHECKING:
    from server.database import House


#: Where a port alone was said: one of STARTTLS (RFC 6409, section 3.1), any other of TLS.
_STARTTLS_PORT = 587


@click.group(name="mailbox")
def command() -> None:
    """Connect mailboxes, see how they are doing, and what they hold."""


@command.group(name="add")
def add() -> None:
    """Connect a mailbox."""


add.add_command(domain.command)
for stop in (stopping.pause, stopping.resume, stopping.disconnect):
    command.add_command(stop)


def _common(function: Any) -> Any:
    for option in (
        opening.workspace_option,
        click.option("--user", "user_name", required=True, help="Whose it is: address or id."),
        click.option("--address", required=True, help="The mailbox's own address."),
        click.option("--purpose", type=click.Choice(["personal", "support"]), default="personal"),
        click.option("--preview", "only_preview", is_flag=True, help="Scan headers, keep nothing."),
        output.json_option,
    ):
        function = option(function)
    return function


@add.command()
@_common
@click.option("--host", required=True, callback=given.printable)
@click.option("--port", type=click.IntRange(1, 65535), required=True)
@click.option("--security", type=click.Choice(["tls", "starttls", "none"]), default="tls")
@click.option("--login", required=True, callback=given.printable)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--exclude", multiple=True, help="A folder that is not to be read.")
@click.option(
    "--smtp-host", callback=given.printable_or_none, help="Where it sends, if not as proposed."
)
@click.option("--smtp-port", type=click.IntRange(1, 65535), default=None)
@click.option("--smtp-security", type=click.Choice(["tls", "starttls", "none"]), default=None)
def imap(
    host: str,
    port: int,
    security: str,
    login: str,
    password_stdin: bool,
    exclude: tuple[str, ...],
    smtp_host: str | None,
    smtp_port: int | None,
    smtp_security: str | None,
    **common: Any,
) -> None:
    """Connect an IMAP mailbox. Its password is kept encrypted."""
    if not password_stdin:
        raise click.UsageError(_("The password comes by --password-stdin, never as an argument."))
    password = given.password()
    place: dict[str, Any] = {"host": host, "port": port, "security": security, "login": login}
    smtp = _submission(smtp_host, smtp_port, smtp_security)
    if smtp:
        place["smtp"] = smtp
    _connect(MailboxKind.IMAP, place, password, exclude, **common)


@add.command()
@_common
@click.option("--refresh-token-stdin", is_flag=True, help="Read a consent's refresh token.")
@given.key_option
@domain.over_option
def gmail(refresh_token_stdin: bool, key_path: Path | None, over: str, **common: Any) -> None:
    """Connect a mailbox of Gmail. What gets in is kept encrypted."""
    if refresh_token_stdin == (key_path is not None):
        problem = _("Give --refresh-token-stdin or --service-account FILE, one of the two.")
        raise click.UsageError(problem)
    if key_path is not None:
        grant, secret = "delegation", given.key(key_path)
    else:
        grant, secret = "consent", given.password()
    place = {"grant": grant, **importing.choice(Over(over))}
    _connect(MailboxKind.GMAIL, place, secret, (), **common)


@add.command()
@_common
@click.option("--path", required=True, type=click.Path(exists=True, path_type=Path))
def files(path: Path, **common: Any) -> None:
    """Take in an mbox, a Maildir or a folder of .eml files through the same road."""
    _connect(MailboxKind.FILES, {"path": str(path.absolute())}, None, (), **common)


def _submission(host: str | None, port: int | None, security: str | None) -> dict[str, Any]:
    """Return where a mailbox sends, as far as it was said; nothing where it was not."""
    if host is None:
        if port is not None or security is not None:
            raise click.UsageError(_("--smtp-port and --smtp-security go with --smtp-host."))
        return {}
    if security is None:
        security = "starttls" if port == _STARTTLS_PORT else "tls"
    return {"host": host, "port": port or submitting.PORTS[security], "security": security}


def _connect(
    kind: MailboxKind,
    place: dict[str, Any],
    password: str | None,
    exclude: tuple[str, ...],
    *,
    workspace_name: str | None,
    user_name: str,
    address: str,
    purpose: str,
    only_preview: bool,
    as_json: bool,
) -> None:
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        secret = house.vault.seal(password) if password is not None else None
        with transaction(workspace.id) as session:
            user = users.get_named(session, workspace.id, user_name)
            make = mailboxes.propose if only_preview else mailboxes.connect
            box = make(
                session,
                user,
                address,
                kind=kind,
                place=place,
                secret=secret,
                purpose=purpose,
                by=user,
                at=clock.now(),
            )
            box.excluded = list(exclude)
            circle = previewing.our_side(session, box) if only_preview else None
        if circle is not None:  # The server is asked outside of the transaction.
            found = previewing.scan(box, circle, house.settings, house.vault)
            lasts = lasting.of(found, house.settings) if kind is MailboxKind.GMAIL else None
            absent = preview.absent(found, exclude)
            preview.show(found, absent, lasts=lasts, as_json=as_json)
        else:
            stopping.show(box, as_json=as_json)


@command.command(name="list")
@opening.workspace_option
@output.json_option
def list_(workspace_name: str | None, as_json: bool) -> None:
    """List the workspace's mailboxes."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            found = [
                shapes.mailbox(b, clock.now()) for b in mailboxes.everyone(session, workspace.id)
            ]
    if as_json:
        output.document({"mailboxes": found})
        return
    rows = [[b["address"], b["kind"], b["state"], b["trouble"], b["last_error"]] for b in found]
    output.table([_("address"), _("kind"), _("state"), _("trouble"), _("last error")], rows)


@command.command()
@click.argument("mailbox")
@opening.workspace_option
@output.json_option
def show(mailbox: str, workspace_name: str | None, as_json: bool) -> None:
    """Show how a mailbox is doing."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, mailbox)
        stopping.show(box, as_json=as_json)


@command.command()
@click.argument("mailbox")
@click.option("--offline", is_flag=True, help="What the last comparison saw.")
@opening.workspace_option
@output.json_option
def ledger(mailbox: str, offline: bool, workspace_name: str | None, as_json: bool) -> None:
    """Account for every message of the server. Ends with 1 when it does not balance."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            box = mailboxes.get_named(session, workspace.id, mailbox)
        if not offline:
            _ask_server(house, box)
        with transaction(workspace.id) as session:
            shape = shapes.ledger(box, copies.ledger(session, box))
    if as_json:
        output.document(shape)
    else:
        _show_ledger(shape)
    sys.exit(0 if shape["balanced"] else 1)


def _ask_server(house: House, box: Mailbox) -> None:
    trouble = running.compare_all(box, house.settings, house.vault)
    if trouble:
        problem = _(
            "The server could not be asked: {trouble} Nothing was changed."
            " What the last comparison saw: --offline"
        )
        raise InvalidError(problem.format(trouble=trouble))


def _show_ledger(shape: dict[str, Any]) -> None:
    rows = []
    for f in shape["folders"]:
        skipped = ", ".join(f"{rule} {n:,}" for rule, n in sorted(f["skipped"].items()))
        missing = _("{pending} missing, {stray} stray").format(**f)
        words = f.get("trouble") or (_("adds up") if f["balanced"] else missing)
        counts = [f"{f[key]:,}" for key in ("server", "stored", "failed", "gone")]
        rows.append([f["name"], *counts, skipped, words])
    output.table(
        [_("folder"), _("server"), _("stored"), _("failed"), _("gone"), _("skipped"), ""], rows
    )
    output.line(_("It balances.") if shape["balanced"] else _("It does not balance."))
