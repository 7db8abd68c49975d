"""The message that is open in Gmail: by which Message-ID the rest of the world knows it.

Gmail names it by an id of its own. Its API tells the header to whoever has the event's two tokens:
the user's, and the one for this message alone (docs: add-ons, alternate runtimes).
"""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from google.auth.exceptions import TransportError
from google.auth.transport import requests as transport

from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from addon.event import AddonEvent
    from crm.base.settings import Settings
    from crm.mail.letter import Letter

_log = logging.getLogger(__name__)

#: Seconds: the whole answer has five, and a card that says what is known is better than none.
_PATIENCE = 3
_ID = re.compile(r"[A-Za-z0-9:._-]{1,200}")
_ASKED = urlencode({"format": "metadata", "metadataHeaders": "Message-ID"})


def look(settings: Settings, event: AddonEvent) -> Letter | None:
    """Return what Gmail says of the open message: its Message-ID, and nothing else of it.

    None where there is no open message, or Gmail does not say: then it counts as not stored yet.
    """
    tokens = event.tokens
    if not tokens.user or not tokens.message or not _ID.fullmatch(event.message_id):
        return None
    name = quote(event.message_id, safe="")
    found = _named(f"{settings.google_api_url}/gmail/v1/users/me/messages/{name}?{_ASKED}", event)
    if not found:
        return None
    header = re.sub(r"\s+", " ", found)[:998]  # RFC 5322, section 2.1.1: what one line holds
    try:
        return reading.read(f"Message-ID: {header}\r\n\r\n".encode())
    except UnreadableMessageError:
        return None


def _named(url: str, event: AddonEvent) -> str:
    """Ask Gmail for the header; "" where it cannot be had, with the reason in the log."""
    headers = {
        "Authorization": f"Bearer {event.tokens.user}",
        "X-Goog-Gmail-Access-Token": event.tokens.message,
    }
    ask: Any = transport.Request()  # type: ignore[no-untyped-call,unused-ignore]
    try:
        answer = ask(url, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        said = json.loads(answer.data) if answer.status == 200 else None
    except (TransportError, ValueError, RecursionError) as error:
        _log.warning("Gmail did not say which message is open: %s", type(error).__name__)
        return ""
    if said is None:
        _log.warning("Gmail did not say which message is open: %s", answer.status)
    return _header(said)


def _header(said: Any) -> str:
    """Return the Message-ID out of a message of the API; names of headers vary in case."""
    payload = said.get("payload") if isinstance(said, dict) else None
    headers = payload.get("headers") if isinstance(payload, dict) else None
    for one in headers if isinstance(headers, list) else ():
        if isinstance(one, dict) and str(one.get("name")).lower() == "message-id":
            return str(one.get("value") or "").strip()
    return ""
