"""The second reader: mail-parser, which mends what the fast one leaves, for letters of common size.

It repairs multiparts without an end and text beyond the last boundary; the sections are counted
in the message that it has parsed.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import mailparser
from mailparser.exceptions import MailParserError

from sync.reading import doubts
from sync.reading.mime import Leaf, ReaderError, Tree, below
from sync.reading.standard import ERRORS, MOST_COMPARISONS, tangle, tree_of

if TYPE_CHECKING:
    from sync.reading.headers import Fields

#: mail-parser 4.8 decodes every attachment and parses every header: 10 MB take 1.7 seconds, and
#: 50,000 addresses 2.3. Below these limits nothing takes more than a fifth of a second.
LARGEST = 1 << 20
LARGEST_HEADER = 1 << 16
MOST_ENCODED_WORDS = 1000
MOST_PARTS = 1000
#: It is written anew field by field what is attached: 300,000 took 1.8 seconds.
MOST_LINES = 50_000

# It writes headers and file names into its log, which are nobody's business there.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)


def open_tree(raw: bytes, fields: Fields) -> Tree:
    """Read the MIME tree of a message. Raises ReaderError."""
    if (
        len(raw) > LARGEST
        or fields.body_at > LARGEST_HEADER
        or raw.count(b"?") > MOST_ENCODED_WORDS < raw.count(b"=?")
        or raw.count(b"\n--") > 2 * MOST_PARTS
        or raw.count(b"\n") > MOST_LINES
        or tangle(raw) > MOST_COMPARISONS // 4
    ):
        raise ReaderError(doubts.TOO_LARGE)
    try:
        parsed = mailparser.parse_from_bytes(raw)
        tree = tree_of(parsed.message)
        saved = [("text/plain", text) for text in parsed.text_plain]
        saved += [("text/html", text) for text in parsed.text_html]
    except (*ERRORS, MailParserError):
        raise ReaderError(doubts.UNREADABLE) from None
    if any(leaf.content_type in ("text/plain", "text/html") for leaf in tree.leaves):
        return tree
    # Text that hangs behind the last boundary belongs to no section that a server would know.
    extra = (
        _saved(kind, text, below("", len(tree.leaves) + number))
        for number, (kind, text) in enumerate(saved, start=1)
    )
    return tree._replace(leaves=(*tree.leaves, *extra))


def _saved(kind: str, text: str, section: str) -> Leaf:
    raw = text.encode("utf-8", "replace")
    type_field = f"{kind}; charset=utf-8"
    return Leaf(
        section, kind, type_field, "", "", "", "8bit", "",
        enclosed=False, content=lambda: raw, encoded_size=len(raw),
    )  # fmt: skip
