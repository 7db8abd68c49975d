"""Where an address may be read: proposed from what is known, and shown to be changed.

    the list of known providers ── by the domain of the address
        │ not there
    the domain's SRV records (RFC 6186), and its MX for the list once more: asked at once, in two
    seconds at most together
        │ neither
    imap.DOMAIN, which is a guess

A proposal goes into fields, and nothing is asked by it: whoever sends them asks.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from crm.base.i18n import gettext as _
from sync.connecting import providers
from sync.connecting.providers import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm.base.addresses import Address
    from sync.connecting.providers import Provider

_log = logging.getLogger(__name__)

#: All questions to the resolver together have so many seconds.
PATIENCE: Final = 2.0
#: RFC 6186, section 3.2; TLS first, as RFC 8314 prefers.
_RECORDS: Final = (("_imaps._tcp", "tls", 993), ("_imap._tcp", "starttls", 143))


class Origin(StrEnum):
    """Where a proposal comes from."""

    LIST = "list"
    MX = "mx"
    SRV = "srv"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a mailbox may be read, and how we come to think so."""

    host: str
    port: int
    security: str
    login: str
    origin: Origin
    provider: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One record, whichever kind it is of. The lowest rank is tried first."""

    rank: int
    target: str
    port: int = 0


def propose(address: Address, ask: Callable[[str, str, float], Sequence[Found]]) -> Proposal:
    """Propose where an address is read. `ask(name, kind, seconds)` asks a resolver for records."""
    domain = address.domain
    known = providers.of_domain(domain)
    if known is not None:
        return _known(known, address, Origin.LIST)
    until = time.monotonic() + PATIENCE
    for record in ask(domain, "MX", until - time.monotonic()):
        known = providers.of_mx(record.target)
        if known is not None:
            return _known(known, address, Origin.MX)
    for name, security, port in _RECORDS:
        left = until - time.monotonic()
        for record in ask(f"{name}.{domain}", "SRV", left) if left > 0 else ():
            host = record.target.rstrip(".")
            if host:  # "." says that there is no such service (RFC 6186, section 3.4).
                return Proposal(host, record.port or port, security, address.email, Origin.SRV)
    return Proposal(f"imap.{domain}", 993, "tls", address.email, Origin.GUESS)


def ask_resolver(name: str, kind: str, seconds: float) -> Sequence[Found]:
    """Ask the machine's resolver for SRV or MX records, by rank; nothing where it has none.

    A resolver that is away, or answers nonsense, has none: what it costs are the seconds.
    """
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, kind, lifetime=max(seconds, 0.001), search=False)
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as error:
        _log.info("No %s record: %s", kind, type(error).__name__)
        return ()
    return found_in(answer, kind)


def found_in(answer: Any, kind: str) -> Sequence[Found]:
    """Read the records of an answer, the first to be tried first."""
    records = list(answer)
    if kind == "MX":
        found = [Found(one.preference, str(one.exchange)) for one in records]
    else:
        ordered = sorted(records, key=lambda one: (one.priority, -one.weight))
        found = [Found(rank, str(one.target), one.port) for rank, one in enumerate(ordered)]
    return sorted(found, key=lambda one: one.rank)


def words_of(proposal: Proposal) -> str:
    """Say where a proposal comes from."""
    if proposal.origin is Origin.LIST:
        return _("From the list of known providers: {name}.").format(name=proposal.provider)
    if proposal.origin is Origin.MX:
        said = _("The domain’s mail goes to {name}, which is in the list of known providers.")
        return said.format(name=proposal.provider)
    if proposal.origin is Origin.SRV:
        return _("From the domain’s SRV record.")
    return _("A guess. The provider’s page about mail programs names the server.")


def _known(provider: Provider, address: Address, origin: Origin) -> Proposal:
    return Proposal(
        provider.host,
        provider.port,
        provider.security,
        address.local if provider.local_login else address.email,
        origin,
        provider.name,
        _(provider.note) if provider.note is not Note.NONE else "",
    )
