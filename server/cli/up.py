"""`inlay up`: the whole product in the foreground."""

from __future__ import annotations

import dataclasses
import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from crm.base.i18n import gettext as _
from crm.base.settings import DEFAULT_BASE_URL, as_environment
from server import supervisor
from server.cli import opening, output

if TYPE_CHECKING:
    from server.database import House


@click.command(name="up")
@click.option("--port", type=click.IntRange(1, 65535), default=8025, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@output.json_option
def command(port: int, workers: int, as_json: bool) -> None:
    """Run the whole product, with embedded servers where none are set. Ctrl-C ends it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    supervisor.refuse_taken(port)
    with opening.house(watched=True) as house:
        serve(house, port, workers, as_json=as_json)


def serve(
    house: House, port: int, workers: int, *, as_json: bool, told: dict[str, Any] | None = None
) -> None:
    """Run the product in an open house until a signal says to stop.

    A machine is told once, when the web answers: where it is, and what was `told` before.
    """
    settings = house.settings
    if settings.base_url == DEFAULT_BASE_URL:
        settings = dataclasses.replace(settings, base_url=f"http://127.0.0.1:{port}")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())

    def ready() -> None:
        if as_json:
            output.document({**(told or {}), "url": settings.base_url})
        else:
            output.say(_("Inlay is at {url}"), url=settings.base_url)

    supervisor.run(
        supervisor.commands(port, workers),
        as_environment(settings),
        ended,
        port=port,
        ready=ready,
    )
    if not as_json:
        output.line(_("Stopped."))
