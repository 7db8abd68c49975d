"""Ask the add-on's door as Google does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from crm.base.settings import Settings
from tests.addon.beside import LINKS
from tests.servers.google import CLIENT, ROBOT, Google
from tests.visiting import Visitor


def for_google(settings: Settings, certs_url: str) -> Settings:
    """Let the add-on be called by a Google whose certificates lie there."""
    return replace(
        settings,
        base_url=LINKS.app,
        addon_service_account=ROBOT,
        google_client_id=CLIENT,
        google_certs_url=certs_url,
    )


def call(
    gmail: Visitor,
    token: str | None,
    function: str = "message",
    event: object = None,
    **headers: str,
) -> TestResponse:
    """Call a function with a token, or with none."""
    body = {"commonEventObject": {"hostApp": "GMAIL"}} if event is None else event
    sent = {"Authorization": f"Bearer {token}", **headers} if token is not None else headers
    return gmail.client.post(f"/addon/{function}", json=body, headers=sent)


def event_of(
    google: Google, message: UUID | str | None = None, *, locale: str = "", **claims: object
) -> dict[str, Any]:
    """Make the event of somebody before an open message."""
    return {
        "commonEventObject": {
            "hostApp": "GMAIL",
            "userLocale": locale,
            "parameters": {"message": str(message)} if message else {},
        },
        "authorizationEventObject": {"userIdToken": google.user(**claims)},
    }
