"""A message's MIME tree as a row of leaves with their IMAP sections: what every reader hands over.

RFC 3501, section 6.4.5: the parts of a multipart are counted from 1 and joined by dots; a message
that is no multipart has the one part 1; what is inside a message/rfc822 is counted as if it were
a message of its own, below the section of the part that holds it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST = 100
#: Notes of what a letter is wrapped in.
SIGNED, ENCRYPTED = "signed", "encrypted"
#: So many leaves are looked at; a message with more is cut, and the rest counted.
MOST_LEAVES = 5_000

#: No reader unfolds quickly: a megabyte of short lines in a header takes 0.3 to 0.5 seconds.
MOST_FOLDS = 250_000
SMALL = 1_000_000  # Bytes that can hold no more than the readers bear.

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,100}")

#: What a mail library raises on broken or hostile bytes. RecursionError is a RuntimeError.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)


class ReaderError(Exception):
    """This reader cannot make sense of these bytes; the next one may. Fixed words."""


class Leaf(NamedTuple):
    """A part that is not a multipart. Its bytes are decoded when they are asked for."""

    section: str
    content_type: str  # lower case, without parameters
    type_field: str  # the whole Content-Type as it stands
    disposition: str  # "attachment", "inline", another word, or ""
    filename: str  # decoded, not yet made safe
    content_id: str
    encoding: str  # Content-Transfer-Encoding in lower case
    alternative: str  # the section of the multipart/alternative around it, plus "."; or ""
    enclosed: bool  # inside a message/rfc822, so no part of what was written here
    content: Callable[[], bytes]  # raises ReaderError where it cannot be decoded
    encoded_size: int


class Tree(NamedTuple):
    """What a reader found in a message's body."""

    leaves: tuple[Leaf, ...]
    more: int = 0  # leaves beyond MOST_LEAVES or DEEPEST
    doubt: str = ""  # in fixed words, why the next reader should look at it
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def content_type(text: str) -> str:
    """Return a valid content type; RFC 2045, section 5.2: what is not valid is plain text."""
    plain = text.partition(";")[0].strip().lower()
    return plain if _TYPE.fullmatch(plain) else "text/plain"


def is_folded(raw: bytes) -> bool:
    """Tell whether so many lines begin with white space that, in a header, they would cost time."""
    return len(raw) > SMALL and raw.count(b"\n ") + raw.count(b"\n\t") > MOST_FOLDS


def below(section: str, number: int) -> str:
    """Return the section of the n-th part of what has this section; "" is the message itself."""
    return f"{section}.{number}" if section else str(number)


def estimated(encoded: int, encoding: str, *, line: int = 76, end: int = 2) -> int:
    """Return how many bytes come out of so many encoded ones, give or take base64's padding.

    `line` and `end` are the lengths of a line and of its end: the estimate is the same for a letter
    however its lines end, so that its fingerprint is.
    """
    if encoding == "base64":
        signs = encoded - end * (encoded // (line + end))
        return signs // 4 * 3
    return encoded
