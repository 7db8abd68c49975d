"""Which leaves are the text, which are attachments, and what an eye would read of the text."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import text_of_html
from sync.reading.charsets import decode
from sync.reading.flowed import unflow
from sync.reading.headers import parameter
from sync.reading.mime import ReaderError
from sync.reading.storable import cut
from sync.reading.text_of_html import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.reading.mime import Leaf

LONGEST = 1_000_000
#: So many bytes are decoded for the text of a message, all its parts together.
MOST_BYTES = 2_500_000

#: What a plain part says that only tells that it is none.
STUBS = (
    "this message requires html",
    "requires an html",
    "html compatible",
    "html-compatible",
    "does not support html",
    "doesn't support html",
    "not support html",
    "view this email in your browser",
    "view it in your browser",
    "to view this message",
    "to view this email",
    "html email client",
    "formát html",
    "formacie html",
    "im html-format",
    "au format html",
    "формате html",
    "html formatu",
)
_LONGEST_STUB = 600
#: What `bytes.split` takes for white space.
_WHITE = b" \t\n\r\v\f"


class Body(NamedTuple):
    """The text of a message, and the leaves that are not text."""

    text: str
    marked: str  # the text, with a mark before each line that HTML marks as a quote
    html: str
    attachments: tuple[Leaf, ...]
    cut: bool
    mark: str  # what stands for all that the parts say, where the text was cut; else ""
    doubt: str  # in fixed words, why the next reader should look at it


def compose(leaves: Sequence[Leaf]) -> Body:
    """Put a message's text together, in the order of its parts."""
    texts: list[tuple[Leaf, str]] = []
    attachments: list[Leaf] = []
    doubt = ""
    budget = MOST_BYTES
    for leaf in leaves:
        if not _is_text(leaf, first=not texts):
            attachments.append(leaf)
            continue
        text, trouble, used = _text_of(leaf, budget)
        budget -= used
        doubt = doubt or trouble
        texts.append((leaf, text))
    html = "\n".join(text for leaf, text in texts if leaf.content_type == "text/html")
    shown: list[str] = []
    marked: list[str] = []
    page_cut = False
    for plain, html_of_block in _blocks(texts):
        page = _richer(plain, html_of_block)
        if page.text:
            shown.append(page.text)
            marked.append(page.marked)
            page_cut = page_cut or page.cut
    text = "\n".join(shown)
    cut_text, cut_html = cut(text, LONGEST), cut(html, LONGEST)
    text_cut = budget <= 0 or page_cut or len(cut_text) < len(text)
    was_cut = text_cut or len(cut_html) < len(html)
    mark = _mark(leaf for leaf, _text in texts) if text_cut else ""
    marked_text = cut_text if marked == shown else "\n".join(marked)
    return Body(cut_text, marked_text, cut_html, tuple(attachments), was_cut, mark, doubt)


def _is_text(leaf: Leaf, *, first: bool) -> bool:
    if leaf.content_type not in ("text/plain", "text/html") or leaf.enclosed:
        return False
    if leaf.disposition == "attachment":
        return False
    # Some programs name the very text, as message.txt; later named ones are files shown inline.
    return first or not leaf.filename


def _text_of(leaf: Leaf, budget: int) -> tuple[str, str, int]:
    if budget <= 0:
        return "", "", 0
    try:
        raw = leaf.content()
    except ReaderError as error:
        return "", str(error), 0
    used = len(raw)
    if used > budget:
        raw = raw[:budget]
    field = leaf.type_field
    charset = parameter(field, "charset")
    plain = leaf.content_type == "text/plain"
    if plain and "16" not in charset and "32" not in charset:
        raw = raw.replace(b"\r\n", b"\n")
    text, trouble = decode(raw, charset)
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if not plain:
        return text, trouble, used
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "flowed" in field or "Flowed" in field:
        text = unflow(text, delete_space=parameter(field, "delsp").lower() == "yes")
    return text, trouble, used


def _blocks(texts: Sequence[tuple[Leaf, str]]) -> Iterator[tuple[str, str]]:
    """Yield plain text and page for each place: both where they are alternatives, else one."""
    at = 0
    while at < len(texts):
        group = texts[at][0].alternative
        end = at + 1
        while group and end < len(texts) and texts[end][0].alternative == group:
            end += 1
        plain = [text for leaf, text in texts[at:end] if leaf.content_type == "text/plain"]
        pages = [text for leaf, text in texts[at:end] if leaf.content_type == "text/html"]
        yield "\n".join(plain).strip("\n"), "\n".join(pages)
        at = end


def _mark(leaves: Iterable[Leaf]) -> str:
    """Return a hash of all that some parts say, however their lines are folded."""
    said = hashlib.sha256()
    for leaf in leaves:
        with suppress(ReaderError):
            said.update(leaf.content().translate(None, _WHITE) + b"\0")
    return said.hexdigest()


def _richer(plain: str, html: str) -> Page:
    """Return what is to be read of a block, and the same with its quotes marked."""
    plain = plain.rstrip()
    if not html or (plain and len(plain) * 10 >= len(html) and not _is_stub(plain)):
        return Page(plain, plain)
    page = text_of_html.read(html)
    if plain and not _is_stub(plain) and len(plain) * 10 >= len(page.text):
        return Page(plain, plain)
    if not page.text.strip() or (plain and len(plain) > len(page.text)):
        return Page(plain, plain)
    return page


def _is_stub(plain: str) -> bool:
    if len(plain) > _LONGEST_STUB:
        return False
    lower = plain.lower()
    return any(stub in lower for stub in STUBS)
