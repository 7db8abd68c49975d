"""`inlay demo`: a workspace with a sample mailbox, taken in through the real road; then `up`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import click

from crm.base import settings
from crm.base.i18n import gettext as _
from server import database, embedded, supervisor
from server.cli import output, up
from server.demo import telling

if TYPE_CHECKING:
    from pathlib import Path


@click.command(name="demo")
@click.option("--port", type=click.IntRange(1, 65535), default=8025, show_default=True)
@click.option("--workers", type=click.IntRange(1, 8), default=1, show_default=True)
@click.option("--only-prepare", is_flag=True, help="Take the mailbox in, and return.")
@output.json_option
def command(port: int, workers: int, only_prepare: bool, as_json: bool) -> None:
    """Show the product with somebody's working life in it. Keeps to its own place in DATA_DIR."""
    if not only_prepare:
        supervisor.refuse_taken(port)
    read = settings.read()
    own = dataclasses.replace(
        read,
        data_dir=_place(read.data_dir),
        database_url="",
        database_owner_url="",
        database_scheduler_url="",
        redis_url="",
    )
    with database.opened(own, watched=True, gmail=True) as house:
        if not as_json:
            output.line(_("Taking in the sample mailbox …"))
        told = dataclasses.asdict(telling.tell(house))
        if not as_json:
            _show(told)
        elif only_prepare:
            output.document(told)
        if not only_prepare:
            embedded.push_to(own.data_dir, up.at_port(house.settings, port).push_url)
            up.serve(house, port, workers, as_json=as_json, told=told)


def _show(told: dict[str, Any]) -> None:
    words = _("{messages} messages, {contacts} contacts, {deals} deals, each beside its card.")
    output.say(words, **told)
    output.say(_("Sign in as {email} with the password: {password}"), **told)
    output.say(_("A letter that you write here arrives: {post_office}"), **told)
    output.say(
        _("Connect {beside} by hand: the consent page is the demo’s own, not Google’s."), **told
    )


def _place(data_dir: Path) -> Path:
    """Return where the demo lives: beside the real thing, never in it."""
    return data_dir / "demo" if data_dir.name != "demo" else data_dir
