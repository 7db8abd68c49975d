"""What a command is given besides a choice: a password, and words that go to a server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crm.base import settings
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _

key_option = click.option(
    "--service-account",
    "key_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key of a service account that the domain's admin lets in.",
)


def password() -> str:
    """Return the first line of standard input. Raises InvalidError where nothing stands in it."""
    try:
        found = sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InvalidError(_("The password on standard input is not in UTF-8.")) from error
    if not found:
        problem = _("There is no password on standard input. It is read from the first line.")
        raise InvalidError(problem)
    return found


def key(path: Path) -> str:
    """Return the key of a service account out of its file. Raises InvalidError where it is none."""
    from sync.connecting import domain  # Google's libraries take a quarter of a second.

    text = path.read_bytes().decode("utf-8", "replace")  # It may be a P12 file, or the wrong one.
    return domain.read_key(text, settings.read()).text


def printable(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Take an option's value for a server: something, and no control character in it."""
    if not value.strip():
        raise click.BadParameter(_("It is empty."))
    if not value.isprintable():
        raise click.BadParameter(_("It holds a control character."))
    return value


def printable_or_none(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """Take an option's value for a server, where it was given."""
    return None if value is None else printable(ctx, parameter, value)
