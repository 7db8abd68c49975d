"""Keys of what people name: Latin words that filters can name, each of one thing alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: So long a key is at most, before its number.
_LONGEST = 40


def free(name: str, taken: Collection[str], *, otherwise: str) -> str:
    """Make a key of a name that nothing else has: numbered where its word is taken.

    A name that does not begin with a Latin letter is keyed behind the word `otherwise`.
    """
    word = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")[:_LONGEST].rstrip("_")
    word = word if re.match(r"[a-z]", word) else f"{otherwise}_{word}".rstrip("_")
    key, number = word, 2
    while key in taken:
        key, number = f"{word}_{number}", number + 1
    return key
