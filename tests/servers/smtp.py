"""An SMTP server on 127.0.0.1 that does as planned, and keeps what it has received.

    with Smtp() as server:
        server.plan("RCPT", "550 5.1.1 No such user")      # at the next RCPT alone
        server.plan("DATA", DROP_BEFORE_ANSWER)            # takes the letter, and hangs up
        …
        server.received[0].raw

It is `aiosmtpd`, strict about what a command may be: an address that is none is refused, and a
line with a bare CR or LF in a letter is counted in `server.smuggled`.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
import warnings
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

if TYPE_CHECKING:
    from pathlib import Path

#: What may be planned beside an answer in words.
DROP = "drop"  # hangs up instead of answering
DROP_BEFORE_ANSWER = "drop before the answer"  # at DATA: has the letter, and does not say so
DROP_AFTER_ANSWER = "drop after the answer"  # says so, and hangs up at once
STALL = "stall"  # says nothing any more
PASSWORD = "secret"
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class Received:
    """A letter that the server has taken, as it came."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Smtp:
    """One server with its plan."""

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
        tls: bool = False,
        smtputf8: bool = False,
        asks_for_login: bool = True,
        most: int = 33_554_432,
    ) -> None:
        self.received: list[Received] = []
        self.commands: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.smuggled = 0
        self._plans: dict[str, deque[str]] = {}
        self._always: dict[str, str] = {}
        self._lock = threading.Lock()
        self._context = None
        self._more: dict[str, Any] = {
            "data_size_limit": most,
            "enable_SMTPUTF8": smtputf8,
            "auth_required": asks_for_login,
            "auth_require_tls": False,
            "authenticator": self._authenticate,
            "hostname": "smtp.test",
        }
        if certificate is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, key)
            if tls:
                self._context = context
            else:
                self._more["tls_context"] = context
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._answers: list[_Server] = []
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(
            self._loop.create_server(
                self._answering,
                "127.0.0.1",
                0,
                ssl=self._context,
            )
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _call(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(20)

    def _answering(self) -> _Server:
        with warnings.catch_warnings():  # That a password comes in clear text is meant.
            warnings.simplefilter("ignore")
            one = _Server(self, _Plan(self), loop=self._loop, **self._more)
        self._answers.append(one)
        return one

    async def _end(self) -> None:
        assert self._server is not None
        self._server.close()
        for one in self._answers:
            # What TLS has closed already must not be aborted (asyncio before Python 3.11.4).
            if one.transport is not None and not one.transport.is_closing():
                one.transport.abort()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # The connections that were broken off close their sockets.

    @property
    def ids(self) -> Counter[str]:
        """Count the Message-IDs that were received."""
        found = (re.search(rb"(?im)^Message-ID:\s*<([^>]+)>", one.raw) for one in self.received)
        return Counter(one[1].decode() for one in found if one is not None)

    def plan(self, verb: str, *what: str) -> None:
        """Answer the next commands of a verb so: `HELLO AUTH MAIL RCPT DATA BODY`, BODY its end."""
        with self._lock:
            self._plans.setdefault(verb, deque()).extend(what)

    def always(self, verb: str, what: str | None) -> None:
        """Answer every command of a verb so, where nothing else is planned; None for no more."""
        with self._lock:
            self._always.pop(verb, None)
            if what is not None:
                self._always[verb] = what

    def due(self, verb: str, about: str = "") -> str | None:
        """Return what is planned for a command that has come."""
        with self._lock:
            self.commands.append(f"{verb} {about}".strip())
            plans = self._plans.get(verb)
            return plans.popleft() if plans else self._always.get(verb)

    def take(self, envelope: Envelope) -> None:
        """Keep a letter."""
        assert isinstance(envelope.original_content, bytes)
        raw = envelope.original_content
        with self._lock:
            self.smuggled += len(_BARE.findall(raw))
            people = tuple(str(one) for one in envelope.rcpt_tos)
            self.received.append(Received(str(envelope.mail_from), people, raw))

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, given: Any
    ) -> AuthResult:
        login, password = given.login.decode(), given.password.decode()
        self.logins.append((login, password))
        planned = self.due("AUTH", login)
        if planned:
            return AuthResult(success=False, handled=False, message=planned)
        return AuthResult(success=password == PASSWORD, handled=False)


class _Server(SMTP):
    """Says what a client does, before it is checked."""

    def __init__(self, owner: Smtp, handler: object, **more: Any) -> None:
        self._owner = owner
        super().__init__(handler, **more)

    async def smtp_DATA(  # noqa: N802 - aiosmtpd's
        self, arg: str
    ) -> None:
        planned = self._owner.due("DATA")
        if planned == DROP:
            self.transport.abort()
        elif planned == STALL:
            await asyncio.sleep(3600)
        elif planned:
            await self.push(planned)
        else:
            await super().smtp_DATA(arg)


class _Plan:
    """What aiosmtpd asks at each command."""

    def __init__(self, owner: Smtp) -> None:
        self._owner = owner

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's
        self,
        server: SMTP,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        planned = self._owner.due("HELLO", hostname)
        await _carry_out(server, planned)
        return [planned] if planned else responses

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        planned = self._owner.due("MAIL", address)
        await _carry_out(server, planned)
        if planned:
            return planned
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        planned = self._owner.due("RCPT", address)
        await _carry_out(server, planned)
        if planned:
            return planned
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        planned = self._owner.due("BODY")
        if planned in (None, DROP_BEFORE_ANSWER, DROP_AFTER_ANSWER, STALL):
            self._owner.take(envelope)
        if planned == DROP_AFTER_ANSWER:
            await server.push("250 OK")
        await _carry_out(server, planned)
        return planned or "250 OK"


async def _carry_out(server: SMTP, planned: str | None) -> None:
    if planned in (DROP, DROP_BEFORE_ANSWER, DROP_AFTER_ANSWER):
        server.transport.close() if planned == DROP_AFTER_ANSWER else server.transport.abort()
        raise ConnectionResetError
    if planned == STALL:
        await asyncio.sleep(3600)
