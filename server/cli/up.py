"""`inlay up`: the whole product in the foreground."""

from __future__ import annotations

import dataclasses
import logging
import signal
import threading
from typing import TYPE_CHECKING

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
def command(port: int, workers: int) -> None:
    """Run web, workers and scheduler, with embedded servers where none are set. Ctrl-C ends it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with opening.house() as house:
        serve(house, port, workers)


def serve(house: House, port: int, workers: int) -> None:
    """Run the product in an open house until a signal says to stop."""
    settings = house.settings
    if settings.base_url == DEFAULT_BASE_URL:
        settings = dataclasses.replace(settings, base_url=f"http://127.0.0.1:{port}")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    supervisor.run(
        supervisor.commands(port, workers),
        as_environment(settings),
        ended,
        port=port,
        ready=lambda: output.say(_("Inlay is at {url}"), url=settings.base_url),
    )
    output.line(_("Stopped."))
