"""`inlay card`: the add-on's answer to an event, or the card of a message."""

from __future__ import annotations

import json
from pathlib import Path

import click

from addon import event as events
from addon import panel
from addon.dispatch import dispatch
from addon.response import Answer
from addon.widgets import Links
from crm.base import clock, i18n, settings
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import messages, visibility
from server import beside, shapes
from server.beside import Found
from server.cli import opening, output


@click.command(name="card")
@click.option("--as", "as_name", required=True, help="Who looks: address or id.")
@click.option("--event", "event_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--message-id", default=None, help="A message's id or Message-ID.")
@click.option("--function", default="message", help="Which function of the add-on is called.")
@click.option("--html", is_flag=True, help="As the panel shows it.")
@opening.workspace_option
@click.option("--json", "as_json", is_flag=True, help="The answer is JSON already.")
def command(
    as_name: str,
    event_file: Path | None,
    message_id: str | None,
    function: str,
    html: bool,
    workspace_name: str | None,
    as_json: bool,  # noqa: ARG001 - The answer is JSON in any case.
) -> None:
    """Print what the add-on answers. Everything is checked but Google's token; nobody is asked."""
    if (event_file is None) == (message_id is None):
        raise click.UsageError(_("Give either --event FILE or --message-id ID."))
    read = settings.read()
    with opening.viewing(workspace_name, as_name) as (session, user):
        i18n.speak(user.language)
        if event_file is not None:
            event = events.parse(_load(event_file), function=function)
        else:
            viewer = visibility.viewer(session, user)
            found = messages.named(session, viewer, message_id or "")[0]
            opened = {"commonEventObject": {}, "gmail": {"messageId": str(found.message.id)}}
            event = events.parse(opened, function=function)
        known = beside.find(session, user, event, {}) or Found()
        answer = dispatch(
            session, event, user=user, look=known.look, opened=known.opened, at=clock.now()
        )
    if html:
        if not isinstance(answer, Answer) or answer.card is None:
            raise InvalidError(_("The answer has no card."))
        output.raw(panel.render(answer.card, action_url="/panel", csrf="").encode() + b"\n")
    else:
        links = Links(read.addon_base, read.base_url)
        output.raw(shapes.answer(answer, links))


def _load(path: Path) -> object:
    try:
        return json.loads(path.read_text())
    except (ValueError, RecursionError) as error:
        problem = _("{path} holds no JSON: {error}")
        raise InvalidError(problem.format(path=path, error=error)) from error
