"""Addresses and pages in the lines of a signature, and which pages are of a social network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sync.reading.detail_words import FOREIGN_PAGES, LINK_LABELS, NETWORKS
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crm.base.addresses import Address

_LONGEST_VALUE = 200
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LINK = re.compile(r"""(?:https?://|www\.)[^\s<>"'|,;()]{3,300}""", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![\w@.-])[a-z0-9-]{2,63}(?:\.[a-z0-9-]{1,63}){1,3}(?:/[\w./-]{0,100})?(?![\w@])",
    re.IGNORECASE,
)
_NETWORK_HOSTS = frozenset(NETWORKS)


class Links(NamedTuple):
    """What lines point to: addresses, pages, and pages on social networks."""

    emails: tuple[str, ...]
    pages: tuple[str, ...]
    profiles: tuple[str, ...]


def written_in(row: str, author: Address | None) -> Iterable[str]:
    """Yield what a line points to; of bare hosts the author's, a network's, a labelled one."""
    if "." not in row and "://" not in row:
        return  # An address, or that of a page, has the one or the other.
    rest = row
    if "@" in row:
        yield from _EMAIL.findall(row)
        rest = _EMAIL.sub(" ", row)
    if _may_link(rest):
        yield from _LINK.findall(rest)
        rest = _LINK.sub(" ", rest)
    label = rest.partition(":")[0].strip().lower()
    host = author.domain if author else ""
    for found in _BARE_LINK.findall(rest):
        there = found.lower().partition("/")[0]
        own = host and (there == host or there.endswith(f".{host}"))
        if own or label in LINK_LABELS or _is_profile(there):
            yield found


def of(found: Iterable[str]) -> Links:
    """Sort what lines point to. Telephones, maps and their like are left out."""
    emails: list[str] = []
    pages: list[str] = []
    profiles: list[str] = []
    for one in found:
        link = one.rstrip(".,:;!?)*_>]")
        lower = link.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")
        if lower.startswith("mailto:") or ("@" in lower and "/" not in lower):
            emails.append(one_line(lower.removeprefix("mailto:").partition("?")[0], _LONGEST_VALUE))
        elif lower.startswith("tel:") or any(page in lower for page in FOREIGN_PAGES):
            continue
        else:
            full = link if "://" in link[:8] else f"https://{link}"
            kind = profiles if _is_profile(lower) else pages
            kind.append(one_line(full, 500))
    return Links(tuple(emails), tuple(pages), tuple(profiles))


def taken_out(row: str) -> str:
    """Return a line without what it points to."""
    bare = _EMAIL.sub(" ", row) if "@" in row else row
    bare = _LINK.sub(" ", bare) if _may_link(bare) else bare
    return bare.replace("< >", " ")  # Outlook's "acme.test<http://acme.test>"


def distinct(pages: Sequence[str]) -> tuple[str, ...]:
    """Return pages without those that only the scheme, "www." or a last slash makes others."""
    found: dict[str, str] = {}
    for page in pages:
        host, slash, path = page.partition("://")[2].rstrip("/").partition("/")
        found.setdefault(f"{host.lower().removeprefix('www.')}{slash}{path}", page)
    return tuple(found.values())


def _is_profile(lower: str) -> bool:
    """Tell whether a page is on a social network's host, or on one below it."""
    host = lower.partition("/")[0]
    while host:
        if host in _NETWORK_HOSTS:
            return True
        host = host.partition(".")[2]
    return False


def _may_link(row: str) -> bool:
    return "://" in row or "www." in row.lower()
