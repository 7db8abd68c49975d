"""A plain text as HTML, for those who read their mail so: lines, quotes, and addresses to click."""

from __future__ import annotations

import html
import re
from itertools import groupby
from typing import Final

#: A quote in a quote in a quote: what stands deeper stands at this depth.
_DEEPEST: Final = 8
_QUOTED: Final = re.compile(r"(?:> ?)+")
#: An address of a page, without what ends the sentence that it stands in.
_PAGE: Final = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?')\]}]")
#: As Gmail draws a quote; `type` is what Thunderbird and Apple Mail fold it by.
_QUOTE: Final = (
    '<blockquote type="cite" style="margin:0 0 0 .8ex;border-inline-start:1px solid #ccc;'
    'padding-inline-start:1ex">'
)


def as_html(text: str) -> str:
    """Return a text as HTML that says the same. Whatever in it looks like HTML stays text."""
    found, deep = [], 0
    for depth, lines in groupby(text.rstrip("\n").split("\n"), _depth):
        found.append(_QUOTE * (depth - deep) + "</blockquote>" * (deep - depth))
        inside = "<br>\n".join(_line(line, quoted=depth > 0) for line in lines)
        # Each stretch runs as its own letters do: an answer in Persian may quote English.
        found.append(f'<div dir="auto">{inside}</div>\n')
        deep = depth
    return "".join(found) + "</blockquote>" * deep


def _depth(line: str) -> int:
    quoted = _QUOTED.match(line)
    return min(quoted[0].count(">"), _DEEPEST) if quoted else 0


def _line(line: str, *, quoted: bool) -> str:
    said = _QUOTED.sub("", line, count=1) if quoted else line
    pieces, end = [], 0
    for page in _PAGE.finditer(said):
        pieces += [_escaped(said[end : page.start()]), _link(page[0])]
        end = page.end()
    whole = "".join(pieces) + _escaped(said[end:])
    return f"&nbsp;{whole[1:]}" if whole.startswith(" ") else whole


def _escaped(said: str) -> str:
    """Return words as HTML has them; of several blanks none is lost."""
    return html.escape(said, quote=False).replace("\t", "    ").replace("  ", "&nbsp; ")


def _link(page: str) -> str:
    return f'<a href="{html.escape(page)}">{html.escape(page, quote=False)}</a>'
