"""What an eye would read of an HTML mail, as lines of plain text; whole, and without the quote.

lexbor (selectolax) builds the tree. It takes time by the square of nested blocks and of attributes
in one tag, so a page that has too many of either is read by striking out its tags instead.
"""

from __future__ import annotations

import html as entities
import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

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
_BEFORE = {
    "br": _BREAK,
    **dict.fromkeys(("td", "th"), _CELL),
    **dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6"), _GAP),
}
_BREAKING = re.compile(
    r"</?(address|article|aside|blockquote|br|center|dd|dir|div|dl|dt|fieldset|figcaption|figure"
    r"|footer|form|h[1-6]|header|hr|li|main|menu|nav|ol|p|pre|section|table|t[dhr]|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_TAG_START = re.compile(r"<[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_HIDDEN_END = re.compile(r"""="[^">]*>|='[^'>]*>""")
_TAG = re.compile(r"<[^<>]*>")
_SILENT = ("head", "script", "style", "title", "template", "noscript")
_UNSEEN = "script,style,title,template,[hidden]"
_UNDISPLAYED = '[style*="display:none"],[style*="display: none"]'

#: What holds a quote, by the program that writes it.
QUOTES = (
    "blockquote.gmail_quote",  # Gmail
    "div.gmail_attr",
    "blockquote[type=cite]",  # Apple Mail, Thunderbird
    "div.moz-cite-prefix",  # Thunderbird
    "div.moz-forward-container",
    "div.yahoo_quoted",  # Yahoo
    "div.protonmail_quote",  # Proton
    "blockquote.protonmail_quote",
    "div.zmail_extra",  # Zoho
    "div.tutanota_quote",  # Tuta
    "blockquote.tutanota_quote",
    "blockquote.iosymail",  # Yahoo on iOS
    "#OLK_SRC_BODY_SECTION",  # Outlook for Mac
)
_QUOTES = ",".join(QUOTES)

#: From this element on everything is quote.
ENDINGS = (
    'id="divRplyFwdMsg"',  # Outlook on the web
    'id="appendonsend"',  # Outlook on the web and on phones
    'id="mail-editor-reference-message-container"',  # Outlook for Android and iOS
    'id="ms-outlook-mobile-body-separator-line"',
    'name="messageReplySection"',  # Spark
    'class="WordSection1_quote"',
    'name="quote"',  # GMX and web.de
)


class Page(NamedTuple):
    """A page's text, and the same without the quotes that are marked as such."""

    text: str
    fresh: str


def read(html: str) -> Page:
    """Return the visible text of a page, and what of it is no marked quote."""
    html = html[:LONGEST]
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
    for node in body.css(_UNSEEN if "isplay" not in html else f"{_UNSEEN},{_UNDISPLAYED}"):
        node.decompose()
    text = _lines(body.text())
    end = min((at for at in map(html.find, ENDINGS) if at > 0), default=-1)
    if end > 0:
        return Page(text, _read_to(html, end) or text)
    quotes = body.css(_QUOTES)
    if not quotes:
        return Page(text, text)
    for node in quotes:
        node.decompose()
    return Page(text, _lines(body.text()) or text)


def _read_to(html: str, end: int) -> str:
    return _read(html[: html.rfind("<", 0, end)]).fresh


def _with_breaks(html: str) -> str:
    """Mark where lines end and cells begin, and drop the line ends of the source."""
    if "<pre" in html or "<PRE" in html:
        pieces = re.split(r"(<pre[\s>]|</pre>)", html, flags=re.IGNORECASE)
        inside = False
        for at, piece in enumerate(pieces):
            if piece[:4].lower() == "<pre" or piece[:5].lower() == "</pre":
                inside = piece[1] != "/"
            elif inside:
                pieces[at] = piece.replace("\n", "<br>")
        html = "".join(pieces)
    return _BREAKING.sub(_broken, " ".join(html.split()))


def _broken(tag: re.Match[str]) -> str:
    return _BEFORE.get(tag[1].lower(), _EDGE) + tag[0]


def _lines(text: str) -> str:
    """Tidy lines: no space at their ends, no run of spaces, at most one empty line in a row."""
    out: list[str] = []
    for block in text.split(_EDGE):
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
    text = _TAG.sub(" ", _BREAKING.sub(_broken, " ".join("".join(kept).split())))
    return _lines(entities.unescape(text))
