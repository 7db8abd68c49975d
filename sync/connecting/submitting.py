"""Where a mailbox sends: proposed from what is known, where its owner has not said it.

the provider of its IMAP host, or of its address
    │ not there
the domain's SRV records (RFC 6186, section 3.1; RFC 8314, section 5.1), of its own servers alone
    │ none
smtp.DOMAIN with TLS, which is a guess
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from crm.people.domains import company_domain
from sync.connecting import providers
from sync.connecting.proposing import PATIENCE, Origin, ask_resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.connecting.proposing import Found

#: What ports mean where only the kind of TLS was said (RFC 8314, section 3.3; RFC 6409, 3.1).
PORTS: Final = {"tls": 465, "starttls": 587, "none": 587}
#: TLS from the first byte before STARTTLS (RFC 8314, section 3.3).
_RECORDS: Final = (("_submissions._tcp", "tls", 465), ("_submission._tcp", "starttls", 587))
#: Where known providers take mail to be sent, by where they have it read: as the ISPDB has it, and
#: where it has no line, their help pages or several programs that send there. Where no port stands
#: it is 465 with TLS, also of those that name 587 as well; any other begins with STARTTLS.
_SERVERS: Final = """\
imap.gmail.com smtp.gmail.com
outlook.office365.com smtp.office365.com 587
imap.mail.yahoo.com smtp.mail.yahoo.com
imap.aol.com smtp.aol.com
imap.mail.me.com smtp.mail.me.com 587
127.0.0.1 127.0.0.1 1025
imap.fastmail.com smtp.fastmail.com
imap.zoho.com smtp.zoho.com
imappro.zoho.com smtppro.zoho.com
imap.zoho.eu smtp.zoho.eu
imappro.zoho.eu smtppro.zoho.eu
imap.yandex.com smtp.yandex.com
imap.mail.ru smtp.mail.ru
imap.rambler.ru smtp.rambler.ru
imap.seznam.cz smtp.seznam.cz
imap.centrum.cz smtp.centrum.cz
imap.forpsi.com smtp.forpsi.com
email.active24.com email.active24.com
imap.wp.pl smtp.wp.pl
poczta.o2.pl poczta.o2.pl
imap.poczta.onet.pl smtp.poczta.onet.pl
poczta.interia.pl poczta.interia.pl
imap.gmx.net mail.gmx.net
imap.gmx.com mail.gmx.com
imap.web.de smtp.web.de
imap.mail.com smtp.mail.com
secureimap.t-online.de securesmtp.t-online.de
imap.mailbox.org smtp.mailbox.org
posteo.de posteo.de
imap.ionos.de smtp.ionos.de
imap.ionos.com smtp.ionos.com
imap.ionos.co.uk smtp.ionos.co.uk
imap.ionos.fr smtp.ionos.fr
imap.ionos.es smtp.ionos.es
imap.ionos.it smtp.ionos.it
imap.strato.de smtp.strato.de
ssl0.ovh.net ssl0.ovh.net
mail.gandi.net mail.gandi.net
imap.orange.fr smtp.orange.fr
imap.free.fr smtp.free.fr
imap.sfr.fr smtp.sfr.fr
imap.laposte.net smtp.laposte.net
imapmail.libero.it smtp.libero.it
imaps.aruba.it smtps.aruba.it
mail.infomaniak.com mail.infomaniak.com
imap.migadu.com smtp.migadu.com
secure.emailsrvr.com secure.emailsrvr.com
imap.dreamhost.com smtp.dreamhost.com
mail.privateemail.com mail.privateemail.com
mail.inbox.lv mail.inbox.lv
"""
BY_IMAP_HOST: Final = {
    imap: (smtp, int(port[0]) if port else 465, "starttls" if port else "tls")
    for imap, smtp, *port in (line.split() for line in _SERVERS.splitlines())
}
#: Servers that put what is sent through them into Sent by themselves, and who says so.
_KEEP: Final = {
    "smtp.gmail.com": "Gmail's help: Sent holds what was sent by SMTP",
    "smtp.office365.com": "Microsoft: Exchange Online saves what SMTP AUTH submits",
    "smtp-mail.outlook.com": "the same for Outlook.com",
    "smtp.zoho.com": "Zoho's help: what is sent by SMTP is saved in Sent, unless switched off",
    "smtppro.zoho.com": "the same for companies",
    "smtp.zoho.eu": "the same in Europe",
    "smtppro.zoho.eu": "the same in Europe, for companies",
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
    if known is not None and known.host in BY_IMAP_HOST:
        return Submission(*BY_IMAP_HOST[known.host], Origin.LIST)
    until = time.monotonic() + PATIENCE
    for name, security, port in _RECORDS:
        left = until - time.monotonic()
        for record in ask(f"{name}.{domain}", "SRV", left) if left > 0 else ():
            host = record.target.rstrip(".")
            if _is_theirs(host, domain, imap_host):
                return Submission(host, record.port or port, security, Origin.SRV)
    return Submission(f"smtp.{domain}", 465, "tls", Origin.GUESS)


def _is_theirs(host: str, domain: str, imap_host: str) -> bool:
    """Tell whether a server is of those who have the password already: nobody is asked here.

    Whoever can forge an answer of the DNS would get it else (RFC 6186, section 6). "" is of nobody:
    "." says that there is no such service (section 3.4).
    """
    if f".{host}".endswith((f".{domain}", f".{imap_host}")):
        return True
    company = company_domain(host)
    return company is not None and company in {company_domain(domain), company_domain(imap_host)}


def keeps_sent(host: str) -> bool:
    """Tell whether a server keeps in Sent what is sent through it, without being asked."""
    return host.lower() in _KEEP
