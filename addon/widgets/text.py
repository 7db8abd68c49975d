"""Words on a card: plain ones are always escaped, and only we can make bold ones or links.

Google reads a few fields as HTML and all others as plain text. A `str` is plain wherever it
stands; `Markup` is made by the functions below and nothing else, and its words are escaped when
they are written out. So what came by mail can never become a tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from addon.widgets.links import check_link

if TYPE_CHECKING:
    from addon.widgets.links import Links

#: First-strong isolate and its end: what stands between them keeps its direction to itself.
ISOLATE, END = "\u2068", "\u2069"
#: The isolate of what runs from left to right in every language.
_FROM_LEFT = "\u2066"

#: Embeddings, overrides and isolates: with them a name could turn the words around it.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: An isolate with its end, which turns nothing outside; or such a sign alone.
_WHOLE_OR_TURNING = re.compile(
    "([\u2066-\u2068][^\u202a-\u202e\u2066-\u2069]*\u2069)|[\u202a-\u202e\u2066-\u2069]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words in one dress."""

    words: str
    tag: Literal["", "b", "a"] = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Markup:
    """Words with dress, put together with +."""

    spans: tuple[Span, ...] = ()

    def __add__(self, other: Text) -> Markup:
        return Markup(self.spans + spans_of(other))

    def __radd__(self, other: str) -> Markup:
        return Markup(spans_of(other) + self.spans)

    def __str__(self) -> str:
        return "".join(span.words for span in self.spans)


Text: TypeAlias = str | Markup


def bold(words: str) -> Markup:
    """Make words bold."""
    return Markup((Span(words, "b"),))


def link(words: str, url: str) -> Markup:
    """Let words lead to a page ("/contacts/7" or https) or open a message. UnsafeLinkError."""
    check_link(url)
    return Markup((Span(words, "a", url),))


def isolate(words: str) -> str:
    """Let a name or a subject keep its own direction, whatever stands around it."""
    return f"{ISOLATE}{_TURNING.sub('', words)}{END}" if words else ""


def left_to_right(words: str) -> str:
    """Let a phone number or a link run as such things do, whatever stands in it or around it.

    A number has no letter that says which way it runs: among Persian words its groups would stand
    in reverse.
    """
    return f"{_FROM_LEFT}{_TURNING.sub('', words)}{END}" if words else ""


def enclose(words: str) -> str:
    """Let a sentence keep its own direction, and in it the names that are isolated already."""
    kept = _WHOLE_OR_TURNING.sub(lambda found: found[1] or "", words)
    return f"{ISOLATE}{kept}{END}" if words else ""


def spans_of(text: Text) -> tuple[Span, ...]:
    """Return the runs of a text; plain words are one run."""
    if isinstance(text, Markup):
        return text.spans
    return (Span(text),) if text else ()


def to_html(text: Text, links: Links) -> str:
    """Write a text in the tags that Google reads, its words escaped."""
    return "".join(_written(span, links) for span in spans_of(text))


def _written(span: Span, links: Links) -> str:
    words = _escaped(span.words).replace("\r\n", "\n").replace("\n", "<br>")
    if span.tag == "a":
        href = _escaped(links.to(span.url)).replace('"', "&quot;")
        return f'<a href="{href}">{words}</a>'
    return f"<{span.tag}>{words}</{span.tag}>" if span.tag else words


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
