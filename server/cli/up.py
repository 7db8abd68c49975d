"""`inlay up`: the whole product in the foreground."""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING, Any

import click

from crm.base import settings as _settings
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.settings import DEFAULT_BASE_URL, as_environment
from server import ending, supervisor
from server.cli import opening, output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm.base.settings import Settings
    from server.database import House


def _read_parts(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[str, ...]:
    """Read the parts that were named; all of them where none was."""
    if value is None:
        return supervisor.PARTS
    parts = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    for part in parts:
        if part not in supervisor.PARTS:
            problem = _("There is no part {part}. There are: {parts}.")
            words = problem.format(part=part or "“”", parts=", ".join(supervisor.PARTS))
            raise click.BadParameter(words)
    return parts


@click.command(name="up")
@click.option("--port", type=click.IntRange(1, 65535), default=8025, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option(
    "--host",
    type=click.Choice((supervisor.HERE, supervisor.EVERYWHERE)),
    default=supervisor.HERE,
    show_default=True,
    help="Where the web listens: behind a web server here, or in a container.",
)
@click.option(
    "--only",
    callback=_read_parts,
    metavar="PART,…",
    help=f"Run some of: {', '.join(supervisor.PARTS)}.",
)
@output.json_option
def command(port: int, workers: int, host: str, only: tuple[str, ...], as_json: bool) -> None:
    """Run the whole product, with embedded servers where none are set. Ctrl-C ends it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if set(only) != set(supervisor.PARTS):
        _refuse_embedded(_settings.read())
    if "web" in only:
        supervisor.refuse_taken(port, host)
    with opening.house(watched=True) as house:
        serve(house, port, workers, host=host, only=only, as_json=as_json)


def at_port(settings: Settings, port: int) -> Settings:
    """Return the settings of a web that listens here, where BASE_URL does not say otherwise."""
    if settings.base_url != DEFAULT_BASE_URL:
        return settings
    return dataclasses.replace(settings, base_url=f"http://127.0.0.1:{port}")


def serve(
    house: House,
    port: int,
    workers: int,
    *,
    host: str = supervisor.HERE,
    only: tuple[str, ...] = supervisor.PARTS,
    as_json: bool,
    told: dict[str, Any] | None = None,
) -> None:
    """Run the product in an open house until a signal says to stop.

    A machine is told once, when the web answers: where it is, and what was `told` before. Where the
    web runs elsewhere, it is told what runs here.
    """
    settings = at_port(house.settings, port)
    ended = ending.told()
    named = supervisor.commands(port, workers, only=only, host=host)

    def ready() -> None:
        if "web" not in named:
            _tell_running(named, as_json=as_json)
        elif as_json:
            output.document({**(told or {}), "url": settings.base_url})
        else:
            output.say(_("Inlay is at {url}"), url=settings.base_url)

    supervisor.run(named, as_environment(settings), ended, port=port, ready=ready)
    if not as_json:
        output.line(_("Stopped."))


def _refuse_embedded(settings: Settings) -> None:
    """Refuse a part alone that would bring servers along.

    The part that starts first would hold them for all, and take them along when it is restarted.
    """
    needed = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    missing = [name for name, address in needed.items() if not address]
    if missing:
        problem = _(
            "Parts that run apart need servers that belong to none of them, and {names} is not set."
            " Nothing was started. Set it, or run all parts together: inlay up"
        )
        raise InvalidError(problem.format(names=", ".join(missing)))


def _tell_running(named: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        output.document({"running": list(named)})
    else:
        output.say(_("Running: {names}"), names=", ".join(named))
