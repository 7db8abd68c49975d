"""What of a text is searched, and how words are asked for."""

from __future__ import annotations

import re

#: What of a text is searched, in characters: the rest would make the index refuse the row.
SEARCHED = 50_000
#: The longest run without a space, in characters.
_RUN = 64

#: Signs that part the words of a sentence or the items of a list: no address and no name has them.
_PARTING = re.escape(r""",;|"'`!$^*()[]{}<>\«»،؛؟、。，；""") + "\u2010-\u2027\u2030-\u205e"
#: Signs that hold a URL together, and those that hold an address, a host or a file name together.
_OF_A_URL, _OF_A_NAME = re.escape("/:?=&#%~+"), re.escape("._@-")
#: What is held together goes on behind a run's end, with more than the full stop of a sentence.
_GOES_ON = (
    rf"(?=\S{{{_RUN}}}[{_OF_A_URL}{_OF_A_NAME}]{{0,3}}[^\s{_PARTING}{_OF_A_URL}{_OF_A_NAME}])"
)
#: The first part of a run that is too long, and the dashes behind it.
_PART = re.compile(
    rf"(?=\S{{{_RUN + 1}}})"
    rf"(\S{{0,{_RUN - 1}}}[{_PARTING}]"
    rf"|{_GOES_ON}\S{{0,{_RUN - 1}}}[{_OF_A_URL}]"
    rf"|{_GOES_ON}\S{{0,{_RUN - 1}}}[{_OF_A_NAME}]"
    rf"|\S{{{_RUN}}})-*"
)
#: What may begin a tag, and the dashes behind it.
_TAG = re.compile("<-*")


def searchable(text: str) -> str:
    """Return what of a text PostgreSQL is given to find words in, whether stored or asked for.

    Its parser tries what may be an address, a path, a number or a comment again from each sign, so
    that its time grows with the square of a run: 50,000 signs of `@1e` took minutes. So long runs
    are cut; and nothing begins a tag, whose words it would leave out.

    A run is cut behind the last sign that parts words, so that the items of a list stay whole and
    an item that is too long is cut alike wherever it stands. A dash behind a space would say "not".
    """
    text = _TAG.sub(" ", text[:SEARCHED])
    if max(map(len, text.split()), default=0) > _RUN:
        text = _PART.sub(r"\1 ", text)
    return text[:SEARCHED]
