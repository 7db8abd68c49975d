"""Where a mailbox sends: proposed from what is known, where its owner has not said it.

the provider of its IMAP host, or of its address
    │ not there
the domain's SRV records (RFC 6186, section 3.1; RFC 8314, section 5.1)
    │ none
smtp.DOMAIN with TLS, which is a guess
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sync.connecting import providers
from sync.connecting.proposing import PATIENCE, Origin, ask_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.connecting.proposing import Found

#: What ports mean where only the kind of TLS was said (RFC 8314, section 3.3; RFC 6409, 3.1).
PORTS: Final = {"tls": 465, "starttls": 587, "none": 587}
#: TLS from the first byte before STARTTLS (RFC 8314, section 3.3).
_RECORDS: Final = (("_submissions._tcp", "tls", 465), ("_submission._tcp", "starttls", 587))
#: Servers that put what is sent through them into Sent by themselves, and who says so.
_KEEP: Final = {
    "smtp.gmail.com": "Gmail's help: Sent holds what was sent by SMTP",
    "smtp.office365.com": "Microsoft: Exchange Online saves what SMTP AUTH submits",
    "smtp-mail.outlook.com": "the same for Outlook.com",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """Where a mailbox may send, and how we come to think so."""

    host: str
    port: int
    security: str
    origin: Origin

    def place(self) -> dict[str, Any]:
        """Return it as a mailbox keeps it."""
        return {"host": self.host, "port": self.port, "security": self.security}


def propose(
    address: str,
    imap_host: str,
    ask: Callable[[str, str, float], Sequence[Found]] = ask_resolver,
) -> Submission:
    """Propose where an address sends, whose mail is read at a host."""
    domain = address.rpartition("@")[2]
    known = providers.of_host(imap_host) or providers.of_domain(domain)
    if known is not None and known.smtp:
        return Submission(known.smtp, known.smtp_port, known.smtp_security, Origin.LIST)
    until = time.monotonic() + PATIENCE
    for name, security, port in _RECORDS:
        left = until - time.monotonic()
        for record in ask(f"{name}.{domain}", "SRV", left) if left > 0 else ():
            host = record.target.rstrip(".")
            if host:  # "." says that there is no such service (RFC 6186, section 3.4).
                return Submission(host, record.port or port, security, Origin.SRV)
    return Submission(f"smtp.{domain}", 465, "tls", Origin.GUESS)


def keeps_sent(host: str) -> bool:
    """Tell whether a server keeps in Sent what is sent through it, without being asked."""
    return host.lower() in _KEEP
