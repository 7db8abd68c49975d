"""The message that is open in Gmail: by which head the rest of the world knows it.

Gmail names it by an id of its own. Its API tells headers to whoever has the event's two tokens:
the user's, and the one for this message alone (docs: add-ons, alternate runtimes).
"""

from __future__ import annotations

import json
import logging
import re
from functools import cache
from http.cookiejar import DefaultCookiePolicy
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
#: Characters of a header that are looked at.
_LONGEST = 2000
_ID = re.compile(r"[A-Za-z0-9:._-]{1,200}")
#: What tells one message from another that bears the same Message-ID.
_HEADERS = ("message-id", "from", "date")
_ASKED = urlencode({"format": "metadata", "metadataHeaders": _HEADERS}, doseq=True)


def look(settings: Settings, event: AddonEvent) -> Letter | None:
    """Return the head of the open message, as far as it tells which message it is.

    None where there is no open message, or Gmail does not say: then it counts as not stored yet.
    """
    tokens = event.tokens
    if not tokens.user or not tokens.message or not _ID.fullmatch(event.message_id):
        return None
    name = quote(event.message_id, safe="")
    head = _head(f"{settings.google_api_url}/gmail/v1/users/me/messages/{name}?{_ASKED}", event)
    try:
        return reading.read(head) if head else None
    except UnreadableMessageError:
        return None


def _head(url: str, event: AddonEvent) -> bytes:
    """Ask Gmail for the headers; b"" where they cannot be had, with the reason in the log."""
    headers = {
        "Authorization": f"Bearer {event.tokens.user}",
        "X-Goog-Gmail-Access-Token": event.tokens.message,
    }
    try:
        answer = _line()(url, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        said = json.loads(answer.data) if answer.status == 200 else None
    except (TransportError, ValueError, RecursionError) as error:
        _log.warning("Gmail did not say which message is open: %s", type(error).__name__)
        return b""
    if said is None:
        _log.warning("Gmail did not say which message is open: %s", answer.status)
    return _written(said)


@cache
def _line() -> Any:
    """Return a way to ask that keeps its connections, and nothing that one user is told."""
    line: Any = transport.Request()  # type: ignore[no-untyped-call,unused-ignore]
    line.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return line


def _written(said: Any) -> bytes:
    """Write the headers of a message of the API as a letter's; names of headers vary in case."""
    payload = said.get("payload") if isinstance(said, dict) else None
    headers = payload.get("headers") if isinstance(payload, dict) else None
    lines: dict[str, str] = {}
    for one in headers if isinstance(headers, list) else ():
        name = str(one.get("name")).lower() if isinstance(one, dict) else ""
        if name in _HEADERS and name not in lines and isinstance(one.get("value"), str):
            lines[name] = re.sub(r"\s+", " ", one["value"]).strip()[:_LONGEST]
    if not lines.get("message-id"):
        return b""
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{head}\r\n".encode("utf-8", "replace")
