"""What of a text is searched, and how words are asked for."""

from __future__ import annotations

import re

#: What of a text is searched, in characters: the rest would make the index refuse the row.
SEARCHED = 50_000
#: The longest run without a space, in characters.
_RUN = 64

_LONG = re.compile(rf"\S{{{_RUN}}}(?=\S)")


def searchable(text: str) -> str:
    """Return what of a text PostgreSQL is given to find words in, whether stored or asked for.

    Its parser tries what may be an address, a path, a number or a comment again from each sign, so
    that its time grows with the square of a run: 50,000 signs of `@1e` took minutes. So long runs
    are cut; and nothing begins a tag, whose words it would leave out.
    """
    text = text[:SEARCHED].replace("<", " ")
    if max(map(len, text.split()), default=0) > _RUN:
        text = _LONG.sub(r"\g<0> ", text)
    return text[:SEARCHED]
