"""Which lines of a signature are a postal address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.reading.detail_words import ADDRESS_LABELS, COUNTRIES, NORMS, STREET_ENDS, STREET_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 120
_MOST_LINES = 5
#: A postcode with its town, as the Universal Postal Union's sheets of the countries show them.
_POSTCODE = re.compile(
    r"\b[A-Z]{2}\.?,? {1,2}\d{5}(?:-\d{4})?\b"  # United States
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # United Kingdom
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"  # Canada
    r"|\b\d{4} ?[A-Z]{2}\b,? [A-Z]"  # Netherlands
    # most of Europe
    r"|(?<!\d[:.])"
    r"\b(?:[A-Z]{1,2}-)?(?:\d{2}-\d{3}|\d{3} \d{2}|\d{4,6})\b,? [^\W\d_]{2}"
    r"|(?:^|, ?)\d{4}-\d{3} [^\W\d_]{3}"  # Portugal
    r"|[^\W\d_]{2},? \d{5,6}$"
    r"|〒\d{3}-\d{4}"
)
#: "ISO 9001:2008 certified" has a number and no town.
_NORM = re.compile(rf"\b(?:{'|'.join(NORMS)})\b[ /-]*\d{{3}}")
_SPLIT = re.compile(r"[\s,;]+")


def is_place(line: str) -> bool:
    """Tell whether a line is a part of a postal address by itself."""
    if not 4 <= len(line) <= _LONGEST:
        return False
    has_digit = any(map(str.isdigit, line))
    if not (has_digit or "," in line or ":" in line):
        return False
    if labelled(line):
        return True
    words = _SPLIT.split(line.lower().strip())
    if has_digit and len(words) <= 14 and not _NORM.search(line):
        if _POSTCODE.search(line) or "〒" in line:
            return True
        if (
            any(word.rstrip(".") in STREET_WORDS or word in STREET_WORDS for word in words)
            and len(words) >= 2
        ):
            return True
        if len(words) in (2, 3, 4) and words[0].endswith(STREET_ENDS) and words[-1][:1].isdigit():
            return True
    town, comma, last = line.rpartition(",")
    return (
        bool(comma and town.strip()) and last.strip(" .").lower() in COUNTRIES and len(words) <= 10
    )


def labelled(line: str) -> str:
    """Return what stands behind a label such as "Address:", or the empty string."""
    label, colon, rest = line.partition(":")
    return rest.strip() if colon and label.strip(" *_").lower() in ADDRESS_LABELS else ""


def joined(lines: Sequence[str], places: Sequence[int]) -> str:
    """Return the address of which these lines are parts, with what stands between them."""
    if not places:
        return ""
    row = [places[0]]
    for number in places[1:]:
        if number - row[-1] > 2 or len(row) >= _MOST_LINES:
            break
        row.append(number)
    parts = [_part(lines[number]) for number in range(row[0], row[-1] + 1)]
    after = row[-1] + 1
    if after < len(lines) and lines[after].strip(" .").lower() in COUNTRIES:
        parts.append(lines[after].strip())
    return ", ".join(part for part in parts if part)


def _part(line: str) -> str:
    return (labelled(line) or line).strip(" ,;|")
