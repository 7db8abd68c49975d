"""Message-IDs: one spelling for each, however long or broken, and a letter's line of ancestors."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from sync.reading.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.reading.headers import Fields

LONGEST = 2000
MOST = 100

_BRACKETED = re.compile(r"<([^<>]+)>")


def message_id(fields: Fields) -> str:
    """Return the Message-ID without brackets and white space, or the empty string."""
    value = fields.first("message-id")
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
    found.pop("", None)
    return tuple(found)[-MOST:]


def normal(text: str) -> str:
    """Return one spelling of an id; a very long one keeps its beginning and a hash of all."""
    if " " in text or not text.isprintable():
        text = storable("".join(text.split()))
    plain = text.strip("<>")
    if len(plain) <= LONGEST:
        return plain
    return f"{plain[:1000]}-{hashlib.sha256(plain.encode()).hexdigest()}"


def _ids(value: str) -> Iterable[str]:
    found = _BRACKETED.findall(value)
    if not found:
        # Some programs forget the brackets; old ones wrote a sentence with a date.
        found = [word for word in value.split() if "@" in word]
    return (normal(each) for each in found[-MOST:])
