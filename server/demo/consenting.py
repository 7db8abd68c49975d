"""Give the demo's consent: what its owner would do in a browser, so that nobody has to click."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from contextlib import closing
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httplib2

from server.demo import stand_in
from sync import granting

if TYPE_CHECKING:
    from crm.base.settings import Settings
    from sync.granting import Grant

_REQUEST = re.compile(r'name="request" value="([^"]+)"')
_SCOPE = re.compile(r'name="scope" value="([^"]+)"')


def consent(settings: Settings, address: str) -> Grant:
    """Open the consent page for an address, allow all that it asks, and return what that gives."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    asked = granting.address(
        settings, state=state, challenge=challenge, back=stand_in.BACK, hint=address
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(httplib2.Http(timeout=30)) as browser:
        browser.follow_redirects = False
        page = browser.request(asked)[1].decode()
        (request,) = _REQUEST.findall(page)
        ticked = [("scope", unescape(scope)) for scope in _SCOPE.findall(page)]
        chosen = [("request", request), ("address", address), ("answer", "allow"), *ticked]
        there = urljoin(asked, urlsplit(asked).path)
        answer, _ = browser.request(there, "POST", urlencode(chosen), form)
    (code,) = parse_qs(urlsplit(answer["location"]).query)["code"]
    return granting.exchange(settings, code, verifier, stand_in.BACK)
