"""Which leaves are the text, which are attachments, and what an eye would read of the text."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from sync.reading import openpgp, text_of_html
from sync.reading.charsets import decode
from sync.reading.flowed import unflow
from sync.reading.headers import parameter
from sync.reading.mime import ENCRYPTED, SIGNED, ReaderError
from sync.reading.quote_marks import unmarked
from sync.reading.storable import cut
from sync.reading.text_of_html import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.reading.mime import Leaf

LONGEST = 1_000_000
#: So many encoded bytes has a file that is shown as text.
LONGEST_FILE = 65_536
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


#: Kinds of text that are files, or another rendering of what is there already. Every other text
#: is shown as plain text is (RFC 2046, section 4.1.4), where nothing names it as a file.
FILES = frozenset(
    """text/calendar text/x-vcalendar text/vcard text/x-vcard text/directory text/rfc822-headers
    text/x-amp-html text/x-watch-html text/css text/csv text/tab-separated-values text/javascript
    text/ecmascript text/xml text/json text/rtf text/markdown text/x-diff text/x-patch
    text/x-log text/x-moz-deleted""".split()
)
#: RFC 1896, and RFC 1341 before it, of the year 1992 and of Lotus and Andrew.
_ENRICHED = ("text/enriched", "text/richtext")
_MARKUP = re.compile(r"<(/?[A-Za-z0-9-]{1,60})>")
#: Their commands that leave a sign in the text.
_ENRICHED_SIGNS = {"nl": "\n", "np": "\n\n", "lt": "<", "paragraph": "\n\n"}

#: These make a report of a letter: the message that it carries is what came back, and no text.
_REPORTS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "text/rfc822-headers",
)


_SIGNATURES = (
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
)


class Body(NamedTuple):
    """The text of a message, and the leaves that are not text."""

    text: str
    marked: str  # the text, with a mark before each line that HTML marks as a quote
    html: str
    attachments: tuple[Leaf, ...]
    cut: bool
    text_digest: str  # what stands for all that the parts say, where the text was cut; else ""
    doubt: str  # in fixed words, why the next reader should look at it
    inside: str = ""  # the text of messages and files that are shown inside of this one
    notes: tuple[str, ...] = ()


class _Texts(NamedTuple):
    """The texts of a message in the order of its parts, each with its leaf."""

    own: list[tuple[Leaf, str]]
    inside: list[tuple[Leaf, str]]
    attachments: list[Leaf]
    doubt: str
    budget: int


def compose(leaves: Sequence[Leaf]) -> Body:
    """Put a message's text together, in the order of its parts."""
    found = _sorted(leaves)
    texts = found.own
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
    text_cut = found.budget <= 0 or page_cut or len(cut_text) < len(text)
    was_cut = text_cut or len(cut_html) < len(html)
    text_digest = _digest(leaf for leaf, _text in texts) if text_cut else ""
    marked_text = cut_text if marked == shown else "\n".join(marked)
    inside = ""
    if found.inside:
        pages = (_richer(*block).text for block in _blocks(found.inside))
        whole = "\n\n".join(page for page in pages if page)
        inside = cut(whole, max(0, LONGEST - 2 - len(cut_text.encode())))
        was_cut = was_cut or len(inside) < len(whole)
    notes = _notes(leaves, cut_text)
    attachments = tuple(found.attachments)
    return Body(
        cut_text,
        marked_text,
        cut_html,
        attachments,
        was_cut,
        text_digest,
        found.doubt,
        inside,
        notes,
    )


def _notes(leaves: Sequence[Leaf], text: str) -> tuple[str, ...]:
    """Say whether a letter is encrypted or signed with PGP (RFC 3156, RFC 9580)."""
    if any(leaf.content_type == "application/pgp-encrypted" for leaf in leaves):
        return (ENCRYPTED,)
    if openpgp.is_encrypted(text):
        return (ENCRYPTED,)
    return (SIGNED,) if any(leaf.content_type in _SIGNATURES for leaf in leaves) else ()


def _sorted(leaves: Sequence[Leaf]) -> _Texts:
    own: list[tuple[Leaf, str]] = []
    inside: list[tuple[Leaf, str]] = []
    attachments: list[Leaf] = []
    doubt = ""
    budget = MOST_BYTES
    # The sections of messages that are shown where they stand (RFC 2183, section 2.1).
    opened: tuple[str, ...] = ()
    for leaf in leaves:
        if leaf.enclosed:
            attachments.append(leaf)
            if opened and leaf.section.startswith(opened) and _is_text(leaf, first=False):
                text, _trouble, used = _text_of(leaf, budget)
                budget -= used
                inside.append((leaf, text))
            continue
        if leaf.content_type == "message/rfc822" and _is_shown(leaf):
            opened = (*opened[:50], f"{leaf.section}.")
        if not _is_text(leaf, first=not own):
            attachments.append(leaf)
            if own and _is_text_file(leaf):
                text, _trouble, used = _text_of(leaf, budget)
                budget -= used
                inside.append((leaf, text))
            continue
        text, trouble, used = _text_of(leaf, budget)
        budget -= used
        doubt = doubt or trouble
        own.append((leaf, text))
    if inside and any(leaf.content_type in _REPORTS for leaf in leaves):
        inside.clear()
    return _Texts(own, inside, attachments, doubt, budget)


def _is_shown(leaf: Leaf) -> bool:
    """Tell whether a mail program shows an attached message where it stands, or as a file.

    RFC 2183, section 2.1; without the field, one that has a name is a file.
    """
    return leaf.disposition == "inline" or not (leaf.disposition or leaf.filename)


def _is_text_file(leaf: Leaf) -> bool:
    """Tell whether a file is shown where it stands: a short text that is not called an attachment.

    Pine, mutt and Apple Mail send texts so (RFC 2183, section 2.1).
    """
    shown = leaf.content_type == "text/plain" and leaf.disposition in ("", "inline")
    return shown and leaf.encoded_size <= LONGEST_FILE


def _is_text(leaf: Leaf, *, first: bool) -> bool:
    if leaf.disposition == "attachment":
        return False
    if leaf.content_type in ("text/plain", "text/html"):
        # Some programs name the very text, as message.txt; later named ones are files shown inline.
        return first or not leaf.filename
    other = leaf.content_type.startswith("text/") and leaf.content_type not in FILES
    return other and not leaf.filename and not leaf.alternative


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
    plain = leaf.content_type != "text/html"
    if plain and "16" not in charset and "32" not in charset:
        raw = raw.replace(b"\r\n", b"\n")
    text, trouble = decode(raw, charset)
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    text = unmarked(text)
    if not plain:
        return text, trouble, used
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if leaf.content_type in _ENRICHED:
        text = _MARKUP.sub(lambda found: _ENRICHED_SIGNS.get(found[1].lower(), ""), text)
    if "-----BEGIN PGP " in text:
        text = openpgp.bare(text)
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
        plain = [text for leaf, text in texts[at:end] if leaf.content_type != "text/html"]
        pages = [text for leaf, text in texts[at:end] if leaf.content_type == "text/html"]
        yield "\n".join(plain).strip("\n"), "\n".join(pages)
        at = end


def _digest(leaves: Iterable[Leaf]) -> str:
    """Return a hash of all that some parts say, however their lines are folded."""
    said = hashlib.sha256()
    for leaf in leaves:
        with suppress(ReaderError):
            said.update(leaf.content().translate(None, _WHITE) + b"\0")
    return said.hexdigest()


def _richer(plain: str, html: str) -> Page:
    """Return what is to be read of a block, and the same with its quotes marked."""
    plain = plain.rstrip()
    if not html or (plain and _said(plain) * 10 >= len(html) and not _is_stub(plain)):
        return Page(plain, plain)
    page = text_of_html.read(html)
    if plain and not _is_stub(plain) and _said(plain) * 10 >= len(page.text):
        return Page(plain, plain)
    if not page.text.strip() or (plain and len(plain) > len(page.text)):
        return Page(plain, plain)
    return page


def _said(plain: str) -> int:
    """Return how much a plain part says, its links left out where it is short enough to look."""
    if len(plain) > _LONGEST_STUB or "://" not in plain:
        return len(plain)
    return sum(len(word) + 1 for word in plain.split() if "://" not in word)


def _is_stub(plain: str) -> bool:
    if len(plain) > _LONGEST_STUB:
        return False
    lower = plain.lower()
    return any(stub in lower for stub in STUBS)
