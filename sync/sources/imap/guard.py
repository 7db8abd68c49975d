"""Whom a mailbox may be read from that was named in the web: servers on the public internet.

Anybody with a login may name a host there, and must not reach by it what only we can reach. So a
name is resolved once, every address that comes of it has to be public, and the connection goes to
exactly these: a name that means another machine a moment later has no second chance. The same is
asked at each connection, for a name may mean another machine next week.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from sync.errors import OutOfReachError, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

#: IMAP with STARTTLS, and with TLS from the first byte (RFC 8314, section 3.2).
PORTS: Final = frozenset({143, 993})
#: The same of submission (RFC 8314, section 3.3). Port 25 is for servers among themselves.
SUBMISSION: Final = frozenset({465, 587})
#: What is handed out on the internet of version 6 (RFC 4291, section 2.4); all else is special.
_GLOBAL_6: Final = ipaddress.IPv6Network("2000::/3")
#: Inside of it: what leads on to others, or to nobody (IANA's registry of special purposes).
_SPECIAL_6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # Teredo, ORCHID, benchmarks
            "2001:db8::/32",  # documents
            "2002::/16",  # 6to4: an address of version 4 inside
            "3fff::/20",  # documents
        ),
    )
)
#: The same of version 4, where `is_global` knows a part of it, or none: protocols, and 6to4.
_SPECIAL_4: Final = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


def check_addresses(host: str, found: Sequence[str]) -> None:
    """Raise OutOfReachError unless every address of a host is public."""
    if not found or not all(map(is_public, found)):
        # Which address it is stays here: names of our own network are not told to strangers.
        raise OutOfReachError(
            f"{host} is not on the public internet. Nothing was sent. Servers inside a private "
            "network are read where an admin has said so: ALLOW_PRIVATE_IMAP.",
            why=Why.PRIVATE,
        )


def check_port(port: int) -> None:
    """Raise OutOfReachError for a port that is not one of IMAP."""
    if port not in PORTS:
        raise OutOfReachError(
            f"Port {port} is not a port of IMAP. Nothing was sent. Others than 143 and 993 are for "
            "an admin to allow: ALLOW_PRIVATE_IMAP.",
            why=Why.PORT,
        )


def check_submission_port(port: int) -> None:
    """Raise OutOfReachError for a port that is not one of sending mail."""
    if port not in SUBMISSION:
        raise OutOfReachError(
            f"Port {port} is not a port of sending. Nothing was sent. Others than 465 and 587 are "
            "for an admin to allow: ALLOW_PRIVATE_IMAP.",
            why=Why.PORT,
        )


def is_public(address: str) -> bool:
    """Tell whether an address, as a resolver writes it, is a machine's on the public internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        special = any(found in net for net in _SPECIAL_4)
        return found.is_global and not found.is_multicast and not special
    if found.scope_id is not None or found not in _GLOBAL_6:
        return False
    return not any(found in net for net in _SPECIAL_6)
