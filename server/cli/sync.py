"""`inlay sync`: take in everything that is new, now, and return when done."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from crm.base.db import transaction
from crm.base.errors import ConflictError
from crm.base.i18n import gettext as _
from crm.mail import mailboxes
from server import crew
from server.cli import opening, output
from sync.running import Brought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.mail.models import Mailbox
    from server.database import House


@click.command(name="sync")
@click.option("--mailbox", "name", default=None, help="Only this one: address or id.")
@click.option("--workers", type=click.IntRange(1, 32), default=1, help="Processes a mailbox.")
@opening.workspace_option
@output.json_option
def command(name: str | None, workers: int, workspace_name: str | None, as_json: bool) -> None:
    """Take in everything that is new. Ends with 1 when a mailbox could not be read."""
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        with transaction(workspace.id) as session:
            if name is not None:
                boxes = [_readable(mailboxes.get_named(session, workspace.id, name))]
            else:
                boxes = mailboxes.everyone(session, workspace.id)
        found = [
            _not_read(box)
            if box.state in mailboxes.BY_HAND
            else _bring(house, box, workers, quiet=as_json)
            for box in boxes
        ]
    if as_json:
        output.document({"mailboxes": found})
    else:
        _tell_the_rest(boxes)
    sys.exit(1 if any(f["trouble"] for f in found) else 0)


def _readable(box: Mailbox) -> Mailbox:
    """Return a mailbox that was asked for by its name, unless somebody has stopped it."""
    if box.state in mailboxes.BY_HAND:
        problem = _(
            "{address} is {state}. Nothing was read. Go on with: inlay mailbox resume {address}"
        )
        raise ConflictError(problem.format(address=box.address, state=box.state))
    return box


def _tell_the_rest(boxes: Sequence[Mailbox]) -> None:
    """Say which mailboxes were not read, or that there is none."""
    for box in boxes:
        if box.state in mailboxes.BY_HAND:
            words = _("{address} is {state} and was not read.")
            output.say(words, address=box.address, state=box.state)
    if not boxes:
        output.say(
            _("There is no mailbox to read. Connect one: {command}"),
            command="inlay mailbox add --help",
        )


def _bring(house: House, box: Mailbox, workers: int, *, quiet: bool) -> dict[str, Any]:
    began = time.monotonic()
    bar = _Bar(box.address, shown=not quiet and sys.stderr.isatty())
    brought = crew.bring_up_to_date(house, box, workers, progress=bar.show)
    bar.clear()
    seconds = round(time.monotonic() - began, 3)
    if not quiet:
        output.say(
            _("{address}: {stored} stored, {skipped} skipped, {failed} not readable, {seconds} s"),
            address=box.address,
            stored=f"{brought.stored:,}",
            skipped=f"{brought.skipped:,}",
            failed=f"{brought.failed:,}",
            seconds=f"{seconds:.1f}",
        )
        for words in brought.aside:
            output.say(_("Help ended early: {words}"), words=words)
        if brought.trouble:
            output.line(f"{brought.trouble}: {brought.words}")
    return _shape(box, brought, seconds)


def _not_read(box: Mailbox) -> dict[str, Any]:
    """Shape a mailbox that somebody has stopped: it was not read, and that is no trouble."""
    return _shape(box, Brought(), 0.0) | {"paused": True}


def _shape(box: Mailbox, brought: Brought, seconds: float) -> dict[str, Any]:
    return {
        "address": box.address,
        "stored": brought.stored,
        "skipped": brought.skipped,
        "failed": brought.failed,
        "seconds": seconds,
        "trouble": brought.trouble,
        "last_error": brought.words,
        "paused": False,
    }


class _Bar:
    """How many have come in, and how fast, on one line that is written again and again."""

    def __init__(self, address: str, *, shown: bool) -> None:
        self._address, self._shown = address, shown
        self._began, self._last = time.monotonic(), 0.0

    def show(self, count: int) -> None:
        """Say how many have come in, at most ten times a second."""
        now = time.monotonic()
        if not self._shown or now - self._last < 0.1:
            return
        self._last = now
        rate = count / max(now - self._began, 0.001)
        click.echo(
            f"\r{self._address}  {count:,} messages  {rate:,.0f}/s \x1b[K", nl=False, err=True
        )

    def clear(self) -> None:
        """Leave the line empty for what follows."""
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
