"""Take in what a request sends, with few at a time: who sends it slowly holds a thread meanwhile.

Our web server waits for a body as long as its sender likes. Nearly every form is there at once, and
holds its seat for a moment. Whoever sends slowly is in the way of those who send from the same
network, many such of all who send, and nobody of those who read. A proxy in front that takes in
whole requests spares us that. HTTP/1 alone is spoken, where a body says that there is one.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from server.auth import throttle
from server.web import punctual
from server.web.seats import PAGES, Seats

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Bodies that one process takes in at once, and of one network: half of what is left for pages.
SEATS, EACH = PAGES // 2, 3
#: Seconds that a request waits for a seat.
WAIT = 0.2
_REFUSED: Final = "inlay.refused"


def is_refused(environ: WSGIEnvironment) -> bool:
    """Tell whether there was no seat for a request's body."""
    return _REFUSED in environ


class Bodies:
    """Hands a request on with its body in memory, or without, where there is no seat for it.

    What says that it has more than `most` bytes is handed on unread, and holds its seat meanwhile:
    it is refused there, or it is files, which are not kept in memory.
    """

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self._app, self._most = app, most
        self._seats = Seats[str](SEATS, EACH)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as a WSGI application does (PEP 3333)."""
        length = _length_of(environ)
        if length == 0 or punctual.call_of(environ) is not None:
            return self._app(environ, start_response)
        network = throttle.network(environ.get("REMOTE_ADDR", ""))
        if not self._seats.take(network, WAIT):
            environ[_REFUSED] = "yes"
            return self._app(environ, start_response)
        try:
            if length is not None and length > self._most:
                return self._app(environ, start_response)
            body = environ["wsgi.input"].read(self._most + 1)
        finally:
            self._seats.leave(network)
        environ["wsgi.input"] = BytesIO(body)
        if environ.pop("HTTP_TRANSFER_ENCODING", None):
            environ["CONTENT_LENGTH"] = str(len(body))
        return self._app(environ, start_response)


def _length_of(environ: WSGIEnvironment) -> int | None:
    """Return how many bytes a request says that it has; None where it says that it will be seen."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return None if "HTTP_TRANSFER_ENCODING" in environ else 0
    return int(length[:18])
