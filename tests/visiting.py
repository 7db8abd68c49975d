"""A browser without a screen: cookies are kept, forms carry their proof, answers are looked at."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.base import db
from crm.workspace import sign_ins
from crm.workspace.models import User
from tests import make

HTMX = {"HX-Request": "true"}
_PROOF = re.compile(r'name="(?:csrf_token|csrf)" value="([^"]+)"')


class Visitor:
    """Somebody with a browser."""

    def __init__(self, app: Flask, *, secure: bool = False) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.base = "https://crm.halden.test" if secure else "http://127.0.0.1:8025"
        self._proof = ""

    def get(self, url: str, **options: Any) -> TestResponse:
        """Open a page, and remember the proof that its forms carry."""
        answer = self.client.get(url, base_url=self.base, buffered=True, **options)
        self._learn(answer)
        return answer

    def post(self, url: str, fields: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as the browser does from the page that is open."""
        given = {"csrf_token": self.proof, **(fields or {})}
        answer = self.client.post(url, data=given, base_url=self.base, buffered=True, **options)
        self._learn(answer)
        return answer

    def sign_in(self, email: str, password: str, **more: str) -> TestResponse:
        """Type an address and a password."""
        self.get("/sign-in?" + urlencode({k: v for k, v in more.items() if k == "next"}))
        return self.post("/sign-in", {"email": email, "password": password, **more})

    def be(self, user: User) -> Visitor:
        """Come in as somebody, without a password's second of hashing."""
        with db.transaction(user.workspace_id) as session:
            token = sign_ins.begin(session, user, agent="test", at=_now())
        self.client.set_cookie(self.cookie, token, domain="127.0.0.1")
        return self

    @property
    def cookie(self) -> str:
        """Return the name under which a session is kept."""
        return "__Host-inlay" if self.base.startswith("https") else "inlay"

    @property
    def proof(self) -> str:
        """Return what shows that a form is ours."""
        if not self._proof:
            self.get("/inbox?view=all")
        return self._proof

    def _learn(self, answer: TestResponse) -> None:
        if answer.mimetype == "text/html" and (found := _PROOF.search(answer.text)):
            self._proof = found[1]


def _now():
    from crm.base import clock

    return clock.now()


def said(answer: TestResponse) -> str:
    """Return what a reader reads on a page."""
    body = re.sub(r"(?s)<(style|script|svg|template|noscript)\b.*?</\1>", " ", answer.text)
    text = re.sub(r"<[^>]+>", "\n", body)
    text = re.sub("[\u2068\u2069]", "", text)
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()


__all__ = ["HTMX", "Visitor", "make", "said"]
