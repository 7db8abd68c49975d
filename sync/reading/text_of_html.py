"""What an eye would read of an HTML mail, as lines of plain text; and which of them are quoted.

lexbor (selectolax) builds the tree. It takes time by the square of nested blocks and of attributes
in one tag, so a page that has too many of either is read by striking out its tags instead.
"""

from __future__ import annotations

import html as entities
import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from sync.reading import page_quotes, quote_marks

#: So much of a page is read. 100 KB is a long newsletter.
LONGEST = 500_000
#: 10,000 open blocks in one another take lexbor 0.2 s, 50,000 take 6.
MOST_TAGS = 10_000
#: A tag of 1,000 signs has at most 330 attributes; 50,000 in one tag take lexbor 10 s.
LONGEST_TAG = 1000
MOST_HIDDEN_ENDS = 5

#: What stands before a tag in the text. A form feed is a line's end that counts; line feeds are
#: the edges of blocks, of which several are one. Both are white space to HTML, so that they change
#: nothing inside a table.
_EDGE, _BREAK, _GAP, _CELL = "\n", "\f", "\n\f\n", " "
#: A line's end inside <pre>: no white space, so that it outlives the joining of lines.
_LINE = "\x01"
_TAGS = {
    _EDGE: """address article aside blockquote center dd dir div dl dt fieldset figcaption figure
        footer form header hr li main menu nav ol pre section table tr ul""",
    _BREAK: "br",
    _CELL: "td th",
    _GAP: "p h1 h2 h3 h4 h5 h6",
}
_BEFORE = {
    slash + name: mark
    for mark, names in _TAGS.items()
    for lower in names.split()
    for name in (lower, lower.upper())
    for slash in ("", "/")
}
_TAG_NAME = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)")
_TAG_START = re.compile(r"<[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_HIDDEN_END = re.compile(r"""="[^">]*>|='[^'>]*>""")
_TAG = re.compile(r"<[^<>]*>")
_SILENT = ("head", "script", "style", "title", "template", "noscript")
#: What is not shown, after a word without which it need not be looked for.
_UNSEEN = (
    ("tyle", "style,title,template"),
    ("cript", "script,noscript"),
    ("idden", "[hidden]"),
    ("isplay", '[style*="display:none"],[style*="display: none"]'),
)


class Page(NamedTuple):
    """A page's text, and the same with a mark before each line that the page marks as a quote."""

    text: str
    marked: str
    cut: bool = False  # where the page is longer than what is read of it


def read(html: str) -> Page:
    """Return the visible text of a page, and what of it is no marked quote."""
    if len(html) > LONGEST:
        return read(html[:LONGEST])._replace(cut=True)
    tame = _tame(html)
    if tame is None:
        text = _struck(html)
        return Page(text, text)
    try:
        return _read(_with_breaks(tame))
    except (SelectolaxError, ValueError, RuntimeError):
        text = _struck(html)
        return Page(text, text)


def _read(html: str) -> Page:
    tree = LexborHTMLParser(html)
    body = tree.body
    if body is None:
        return Page("", "")
    for word, where in _UNSEEN:
        if word in html:
            for node in body.css(where):
                node.decompose()
    if page_quotes.mark(body, html):
        return Page(*quote_marks.marked_lines(_lines(body.text())))
    text = _lines(quote_marks.unmarked(body.text()))
    return Page(text, text)


def _with_breaks(html: str) -> str:
    """Mark where lines end and cells begin, and drop the line ends of the source."""
    if "<pre" in html or "<PRE" in html:
        pieces = re.split(r"(<pre[\s>]|</pre>)", html, flags=re.IGNORECASE)
        inside = False
        for at, piece in enumerate(pieces):
            if piece[:4].lower() == "<pre" or piece[:5].lower() == "</pre":
                inside = piece[1] != "/"
            elif inside:
                pieces[at] = piece.replace("\n", _LINE)
        html = "".join(pieces)
    return _marked(html)


def _marked(html: str) -> str:
    pieces = _TAG_NAME.split(" ".join(html.split()))
    pieces[1::2] = [f"{_BEFORE.get(name, '')}<{name}" for name in pieces[1::2]]
    return "".join(pieces)


def _lines(text: str) -> str:
    """Tidy lines: no space at their ends, no run of spaces, at most one empty line in a row."""
    out: list[str] = []
    for block in text.replace(_LINE, _BREAK).split(_EDGE):
        if _BREAK not in block:
            words = " ".join(block.split())
            if words:
                out.append(words)
            continue
        lines = [" ".join(line.split()) for line in block.split(_BREAK)]
        if not lines[-1]:
            lines.pop()  # A break at the end of a block shows nothing.
        for line in lines:
            if line or (out and out[-1]):
                out.append(line)
    return "\n".join(out).strip("\n")


def _tame(html: str) -> str | None:
    """Return a page that lexbor reads in time: long tags without attributes; None where none is."""
    if html.count("<") - html.count("</") > MOST_TAGS:
        return None
    if html.count("<![CDATA[") > 100 or len(_HIDDEN_END.findall(html)) > MOST_HIDDEN_ENDS:
        return None
    pieces = html.split(">")
    if max(map(len, pieces)) <= LONGEST_TAG:
        return html
    for at, piece in enumerate(pieces):
        if len(piece) > LONGEST_TAG:
            tag = _TAG_START.search(piece)
            if tag is not None:
                # A comment keeps its end, for it would swallow the page without.
                pieces[at] = piece[: tag.end()] + ("--" if piece.endswith("--") else "")
    return ">".join(pieces)


def _struck(html: str) -> str:
    """Return a page without its tags, in linear time whatever the page is."""
    lower = html.lower()
    if len(lower) != len(html):
        lower = html
    kept: list[str] = []
    at = 0
    while at < len(html):
        opening = min(
            ((found, name) for name in _SILENT if (found := lower.find("<" + name, at)) >= 0),
            default=None,
        )
        if opening is None:
            break
        end = lower.find("</" + opening[1], opening[0])
        kept.append(html[at : opening[0]])
        at = len(html) if end < 0 else end
        if len(kept) > 200:
            break
    kept.append(html[at:])
    text = _TAG.sub(" ", _marked("".join(kept)))
    return _lines(quote_marks.unmarked(entities.unescape(text)))
