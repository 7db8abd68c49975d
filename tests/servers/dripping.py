"""An IMAP server that answers, until it is asked one thing: then it drips, in place of an answer.

    with Dripping("LOGIN") as server:
        ImapSource(ImapLogin("127.0.0.1", server.port, "none", "ann", "secret")).folders()

The drips come one after another, `pace` seconds apart, and the last of them for ever, or else the
end of the answer behind it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAID = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n",
    b"LIST": b'* LIST () "/" INBOX\r\n',
    b"STATUS": b"* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 1)\r\n",
    b"UID SEARCH": b"* SEARCH 1 2 3\r\n",
    b"EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] Lasting\r\n",
}


class Dripping:
    """Listens on a port of its own. It drips `at` a command, or at the greeting."""

    def __init__(self, at: str, *drips: bytes, ever: bool = True, pace: float = 0.02) -> None:
        self._at = at.encode()
        self._drips = drips or (b"* OK x\r\n",)
        self._ever = ever
        self._pace = pace
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.settimeout(5)
            thread = threading.Thread(target=self._talk, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, client.makefile("rb") as lines:
            self._drip(client, b"greeting")
            client.sendall(b"* OK Ready\r\n")
            for line in lines:
                tag, verb, *words = line.split()
                asked = verb + b" " + words[0] if verb == b"UID" else verb
                if not self._drip(client, asked):
                    client.sendall(_SAID.get(asked, b""))
                client.sendall(tag + b" OK Done\r\n")

    def _drip(self, client: socket.socket, asked: bytes) -> bool:
        if asked != self._at:
            return False
        for drip in self._all():
            client.sendall(drip)
            if self._closing.wait(self._pace):
                raise ConnectionError
        return True

    def _all(self) -> Iterator[bytes]:
        yield from self._drips
        while self._ever:
            yield self._drips[-1]
