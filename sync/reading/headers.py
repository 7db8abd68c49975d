"""The header of a message: its fields as they stand, and their text with encoded words decoded.

All three readers share this one, so that a headprint is the same however the body was read.
"""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, NamedTuple

from sync.reading.charsets import decode
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST = 1 << 20
MOST_FIELDS = 20_000

#: RFC 5322, section 2.2; a space before the colon is old and still met.
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:(.*)$", re.MULTILINE)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,75})\?([bBqQ])\?([^?]*)\?=")
_Q_SIGN = re.compile(rb"=([0-9A-Fa-f]{2})")
_SURROGATE = re.compile("[\udc80-\udcff]")

#: After a line that is no field, one of these shows that the header goes on all the same.
_KNOWN = frozenset(
    """bcc cc content-disposition content-transfer-encoding content-type date delivered-to
    dkim-signature from in-reply-to list-id list-unsubscribe message-id mime-version received
    references reply-to return-path sender subject to x-mailer""".split()
)


class Fields(NamedTuple):
    """A header's fields by lower-case name, unfolded and not decoded; where the body begins."""

    values: Mapping[str, Sequence[str]]
    body_at: int
    notes: tuple[str, ...] = ()
    mended: bytes = b""  # the header without the lines that are no fields; empty if there are none

    def first(self, name: str) -> str:
        """Return the first value of a field, or the empty string."""
        found = self.values.get(name)
        return found[0].strip() if found else ""

    def all(self, name: str) -> Sequence[str]:
        """Return every value of a field, in the order of the header."""
        return self.values.get(name, ())

    def text(self, name: str, limit: int) -> str:
        """Return the first value of a field as one line of decoded text."""
        return one_line(decoded(self.first(name)[: 8 * limit], self.charset), limit)

    @property
    def charset(self) -> str:
        """Return the charset that the body declares: the best hint for raw bytes in a header."""
        return parameter(self.first("content-type"), "charset")


def scan(raw: bytes) -> Fields:
    """Read the fields of a header, at most 1 MB and 20,000 of them."""
    head_end, body_at = _end(raw)
    notes = ["header cut"] if head_end > LONGEST else []
    text = raw[: min(head_end, LONGEST)].decode("utf-8", "surrogateescape")
    text = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", "\t")
    found = _FIELD.findall(text)
    mended = b""
    if len(found) != text.count("\n", 0, len(text.rstrip("\n"))) + 1:
        text, odd = _without_odd_lines(text.split("\n"))
        found = _FIELD.findall(text)
        if odd:
            notes.append("lines in the header that are no fields")
            mended = text.encode("utf-8", "surrogateescape")
    if len(found) > MOST_FIELDS:
        del found[MOST_FIELDS:]
        notes.append("header cut")
    values: dict[str, list[str]] = {}
    for name, value in found:
        values.setdefault(name.lower(), []).append(value)
    return Fields(values, body_at, tuple(dict.fromkeys(notes)), mended)


def _without_odd_lines(lines: Sequence[str]) -> tuple[str, bool]:
    """Drop lines that are no fields where the header goes on behind them; else end it there."""
    kept: list[str] = []
    odd = False
    for number, line in enumerate(lines):
        if _FIELD.fullmatch(line):
            kept.append(line)
        elif line.strip():
            if not _goes_on(lines, number):
                break
            odd = True
    return "\n".join(kept), odd


def decoded(value: str, charset: str = "") -> str:
    """Return a field's value with its encoded words (RFC 2047) and its raw bytes as text."""
    if not value.isascii() and _SURROGATE.search(value):
        value = decode(value.encode("utf-8", "surrogateescape"), hint=charset).text
    if "=?" not in value:
        return value
    out: list[str] = []
    waiting, language, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        label = word[1].partition("*")[0].lower()  # RFC 2231, section 5: a language may follow
        between = value[end : word.start()]
        # Between two encoded words white space is not shown, and a letter may be cut in two.
        joined = end > 0 and not between.strip()
        if not (joined and label == language):
            out.append(decode(waiting, language).text)
            waiting = b""
        if not joined:
            out.append(between)
        waiting += _word(word[2], word[3])
        language, end = label, word.end()
    out.append(decode(waiting, language).text)
    out.append(value[end:])
    return "".join(out)


def parameter(value: str, name: str) -> str:
    """Return a parameter of a Content-Type field as it stands, or the empty string."""
    if len(value) > 2000:
        value = value[:2000]
    at = value.lower().find(name)
    if at < 0:
        return ""
    equals, rest = value[at + len(name) :].lstrip()[:1], value[at + len(name) :].lstrip()[1:]
    if equals != "=":
        return ""
    rest = rest.lstrip()
    if rest.startswith('"'):
        return rest[1:].partition('"')[0]
    return rest.partition(";")[0].split("(")[0].strip()


def _end(raw: bytes) -> tuple[int, int]:
    """Return where the header ends and where the body begins."""
    if raw[:1] == b"\n":
        return 0, 1
    if raw[:2] == b"\r\n":
        return 0, 2
    full, bare = b"\n\r\n", b"\n\n"
    first = raw.find(b"\n")
    if first > 0 and raw[first - 1] == 13:  # The likelier end is looked for first,
        full, bare = bare, full
    end = raw.find(bare)
    other = raw.find(full, 0, end if end >= 0 else len(raw))  # the other one only before it.
    if other >= 0:
        return other, other + len(full)
    return (end, end + len(bare)) if end >= 0 else (len(raw), len(raw))


def _goes_on(lines: Sequence[str], number: int) -> bool:
    following = lines[number + 1].partition(":") if number + 1 < len(lines) else ("", "", "")
    return bool(following[1]) and following[0].strip().lower() in _KNOWN


def _word(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _Q_SIGN.sub(lambda sign: bytes([int(sign[1], 16)]), raw.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(raw + b"==")
    except binascii.Error:
        return raw
