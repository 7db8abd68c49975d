"""Two servers: one that leads whoever asks to the other, and one that notes what it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def redirecting(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """Lend the address of a server that redirects, and what comes to where it leads."""
    got: list[bytes] = []

    class Thief(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            got.append(bytes(self.headers) + body)
            self.send_response(200)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_args: object) -> None:
            pass

    class Leading(Thief):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{thief.server_port}/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Thief) as thief,
        ThreadingHTTPServer(("127.0.0.1", 0), Leading) as leading,
    ):
        threads = [threading.Thread(target=one.serve_forever) for one in (thief, leading)]
        for thread in threads:
            thread.start()
        try:
            yield f"http://127.0.0.1:{leading.server_port}/", got
        finally:
            for one in (thief, leading):
                one.shutdown()
            for thread in threads:
                thread.join()
