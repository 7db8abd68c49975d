"""Message-IDs: one spelling for each, however long or broken, and a letter's line of ancestors."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from sync.reading.headers import decoded
from sync.reading.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.reading.headers import Fields

LONGEST = 2000
MOST = 100
#: What is shorter and has no @ is no id: to its question for one, git send-email is told "yes".
_SHORTEST = 10

_BRACKETED = re.compile(r"<([^<>]+)>")
_FROM = re.compile(r"\bfrom\s", re.IGNORECASE)
_DATED = re.compile(r"\b(?:of|on)[\s\"]")


def message_id(fields: Fields) -> str:
    """Return the Message-ID without brackets and white space, or the empty string."""
    value = _open(fields.first("message-id"))
    found = _BRACKETED.search(value)
    return normal(found[1] if found else value)


def references(fields: Fields) -> tuple[str, ...]:
    """Return References, then what is in In-Reply-To: each once, at most the newest 100.

    So the last is what the letter answers, wherever References name it.
    """
    found: dict[str, None] = {}
    for value in fields.all("references"):
        found.update(dict.fromkeys(_ids(value)))
    for value in fields.all("in-reply-to"):
        for answered in _ids(value):
            found.pop(answered, None)
            found[answered] = None
    return tuple(found)[-MOST:]


def normal(text: str) -> str:
    """Return one spelling of an id; a very long one keeps its beginning and a hash of all."""
    if " " in text or not text.isprintable():
        text = storable("".join(text.split()))
    plain = text.strip("<>")
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[:1000]}-{hashlib.sha256(plain.encode()).hexdigest()}"


def _open(value: str) -> str:
    """Decode an id of which there is nothing but encoded words: Python's email wrote such."""
    return decoded(value) if "=?" in value and "<" not in value else value


def _ids(value: str) -> Iterable[str]:
    value = _open(value)
    found = _BRACKETED.findall(value)
    if not found:
        found = _bare(value)
    elif _FROM.search(value):
        found = list(_of_messages(value))
    named = (normal(each) for each in found[-MOST:])
    return (each for each in named if "@" in each or len(each) >= _SHORTEST)


def _bare(value: str) -> list[str]:
    """Return what some programs write without brackets; a sentence may name a person."""
    words = value.replace(",", " ").split()
    found = [word for word in words if "@" in word]
    return found if 2 * len(found) > len(words) else []


def _of_messages(value: str) -> Iterable[str]:
    """Yield what stands in brackets, but no person: MH, exmh and Mutt tell who wrote, and when.

    Message from Ann <ann@acme.test> of "Tue, 6 May 2025 09:14:00 +0200." <1@acme.test>
    """
    end = 0
    for found in _BRACKETED.finditer(value):
        before = value[end : found.start()]
        sources = list(_FROM.finditer(before))
        named = sources and not _DATED.search(before, sources[-1].end())
        if not named:
            yield found[1]
        end = found.end()
