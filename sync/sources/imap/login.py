"""Reach an IMAP server and log in: name, address, TLS, password; private or not at all."""

from __future__ import annotations

import binascii
import imaplib
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from sync.errors import (
    AuthorizationRevokedError,
    SourceUnavailableError,
    UnsafeConnectionError,
    Why,
)
from sync.reaching import check_loopback, context, reach
from sync.sources.imap import guard
from sync.sources.imap.grammar import GarbledError
from sync.sources.imap.wire import RefusedError, Wire
from sync.sources.imap.words import plain_words, quote

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

Security = Literal["tls", "starttls", "none"]

#: Connecting, greeting, CAPABILITY, STARTTLS and LOGIN may take so many seconds together.
ENTRY: Final = 45.0
#: A goodbye is waited for so many seconds.
GOODBYE: Final = 2.0

#: A NO to the login that says "not now" (RFC 5530, section 3).
PASSING: Final = (b"UNAVAILABLE", b"INUSE", b"LIMIT", b"SERVERBUG", b"OVERQUOTA")
#: The same in words: Gmail sends `[ALERT] Too many simultaneous connections. (Failure)`.
#: and `Account exceeded command or bandwidth limits.`
PASSING_WORDS: Final = (
    b"TOO MANY",
    b"SIMULTANEOUS",
    b"TEMPORAR",
    b"TRY AGAIN",
    b"RATE LIMIT",
    b"BANDWIDTH LIMIT",
)
#: A NO that means the login and nothing else, whatever its words (RFC 5530, section 3).
SETTLED: Final = (b"AUTHENTICATIONFAILED", b"AUTHORIZATIONFAILED", b"EXPIRED")
#: A NO that asks for TLS first (RFC 5530, section 3).
WANTS_TLS: Final = (b"PRIVACYREQUIRED",)


@dataclass(frozen=True, slots=True)
class ImapLogin:
    """Where a mailbox is and how to get in."""

    host: str
    port: int
    security: Security
    login: str
    password: str = field(repr=False)
    guarded: bool = False  # named in the web: read from the public internet alone
    bearer: bool = False  # the password is a token of OAuth


def connect(
    login: ImapLogin,
    *,
    timeout: float,
    until: float = math.inf,
    allow_plain: bool,
    connect_to: Callable[[str], Sequence[str]],
) -> Wire:
    """Return a connection that is logged in. Raises the errors of `sync.errors` alone.

    All of it together has ENTRY seconds, however much the server says meanwhile; all that is asked
    later has to be answered by `until`, of the monotonic clock.
    """
    server = f"{login.host}:{login.port}"
    with plain_words(server):
        if login.guarded:
            guard.check_port(login.port)
        addresses = connect_to(login.host)
        if login.guarded:
            guard.check_addresses(login.host, addresses)
        if login.security == "none" and not allow_plain:
            check_loopback(login.host, addresses)
        entered = min(until, time.monotonic() + ENTRY)
        wire = _greet(reach(addresses, login.port, timeout), login, entered)
        try:
            _let_in(wire, login, server)
        except BaseException:
            close(wire)
            raise
    wire.until = until
    return wire


def close(wire: Wire, *, politely: bool = False) -> None:
    """Close a connection; never wait longer than GOODBYE for the server's word."""
    with suppress(OSError, imaplib.IMAP4.error, ValueError):
        if politely:
            wire.until = time.monotonic() + GOODBYE
            wire.ask("LOGOUT")
    with suppress(OSError):
        wire.shutdown()


def _greet(connected: socket.socket, login: ImapLogin, until: float) -> Wire:
    """Wrap the connection in TLS where it starts so, and read the greeting."""
    pause = connected.gettimeout() or ENTRY
    try:
        if login.security == "tls":
            connected.settimeout(min(pause, max(until - time.monotonic(), 0.001)))
            connected = context().wrap_socket(connected, server_hostname=login.host)
            connected.settimeout(pause)
        return Wire(connected, login.host, login.port, until)
    except (imaplib.IMAP4.error, GarbledError) as error:
        connected.close()
        raise _unfriendly(error, f"{login.host}:{login.port}") from error
    except BaseException:
        connected.close()
        raise


def _unfriendly(error: Exception, server: str) -> SourceUnavailableError:
    """Say what a greeting means that lets nobody in.

    The words of a server that is not one of IMAP are repeated to nobody: whoever may name a host
    would read by them what listens in our network.
    """
    greeting = error.args[0] if error.args else b""
    if isinstance(greeting, bytes) and greeting[:5].upper() == b"* BYE":
        said = quote(greeting[5:])
        words = f"{server} lets nobody in just now: {said}"
        return SourceUnavailableError(words, why=Why.BUSY, said=said)
    return SourceUnavailableError(f"What answers at {server} is no IMAP server.", why=Why.NO_IMAP)


def _let_in(wire: Wire, login: ImapLogin, server: str) -> None:
    if wire.state != "NONAUTH":
        # PREAUTH would skip STARTTLS and the question whose mail this is (CVE-2020-12398).
        raise UnsafeConnectionError(
            f"{server} claims that we are logged in already, which a server in between may say. "
            "Nothing was sent. Choose TLS for this mailbox."
        )
    if login.security == "starttls" and not wire.secure(context()):
        raise UnsafeConnectionError(
            f"{server} does not switch to an encrypted connection (STARTTLS), or something in "
            "between prevents it. The password was not sent. Choose TLS, usually on port 993.",
            why=Why.NO_STARTTLS,
        )
    try:
        _log_in(wire, login)
    except RefusedError as error:
        raise _refused(error, server) from error
    wire.enter()


def _log_in(wire: Wire, login: ImapLogin) -> None:
    if any(char in login.login + login.password for char in "\0\r\n"):
        raise RefusedError("LOGIN", b"the login or the password contains a line break")
    if login.bearer:
        # developers.google.com/workspace/gmail/imap/xoauth2-protocol
        token = f"user={login.login}\x01auth=Bearer {login.password}\x01\x01".encode()
        wire.answer_with(_Answer(token).give)
        wire.demand("AUTHENTICATE", "XOAUTH2")
        return
    if "LOGINDISABLED" in wire.capabilities:
        raise RefusedError("LOGIN", b"[PRIVACYREQUIRED] the server wants TLS first")
    if (login.login + login.password).isascii():
        wire.demand("LOGIN", _quoted(login.login), _quoted(login.password))
        return
    # LOGIN is for ASCII; PLAIN says UTF-8 (RFC 4616) and needs no quoting.
    plain = f"\0{login.login}\0{login.password}".encode()
    wire.answer_with(_Answer(plain).give)
    wire.demand("AUTHENTICATE", "PLAIN")


class _Answer:
    """What imaplib takes for a literal: a bound method that answers the server's challenge."""

    def __init__(self, plain: bytes) -> None:
        self._plain = plain

    def give(self, challenge: bytes) -> bytes:
        """Answer the empty challenge; any other tells why it is in vain, and gets nothing."""
        return b"" if challenge.strip() else binascii.b2a_base64(self._plain, newline=False)


def _quoted(text: str) -> bytes:
    return b'"' + text.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def _refused(error: RefusedError, server: str) -> Exception:
    said = quote(error.text)
    if error.says(*WANTS_TLS):
        return UnsafeConnectionError(
            f"{server} takes a password only over an encrypted connection: {said}. "
            "Choose TLS or STARTTLS for this mailbox.",
            why=Why.WANTS_TLS,
            said=said,
        )
    busy = any(word in error.text.upper() for word in PASSING_WORDS)
    if error.says(*PASSING) or (busy and not error.says(*SETTLED)):
        words = f"{server} lets nobody in just now: {said}"
        return SourceUnavailableError(words, why=Why.BUSY, said=said)
    words = f"{server} refuses the login: {said}"
    return AuthorizationRevokedError(words, why=Why.LOGIN, said=said)
