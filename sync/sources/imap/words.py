"""Turn whatever goes wrong on a connection into an error of `sync.errors`, in plain words.

This is the one place that knows imaplib's, imapclient's, the socket's and OpenSSL's errors.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sync.errors import SourceUnavailableError, SyncError, UnsafeConnectionError, Why
from sync.sources.imap.grammar import GarbledError
from sync.sources.imap.wire import OverdueError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How much of a server's own words is repeated.
QUOTED_MOST: Final = 100
#: What imaplib and imapclient raise on lines that are not IMAP.
GARBAGE: Final = (
    GarbledError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


@contextmanager
def plain_words(server: str) -> Iterator[None]:
    """Raise the errors of `sync.errors` alone."""
    try:
        yield
    except SyncError:
        raise
    except RefusedError as error:
        raise SourceUnavailableError(
            f"{server} refuses {error.command} just now: {quote(error.text)}"
        ) from error
    except (OSError, imaplib.IMAP4.error, *GARBAGE) as error:
        raise translate(server, error) from error


def translate(server: str, error: BaseException) -> SyncError:
    """Return the error that says in plain words what happened."""
    match error:
        case ssl.SSLCertVerificationError():
            return UnsafeConnectionError(
                f"The certificate of {server} does not fit ({quote(error.verify_message)}), so it "
                "may be another server. Nothing was sent, the password neither. Check the name of "
                "the server, or give it a certificate for that name.",
                why=Why.CERTIFICATE,
                said=quote(error.verify_message),
            )
        case ssl.SSLError():
            return SourceUnavailableError(
                f"{server} does not speak TLS on this port ({quote(error.reason or '')}).",
                why=Why.NO_TLS,
            )
        case socket.gaierror(errno=socket.EAI_AGAIN):
            return SourceUnavailableError(f"{server} was not found: no name is, just now.")
        case socket.gaierror() | UnicodeError():
            return SourceUnavailableError(
                f"There is no server called {server}: name not found.", why=Why.NAME
            )
        case OverdueError():
            return SourceUnavailableError(
                f"{server} timed out: it takes too long over its answer.", why=Why.SILENT
            )
        case TimeoutError():
            return SourceUnavailableError(
                f"{server} timed out: it does not answer.", why=Why.SILENT
            )
        case ConnectionRefusedError():
            return SourceUnavailableError(f"{server} refused the connection.", why=Why.CLOSED)
        case ConnectionError():
            return SourceUnavailableError(f"{server} closed the connection in the middle.")
        case OSError():
            return SourceUnavailableError(
                f"{server} cannot be reached: {quote(error.strerror or str(error))}",
                why=Why.CLOSED,
            )
        case imaplib.IMAP4.abort(__context__=OSError() as cause):
            return translate(server, cause)  # imaplib's word for what failed while it was sending.
        case imaplib.IMAP4.error():
            return SourceUnavailableError(f"{server} broke off or made no sense: {quote(error)}")
    return SourceUnavailableError(f"{server} made no sense: {quote(error)}")


def quote(said: object) -> str:
    """Return at most QUOTED_MOST printable characters of what a server said."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    seen = "".join(char if char.isprintable() else " " for char in text[: 4 * QUOTED_MOST])
    return re.sub(r"\s+", " ", seen).strip()[:QUOTED_MOST]
