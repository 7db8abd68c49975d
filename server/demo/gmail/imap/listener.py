"""The server on the wire: lines and literals in, responses out."""

from __future__ import annotations

import contextlib
import socketserver
from typing import TYPE_CHECKING, Any

from server.demo.gmail.door import Door
from server.demo.gmail.imap.grammar import LITERAL
from server.demo.gmail.imap.session import Session

if TYPE_CHECKING:
    import ssl

    from server.demo.gmail.world import World

#: No line and no literal of a command is longer.
_LONGEST = 1_000_000
_IDLE = 600


class Listener:
    """Listens on this machine, in the clear, or by TLS where it is given a context."""

    def __init__(
        self,
        world: World,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._door = Door(_Connection, world.closing, host=host, port=port)
        self._door.listener.world, self._door.listener.tls = world, tls
        self._door.listener.folders = {}
        self._kind = "imaps" if tls else "imap"

    @property
    def url(self) -> str:
        """The address of the server: of imaps where it speaks TLS."""
        return f"{self._kind}://{self._door.place}"

    def open(self) -> None:
        """Begin to answer."""
        self._door.open()

    def close(self) -> None:
        """Answer no more, and break what is open."""
        self._door.close()


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = _IDLE
    server: Any

    def handle(self) -> None:
        """Take command after command, until somebody leaves."""
        with contextlib.suppress(OSError):
            if self.server.tls is not None:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                super().setup()
            with self.server.lock:
                self.server.open.add(self.request)
            try:
                self._talk()
            finally:
                with self.server.lock:
                    self.server.open.discard(self.request)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
            self.request.close()

    def _talk(self) -> None:
        session = Session(self.server.world, self.server.folders, self._say, self._read_line)
        try:
            session.greet()
            while not session.over and (command := self._read()):
                session.answer(command)
        finally:
            session.leave()

    def _say(self, text: bytes) -> None:
        self.wfile.write(text)

    def _read_line(self) -> bytes:
        return bytes(self.rfile.readline(_LONGEST))

    def _read(self) -> list[bytes | bytearray]:
        """Return a command's lines and literals; nothing where the client has gone."""
        pieces: list[bytes | bytearray] = [self._read_line()]
        while found := LITERAL.search(pieces[-1]):
            if int(found[1]) > _LONGEST:
                return []
            if not found[2]:
                self._say(b"+ go ahead\r\n")
            pieces.append(bytearray(self.rfile.read(int(found[1]))))
            pieces.append(self._read_line())
        return pieces if pieces[-1].endswith(b"\n") else []
