"""Whether a server on the way says that a letter is not from whom it names (RFC 8601).

What takes trust away is believed, whoever wrote it: anybody may write "pass" into a letter of their
own (section 7.1), and nobody gains by a forged "fail". What gives trust is passed on with the name
of whoever says so, and where it stands: whether that server is ours is not known here.

A list that sends on what people write to it breaks their signatures and has a server of its own, so
that DMARC fails as a rule (RFC 7960, section 4.1.3). Where the server that says so says besides
that the list itself is who it seems, the failure speaks of the list, and not against the author.
Whoever has a list can send anything in anybody's name through it: so this is told for itself, and
takes nothing out of what a letter is suspected of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.mail import impostors
from crm.mail.meaning import Voucher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.base.addresses import Address
    from sync.reading.headers import Fields

_RESULT: Final = re.compile(r";\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_FIELDS, _LONGEST = 10, 4_000
#: The beginning of a signature, which Google puts into quotes.
_SIGN: Final = re.compile(r'header\.b="[A-Za-z0-9+/=]*+"')
_COMMENT: Final = re.compile(r"\([^()]*+\)")
_PASSED: Final = re.compile(r"\s*(?:dkim|spf)\s*=\s*pass\b", re.IGNORECASE)
#: Whom a signature or an envelope speaks for: a domain, or an address there (section 2.7).
_SPOKEN_FOR: Final = re.compile(
    r"(?:header\.[di]|smtp\.mailfrom)\s*=\s*[\"<]?(?:[^\s@;\"<>]*+@)?([^\s@;\"<>]++)", re.IGNORECASE
)
_LIST_ID: Final = re.compile(r"<([^<>\s]{1,500})>")


def disowned(fields: Fields) -> bool:
    """Tell whether DMARC fails; or SPF, and no DKIM speaks for the author."""
    return any(_fails(field[:_LONGEST]) for field in fields.all("authentication-results")[:_FIELDS])


def relayed(fields: Fields) -> bool:
    """Tell whether it was a list that sent on what DMARC disowns, as each server says that does."""
    found = _LIST_ID.search(fields.first("list-id")[:_LONGEST])
    if found is None:
        return False
    said = [field[:_LONGEST] for field in fields.all("authentication-results")[:_FIELDS]]
    failing = {_server(field) for field in said if _fails(field)}
    speaking = {_server(field) for field in said if _speaks_for(found[1].lower(), field)}
    return bool(failing) and failing <= speaking


def _server(field: str) -> str:
    """Return which server says it; some write what they did into a field each (section 4)."""
    return (_COMMENT.sub("", field).partition(";")[0].split() or [""])[0].lower()


def _speaks_for(list_id: str, field: str) -> bool:
    """Tell whether a signature of the list's domain, or its envelope, has passed."""
    for result in _COMMENT.sub("", field).split(";"):
        if _PASSED.match(result):
            for domain in _SPOKEN_FOR.findall(result):
                plain = domain.lower().rstrip(".")
                if "." in plain and impostors.one_owner(list_id, plain):
                    return True
    return False


def _fails(field: str) -> bool:
    said = {result.lower() for result in map("=".join, _RESULT.findall(field))}
    if "dmarc=fail" in said:
        return True
    judged = any(result.startswith("dmarc=") for result in said)
    return not judged and "spf=fail" in said and "dkim=pass" not in said


def voucher(fields: Fields, author: Address | None) -> Voucher | None:
    """Return who says, topmost, that the domain in From is behind a letter: DMARC, else DKIM.

    SPF alone says nothing of From.
    """
    values = fields.all("authentication-results")
    if author is None or not values or len(values[0]) > _LONGEST:
        return None
    plain = _without_comments(_SIGN.sub("", values[0]).lower())
    if plain is None:
        return None
    server, *results = "=".join(part.strip() for part in plain.split("=")).split(";")
    words = server.split()
    if not words or not _passes([_read(result) for result in results], author.domain):
        return None
    # Each server on the way leaves its trace above those of the others (RFC 5321, section 4.4).
    names = list(fields.values)
    last = "received" in names[names.index("authentication-results") :]
    return Voucher(words[0], last)


def _without_comments(value: str) -> str | None:
    """Return a field without its comments; None where a stranger's words may hide in it.

    The address of an envelope, which a stranger chose, stands in comments and in properties. It
    ends neither without a quote, a backslash or a bracket too many.
    """
    if '"' in value or "\\" in value:
        return None
    kept, deep = [], 0
    for sign in value:
        deep += sign == "("
        if not deep:
            kept.append(sign)
        deep -= sign == ")"
        if deep < 0:
            return None
    return None if deep else "".join(kept)


def _read(result: str) -> tuple[str, Mapping[str, str]]:
    """Take a result apart: "dkim=pass header.d=acme.test" is the first word, and what it is of."""
    first, *more = result.split() or [""]
    return first, dict(word.partition("=")[::2] for word in more)


def _passes(results: Sequence[tuple[str, Mapping[str, str]]], domain: str) -> bool:
    judged = [(said, of) for said, of in results if said.startswith("dmarc=")]
    if judged and judged[0][0] != "dmarc=none":
        said, of = judged[0]
        return len(judged) == 1 and said == "dmarc=pass" and of.get("header.from") == domain
    signers = (
        of.get("header.d") or of.get("header.i", "").rpartition("@")[2]
        for said, of in results
        if said == "dkim=pass"
    )
    return any(_is_aligned(signer, domain) for signer in signers)


def _is_aligned(signer: str, domain: str) -> bool:
    """Tell whether a domain signs for itself, for one above or one below it (RFC 7489, 3.1.1)."""
    return signer != "" and (
        signer == domain or domain.endswith(f".{signer}") or signer.endswith(f".{domain}")
    )
