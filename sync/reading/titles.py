"""Which words are the title of a job, and which the name of a company."""

from __future__ import annotations

import re

from sync.reading import names
from sync.reading.detail_words import (
    COMPANY_FORMS,
    COMPANY_WORDS,
    FORMS_BEFORE,
    FORMS_WITHIN,
    TITLE_WORDS,
)

_WORD = re.compile(r"[^\W\d_]+(?:[-./'][^\W\d_]+)*\.?")
_PARTS = re.compile("[-/]")
_MOST_WORDS = 9


def is_title(text: str) -> bool:
    """Tell whether a text is the title of a job."""
    words = [word.lower().rstrip(".") for word in _WORD.findall(text)]
    if not words or len(words) > _MOST_WORDS or words[-1] in COMPANY_FORMS:
        return False
    if text[-1] in ".?!:" and len(words) > 3:
        return False
    for word in words:
        if word in TITLE_WORDS:
            return True
        if ("-" in word or "/" in word) and any(
            part in TITLE_WORDS for part in _PARTS.split(word) if len(part) > 2
        ):
            return True
    return len(text) <= 20 and not text.isascii() and any(word in text for word in _DENSE_WORDS)


def is_company(text: str, label: str) -> bool:
    """Tell whether a text is a company's name. `label` is the word that its domain is made of."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words or len(words) > 8 or text[-1] in "?!:":
        return False
    if len(words) > 1 and any(
        word in COMPANY_FORMS or word.rstrip(".") in COMPANY_FORMS for word in words[1:]
    ):
        return True
    if words[0] in FORMS_BEFORE and len(words) > 1:
        return not text[len(words[0]) :].lstrip(' "«„“')[:1].islower() and not text[0].islower()
    if not text.isascii() and any(form in text and form != text for form in FORMS_WITHIN):
        return True
    squashed = names.plain("".join(words)).replace(".", "").replace("-", "")
    if (
        label
        and len(label) >= 3
        and (squashed.startswith(label) or (label.startswith(squashed) and len(squashed) > 3))
    ):
        return True
    if label and len(label) >= 4 and _alike(squashed, label):
        return True
    return len(words) > 1 and any(word in COMPANY_WORDS for word in words) and text[0].isupper()


def _alike(squashed: str, label: str) -> bool:
    """Tell whether two begin alike, as TechComp and techcom.com do."""
    same = 0
    for one, other in zip(squashed, label, strict=False):
        if one != other:
            break
        same += 1
    return same >= 5 and same * 5 >= len(label) * 4


def _is_dense(sign: str) -> bool:
    """Tell whether a sign is of a script that puts no spaces between words."""
    return "\u3040" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7af"


#: They stand in a text without spaces around them.
_DENSE_WORDS = tuple(word for word in TITLE_WORDS if _is_dense(word[0]))
