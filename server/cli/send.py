"""`inlay send`: write a message, and see it off through the outbox of a mailbox."""

from __future__ import annotations

import mimetypes
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.base import addresses, clock
from crm.base.db import transaction
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import answering, mailboxes, messages, outgoing, visibility
from crm.mail.draft import Draft, File
from crm.mail.models import Outgoing, OutgoingState
from crm.workspace import users
from server import shapes
from server.cli import opening, output
from sync import outbox

if TYPE_CHECKING:
    from crm.base.addresses import Address
    from crm.mail.messages import Seen
    from crm.mail.models import Mailbox
    from server.database import House

#: What is over, one way or the other. Nothing here changes any more without its author.
_SETTLED = (
    OutgoingState.SENT,
    OutgoingState.FAILED,
    OutgoingState.CANCELLED,
    OutgoingState.DROPPED,
)
_LOOKS = 1.0


@click.command(name="send")
@click.option("--as", "as_name", required=True, help="The mailbox it goes from: address or id.")
@click.option("--to", required=True, multiple=True, help="Whom it goes to; also NAME <ADDRESS>.")
@click.option("--cc", multiple=True, help="Who has a copy.")
@click.option("--bcc", multiple=True, help="Who has a copy that nobody else is told of.")
@click.option("--subject", default="", help="What it is about.")
@click.option("--body-stdin", is_flag=True, help="Read the text from standard input.")
@click.option("--attach", multiple=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--reply-to", default=None, help="The message that it answers: its Message-ID.")
@click.option("--at", "at_text", default=None, help="When to send it: 2026-11-23T09:00+01:00.")
@click.option(
    "--wait",
    type=click.IntRange(0),
    default=120,
    show_default=True,
    help="Seconds to wait for what becomes of it; 0 leaves it to the workers of `inlay up`.",
)
@opening.workspace_option
@output.json_option
def command(
    as_name: str,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    subject: str,
    body_stdin: bool,
    attach: tuple[str, ...],
    reply_to: str | None,
    at_text: str | None,
    wait: int,
    workspace_name: str | None,
    as_json: bool,
) -> None:
    """Send a message, and wait for what becomes of it. Ends with 0 only when it was sent."""
    if not body_stdin:
        raise click.UsageError(_("The text comes by --body-stdin."))
    due_at = _moment(at_text)
    with opening.house() as house:
        workspace = opening.find_workspace(house, workspace_name)
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        with transaction(workspace.id) as session:
            mailbox = mailboxes.get_named(session, workspace.id, as_name)
            by = users.get(session, workspace.id, mailbox.user_id)
            answers = None
            if reply_to is not None:
                viewer = visibility.viewer(session, by)
                answers = messages.named(session, viewer, reply_to)[0]
            draft = Draft(
                rfc_id="",
                author=addresses.Address(mailbox.address),
                to=_people(to),
                cc=_people(cc),
                bcc=_people(bcc),
                subject=_readable(subject) or _subject(answers),
                text=text,
                files=tuple(_file(Path(path)) for path in attach),
                at=clock.now(),
            )
            made = outgoing.write(
                session, mailbox, draft, answers=answers, by=by, at=clock.now(), due_at=due_at
            )
        if wait:
            made = _see_off(house, made, wait)
        _show(made, mailbox, as_json=as_json)
    sys.exit(0 if made.state == OutgoingState.SENT or not wait else 1)


def _see_off(house: House, made: Outgoing, wait: int) -> Outgoing:
    """Do what a worker would until it is over; any number of workers may do the same meanwhile.

    What is not over in time stays in the outbox, and is tried again there.
    """
    until = max(clock.now(), made.dated_at) + timedelta(seconds=wait)
    while True:
        outbox.work(made.workspace_id, made.id, house.settings, house.vault)
        with transaction(made.workspace_id) as session:
            made = session.get_one(Outgoing, (made.workspace_id, made.id))
        if made.state in _SETTLED or (made.state == OutgoingState.UNKNOWN and not made.due_at):
            return made
        if clock.now() >= until:
            return made
        time.sleep(_LOOKS)


def _subject(answers: Seen | None) -> str:
    return answering.subject(answers.subject) if answers is not None else ""


def _people(texts: tuple[str, ...]) -> tuple[Address, ...]:
    return tuple(_person(text) for text in texts)


def _person(text: str) -> Address:
    """Read one address, alone or behind its name in brackets. Raises InvalidError."""
    found = addresses.parse_named(text)
    if found is None:
        raise InvalidError(_("“{text}” is not an address.").format(text=text[:100]))
    return found


def _file(path: Path) -> File:
    kind, encoding = mimetypes.guess_type(path.name)
    plain = kind if kind and not encoding else "application/octet-stream"
    return File(_readable(path.name), plain, path.read_bytes())


def _readable(text: str) -> str:
    """Return what a shell gave us as text that anybody can read: it may be no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(_("--at is a time such as 2026-11-23T09:00+01:00.")) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _show(made: Outgoing, mailbox: Mailbox, *, as_json: bool) -> None:
    shape: dict[str, Any] = shapes.outgoing(made, mailbox)
    if as_json:
        output.document(shape)
        return
    output.line(f"{shape['message_id']}  {shape['state']}")
    if shape["said"]:
        output.line(f"{shape['trouble']}: {shape['said']}")
    for email, words in shape["refused"].items():
        output.line(f"{email}: {words}")
