"""Mail's HTML, made harmless for the frame in which it is shown.

Sanitised by nh3, with tags and attributes of our own list. After it `quotes` alone puts folds
around what is quoted, and nh3 would change nothing of the result. The frame has no scripts, an
origin of its own and a policy that loads nothing but our inline images. Remote images are left out
and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

_TAGS = frozenset(
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn"
    " div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span"
    " strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr".split()
)
_CELL = frozenset({"align", "valign", "colspan", "rowspan", "width", "height", "bgcolor"})
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    "td": set(_CELL),
    "th": set(_CELL),
    "font": {"color", "size", "face"},
    "ol": {"start", "type"},
    "li": {"value"},
    "time": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "cid"}
#: More than this is shown as text: no sanitiser is asked to read a bomb.
LARGEST = 1_000_000
_DEEPEST = 3_000
_ENTITIES = 50_000
#: So many tags are cleaned and folded within half a second; newsletters have some thousands.
_MOST_TAGS = 12_000
#: What is open inside of what is open, and the attributes of one tag, cost their square.
_NESTED, _MOST_ATTRIBUTES = 1_000, 1_000
_LEADS_OUT = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)
_REMOTE_IMAGE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?\s*https?:", re.IGNORECASE)
_OPENING = re.compile(r"<\s*(?:div|table|span|font|blockquote|td|tr|ul|ol|li)\b", re.IGNORECASE)

#: A tag as HTML reads it (13.2.5.6 to 13.2.5.40). It never goes back over what it has read.
_ANY_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<rest>(?:[\s/]++|=?+[^\s/>=]++"
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)*+)""",
    re.IGNORECASE,
)
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)""")
#: These end by themselves where the next one begins, or at once.
_UNNESTED = frozenset("p li dd dt tr td th br hr img col wbr input meta link".split())


@dataclass(frozen=True, slots=True)
class Shown:
    """Harmless HTML, and how many remote images are left out of it."""

    html: Markup
    blocked: int


def harmless(html: str, inline: Callable[[str], str]) -> Shown | None:
    """Make a letter's HTML harmless; None when it is too much to look at.

    `inline` gives the address of the inline image with a Content-ID, or "".
    """
    if len(html) > LARGEST or html.count("&") + html.count("<") > _ENTITIES:
        return None
    if len(_OPENING.findall(html)) > _DEEPEST or _is_crafted(html):
        return None
    blocked = 0
    ours: set[str] = set()

    def filter_attribute(tag: str, attribute: str, value: str) -> str | None:
        nonlocal blocked
        if attribute == "href":  # A relative one would lead into our own pages.
            return value if _LEADS_OUT.match(value) else None
        if tag != "img" or attribute != "src":
            return value
        if value in ours:
            return value
        if value.lower().startswith("cid:"):
            address = inline(value[4:].strip())
            ours.add(address)
            return address or None
        blocked += 1
        return None

    once = _clean(html, filter_attribute)
    # A second time without counting: what lost an address is then as if it never had one.
    found = blocked
    twice = _clean(once, filter_attribute)
    return Shown(Markup(twice), found)  # noqa: S704 - nh3 has cleaned it.


def _is_crafted(html: str) -> bool:
    """Tell whether a letter has more tags, inside of each other or in all, than anybody writes."""
    opened: Counter[str] = Counter()
    depth = 0
    for count, tag in enumerate(_ANY_TAG.finditer(html), 1):
        name, rest = tag["name"].lower(), tag["rest"]
        if name not in _UNNESTED:
            step = -1 if tag["end"] else 1
            if step > 0 or opened[name]:
                opened[name] += step
                depth += step
        if count > _MOST_TAGS or depth > _NESTED:
            return True
        if len(rest) > _MOST_ATTRIBUTES and len(_VALUE.sub(" ", rest).split()) > _MOST_ATTRIBUTES:
            return True
    return False


def is_tight(html: str) -> bool:
    """Tell whether paragraphs stand without a gap: Outlook's do, and empty ones part them."""
    return "MsoNormal" in html


@dataclass(frozen=True, slots=True)
class Extent:
    """How many lines a letter begins, and how many letters stand in them."""

    breaks: int
    letters: int

    @property
    def height(self) -> int:
        """Guess how tall it will stand in a wide pane, in pixels; the page's script knows its own.

        A frame's height cannot be read: the letter has an origin of its own.
        """
        return max(140, min(1200, 60 + 22 * (self.breaks + self.letters // 75)))


def remote_images(html: str) -> int:
    """Count a letter's remote images at a glance, without cleaning it."""
    return len(_REMOTE_IMAGE.findall(html[:LARGEST]))


def extent(html: str) -> Extent:
    """Measure a letter by its tags and its text."""
    breaks = len(re.findall(r"<(?:br|p|div|tr|li|h\d)\b", html, re.IGNORECASE))
    return Extent(breaks, len(re.sub(r"<[^>]{0,2000}>", "", html)))


def _clean(html: str, keep: Callable[[str, str, str], str | None]) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=keep,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )
