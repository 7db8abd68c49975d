"""The message that is open in Gmail, where it is not here: what Gmail says of it.

Its API tells its true id, its labels and its headers to whoever has the event's two tokens: the
user's, and the one for this message alone (docs: add-ons, alternate runtimes). Neither token goes
any further: what is to be fetched is fetched by the mailbox's own consent.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from google.auth.exceptions import TransportError
from google.auth.transport import requests as transport

from crm.mail import opened
from crm.mail.letter import Letter
from crm.mail.opened import NOBODYS
from sync import reading
from sync.errors import UnreadableMessageError

if TYPE_CHECKING:
    from addon.event import AddonEvent
    from crm.base.settings import Settings

_log = logging.getLogger(__name__)

#: Seconds to be connected, and without a word: the whole answer has five, and a card that says
#: what is known is better than none.
_PATIENCE = (1.0, 2.5)
#: Characters of a header that are looked at.
_LONGEST = 2000
_ID = re.compile(r"[A-Za-z0-9:._-]{1,200}")
#: What tells one message from another that bears the same Message-ID, and who is in it.
_HEADERS = ("message-id", "from", "date", "to", "cc")
_ASKED = urlencode({"format": "metadata", "metadataHeaders": _HEADERS}, doseq=True)


@dataclass(frozen=True, slots=True)
class Head:
    """What Gmail says of the open message. Where it says nothing, nothing stands in it."""

    uid: int = NOBODYS
    letter: Letter | None = None
    labels: frozenset[str] = frozenset()
    size: int = 0  # bytes, by Gmail's estimate
    gone: bool = False


def look(settings: Settings, event: AddonEvent) -> Head:
    """Return what Gmail says of the open message; never waits for long, and never raises."""
    tokens = event.tokens
    if not tokens.user or not tokens.message or not _ID.fullmatch(event.message_id):
        return Head()
    name = quote(event.message_id, safe="")
    url = f"{settings.google_api_url}/gmail/v1/users/me/messages/{name}?{_ASKED}"
    headers = {
        "Authorization": f"Bearer {tokens.user}",
        "X-Goog-Gmail-Access-Token": tokens.message,
    }
    try:
        answer = _line()(url, headers=headers, timeout=_PATIENCE, allow_redirects=False)
        said = json.loads(answer.data) if answer.status == 200 else None
    except (TransportError, ValueError, RecursionError) as error:
        _log.warning("Gmail did not say which message is open: %s", type(error).__name__)
        return Head()
    if not isinstance(said, dict):
        _log.warning("Gmail did not say which message is open: %s", answer.status)
        return Head(gone=answer.status == 404)
    labels, size = said.get("labelIds"), said.get("sizeEstimate")
    return Head(
        uid=opened.number(str(said.get("id", ""))),
        letter=_letter(said),
        labels=frozenset(map(str, labels)) if isinstance(labels, list) else frozenset(),
        size=size if isinstance(size, int) else 0,
    )


@cache
def _line() -> Any:
    """Return a way to ask that keeps its connections, and nothing that one user is told."""
    line: Any = transport.Request()  # type: ignore[no-untyped-call,unused-ignore]
    line.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return line


def _letter(said: dict[str, Any]) -> Letter | None:
    """Read the headers of a message of the API; names of headers vary in case."""
    payload = said.get("payload")
    headers = payload.get("headers") if isinstance(payload, dict) else None
    lines: dict[str, str] = {}
    for one in headers if isinstance(headers, list) else ():
        name = str(one.get("name")).lower() if isinstance(one, dict) else ""
        if name in _HEADERS and name not in lines and isinstance(one.get("value"), str):
            lines[name] = re.sub(r"\s+", " ", one["value"]).strip()[:_LONGEST]
    if not lines:
        return None
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    try:
        return reading.read(f"{head}\r\n".encode("utf-8", "replace"))
    except UnreadableMessageError:
        return None
