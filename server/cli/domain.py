"""`inlay mailbox add domain`: many mailboxes of a Google Workspace domain at once, from a list.

Each is asked for with the service account before it is connected, so that one that the admin has
not let in, or that has no Gmail, holds up no other. The list may be the Admin console's own.
"""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crm.base import addresses, clock
from crm.base.db import transaction
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import importing, mailboxes
from crm.mail.importing import Over
from crm.mail.models import MailboxKind
from crm.workspace import users
from server.cli import opening, output
from sync import granting
from sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from server.database import House

#: What came of an address that needs nothing more.
_WELL: Final = frozenset({"connected", "ready", "there"})
_SEPARATORS: Final = re.compile(r"[\s,;\"<>]+")


#: Which way a first import of Gmail goes.
over_option = click.option(
    "--import-over",
    "over",
    type=click.Choice([over.value for over in Over]),
    default=Over.API.value,
    help="IMAP is faster at first, and needs leave for all of a mailbox.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one address: a word for programs, and a sentence for a person."""

    address: str
    outcome: str
    messages: int | None
    said: str


@click.command(name="domain")
@opening.workspace_option
@click.option(
    "--service-account",
    "key_path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The key of a service account that the domain's admin lets in.",
)
@click.option(
    "--list",
    "listed",
    required=True,
    type=click.File(encoding="utf-8"),
    help="A file with an address in each line, or - for standard input.",
)
@over_option
@click.option("--preview", "only_preview", is_flag=True, help="Ask for each, and keep nothing.")
@output.json_option
def command(
    key_path: Path,
    listed: Any,
    over: str,
    workspace_name: str | None,
    *,
    only_preview: bool,
    as_json: bool,
) -> None:
    """Connect the mailboxes of a list, each for the user with its address."""
    key = key_path.read_text("utf-8")
    wanted = list(dict.fromkeys(_addresses(listed)))
    if not wanted:
        raise InvalidError(_("The list names no address. Nothing was stored."))
    place = {"grant": "delegation", **importing.choice(Over(over))}
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        found = []
        for address in wanted:
            found.append(_bring(house, workspace.id, address, place, key, keep=not only_preview))
            if not as_json:
                output.line(f"{found[-1].address}: {found[-1].said}")
    if as_json:
        output.document({"mailboxes": [asdict(one) for one in found]})
    else:
        well = sum(one.outcome in _WELL for one in found)
        output.say(_("{well} of {all} are as they should be."), well=well, all=len(found))
    sys.exit(0 if all(one.outcome in _WELL for one in found) else 1)


def _addresses(lines: Any) -> Iterator[str]:
    """Yield the first address of each line: what stands beside it, and heads, are left out."""
    for line in lines:
        words = (addresses.parse(word) for word in _SEPARATORS.split(line) if "@" in word)
        first = next((word for word in words if word is not None), None)
        if first is not None:
            yield first.email


def _bring(
    house: House, workspace_id: UUID, address: str, place: dict[str, Any], key: str, *, keep: bool
) -> Outcome:
    """Ask for one mailbox, and connect it. No transaction is open while Google is asked."""
    with transaction(workspace_id) as session:
        if mailboxes.find_by_address(session, workspace_id, address) is not None:
            return Outcome(address, "there", None, _("It is connected already."))
        try:
            users.get_named(session, workspace_id, address)
        except NotFoundError:
            said = _("Nobody here has this address. Invite them, or add them by inlay user add.")
            return Outcome(address, "no_user", None, said)
    try:
        count = granting.count(house.settings, address, place, key)
    except SyncError as error:
        return Outcome(address, "refused", None, str(error))
    if not keep:
        said = _("{count} messages. It would be connected.").format(count=f"{count:,}")
        return Outcome(address, "ready", count, said)
    with transaction(workspace_id) as session:
        user = users.get_named(session, workspace_id, address)
        mailboxes.connect(
            session,
            user,
            address,
            kind=MailboxKind.GMAIL,
            place=place,
            secret=house.vault.seal(key),
            by=user,
            at=clock.now(),
        )
    said = _("{count} messages. It is connected.").format(count=f"{count:,}")
    return Outcome(address, "connected", count, said)
