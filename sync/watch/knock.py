"""Get in at one server for the watcher: the secret, the login, and INBOX open for reading."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.base.db import transaction
from crm.mail import mailboxes
from sync.credentials import imap_login
from sync.errors import SourceUnavailableError
from sync.reaching import addresses_of
from sync.sources.imap.login import close, connect
from sync.sources.imap.words import plain_words, quote
from sync.watch.line import Line

if TYPE_CHECKING:
    from uuid import UUID

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from sync.sources.imap.login import ImapLogin
    from sync.sources.imap.wire import Wire
    from sync.watch.pace import Pace

#: One step of getting in may take so many seconds; all of it together has `Pace.entry`.
_STEP = 15.0
#: A peer that is gone without a word is noticed within these seconds, by the kernel and for
#: nothing: while a server idles, silence is all that it says.
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 30), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 2))
_UNHEARD_MS = 45_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection at which one can wait, and what the server has said on it already."""

    socket: socket.socket
    held: bytes
    line: Line


def knock(
    workspace_id: UUID, mailbox_id: UUID, settings: Settings, vault: Vault, pace: Pace
) -> Opened:
    """Open a mailbox to wait at it. Raises the errors of `sync.errors`, and the database's."""
    with transaction(workspace_id) as session:
        login = imap_login(mailboxes.get(session, workspace_id, mailbox_id), settings, vault)
    return enter(login, pace, allow_plain=settings.allow_plain_imap)


def enter(login: ImapLogin, pace: Pace, *, allow_plain: bool) -> Opened:
    """Log in and open INBOX. Raises the errors of `sync.errors` alone."""
    until = time.monotonic() + pace.entry
    wire = connect(
        login,
        timeout=min(_STEP, pace.entry),
        allow_plain=allow_plain,
        connect_to=addresses_of,
    )
    try:
        wire.until = until
        with plain_words(f"{login.host}:{login.port}"):
            count = _open_inbox(wire)
            line = Line(pace, idles="IDLE" in wire.capabilities, count=count)
            connected, held = wire.give_away()
            _keep_alive(connected)
    except BaseException:
        close(wire)
        raise
    return Opened(connected, held, line)


def _open_inbox(wire: Wire) -> int | None:
    kind, text = wire.ask("EXAMINE", "INBOX")
    if kind != "OK":
        raise SourceUnavailableError(f"The server does not open INBOX: {quote(text)}")
    return wire.number("EXISTS")


def _keep_alive(connected: socket.socket) -> None:
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE:
        connected.setsockopt(socket.IPPROTO_TCP, option, value)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNHEARD_MS)
    connected.settimeout(0)
