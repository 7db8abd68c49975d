"""How impostors sign: with a name that shows another address, or a domain that looks like another.

A domain looks like another where one of its labels mixes Latin letters with letters that look like
them, or has none but such (UTS 39, sections 4 and 5.1).
"""

from __future__ import annotations

import re
import unicodedata

import idna

from addon.widgets import isolate
from crm.base.i18n import gettext as _

#: An address as it stands among other words.
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@[^\s<>()\[\],;:\"'@]{1,255}")
_LOOKED_AT = 500
#: Cyrillic and Greek small letters that a reader takes for Latin ones (UTS 39, confusables.txt).
_LOOK_LATIN = frozenset("аеорсухіјѕһԁԛԝӏѵгοανρυικ")
_MIXED = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def warning(name: str, email: str) -> str:
    """Say what is wrong with the sender that a message shows, or return ""."""
    shown = other_address(name, email)
    if shown:
        said = _("The name shows {shown}, but this message came from {email}.")
        return said.format(shown=isolate(shown), email=isolate(email))
    domain = look_alike(email)
    if domain:
        said = _("The address {email} has letters that look like others. Its domain is {domain}.")
        return said.format(email=isolate(email), domain=isolate(domain))
    return ""


def other_address(name: str, email: str) -> str:
    """Return the address that a name shows, where it is not the sender's own; else ""."""
    shown = (found.rstrip(".") for found in _ADDRESS.findall(name[:_LOOKED_AT]))
    return next((address for address in shown if _plain(address) != _plain(email)), "")


def look_alike(email: str) -> str:
    """Return the domain as the network knows it, where it looks like another one; else ""."""
    labels = [_read(label) for label in email.rpartition("@")[2].split(".")]
    *names, top = labels
    if not any(_misleads(label, below=top) for label in names):
        return ""
    return ".".join(map(_written, labels))


def _plain(email: str) -> str:
    """Return an address as people read it, whatever its case and its spelling on the wire."""
    local, _at, domain = email.lower().rpartition("@")
    return f"{local}@{'.'.join(map(_read, domain.split('.')))}"


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
    letters = [sign for sign in label if sign.isalpha()]
    if not letters or label.isascii():
        return False
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in letters}
    return len(scripts & _MIXED) > 1 or (below.isascii() and _LOOK_LATIN.issuperset(letters))
