"""The dialogue of SMTP with a server: reach it, get in, and say each command.

The standard library's client speaks; which machine it reaches, how far it waits, what goes into a
command and what an answer means is decided here. No address gets into a command that is not one.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from crm.mail.models import OutgoingTrouble
from sync.errors import SourceUnavailableError, UnsafeConnectionError, Why
from sync.reaching import addresses_of, check_loopback, context, reach
from sync.sources.imap import guard
from sync.sources.imap.words import quote, translate
from sync.transports import LaterError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.sources.imap.login import Security

#: Seconds without a word of the server: at each step, and after the letter's last line. RFC 5321
#: has ten minutes for that (section 4.5.3.2.6); ours are fewer, for nothing is sent again by it.
PATIENCE: Final = 30.0
LAST_WORD: Final = 120.0
#: A socket's time-out is for all that is given to it at once: 64 kB take 17 s at 30 kbit/s.
_PIECE: Final = 65_536
#: A line that begins with a dot has one more on its way (RFC 5321, section 4.5.2).
_DOT: Final = re.compile(rb"(?m)^\.")
#: Signs that would be more than a word of a command (RFC 5321, section 4.1.2).
_UNFIT: Final = frozenset(" <>\r\n\0\t")


@dataclass(frozen=True, slots=True)
class SmtpLogin:
    """Where a mailbox sends, and how to get in."""

    host: str
    port: int
    security: Security
    login: str
    password: str = field(repr=False)
    guarded: bool = False  # named in the web: on the public internet alone

    @property
    def server(self) -> str:
        """Return the server as people write it."""
        return f"{self.host}:{self.port}"


class Line(smtplib.SMTP):
    """smtplib's dialogue over a socket that is connected already."""

    def __init__(self, connected: socket.socket, host: str, greeted: str) -> None:
        self._connected = connected
        super().__init__(local_hostname=greeted, timeout=connected.gettimeout() or PATIENCE)
        self._host = host  # By which STARTTLS checks the certificate.

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002
        return self._connected

    def pour(self, letter: bytes) -> None:
        """Give a letter's lines, all but the last. Each piece of them has the whole time-out."""
        dotted = _DOT.sub(b"..", letter)
        for start in range(0, len(dotted), _PIECE):
            self.send(dotted[start : start + _PIECE])

    def end(self, patience: float) -> tuple[int, str]:
        """Give the last line, and return what the server says of the letter within so long."""
        assert self.sock is not None
        self.sock.settimeout(patience)
        self.send(b".\r\n")
        code, said = self.getreply()
        return code, quote(said)


def open_line(
    login: SmtpLogin,
    *,
    allow_plain: bool,
    timeout: float = PATIENCE,
    connect_to: Callable[[str], Sequence[str]] = addresses_of,
) -> Line:
    """Return a dialogue that is let in. Raises the errors of `sync.errors` and of transports."""
    try:
        if login.guarded:
            guard.check_submission_port(login.port)
        addresses = connect_to(login.host)
        if login.guarded:
            guard.check_addresses(login.host, addresses)
        if login.security == "none" and not allow_plain:
            check_loopback(login.host, addresses)
        return _greeted(login, reach(addresses, login.port, timeout))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise plain(error, login.server) from error


def close(line: Line, *, politely: bool = False) -> None:
    """Close a dialogue; nobody waits long for a goodbye."""
    with suppress(OSError, smtplib.SMTPException, ValueError):
        if politely and line.sock is not None:
            line.sock.settimeout(2.0)
            line.docmd("QUIT")
    with suppress(OSError):
        line.close()


def command(line: Line, verb: str, words: str) -> tuple[int, str]:
    """Say one command and return the answer: its code, and its words."""
    code, said = line.docmd(verb, words)
    return code, quote(said)


def path(email: str) -> str:
    """Write an address as MAIL and RCPT have it. Raises RefusedError for what is none."""
    local, at, domain = email.rpartition("@")
    if not (at and local and domain) or _UNFIT & set(email):
        words = f"{quote(email)!r} cannot be written in a command."
        raise RefusedError(OutgoingTrouble.RECIPIENTS, words, refused={email: words})
    return f"<{email}>"


def plain(error: Exception, server: str) -> Exception:
    """Say what an error of the dialogue means, in errors of our own."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return SourceUnavailableError(f"{server} closed the connection in the middle.")
    if isinstance(error, smtplib.SMTPResponseException):
        said = quote(error.smtp_error)
        words = f"{server} lets nobody in just now: {error.smtp_code} {said}"
        return SourceUnavailableError(words, why=Why.BUSY, said=said)
    if isinstance(error, smtplib.SMTPException):
        return SourceUnavailableError(f"{server} made no sense: {quote(error)}")
    return translate(server, error)


def _greeted(login: SmtpLogin, connected: socket.socket) -> Line:
    """Hear the greeting, switch to TLS where it is asked for, and log in."""
    timeout = connected.gettimeout()
    try:
        if login.security == "tls":
            connected = context().wrap_socket(connected, server_hostname=login.host)
            connected.settimeout(timeout)
        line = Line(connected, login.host, _own_name(connected))
    except BaseException:
        connected.close()
        raise
    try:
        _hear(*line.connect(login.host, login.port))
        line.ehlo_or_helo_if_needed()
        if login.security == "starttls":
            _secure(line, login)
        _log_in(line, login)
    except BaseException:
        close(line)
        raise
    return line


def _hear(code: int, greeting: bytes) -> None:
    if code != 220:
        raise smtplib.SMTPConnectError(code, greeting)


def _own_name(connected: socket.socket) -> str:
    """Name ourselves by our address: the machine's name is nobody's business (RFC 5321, 4.1.3)."""
    own = str(connected.getsockname()[0])
    return f"[IPv6:{own}]" if ":" in own else f"[{own}]"


def _secure(line: Line, login: SmtpLogin) -> None:
    if not line.has_extn("starttls"):
        raise UnsafeConnectionError(
            f"{login.server} does not switch to an encrypted connection (STARTTLS), or something "
            "in between prevents it. The password was not sent. Choose TLS, usually on port 465.",
            why=Why.NO_STARTTLS,
        )
    line.starttls(context=context())
    line.ehlo()


def _log_in(line: Line, login: SmtpLogin) -> None:
    offered = line.esmtp_features.get("auth", "").upper().split()
    if not offered:
        return  # A relay that knows us by our address, as on this machine.
    if "PLAIN" in offered:
        given = base64.b64encode(f"\0{login.login}\0{login.password}".encode()).decode("ascii")
        code, said = command(line, "AUTH", f"PLAIN {given}")
    elif "LOGIN" in offered:
        code, said = command(line, "AUTH", "LOGIN")
        for word in (login.login, login.password):
            if code == 334:
                code, said = command(line, base64.b64encode(word.encode()).decode("ascii"), "")
    else:
        words = f"{login.server} takes no password: {' '.join(offered)[:100]}"
        raise RefusedError(OutgoingTrouble.LOGIN, words, why=Why.LOGIN, said="")
    if code in (235, 503):  # 503: it knows us already.
        return
    if 400 <= code < 500:
        words = f"{login.server} lets nobody in just now: {code} {said}"
        raise LaterError(OutgoingTrouble.DEFERRED, words, why=Why.BUSY, said=said)
    words = f"{login.server} refuses the login: {code} {said}"
    raise RefusedError(OutgoingTrouble.LOGIN, words, why=Why.LOGIN, said=said)
