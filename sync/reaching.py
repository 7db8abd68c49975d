"""Reach a server: its addresses, a connection to one of them, and what TLS is checked by."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import UnsafeConnectionError, Why

if TYPE_CHECKING:
    from collections.abc import Sequence


def addresses_of(host: str) -> tuple[str, ...]:
    """Return the addresses of a host, each once, in the resolver's order. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


def reach(addresses: Sequence[str], port: int, timeout: float) -> socket.socket:
    """Connect to the first address that answers; all of them together have the time-out."""
    until = time.monotonic() + timeout
    last: OSError = ConnectionRefusedError()
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError from last
        try:
            found = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            last = error
            continue
        found.settimeout(timeout)
        return found
    raise last


def check_loopback(host: str, addresses: Sequence[str]) -> None:
    """Raise UnsafeConnectionError where a password would leave this machine in clear text."""
    if all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in addresses):
        return
    raise UnsafeConnectionError(
        f"{host} is another machine and would get the password in clear text. Nothing was sent. "
        "Choose TLS or STARTTLS for this mailbox; most servers offer TLS.",
        why=Why.WANTS_TLS,
    )


def context() -> ssl.SSLContext:
    """Return what a certificate is checked by: the chain and the name."""
    # A company's own authority comes in by SSL_CERT_FILE.
    paths = ssl.get_default_verify_paths()
    return _context_of(paths, tuple(_age(path) for path in (paths.cafile, paths.capath)))


def _age(path: str | None) -> int:
    try:
        return Path(path).stat().st_mtime_ns if path else 0
    except OSError:
        return 0  # It was removed a moment ago.


@lru_cache(maxsize=1)
def _context_of(_where: ssl.DefaultVerifyPaths, _ages: tuple[int, ...]) -> ssl.SSLContext:
    """Make it once, as long as the system's authorities stay: they take 20 ms to read."""
    return ssl.create_default_context()
