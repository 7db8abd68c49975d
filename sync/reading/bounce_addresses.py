"""Addresses in a server's words: bare, in brackets, in quotes, or grown together with others."""

from __future__ import annotations

import re
from itertools import pairwise

_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]{1,200}")
_DOMAIN = re.compile(r"[\w-][\w.-]{0,250}")
#: Grown together with an address: X.400 (dda:SMTP=ann@acme.test), RFC 822 routes, links.
_BEFORE = re.compile(r"(?:smtp|rfc822|mailto|t|to|f|from|address|email|recipient)=", re.IGNORECASE)

#: `a=b.test@list.test`: the return path of a list names the recipient (VERP).
_VERP = re.compile(r"([\w.+-]{1,64})=([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})$")


def addresses(text: str) -> list[str]:
    """Return the addresses in a text, in its order, each once, bare and in lower case."""
    if "@" not in text:
        return []
    pieces = text.split("@")
    found: dict[str, None] = {}
    for before, after in pairwise(pieces):
        address = _joined(before, after)
        if address:
            found[address] = None
    return list(found)


def verp(address: str) -> str:
    """Return whom a return path names that was made for one recipient, or the empty string."""
    found = _VERP.search(address.rpartition("@")[0])
    if found is None:
        return ""
    local = found[1]
    for mark in ("+", "-"):  # Mailman writes list-bounces+ann=acme.test, ezmlm list-return-7-ann=
        if mark in local:
            local = local.rpartition(mark)[2]
            break
    return f"{local}@{found[2]}".lower() if local else ""


def _joined(before: str, after: str) -> str:
    local = _LOCAL.match(before[-200:][::-1])
    domain = _DOMAIN.match(after)
    if local is None or domain is None:
        return ""
    name = local[0][::-1]
    grown = _BEFORE.match(name)
    if grown:
        name = name[grown.end() :]
    # RFC 2047 has no business in an address, and is met there all the same.
    name = name if name.startswith("=?") else name.strip("'.`*/=")
    host = domain[0].strip(".-_")
    if not name or not host or not any(sign.isalpha() for sign in host):
        return ""
    return f"{name}@{host}".lower()
