"""A door of the server: a port of this machine, a thread a connection, closed at once."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import socketserver
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class Door:
    """Listens on this machine, and lets a handler of `socketserver` speak to who comes."""

    def __init__(
        self,
        handler: Callable[..., Any],
        closing: threading.Event,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        kind = _ListenerV6 if ":" in _loopback(host) else _Listener
        self.listener: Any = kind((host, port), handler)
        self._closing = closing
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._host = host

    @property
    def place(self) -> str:
        """Where it listens, as it stands in an address: host and port."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.listener.server_address[1]}"

    def open(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Answer no more, and break what is open."""
        self._closing.set()
        if self._thread.is_alive():
            with contextlib.suppress(OSError):
                # Somebody has to knock, or the thread waits for the next caller.
                port = self.listener.server_address[1]
                socket.create_connection((self._host, port), timeout=5).close()
            self._thread.join()
        self.listener.server_close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            self.listener.handle_request()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, *given: Any) -> None:
        self.open: set[socket.socket] = set()
        self.lock = threading.Lock()
        super().__init__(*given)

    def server_close(self) -> None:
        with self.lock:
            for one in self.open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _ListenerV6(_Listener):
    address_family = socket.AF_INET6


def _loopback(host: str) -> str:
    """Return a host that is this machine's own. Raises ValueError for one that others reach."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"{host} can be reached from outside: this server is for one machine")
    return host
