"""Where known providers have their IMAP servers: by the domain of an address, or by its MX.

Each line is a provider's own statement, by its help pages or by what it has given to Thunderbird's
collection of settings (ISPDB). A provider whose server differs from customer to customer is left
out: a wrong proposal is worse than a guess that says it is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crm.base.i18n import lazy


class Note(StrEnum):
    """What a provider wants besides address and password, for a person to read."""

    GOOGLE = lazy(
        "Google takes an app password here: make one in your Google profile, under security. It is"
        " there once signing in asks for a second step."
    )
    MICROSOFT = lazy(
        "Microsoft has switched passwords off for IMAP, for companies in 2022 and for everybody"
        " else in 2024. A login will be refused here."
    )
    APP_PASSWORD = lazy(
        "This provider takes an app password here, and not the one that you sign in with."
    )
    SECOND_STEP = lazy(
        "Where signing in asks for a second step, this provider takes an app password here."
    )
    SWITCH_ON = lazy("IMAP has to be switched on first, in the settings on the provider’s page.")
    SWITCH_ON_APP = lazy(
        "IMAP has to be switched on first, in the settings on the provider’s page; and it takes an"
        " app password."
    )
    MAIL_PASSWORD = lazy("There is a password of its own for mail programs; set it there first.")
    BRIDGE = lazy(
        "Proton Mail is read by its Bridge, a program on your own machine: where Inlay runs beside"
        " it, the host is that machine, the port 1143, with STARTTLS."
    )
    NONE = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the mail of some domains is read. `mx` are ends of the names of their mail servers."""

    name: str
    host: str
    domains: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    note: Note = Note.NONE
    local_login: bool = False  # the login is what stands before the @
    source: str = "help"  # of the provider itself; or "ISPDB"
    port: int = 993
    security: str = "tls"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROVIDERS: Final = (
    Provider(
        "Gmail",
        "imap.gmail.com",
        _words("gmail.com googlemail.com"),
        _words("google.com googlemail.com"),
        Note.GOOGLE,
    ),
    Provider(
        "Microsoft 365",
        "outlook.office365.com",
        _words("outlook.com hotmail.com live.com msn.com hotmail.co.uk outlook.cz outlook.de"),
        _words("mail.protection.outlook.com mx.microsoft olc.protection.outlook.com"),
        Note.MICROSOFT,
    ),
    Provider(
        "Yahoo",
        "imap.mail.yahoo.com",
        _words(
            "yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es ymail.com rocketmail.com"
        ),
        _words("yahoodns.net"),
        Note.APP_PASSWORD,
    ),
    Provider("AOL", "imap.aol.com", _words("aol.com aim.com"), note=Note.APP_PASSWORD),
    Provider(
        "iCloud",
        "imap.mail.me.com",
        _words("icloud.com me.com mac.com"),
        _words("mail.icloud.com"),
        Note.APP_PASSWORD,
    ),
    Provider(
        "Proton Mail",
        "127.0.0.1",
        _words("proton.me protonmail.com protonmail.ch pm.me"),
        _words("protonmail.ch"),
        Note.BRIDGE,
        port=1143,
        security="starttls",
    ),
    Provider(
        "Fastmail",
        "imap.fastmail.com",
        _words("fastmail.com fastmail.fm fastmail.net sent.com"),
        _words("messagingengine.com"),
        Note.APP_PASSWORD,
    ),
    Provider(
        "Zoho",
        "imap.zoho.com",
        _words("zoho.com zohomail.com"),
        note=Note.SWITCH_ON,
        source="ISPDB",
    ),
    Provider(
        "Zoho", "imappro.zoho.com", mx=_words("mx.zoho.com mx2.zoho.com"), note=Note.SWITCH_ON
    ),
    Provider("Zoho", "imap.zoho.eu", _words("zoho.eu zohomail.eu"), note=Note.SWITCH_ON),
    Provider("Zoho", "imappro.zoho.eu", mx=_words("zoho.eu"), note=Note.SWITCH_ON),
    Provider(
        "Yandex",
        "imap.yandex.com",
        _words("yandex.ru yandex.com ya.ru yandex.by yandex.kz yandex.ua"),
        _words("mx.yandex.net mx.yandex.ru"),
        Note.SWITCH_ON_APP,
    ),
    Provider(
        "Mail.ru",
        "imap.mail.ru",
        _words("mail.ru inbox.ru list.ru bk.ru internet.ru"),
        _words("emx.mail.ru mxs.mail.ru"),
        Note.APP_PASSWORD,
        source="ISPDB",
    ),
    Provider("Rambler", "imap.rambler.ru", _words("rambler.ru"), note=Note.SWITCH_ON),
    Provider(
        "Seznam",
        "imap.seznam.cz",
        _words("seznam.cz email.cz post.cz"),
        _words("mx1.seznam.cz mx2.seznam.cz"),
        Note.SECOND_STEP,
    ),
    Provider("Centrum", "imap.centrum.cz", _words("centrum.cz"), note=Note.SECOND_STEP),
    Provider("Forpsi", "imap.forpsi.com", mx=_words("forpsi.com")),
    Provider("Active24", "email.active24.com", mx=_words("active24.com")),
    Provider("WP", "imap.wp.pl", _words("wp.pl"), local_login=True, source="ISPDB"),
    Provider("o2", "poczta.o2.pl", _words("o2.pl"), local_login=True, source="ISPDB"),
    Provider("Onet", "imap.poczta.onet.pl", _words("onet.pl poczta.onet.pl op.pl vp.pl onet.eu")),
    Provider("Interia", "poczta.interia.pl", _words("interia.pl interia.eu"), note=Note.SWITCH_ON),
    Provider(
        "GMX",
        "imap.gmx.net",
        _words("gmx.net gmx.de gmx.at gmx.ch"),
        note=Note.SWITCH_ON,
        source="ISPDB",
    ),
    Provider("GMX", "imap.gmx.com", _words("gmx.com"), note=Note.SWITCH_ON, source="ISPDB"),
    Provider("Web.de", "imap.web.de", _words("web.de"), note=Note.SWITCH_ON),
    Provider("mail.com", "imap.mail.com", _words("mail.com"), note=Note.SWITCH_ON, source="ISPDB"),
    Provider(
        "T-Online",
        "secureimap.t-online.de",
        _words("t-online.de magenta.de"),
        note=Note.MAIL_PASSWORD,
        source="ISPDB",
    ),
    Provider("Mailbox.org", "imap.mailbox.org", _words("mailbox.org"), _words("mailbox.org")),
    Provider("Posteo", "posteo.de", _words("posteo.de posteo.net")),
    Provider(
        "IONOS", "imap.ionos.de", mx=_words("ionos.de kundenserver.de 1and1.eu"), source="ISPDB"
    ),
    Provider(
        "IONOS", "imap.ionos.com", mx=_words("ionos.com 1and1.com perfora.net"), source="ISPDB"
    ),
    Provider("IONOS", "imap.ionos.co.uk", mx=_words("ionos.co.uk 1and1.co.uk"), source="ISPDB"),
    Provider("IONOS", "imap.ionos.fr", mx=_words("ionos.fr 1and1.fr"), source="ISPDB"),
    Provider("IONOS", "imap.ionos.es", mx=_words("ionos.es 1and1.es"), source="ISPDB"),
    Provider("IONOS", "imap.ionos.it", mx=_words("ionos.it"), source="ISPDB"),
    Provider("Strato", "imap.strato.de", mx=_words("rzone.de")),
    Provider(
        "OVH",
        "ssl0.ovh.net",
        mx=_words(
            "mx0.mail.ovh.net mx1.mail.ovh.net mx2.mail.ovh.net mx3.mail.ovh.net mx1.ovh.net"
        ),
    ),
    Provider("Gandi", "mail.gandi.net", mx=_words("spool.mail.gandi.net fb.mail.gandi.net")),
    Provider("Orange", "imap.orange.fr", _words("orange.fr wanadoo.fr")),
    Provider("Free", "imap.free.fr", _words("free.fr"), local_login=True, source="ISPDB"),
    Provider("SFR", "imap.sfr.fr", _words("sfr.fr neuf.fr")),
    Provider("La Poste", "imap.laposte.net", _words("laposte.net"), source="ISPDB"),
    Provider(
        "Libero", "imapmail.libero.it", _words("libero.it iol.it blu.it inwind.it"), source="ISPDB"
    ),
    Provider("Aruba", "imaps.aruba.it", _words("aruba.it"), _words("mx.aruba.it")),
    Provider("Infomaniak", "mail.infomaniak.com", mx=_words("mta-gw.infomaniak.ch")),
    Provider("Migadu", "imap.migadu.com", mx=_words("migadu.com"), source="ISPDB"),
    Provider("Rackspace", "secure.emailsrvr.com", mx=_words("emailsrvr.com"), source="ISPDB"),
    Provider("DreamHost", "imap.dreamhost.com", mx=_words("mx1.dreamhost.com mx2.dreamhost.com")),
    Provider("Namecheap", "mail.privateemail.com", mx=_words("privateemail.com")),
    Provider("Inbox.lv", "mail.inbox.lv", _words("inbox.lv"), source="ISPDB"),
)

_BY_HOST: Final = {one.host: one for one in PROVIDERS}
_BY_DOMAIN: Final = {domain: one for one in PROVIDERS for domain in one.domains}


def of_domain(domain: str) -> Provider | None:
    """Return the provider whose own domain an address is of, or None."""
    return _BY_DOMAIN.get(domain)


def of_host(host: str) -> Provider | None:
    """Return the provider whose mail is read at a host, or None."""
    return _BY_HOST.get(host.lower())


def of_mx(host: str) -> Provider | None:
    """Return the provider whose mail server takes in a domain's mail, or None."""
    name = f".{host.rstrip('.').lower()}"
    return next((one for one in PROVIDERS if any(name.endswith(f".{end}") for end in one.mx)), None)
