"""The bytes between us and an IMAP server: imaplib's dialogue over a reader with limits.

imaplib reads as much as a server announces and waits as long as bytes trickle in. This reader
bounds each line, each literal, all of one answer, and the time it may take, whatever comes. A
server may say what it likes at any time (RFC 3501, section 7); we wait on for what was asked alone.
"""

from __future__ import annotations

import imaplib
import re
import time
from typing import TYPE_CHECKING, Any, Final

from sync.sources.imap.grammar import GarbledError, parse, usual

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterator

#: A SEARCH answer is one line: two million messages, 10 digits each.
LONGEST_LINE: Final = 32_000_000
#: What one answer may hold in all, unless the question says otherwise.
ANSWER: Final = 64_000_000
#: No literal is larger: the biggest letter that is asked for whole, with room for a wrong size.
LITERAL: Final = 48_000_000
#: A command may take this many time-outs, and longer as long as this many bytes a second come.
PATIENCE: Final = 10
SLOWEST: Final = 4_096
#: So many seconds may pass in which a server talks, and nothing comes of what was asked for.
CHATTER: Final = 120.0
_RECEIVE: Final = 262_144
_NOTHING: Final = re.compile(rb"(?!)")

#: An item of a FETCH answer by its name, as `BODY[1]<0>`.
Items = dict[bytes, Any]


class RefusedError(Exception):
    """The server answers NO. `text` is its word, with the response code in brackets."""

    def __init__(self, command: str, text: bytes) -> None:
        super().__init__(command)
        self.command = command
        self.text = text

    def says(self, *codes: bytes) -> bool:
        """Tell whether the answer carries one of these response codes (RFC 5530)."""
        return self.text.upper().startswith(tuple(b"[" + code for code in codes))


class OverdueError(TimeoutError):
    """The time for an answer is over, although the server may be talking still."""


class Wire(imaplib.IMAP4):
    """imaplib's dialogue over a connected socket.

    `until` is when all that is asked has to be answered, by the monotonic clock.
    """

    def __init__(self, connected: socket.socket, host: str, port: int, until: float) -> None:
        self.until = until
        self._connected = connected
        self._held = bytearray()
        self._received = 0
        self._allowed = ANSWER
        self._asked_at = self._served_at = time.monotonic()
        self._wanted = _NOTHING
        self._inside = False  # a response that goes on behind a literal
        self._pause = connected.gettimeout() or 30.0
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Take the socket that is already connected."""
        del timeout  # The socket has its own.
        self.host, self.port, self.sock = host, port, self._connected

    def shutdown(self) -> None:
        """Close the socket."""
        self.sock.close()

    def give_away(self) -> tuple[socket.socket, bytes]:
        """Give the connection to somebody else, with what has been received and not been read."""
        return self.sock, bytes(self._held)

    def send(self, said: Any, /) -> None:
        """Send, and start the clock of the answer."""
        self._asked_at = self._served_at = time.monotonic()
        self._received = 0
        self._bound()
        self.sock.sendall(said)

    def readline(self) -> bytes:
        """Read a line, of at most LONGEST_LINE."""
        seen = 0
        while (end := self._held.find(b"\n", seen)) < 0:
            seen = len(self._held)
            if seen > LONGEST_LINE:
                raise GarbledError(f"a line of more than {LONGEST_LINE:,} bytes")
            self._held += self._receive(_RECEIVE)
            self._note(self._held)
        line = bytes(memoryview(self._held)[: end + 1])
        del self._held[: end + 1]
        self._note(line)
        self._inside = False
        return line

    def read(self, size: int) -> bytes:
        """Read a literal, of at most LITERAL; all of it or none."""
        if size > LITERAL:
            raise GarbledError(f"a text of {size:,} bytes where none so large was asked for")
        self._inside = True
        if size <= len(self._held):
            text = bytes(memoryview(self._held)[:size])
            del self._held[:size]
            return text
        pieces = [bytes(self._held)]
        missing = size - len(self._held)
        self._held.clear()
        while missing:
            piece = self._receive(min(missing, _RECEIVE))
            pieces.append(piece)
            missing -= len(piece)
            self._served_at = time.monotonic()
        return b"".join(pieces)

    def secure(self, context: ssl.SSLContext) -> bool:
        """Switch to TLS by STARTTLS (RFC 2595); tell whether the server agreed.

        What came in clear text after the agreement is nobody's word (CVE-2011-0411): it ends the
        connection instead of being read as if it had been said under TLS.
        """
        if "STARTTLS" not in self.capabilities:
            return False
        if self.ask("STARTTLS")[0] != "OK":
            return False
        if self._held:
            return False
        self._bound()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.untagged_responses.clear()
        self._get_capabilities()
        return True

    def answer_with(self, answer: Any) -> None:
        """Answer the next command's "+" by calling a bound method with the challenge."""
        self.literal = answer

    def give_with(self, literal: bytes) -> None:
        """Send these bytes as the literal at the end of the next command."""
        self.literal = literal  # type: ignore[assignment]  # Typed as what APPEND makes of it.

    def enter(self) -> None:
        """Note that the login succeeded, and what the server can do now."""
        self.state = "AUTH"
        told: Any = self.untagged_responses.get("CAPABILITY")
        if told:
            self.capabilities = tuple(told[-1].decode("ascii", "replace").upper().split())
        else:
            self._get_capabilities()

    def ask(self, name: str, *words: str | bytes, allowed: int = ANSWER) -> tuple[str, bytes]:
        """Send a command; return OK or NO with its text. What else was said is in `told`."""
        self._allowed = allowed
        kind = str(words[0] if name == "UID" else name)
        self._wanted = re.compile(rb"\* (?:\d+ )?%b[ \r\n]" % kind.encode("ascii"))
        self.untagged_responses.clear()  # Whatever was not asked for, or is left over.
        imaplib.Commands.setdefault(name, ("NONAUTH", "AUTH", "SELECTED"))
        kind, lines = self._simple_command(name, *words)
        return kind, lines[-1] if lines and isinstance(lines[-1], bytes) else b""

    def demand(self, name: str, *words: str | bytes, allowed: int = ANSWER) -> None:
        """Send a command that has to succeed. Raises RefusedError."""
        kind, text = self.ask(name, *words, allowed=allowed)
        if kind != "OK":
            raise RefusedError(f"{name} {words[0]!r}" if name == "UID" else name, text)

    def told(self, kind: str) -> Iterator[list[Any]]:
        """Yield the untagged responses of a kind, each as imaplib's list of lines and literals."""
        one: list[Any] = []
        for line in self.untagged_responses.get(kind, ()):
            one.append(line)
            if isinstance(line, bytes):  # A literal is never the end of a response.
                yield one
                one = []

    def number(self, kind: str) -> int | None:
        """Return the number that the server told with a response code, or None."""
        told: Any = self.untagged_responses.get(kind)
        return int(told[-1]) if told and told[-1].isdigit() else None

    def list_uids(self, *criteria: str) -> list[int]:
        """Return the UIDs that the server lists, ascending, each once."""
        self.demand("UID", "SEARCH", *criteria)
        found: set[int] = set()
        for (line,) in self.told("SEARCH"):
            numbers, _, _ = line.partition(b"(")  # (MODSEQ n) may follow: RFC 7162, section 3.1.5.
            found.update(map(int, numbers.split()))
        if found and not 0 < min(found) <= max(found) < 2**32:
            raise GarbledError("a UID that cannot be")
        return sorted(found)

    def fetch_items(self, uids: str, items: str, *, allowed: int = ANSWER) -> Iterator[Items]:
        """Ask for items of UIDs and yield each response that tells its UID, in the server's order.

        All of the answer has been read and understood before the first is yielded.
        """
        self.demand("UID", "FETCH", uids, items, allowed=allowed)
        return self.fetched()

    def fetched(self) -> Iterator[Items]:
        """Yield the responses of the last FETCH, also of one that was refused half-way."""
        return iter([said for one in self.told("FETCH") if b"UID" in (said := _items(one))])

    def _receive(self, most: int) -> bytes:
        left = self._bound()
        try:
            piece = self.sock.recv(most)
        except TimeoutError as error:
            raise OverdueError if left < self._pause else error from None
        if not piece:
            raise ConnectionResetError("the connection ended in the middle of an answer")
        self._received += len(piece)
        if self._received > self._allowed:
            raise GarbledError(f"an answer of more than {self._allowed:,} bytes")
        return piece

    def _bound(self) -> float:
        """Let the socket wait no longer than is left, and return that. Raises OverdueError."""
        whole = self._asked_at + PATIENCE * self._pause + self._received / SLOWEST
        left = min(self.until, whole, self._served_at + CHATTER) - time.monotonic()
        if left <= 0:
            raise OverdueError
        self.sock.settimeout(min(self._pause, left))
        return left

    def _note(self, line: bytes | bytearray) -> None:
        """Note when a line, or its beginning, is of what was asked for."""
        if self._inside or self._wanted.match(line):
            self._served_at = time.monotonic()


def _items(response: list[Any]) -> Items:
    """Read one FETCH response. Two items of one name mean that a literal was shorter than told."""
    quick = usual(response)
    if quick is not None:
        return quick
    parsed = parse(response)
    if len(parsed) != 2 or not isinstance(parsed[1], tuple) or len(parsed[1]) % 2:
        raise GarbledError("a FETCH response that does not parse")
    names = [name.upper() if isinstance(name, bytes) else name for name in parsed[1][::2]]
    if not all(isinstance(name, bytes) for name in names) or len(set(names)) < len(names):
        raise GarbledError("a FETCH response that does not parse")
    said: Items = dict(zip(names, parsed[1][1::2], strict=True))
    if not isinstance(said.get(b"UID", 0), int):
        raise GarbledError("a UID that is no number")
    return said
