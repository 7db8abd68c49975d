"""`inlay addon`: what Google is told of the Gmail add-on; opens nothing."""

from __future__ import annotations

import click

from crm.base import settings
from server import deployment
from server.cli import output


@click.group(name="addon")
def command() -> None:
    """Deploy the Gmail add-on."""


@command.command()
@output.json_option
def manifest(as_json: bool) -> None:  # noqa: ARG001 - It is JSON in any case.
    """Print the deployment for this ADDON_URL, as gcloud takes it."""
    output.document(deployment.manifest(settings.read()))
