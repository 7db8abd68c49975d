"""Numbers that one calls, out of a line of a signature; E.164 where the country is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm.base import phones
from sync.reading.detail_words import (
    COUNTRIES,
    FAX_LABELS,
    NUMBER_LABELS,
    PHONE_LABELS,
    WORLDLY_DOMAINS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address

#: A number as people write it. At most 26 signs, so that nothing can run long.
_NUMBER = re.compile(
    r"(?<![\w/.@-])(?:\+|00)?[(\[]?(?:\d[ ()\[\]./–\u2010\u00a0-]{0,3}){5,18}\d(?![\w@])"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-/.'][^\W\d_]+)*")
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})(?!\d)")
#: What is dialled after the number, always behind one.
_EXTENSION = re.compile(
    r"(?i)(?<=\d)[ ,;/(]{0,3}(?:ext|extension|x|kl|klapka|linka|wew|доб|int|poste|dw"
    r"|ramal|anexo)[.:]? ?\d{1,6}\)?"
)
_US_POSTCODE = re.compile(r"\b[A-Z]{2}\.? {1,2}\d{5}(?:-\d{4})?\b")
_GB_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_CA_POSTCODE = re.compile(r"\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b")
#: Portugal's with a town, Brazil's and Japan's, which look like numbers (UPU's sheets).
_OTHER_POSTCODE = re.compile(
    r"(?:^|, ?)\d{4}-\d{3}(?= [A-Z\u00c0-\u00dd][^\W\d_]{2})"
    r"|\bCEP:? ?\d{5}-\d{3}\b|〒 ?\d{3}-?\d{4}"
)
_INTERNATIONAL = re.compile(r"(?<!\d)(?:\+|00)[1-9][\d ().\u00a0-]{6,20}\d")
_FEWEST, _MOST = 7, 15  # digits; ITU-T E.164 allows 15
_ARABIC = str.maketrans(
    "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩０１２３４５６７８９＋", "012345678901234567890123456789+"
)
#: A line with so many other letters is no line of numbers.
_MOST_LETTERS = 14
_MOST_BESIDE = 4


class Phone(NamedTuple):
    """A number, and whether a fax machine answers."""

    number: str
    fax: bool


def of_line(line: str, country: str) -> Sequence[Phone]:
    """Return the numbers in a line."""
    if not may_hold(line):
        return ()
    line = line.translate(_ARABIC)
    bare = _US_POSTCODE.sub(" ", _EXTENSION.sub(" ", line))
    bare = _OTHER_POSTCODE.sub(" ", bare) if "-" in bare or "〒" in bare else bare
    bare = _DATE.sub(" ", bare) if "+" not in bare else bare
    found = list(_NUMBER.finditer(bare))
    if not found:
        return ()
    before = [bare[(found[n - 1].end() if n else 0) : one.start()] for n, one in enumerate(found)]
    after = bare[found[-1].end() :]
    return [
        one for n, part in enumerate(found) if (one := _phone(part[0], before[n], after, country))
    ]


def may_hold(line: str) -> bool:
    """Tell whether a line has digits enough for a number."""
    return sum(map(str.isdigit, line)) >= _FEWEST


def country_of(text: str, author: Address | None) -> str:
    """Return the code of the country that a signature's address or its author's domain tells.

    Where neither does, in small letters that of the numbers beside: it counts for numbers alone
    that begin as they do at home.
    """
    lower = text.lower()
    if _US_POSTCODE.search(text):
        return "US"
    for line in lower.split("\n"):
        last = line.rstrip(" .").rpartition(",")[2].strip() if "," in line else line.strip()
        code = COUNTRIES.get(last) or COUNTRIES.get(last.rpartition(" ")[2])
        if code:
            return code
    if _GB_POSTCODE.search(text):
        return "GB"
    if _CA_POSTCODE.search(text):
        return "CA"
    top = author.domain.rpartition(".")[2] if author else ""
    if top == "uk":
        return "GB"
    if len(top) == 2 and top.isalpha() and top not in WORLDLY_DOMAINS:
        return top.upper()
    return _country_beside(text)


def _country_beside(text: str) -> str:
    """Return the country of the numbers that name one, if it is the same of all."""
    if "+" not in text and "00" not in text:
        return ""
    import phonenumbers

    found = set()
    for number in _INTERNATIONAL.findall(text.translate(_ARABIC))[:_MOST_BESIDE]:
        dial = "+" + number[2:] if number.startswith("00") else number
        try:
            parsed = phonenumbers.parse(dial.replace("(0)", ""), None)
        except phonenumbers.NumberParseException:
            continue
        found.add(phonenumbers.region_code_for_number(parsed) or "")
    return found.pop().lower() if len(found) == 1 else ""


def _phone(text: str, before: str, after: str, country: str) -> Phone | None:
    words = [word.lower().rstrip(".") for word in _WORD.findall(before)]
    behind = [word.lower().rstrip(".") for word in _WORD.findall(after)]
    if any(word in NUMBER_LABELS and word not in PHONE_LABELS for word in words):
        return None
    near = words[-3:] or behind[:3]
    labelled = any(word in PHONE_LABELS or word in FAX_LABELS for word in (*words, *behind))
    letters = sum(map(len, words)) + sum(map(len, behind))
    international = text.startswith(("+", "00"))
    if not labelled and not international and letters > _MOST_LETTERS:
        return None
    digits = sum(map(str.isdigit, text))
    if not _FEWEST <= digits <= _MOST + 2:
        return None
    if not labelled and not international and not any(sign in text for sign in " -.()/"):
        return None  # A bare row of digits may be anything.
    fax = any(word in FAX_LABELS for word in near) and not any(
        word in PHONE_LABELS and word not in FAX_LABELS for word in near[-1:]
    )
    return Phone(_written(text, country), fax)


def _written(text: str, country: str) -> str:
    tidy = " ".join(text.replace("\u00a0", " ").split()).strip(" -./–")
    if tidy.count("(") > tidy.count(")"):
        tidy = tidy.replace("(", "", 1)
    dial = "+" + tidy[2:] if tidy.startswith("00") else tidy
    if country.islower() and not dial.startswith(("+", "0", "(0", "8 (", "8-", "8 ")):
        return tidy
    return phones.normal(dial, country) or tidy
