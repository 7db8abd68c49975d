"""How impostors sign: with a name that shows another address, or a domain that looks like another.

A domain looks like another where one of its labels mixes Latin letters with letters that look like
them, or has none but such, or has signs that look like a dot or a slash (UTS 39, sections 4 and
5.1). Of names and numbers in plain letters, as paypa1.test, `crm.mail.resembling` tells whom they
could pose as.
"""

from __future__ import annotations

import re
import unicodedata

import idna

#: An address as it stands among other words.
_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@.]{1,63}(?:\.[^\s<>()\[\],;:\"'@.]{1,63}){1,8}"
)
_LOOKED_AT = 500
#: Cyrillic, Greek and Armenian small letters that a reader takes for Latin ones (UTS 39,
#: confusables.txt).
_LOOK_LATIN = frozenset("аеорсухіјѕһԁԛԝӏѵгοανρυικօսոցհ")
_MIXED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})
#: Signs that look like those at which a reader sees a domain end (UTS 39, confusables.txt).
_LOOK_LIKE_ENDS = frozenset("⁄∕⧸․。．｡⧵∶꞉？＃")
#: Relays that hide their users' addresses, and write of each sender the address into the name.
_RELAYS = frozenset(
    # Firefox Relay, SimpleLogin, 33Mail, Spamgourmet, Sneakemail
    "mozmail.com simplelogin.co 33mail.com spamgourmet.com sneakemail.com".split()
)
#: One provider's mailboxes under several domains.
_SAME_PROVIDER = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"}


def other_address(name: str, email: str) -> str:
    """Return the address that a name shows, where it is not the sender's own; else "".

    Another one at the same company's domain is nobody else's; and a relay says whom it stands for.
    """
    if not name.isascii():  # A wide ＠ is one to whoever reads it.
        name = unicodedata.normalize("NFKC", name[:_LOOKED_AT])
    if "@" not in name or email.rpartition("@")[2] in _RELAYS:
        return ""
    shown = _ADDRESS.findall(name[:_LOOKED_AT])
    return next((address for address in shown if not _same(address, email)), "")


def look_alike(email: str) -> str:
    """Return the domain as the network knows it, where it looks like another one; else ""."""
    domain = email.rpartition("@")[2]
    if domain.isascii() and "xn--" not in domain:
        return ""
    labels = [_read(label) for label in domain.split(".")]
    *names, top = labels
    if not any(_misleads(label, below=top) for label in names):
        return ""
    return ".".join(map(_written, labels))


def one_owner(domain: str, other: str) -> bool:
    """Tell whether two domains are one company's, or the same."""
    return domain == other or _one_company(domain, other)


def _same(shown: str, email: str) -> bool:
    local, _at, domain = _plain(shown).rpartition("@")
    own_local, _at, own_domain = _plain(email).rpartition("@")
    if domain == own_domain and local == own_local:
        return True
    return _one_company(domain, own_domain)


def _one_company(domain: str, other: str) -> bool:
    # The list of suffixes is large, and hardly a sender needs it.
    from crm.people.domains import company_domain

    company = company_domain(domain)
    return company is not None and company == company_domain(other)


def _plain(email: str) -> str:
    """Return an address as people read it, whatever its case and its spelling on the wire."""
    local, _at, domain = email.lower().rpartition("@")
    read = ".".join(map(_read, domain.split(".")))
    return f"{local}@{_SAME_PROVIDER.get(read, read)}"


def _read(label: str) -> str:
    """Return a label as people see it."""
    try:
        return idna.decode(label) if label.startswith("xn--") else label
    except idna.IDNAError:
        return label


def _written(label: str) -> str:
    """Return a label as the network has it (RFC 3492)."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _misleads(label: str, *, below: str) -> bool:
    """Tell whether a label is taken for another; all in one alphabet, below its own, it is not."""
    if label.isascii():
        return False
    if not _LOOK_LIKE_ENDS.isdisjoint(label):
        return True
    letters = [sign for sign in label if sign.isalpha()]
    if not letters:
        return False
    if unicodedata.normalize("NFKC", label).isascii():
        return True  # Wide or mathematical letters, which no registry lets in.
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in letters}
    return len(scripts & _MIXED) > 1 or (below.isascii() and _LOOK_LATIN.issuperset(letters))
