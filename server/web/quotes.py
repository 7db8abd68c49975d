"""What a letter's HTML quotes, folded: one sees what was written now, and opens the rest.

Works on what nh3 has cleaned: its tags are balanced and its attributes quoted, so that one pattern
reads them all. Nothing is taken away; a `details` is put around it, which needs no script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from markupsafe import Markup

from crm.base.i18n import direction, ngettext
from crm.base.showing import number
from sync.reading import attributions
from sync.reading.label_words import LABELS
from sync.reading.quote_words import FORWARDS, MARKERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?:\s[^\s=>"]+(?:="[^"]*")?)*\s*/?>')
_EMPTY = frozenset({"br", "hr", "img", "col", "wbr"})
_BREAKING = frozenset(
    "address blockquote br caption center dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody"
    " td tfoot th thead tr ul".split()
)
#: Where a fold begins inside one of these, it ends with it: half a row is no table.
_WHOLE = frozenset({"table", "tbody", "tfoot", "thead", "tr", "td", "th", "ul", "ol", "li", "dl"})
#: A short quote is what somebody answers to, line by line: it stays in sight.
_LINES, _LETTERS = 3, 240
_KIN, _NEAR = 2, 6


@dataclass(frozen=True, slots=True)
class Folded:
    """A letter with its quotes folded, and how much of it stands open."""

    html: Markup
    open: str


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    words: str


@dataclass(slots=True)
class _Quote:
    start: int
    before: str
    first: str = ""
    end: int = 0
    lines: int = 0
    letters: int = 0

    @property
    def folds(self) -> bool:
        passed_on = _is_forward(self.before) or _is_forward(self.first)
        return (self.lines > _LINES or self.letters > _LETTERS) and not passed_on


@dataclass(slots=True)
class _Letter:
    """The lines outside of quotes, and the outermost quotes."""

    lines: list[_Line] = field(default_factory=list)
    quotes: list[_Quote] = field(default_factory=list)


def fold(clean: Markup) -> Folded:
    """Fold long quotes, and all behind the head of a quoted letter; nothing where all is quoted."""
    html = str(clean)  # Markup would escape what it is put together with.
    letter = _read(html)
    cut, behind = _tail(letter.lines, len(html))
    spans = [
        (quote.start, quote.end, quote.lines)
        for quote in letter.quotes
        if quote.end <= cut and quote.folds
    ]
    if not any(line.start < cut for line in letter.lines):
        return Folded(clean, html)
    made, shown, at = "", "", 0
    for start, end, lines in spans:
        made += f"{html[at:start]}{_open(lines)}{html[start:end]}</details>"
        shown += html[at:start]
        at = end
    if cut == len(html):
        made, shown = made + html[at:], shown + html[at:]
    else:
        again, end = _split(html, cut)
        closing = "".join(f"</{name}>" for name, _tag in reversed(again))
        opening = "".join(tag for _name, tag in again)
        within = sum(q.lines for q in letter.quotes if q.start >= cut)
        made += f"{html[at:cut]}{closing}{_open(behind + within)}{opening}"
        made += f"{html[cut:end]}</details>{html[end:]}"
        shown += html[at:cut] + html[end:]
    return Folded(Markup(made), shown)  # noqa: S704 - Cleaned before, and cut between its tags.


def _read(html: str) -> _Letter:
    """Walk over a letter once, and note where its lines and its quotes begin."""
    letter = _Letter()
    start, words, depth = 0, "", 0
    for text, tag, at, end in _parts(html):
        words += text
        if tag is None or tag["name"] not in _BREAKING:
            continue
        said = words.replace("&nbsp;", " ").replace("\xa0", " ").strip()
        if said and depth:
            quote = letter.quotes[-1]
            quote.first = quote.first or said
            quote.lines, quote.letters = quote.lines + 1, quote.letters + len(said)
        elif said:
            letter.lines.append(_Line(start, said))
        closes = bool(tag["end"]) or tag["name"] in _EMPTY
        if closes:
            start = end
        elif said:
            start = at
        words = ""
        if tag["name"] == "blockquote":
            depth += -1 if tag["end"] else 1
            if depth == 1 and not tag["end"]:
                letter.quotes.append(_announced(letter, html, at))
            elif depth == 0:
                letter.quotes[-1].end = end
    if words.strip():
        letter.lines.append(_Line(start, words.strip()))
    return letter


def _announced(letter: _Letter, html: str, at: int) -> _Quote:
    """Begin a quote, with the line that announces it, where one stands just before."""
    if not letter.lines:
        return _Quote(at, "")
    last = letter.lines[-1]
    behind = letter.quotes and letter.quotes[-1].start > last.start
    words = unescape(last.words)
    if behind or not (attributions.may_end(words) and attributions.find((), words).sureness):
        return _Quote(at, last.words)
    start = _whole_from(html, last.start, at)
    if start == at:
        return _Quote(at, last.words)
    letter.lines.pop()
    return _Quote(start, last.words)


def _whole_from(html: str, start: int, end: int) -> int:
    """Return from where on up to an end each element that opens is closed; the end, if nowhere."""
    opened: list[int] = []
    for tag in _TAG.finditer(html, start, end):
        if tag["name"] in _EMPTY:
            continue
        if not tag["end"]:
            opened.append(tag.end())
        elif opened:
            opened.pop()
        else:
            return end
    return opened[-1] if opened else start


def _parts(html: str) -> Iterator[tuple[str, re.Match[str] | None, int, int]]:
    """Yield the text before each tag, the tag, and where it stands; at the end text alone."""
    at = 0
    for tag in _TAG.finditer(html):
        yield html[at : tag.start()], tag, tag.start(), tag.end()
        at = tag.end()
    yield html[at:], None, len(html), len(html)


def _tail(lines: list[_Line], end: int) -> tuple[int, int]:
    """Return where the head of a quoted letter begins, and how many lines follow; or the end."""
    for n, line in enumerate(lines):
        if _is_forward(line.words):
            break
        if _marker(line.words) in MARKERS and line.words[0] in "-_=*":
            return line.start, len(lines) - n
        if LABELS.get(_label(line)) == "from":
            near = [LABELS.get(_label(other), "from") for other in lines[n + 1 : n + 1 + _NEAR]]
            if len(near) - near.count("from") >= _KIN:
                return line.start, len(lines) - n
    return end, 0


def _marker(words: str) -> str:
    return words[:80].strip("-_=*: ").lower()


def _is_forward(words: str) -> bool:
    """Tell whether something is passed on here, which is what one wants to read."""
    return _marker(words) in FORWARDS


def _label(line: _Line) -> str:
    return (
        line.words[:40].partition(":")[0].strip("* ").casefold() if ":" in line.words[:40] else ""
    )


def _split(html: str, cut: int) -> tuple[list[tuple[str, str]], int]:
    """Return the elements to close before a cut and open again behind it, and where it ends."""
    stack: list[tuple[str, str]] = []
    keep = -1
    for _text, tag, at, _end in _parts(html):
        if tag is None:
            break
        if at >= cut and keep < 0:
            keep = 1 + max((n for n, (name, _) in enumerate(stack) if name in _WHOLE), default=-1)
            again = stack[keep:]
            if not keep:
                return again, len(html)
        if tag["name"] in _EMPTY:
            continue
        if not tag["end"]:
            stack.append((tag["name"], tag[0]))
        elif stack:
            stack.pop()
            if keep > 0 and len(stack) < keep:
                return again, at
    return stack if keep < 0 else again, len(html)


def _open(lines: int) -> str:
    words = ngettext("{n} quoted line", "{n} quoted lines", lines).format(n=number(lines))
    return str(Markup('<details><summary dir="{}">{}</summary>').format(direction(), words))
