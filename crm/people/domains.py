"""What a domain says of a company: the registrable part, and the ones that say nothing."""

from __future__ import annotations

from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Providers of mailboxes for anyone. Their domains never make a company.
FREE_MAIL = frozenset(
    # International
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com"
    " rocketmail.com icloud.com me.com mac.com aol.com aim.com proton.me protonmail.com pm.me"
    " tutanota.com tuta.com tuta.io fastmail.com fastmail.fm hey.com zoho.com zohomail.com"
    " mail.com email.com gmx.com gmx.net mailfence.com hushmail.com inbox.com duck.com"
    # Regional domains of the same
    " outlook.de outlook.fr outlook.es outlook.it outlook.cz hotmail.co.uk hotmail.de hotmail.fr"
    " hotmail.it hotmail.es live.co.uk live.de live.fr live.nl live.it yahoo.co.uk yahoo.de"
    " yahoo.fr yahoo.es yahoo.it yahoo.co.jp yahoo.co.in yahoo.ca yahoo.com.br yahoo.pl"
    # Czech and Slovak
    " seznam.cz email.cz post.cz spoluzaci.cz stream.cz centrum.cz volny.cz atlas.cz tiscali.cz"
    " quick.cz azet.sk centrum.sk zoznam.sk post.sk pobox.sk"
    # Polish
    " wp.pl o2.pl onet.pl onet.eu op.pl poczta.onet.pl interia.pl interia.eu poczta.fm gazeta.pl"
    " tlen.pl vp.pl go2.pl buziaczek.pl autograf.pl poczta.pl"
    # Russian and neighbours
    " mail.ru bk.ru list.ru inbox.ru internet.ru xmail.ru yandex.ru ya.ru yandex.com yandex.by"
    " yandex.kz rambler.ru lenta.ru ro.ru myrambler.ru ukr.net i.ua meta.ua tut.by"
    # Bosnian, Croatian, Serbian
    " bih.net.ba hotmail.ba net.hr inet.hr email.t-com.hr vip.hr eunet.rs sbb.rs mts.rs"
    # Persian
    " chmail.ir mailfa.com rocketmail.ir"
    # German, French, Italian, Dutch and others
    " gmx.de gmx.at gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org arcor.de bluewin.ch"
    " orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it tiscali.it"
    " alice.it tin.it ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl telenet.be skynet.be"
    " btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk"
    " comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net"
    " rogers.com shaw.ca sympatico.ca bigpond.com optusnet.com.au uol.com.br bol.com.br"
    " terra.com.br"
    " qq.com 163.com 126.com sina.com sohu.com naver.com daum.net hanmail.net rediffmail.com"
    " walla.co.il abv.bg freemail.hu citromail.hu".split()
)


@cache
def _suffixes() -> TLDExtract:
    """Open the list as it was packed: nothing is fetched, and nothing written."""
    # An import here, because it brings an HTTP client, which few commands need.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=65_536)
def company_domain(domain: str) -> str | None:
    """Return the registrable domain that stands for a company, or None.

    The public suffix list decides (publicsuffix.org), its private part too: shop.example.co.uk
    belongs to example.co.uk, nothing belongs to co.uk, and acme.github.io is a company of its own.
    Free mail makes no company.
    """
    host = _ascii(domain.strip(".").lower())
    if host in FREE_MAIL or "." not in host or host.replace(".", "").isdecimal() or "[" in host:
        return None
    found = _suffixes()(host)
    if found.suffix:
        registrable = f"{found.domain}.{found.suffix}" if found.domain else ""
    else:  # A suffix that the list does not know has one label, as its last rule says.
        registrable = ".".join(host.split(".")[-2:])
    return registrable if registrable and registrable not in FREE_MAIL else None


def spelt(email: str) -> str:
    """Return an address with its domain in the one spelling that DNS has."""
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{_ascii(domain)}"


def _ascii(host: str) -> str:
    """Return a host in the spelling that DNS has: one company, however its domain is written."""
    if host.isascii():
        return host
    try:
        # UTS 46 without its transition: in IDNA 2008 ß is a letter, and straße.de not strasse.de.
        return idna.encode(host, uts46=True).decode("ascii")
    except UnicodeError:
        return host


def guess_name(domain: str) -> str:
    """Guess a company's name from its domain: severka.cz is Severka, mc-steel.co.uk Mc Steel."""
    label = domain.split(".", maxsplit=1)[0]
    if label.startswith("xn--"):
        with suppress(UnicodeError):
            label = idna.decode(label)
    return " ".join(word[:1].upper() + word[1:] for word in label.replace("_", "-").split("-"))


def place(email: str) -> str:
    """Return the company's domain of an address, or all of it where anybody may have one there."""
    return company_domain(email.rpartition("@")[2]) or email
