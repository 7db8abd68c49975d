"""Whether a server on the way says that a letter is not from whom it names (RFC 8601).

What takes trust away is believed, whoever wrote it: anybody may write "pass" into a letter of their
own (section 7.1), and nobody gains by a forged "fail". What gives trust is passed on with the name
of whoever says so, and where it stands: whether that server is ours is not known here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.mail.meaning import Voucher

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm.base.addresses import Address
    from sync.reading.headers import Fields

_RESULT: Final = re.compile(r";\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_FIELDS, _LONGEST = 10, 4_000
#: The beginning of a signature, which Google puts into quotes.
_SIGN: Final = re.compile(r'header\.b="[A-Za-z0-9+/=]*+"')


def disowned(fields: Fields) -> bool:
    """Tell whether DMARC fails; or SPF, and no DKIM speaks for the author."""
    return any(_fails(field[:_LONGEST]) for field in fields.all("authentication-results")[:_FIELDS])


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
