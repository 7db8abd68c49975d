"""The server on the wire: HTTP/1.1 that stays open, a thread a connection, this machine only."""

from __future__ import annotations

import contextlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from server.demo.gmail.door import Door
from server.demo.gmail.errors import ApiError
from server.demo.gmail.exchange import Answer, Ending, Request, answer_error

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

#: No request is larger: 150 MiB is what messages.insert takes, and base64 makes that longer.
_LARGEST = 220 * 1024 * 1024
#: How long an idle connection stays open, in seconds.
_IDLE = 600


class Wire:
    """Listens on this machine, and gives each request to be answered."""

    def __init__(
        self,
        answer: Callable[[Request], Answer],
        closing: threading.Event,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self._door = Door(_Connection, closing, host=host, port=port)
        self._door.listener.answer = answer
        self._door.listener.closing = closing

    @property
    def url(self) -> str:
        """The address of the server, without a slash at its end."""
        return f"http://{self._door.place}"

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._door.place.rpartition(":")[2])

    def open(self) -> None:
        """Begin to answer."""
        self._door.open()

    def close(self) -> None:
        """Answer no more, and break what is open."""
        self._door.close()


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE
    server: Any

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server.open.add(self.connection)

    def finish(self) -> None:
        with self.server.lock:
            self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle_one_request(self) -> None:
        """Read one request and answer it; end quietly where the other side has gone."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            request = self._read()
            if request is not None and not self.server.closing.is_set():
                self._send(self.server.answer(request))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no HTTP."""
        said = message or explain or HTTPStatus(code).phrase
        refused = answer_error(ApiError(400, "badRequest", said))
        refused.status = code
        self.close_connection = True
        self._send(refused)

    def _read(self) -> Request | None:
        """Return the next request, or None where there is none or it is no HTTP."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = headers.get("content-length", "0")
        length = int(said) if said.isdecimal() else -1
        if "transfer-encoding" in headers or not 0 <= length <= _LARGEST:
            self.send_error(413 if length > _LARGEST else 411)
            return None
        body = self.rfile.read(length) if length else b""
        return Request(self.command, self.path, headers, body)

    def _send(self, answer: Answer) -> None:
        closing = self.server.closing
        if answer.wait:
            closing.wait(answer.wait)
        if answer.ending is Ending.HANG:
            closing.wait()
        if answer.ending in (Ending.HANG, Ending.NOTHING):
            self.close_connection = True
            return
        head = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            f"Date: {self.date_time_string()}",
            f"Content-Type: {answer.kind}",
            *([] if answer.status == 204 else [f"Content-Length: {len(answer.body)}"]),
            *(f"{name}: {value}" for name, value in answer.headers),
            *(["Connection: close"] if self.close_connection else []),
            "\r\n",
        ]
        said = "\r\n".join(head).encode() + (b"" if self.command == "HEAD" else answer.body)
        if answer.ending is Ending.CUT:
            self.close_connection = True
            said = said[: len(said) - len(answer.body) // 2 - 1]
        self.wfile.write(said)
