"""A liar between a client and an IMAP server: it cuts, stalls, forges and hides, on a plan.

    with Proxy(server.port) as liar:
        liar.plan(Fault("nil_body", uid=3), Fault("stall", times=2, seconds=1))
        ImapSource(ImapLogin("127.0.0.1", liar.port, "none", "ann", "secret"))

Each fault happens `times` times (None: always), from the `nth` occasion on; `uid` picks the letter.
`Proxy(port, seed=7, rate=0.02, kinds=FETCH_KINDS)` chooses by itself, the same for the same seed
and the same questions. It understands responses with literals, so that what it does not mean to
change passes byte for byte.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

#: What can happen to one FETCH response that carries a body.
FETCH_KINDS = (
    "trunc_literal",
    "short_literal",
    "nil_body",
    "zero_body",
    "vanish",
    "dup_fetch",
    "swap_uid",
    "garbage_line",
    "unsolicited",
    "long_line",
    "bye",
    "rst",
    "fin",
    "stall",
)
#: What can happen to the end of an answer, to an opened folder, and to a login.
ANSWER_KINDS = ("tagged_no",)
FOLDER_KINDS = ("uidnext_lie", "exists_lie", "uidvalidity", "uidvalidity_changing")
LOGIN_KINDS = ("auth_unavailable", "auth_fail", "auth_plain_no", "auth_bad")
CONNECTION_KINDS = ("black_hole",)
CAPABILITY_KINDS = ("no_idle",)
#: Every kind there is.
KINDS = (
    *(*FETCH_KINDS, *ANSWER_KINDS, *FOLDER_KINDS),
    *(*LOGIN_KINDS, *CONNECTION_KINDS, *CAPABILITY_KINDS),
)
_LOGIN_ANSWERS = {
    "auth_unavailable": b"NO [UNAVAILABLE] Temporary authentication failure.",
    "auth_fail": b"NO [AUTHENTICATIONFAILED] Authentication failed.",
    "auth_plain_no": b"NO Login incorrect",
    "auth_bad": b"BAD Error in IMAP command LOGIN: internal.",
}
_LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")
_UID = re.compile(rb"\bUID (\d+)")
_BODY = re.compile(rb"(BODY\[[^\]]*\](?:<\d+>)?) \{\d+\}\r\n\Z", re.IGNORECASE)


@dataclass
class Fault:
    """One kind of fault, and when it happens."""

    kind: str
    uid: int | None = None
    times: int | None = 1
    nth: int = 1
    value: int = 0  # by how much to lie, or what to say; 0 leaves it to the kind
    seconds: float = 1.0
    seen: int = 0
    done: int = 0


@dataclass
class Response:
    """A line with the literals inside it: texts and literals by turns, a text first and last."""

    texts: list[bytes]
    literals: list[bytes] = field(default_factory=list)

    def __bytes__(self) -> bytes:
        said = [self.texts[0]]
        for literal, text in zip(self.literals, self.texts[1:], strict=True):
            said += [literal, text]
        return b"".join(said)


class Proxy:
    """Listens on a port of its own and passes on to a server on 127.0.0.1."""

    def __init__(
        self, upstream: int, *, seed: int = 0, rate: float = 0.0, kinds: Sequence[str] = ()
    ) -> None:
        self._upstream = upstream
        self._random = random.Random(seed)
        self._rate = rate
        self._kinds = tuple(kinds)
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._talks: list[_Talk] = []
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._uidvalidity = 1_000_000
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self.bytes_down = 0
        self.commands: list[bytes] = []
        self.happened: list[str] = []

    def __enter__(self) -> Self:
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in list(self._sockets):
            _shut(one)
        for thread in self._threads:
            thread.join(timeout=5)
        for one in self._sockets:
            one.close()

    def plan(self, *faults: Fault) -> None:
        """Say what shall happen from now on; what was planned before is forgotten."""
        with self._lock:
            self._faults = list(faults)

    def heal(self) -> None:
        """Let nothing happen any more, neither by plan nor by chance."""
        with self._lock:
            self._faults, self._rate = [], 0.0

    def swallow(self) -> None:
        """Turn every connection of now into a black hole."""
        for talk in self._talks:
            talk.hole = True

    def cut(self) -> None:
        """Break every connection of now."""
        for one in list(self._sockets):
            _shut(one)

    def due(self, kinds: Sequence[str], uid: int | None = None) -> Fault | None:
        """Return the fault whose turn it is, and count it."""
        with self._lock:
            for fault in self._faults:
                if fault.kind not in kinds or (fault.uid is not None and fault.uid != uid):
                    continue
                fault.seen += 1
                spent = fault.times is not None and fault.done >= fault.times
                if fault.seen >= fault.nth and not spent:
                    fault.done += 1
                    self.happened.append(fault.kind)
                    return fault
            chosen = [kind for kind in self._kinds if kind in kinds]
            if chosen and self._random.random() < self._rate:
                kind = self._random.choice(chosen)
                self.happened.append(kind)
                return Fault(kind, value=self._random.randint(1, 40))
        return None

    def next_uidvalidity(self) -> int:
        """Return a UIDVALIDITY that was never said before."""
        with self._lock:
            self._uidvalidity += 1
            return self._uidvalidity

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the test."""
        self._closing.wait(seconds)

    def _run(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._upstream))
            for one in (client, server):
                # Else a short answer waits 40 ms for an acknowledgement.
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets += [client, server]
            self.connections += 1
            talk = _Talk(self, client, server)
            self._talks.append(talk)
            self._run(talk.up)
            self._run(talk.down)


class _Talk:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._verb = b""
        self.hole = proxy.due(CONNECTION_KINDS) is not None

    def up(self) -> None:
        """Pass on what the client says; answer a login ourselves where that is the plan."""
        try:
            with self._client.makefile("rb") as lines:
                for line in lines:
                    if self.hole:
                        continue
                    self._asked(line)
        except (OSError, ValueError):
            pass
        finally:
            _shut(self._server)

    def down(self) -> None:
        """Pass on what the server says, changed where that is the plan."""
        try:
            for response in _responses(self._server):
                if self.hole:
                    continue
                for piece in self._changed(response):
                    self._client.sendall(piece)
                    self._proxy.bytes_down += len(piece)
        except (OSError, ValueError):
            pass
        finally:
            _shut(self._client)

    def _asked(self, line: bytes) -> None:
        words = line.split()
        verb = words[1].upper() if len(words) > 1 else b""
        self._proxy.commands.append(b" ".join(words[1:])[:200])
        if verb == b"LOGIN" and (fault := self._proxy.due(LOGIN_KINDS)):
            self._client.sendall(words[0] + b" " + _LOGIN_ANSWERS[fault.kind] + b"\r\n")
            return
        self._verb = (words[1] + b" " + words[2]).upper() if verb == b"UID" else verb
        self._server.sendall(line)

    def _changed(self, response: Response) -> Iterator[bytes]:
        text = response.texts[0]
        if b"CAPABILITY" in text and self._proxy.due(CAPABILITY_KINDS):
            yield bytes(response).replace(b" IDLE", b"")
        elif self._verb == b"UID FETCH" and text.startswith(b"* ") and b" FETCH (" in text[:40]:
            yield from self._fetched(response)
        elif self._verb == b"UID FETCH" and not text.startswith(b"* "):
            yield self._tagged(bytes(response))
        elif self._verb in (b"EXAMINE", b"STATUS"):
            yield self._folder(bytes(response))
        else:
            yield bytes(response)

    def _tagged(self, line: bytes) -> bytes:
        fault = self._proxy.due(ANSWER_KINDS)
        if fault is None or b" OK" not in line:
            return line
        return line.split(b" ", 1)[0] + b" NO Some of it could not be read today.\r\n"

    def _folder(self, line: bytes) -> bytes:
        fault = self._proxy.due([kind for kind in FOLDER_KINDS if _speaks_of(kind, line)])
        if fault is None:
            return line
        match fault.kind:
            case "uidnext_lie":
                return _shift(line, rb"(UIDNEXT )(\d+)", fault.value or 1000)
            case "exists_lie":
                return _shift(line, rb"(\* |MESSAGES )(\d+)", fault.value or 1000)
            case "uidvalidity":
                said = b"UIDVALIDITY %d" % (fault.value or 7)
            case _:
                said = b"UIDVALIDITY %d" % self._proxy.next_uidvalidity()
        return re.sub(rb"UIDVALIDITY \d+", said, line)

    def _fetched(self, response: Response) -> Iterator[bytes]:
        whole = bytes(response)
        match = _UID.search(response.texts[0]) or _UID.search(response.texts[-1])
        body = next((at for at, said in enumerate(response.texts) if _BODY.search(said)), None)
        kinds = FETCH_KINDS if body is not None else ("vanish",)
        fault = self._proxy.due(kinds, int(match[1]) if match else None)
        if fault is None:
            yield whole
            return
        match fault.kind:
            case "vanish":
                return
            case "dup_fetch":
                yield whole + whole
            case "swap_uid":
                response.texts = [_UID.sub(b"UID 3999999", said) for said in response.texts]
                yield bytes(response)
            case "garbage_line":
                yield b"\x00\xff)(* %$ garbage \x1b[2J {x}\r\n" + whole
            case "long_line":
                yield b"* OK " + b"l" * 70_000 + b"\r\n" + whole
            case "unsolicited":
                yield (
                    b"* 7 EXISTS\r\n* 1 RECENT\r\n* OK [ALERT] Tonight we move.\r\n"
                    b"* 2 FETCH (FLAGS (\\Seen))\r\n* SEARCH 4000000\r\n* X-NEWS (1 2)\r\n" + whole
                )
            case "stall":
                yield whole[: len(whole) // 2]
                self._proxy.wait(fault.seconds)
                yield whole[len(whole) // 2 :]
            case "bye":
                yield b"* BYE Server is going down.\r\n"
                raise ConnectionError
            case "rst":
                yield whole[: len(whole) // 2]
                time.sleep(0.05)
                linger = struct.pack("ii", 1, 0)
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self._client.close()
                raise ConnectionError
            case "fin":
                yield whole[: len(response.texts[0]) - 4]
                raise ConnectionError
            case _:
                yield from self._body(fault, response, body or 0)

    def _body(self, fault: Fault, response: Response, at: int) -> Iterator[bytes]:
        text, literal = response.texts[at], response.literals[at]
        match fault.kind:
            case "trunc_literal":
                yield text + literal[: len(literal) // 2]
                raise ConnectionError
            case "short_literal":
                response.literals[at] = literal[: -(fault.value or 5)]
            case "zero_body":
                response.texts[at] = _LITERAL.sub(b"{0}\r\n", text)
                response.literals[at] = b""
            case "nil_body":
                response.texts[at] = _BODY.sub(rb"\1 NIL", text) + response.texts[at + 1]
                del response.texts[at + 1], response.literals[at]
        yield bytes(response)


def _responses(server: socket.socket) -> Iterator[Response]:
    with server.makefile("rb") as stream:
        while line := stream.readline():
            response = Response([line])
            while match := _LITERAL.search(response.texts[-1]):
                response.literals.append(stream.read(int(match[1])))
                response.texts.append(stream.readline())
            yield response


def _speaks_of(kind: str, line: bytes) -> bool:
    word = {"uidnext_lie": b"UIDNEXT", "exists_lie": b"EXISTS"}.get(kind, b"UIDVALIDITY")
    return word in line or (kind == "exists_lie" and b"MESSAGES" in line)


def _shift(line: bytes, pattern: bytes, by: int) -> bytes:
    return re.sub(
        pattern, lambda found: found[1] + b"%d" % max(0, int(found[2]) + by), line, count=1
    )


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
