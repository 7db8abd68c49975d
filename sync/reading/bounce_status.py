"""Why a letter did not arrive, as RFC 3463 counts it: from codes, and from words without one."""

from __future__ import annotations

import re

from sync.reading.bounce_words import REASONS

#: An enhanced code right behind a reply's: "550 5.1.1", "550-'5.7.1", "550: 5.2.2", "550 #5.1.0".
_REPLIED = re.compile(
    r"(?<![\w.])([45])\d\d[ :-]{0,3}[^\w\s]{0,3}(\1\.[0-9]\.\d{1,3})(?![\w]|\.\d)"
)
#: An enhanced code wherever it stands: no version and no address of the Internet.
_ENHANCED = re.compile(r"(?<![\w.-])([45]\.[0-7]\.\d{1,3})(?![\w-]|\.\d)")
#: A reply's code (RFC 5321, section 4.2.1), where a line or a sentence of a server begins.
_REPLY = re.compile(r"(?<![\w.:/\[@=-])([45][0-5]\d)(?=[ \t:-])(?!:\d)")

#: RFC 3463, section 3.5: the time ran out, which says that the server gave up and not why.
EXPIRED = ".4.7"
#: The same section: no answer, a bad connection, no route; it has been tried for days.
NO_WAY = "4.4."
_LONGEST = 4000


def best(*found: str) -> str:
    """Return the first of the most telling codes, or the empty string."""
    return max(found, key=_telling, default="")


def is_telling(status: str) -> bool:
    """Tell whether a code says why, and not merely that it did not arrive."""
    return _telling(status) > 2


def first(text: str) -> str:
    """Return the first enhanced code that stands in a text as far as it is a code of a report."""
    found = _ENHANCED.search(text[:200])
    return found[1] if found else ""


def in_reply(text: str) -> str:
    """Return the most telling enhanced code that stands right behind a reply's code."""
    return best(*(each[1] for each in _REPLIED.findall(text[:_LONGEST])))


def anywhere(text: str) -> str:
    """Return the most telling enhanced code in a text."""
    return best(*_ENHANCED.findall(text[:_LONGEST]))


def reply_code(text: str) -> str:
    """Return the first code of a reply that refuses, or the empty string."""
    found = _REPLY.search(text[:_LONGEST])
    return found[1] if found else ""


def reply_at(text: str) -> int:
    """Return where a refusing reply begins in a text, or 0."""
    found = _REPLY.search(text[:_LONGEST])
    return found.start() if found else 0


def has_code(text: str) -> bool:
    """Tell whether a code of either sort stands in a text."""
    return bool(_REPLY.search(text[:_LONGEST]) or _ENHANCED.search(text[:_LONGEST]))


def by_words(text: str, code: str, *, delayed: bool) -> str:
    """Return a code for what is said in words, beside the code of a reply if there is one.

    The empty string stands for words that tell nothing.
    """
    lower = " ".join(text[:_LONGEST].lower().split())
    detail = next((detail for detail, words in REASONS if any(word in lower for word in words)), "")
    if not (detail or code):
        return ""
    sort = code[:1] or ("4" if delayed else "5")
    return f"{sort}.{detail or '0.0'}"


def _telling(status: str) -> int:
    if not status:
        return 0
    if status.endswith(".0.0"):
        return 1
    if status.endswith((EXPIRED, ".0")):
        return 2
    return 3
