"""The `inlay` command itself: its groups, its language, and how it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from sqlalchemy.exc import DBAPIError

from crm.base import faults
from crm.base.errors import ConflictError, CRMError, ForbiddenError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.vault import KeyMissingError
from server.cli import output
from server.database import UnsafeDatabaseError, is_forbidden, words_of
from server.embedded import EmbeddedError
from sync.errors import AuthorizationRevokedError, MailboxKeyMissingError, SyncError
from sync.patience import is_its_own

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The modules that add commands, in the order of `inlay --help`. Imported when they are needed.
NOUNS = {
    "up": "server.cli.up",
    "demo": "server.cli.demo",
    "db": "server.cli.db",
    "doctor": "server.cli.doctor",
    "workspace": "server.cli.workspace",
    "user": "server.cli.user",
    "mailbox": "server.cli.mailbox",
    "sync": "server.cli.sync",
    "quarantine": "server.cli.quarantine",
    "contact": "server.cli.contact",
    "message": "server.cli.message",
    "send": "server.cli.send",
    "card": "server.cli.card",
    "read": "server.cli.read",
    "addon": "server.cli.addon",
    "vault": "server.cli.vault",
}

#: What a machine is told of a refusal; the first that fits. A class may be named anew, these not.
KINDS: tuple[tuple[type[Exception], str], ...] = (
    (NotFoundError, "not_found"),
    (ForbiddenError, "forbidden"),
    (ConflictError, "conflict"),
    (InvalidError, "invalid"),
    (UnsafeDatabaseError, "database"),
    (KeyMissingError, "keys"),
    (MailboxKeyMissingError, "keys"),
    (AuthorizationRevokedError, "login"),
    (SyncError, "mailbox"),
    (EmbeddedError, "servers"),
)


class _Inlay(click.Group):
    """Finds a command in the module of its noun, so that `--help` opens nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's
        return list(NOUNS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - Click's
        cmd_name: str,
    ) -> click.Command | None:
        from importlib import import_module

        if cmd_name not in NOUNS:
            return None
        found: Any = import_module(NOUNS[cmd_name])
        command: click.Command = found.command
        return command


@click.group(cls=_Inlay, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="inlay", prog_name="inlay")
def inlay() -> None:
    """Inlay: the CRM that lives next to each email."""


def load(words: Sequence[str]) -> None:
    """Import the module of the command that words name, if they name one."""
    from importlib import import_module

    noun = next((word for word in words if not word.startswith("-")), "")
    if noun in NOUNS:
        import_module(NOUNS[noun])


def main() -> None:
    """Run the command. Errors are told in words, or in JSON where that was asked for."""
    try:
        _open_closed_streams()
        inlay.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.UsageError as error:
        output.fail("usage", error.format_message(), _usage_hint(error), code=2)
    except output.AmbiguousError as error:
        output.fail("usage", str(error), error.hint, code=2)
    except (CRMError, SyncError, EmbeddedError) as error:
        output.fail(_kind(error), str(error), getattr(error, "hint", ""), code=1)
    except DBAPIError as error:
        if is_forbidden(error):
            _forbidden(error)
        if not is_its_own(error):
            _fault(error)
        problem = _(
            "The database does not serve us: {words}. What was stored before is kept. Run the"
            " command again once it does."
        )
        output.fail("database", problem.format(words=words_of(error)), "inlay doctor", code=1)
    except OSError as error:
        _refused(error)
    except Exception as error:  # noqa: BLE001 - The outermost edge: a fault is told.
        _fault(error)


def _open_closed_streams() -> None:
    """Stand in for what the shell has closed: nothing is read there, and nothing kept."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115 - Until the end.


def _refused(error: OSError) -> NoReturn:
    """Tell what the machine refuses: a full disk or a closed door is no fault of ours."""
    output.forget(sys.stdout)
    what = error.strerror or str(error)
    words = f"{os.fsdecode(error.filename)}: {what}" if error.filename else what
    output.fail("system", _("The system refuses: {words}.").format(words=words), "", code=1)


def _forbidden(error: DBAPIError) -> NoReturn:
    """Tell what a role may not do: it was set up otherwise than its setting says."""
    problem = _(
        "The database does not allow it: {words}. Are the roles in DATABASE_URL,"
        " DATABASE_OWNER_URL and DATABASE_SCHEDULER_URL in the right places?"
    )
    output.fail("database", problem.format(words=words_of(error)), "inlay doctor", code=1)


def _fault(error: Exception) -> NoReturn:
    """Tell a fault of ours: whole to a person, and to a machine's journal the place alone."""
    if not output.to_a_machine():
        raise error
    words = _("This is a fault of ours: {place}.").format(place=faults.place(error))
    output.fail("fault", words, _("Without --json all of it is printed."), code=1)


def _usage_hint(error: click.UsageError) -> str:
    if error.ctx is None:
        return ""
    return f"{error.ctx.command_path} --help"


def _kind(error: Exception) -> str:
    return next((word for kind, word in KINDS if isinstance(error, kind)), "refused")
