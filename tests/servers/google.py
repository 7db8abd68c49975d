"""What Google is to the add-on's door: it signs tokens, has certificates, and knows open messages.

    with Google("https://crm.example.com/addon") as google:
        Settings(..., addon_service_account=ROBOT, google_client_id=CLIENT,
                 google_certs_url=google.certs_url)
        google.robot("message"), google.user()

Certificates and heads are served on this machine, over HTTP; a test may change what is answered.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt

from tests.servers import certificates

ROBOT = "addon@halden.iam.gserviceaccount.com"
CLIENT = "1234.apps.googleusercontent.com"
ISSUER = "https://accounts.google.com"

_crypt: Any = crypt  # They have no types.
_jwt: Any = jwt


class Google:
    """Somebody who signs with one key, and serves its certificate under the name `one`."""

    def __init__(self, addon: str) -> None:
        self.private, self.certificate = keys()
        self.addon = addon
        self.keys = {"one": self.certificate.decode()}
        self.status, self.cache = 200, "public, max-age=3600"
        self.asked = self.told = 0
        self.heads: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return the address of Gmail's API, which tells the heads of messages."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def certs_url(self) -> str:
        """Return the address at which the certificates lie."""
        return f"{self.url}/certs"

    def sign(self, private: bytes | None = None, **claims: object) -> str:
        """Make a token."""
        signer = _crypt.RSASigner.from_string(private or self.private, "one")
        made: bytes = _jwt.encode(signer, claims)
        return made.decode()

    def robot(self, function: str = "message", **claims: object) -> str:
        """Make the token with which Google calls a function of ours."""
        usual = {"iss": ISSUER, "aud": f"{self.addon}/{function}", "email": ROBOT}
        return self.sign(**{**usual, "email_verified": True, **_times(), **claims})

    def user(self, **claims: object) -> str:
        """Make the token that says who looks."""
        return self.sign(**{"iss": ISSUER, "aud": CLIENT, "sub": "1077", **_times(), **claims})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        google = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, _ = self.path.partition("?")
                if path == "/certs":
                    google.asked += 1
                    self.answer(google.status, google.keys)
                    return
                google.told += 1
                head = google.heads.get(unquote(path.rpartition("/")[2]))
                headers = [{"name": name, "value": said} for name, said in (head or {}).items()]
                self.answer(404 if head is None else 200, {"payload": {"headers": headers}})

            def answer(self, status: int, said: object) -> None:
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if google.cache:
                    self.send_header("Cache-Control", google.cache)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Answers


def _times() -> dict[str, object]:
    now = int(time.time())
    return {"iat": now, "exp": now + 3600}


def keys() -> tuple[bytes, bytes]:
    """Make a private key and the certificate of it, as PEM."""
    private = rsa.generate_private_key(65537, 2048)
    return certificates.key(private), certificates.make(private, "google.test")
