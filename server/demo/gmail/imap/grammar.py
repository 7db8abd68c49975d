"""The grammar of IMAP, as a server needs it: commands in, strings and names out.

RFC 3501, section 9; names of folders and labels are in modified UTF-7 (section 5.1.3).
"""

from __future__ import annotations

import base64
import re
from typing import Any

#: The end of a line behind which a literal follows; with "+" the client does not wait.
LITERAL = re.compile(rb"\{(\d{1,9})(\+?)\}\r?\n\Z")
_TOKEN = re.compile(
    rb" *(?:(?P<open>\()|(?P<close>\))|"
    rb'"(?P<quoted>(?:[^"\\]|\\["\\])*)"|'
    rb"(?P<atom>(?:BODY(?:\.PEEK)?\[[^\]]*\](?:<\d+\.\d+>)?)|[^\s()\"]+))",
    re.IGNORECASE,
)
_ESCAPED = re.compile(rb"([\"\\])")
_WIDE = re.compile(r"[^\x20-\x7e]+|&")
_NARROW = re.compile(r"&([^-]*)-")


class BadCommandError(Exception):
    """What was said is no command that this server knows."""


def words(pieces: list[bytes | bytearray]) -> list[Any]:
    """Read a command: atoms as str, strings and literals as bytes, lists as list.

    A literal comes as bytearray, lines as bytes. Raises BadCommandError.
    """
    outer: list[Any] = []
    stack = [outer]
    for piece in pieces:
        if isinstance(piece, bytearray):
            stack[-1].append(bytes(piece))
        else:
            _line(LITERAL.sub(b"", piece).rstrip(b"\r\n"), stack)
    if len(stack) > 1:
        raise BadCommandError("a parenthesis that never closes")
    return outer


def string(text: bytes) -> bytes:
    """Write a string: quoted where that can be, or else as a literal."""
    if len(text) < 1000 and all(0x20 <= byte < 0x7F for byte in text):
        return b'"' + _ESCAPED.sub(rb"\\\1", text) + b'"'
    return literal(text)


def literal(text: bytes) -> bytes:
    """Write a string with its length before it."""
    return b"{%d}\r\n%b" % (len(text), text)


def encoded(name: str) -> bytes:
    """Write a name in modified UTF-7."""

    def wide(found: re.Match[str]) -> str:
        if found[0] == "&":
            return "&-"
        packed = base64.b64encode(found[0].encode("utf-16-be")).decode()
        return f"&{packed.rstrip('=').replace('/', ',')}-"

    return _WIDE.sub(wide, name).encode("ascii")


def decoded(name: bytes) -> str:
    """Read a name in modified UTF-7. Raises BadCommandError."""

    def narrow(found: re.Match[str]) -> str:
        packed = found[1].replace(",", "/")
        padded = packed + "=" * (-len(packed) % 4)
        return base64.b64decode(padded).decode("utf-16-be") if packed else "&"

    try:
        return _NARROW.sub(narrow, name.decode("ascii"))
    except ValueError:
        raise BadCommandError("a name that is not in modified UTF-7") from None


def numbers(said: Any, most: int) -> list[range]:
    """Read a set of numbers as `1:5,7,9:*`. Raises BadCommandError."""
    found = []
    for part in str(said).split(","):
        first, _, last = part.partition(":")
        ends = [most if end == "*" else end for end in (first, last or first)]
        if not all(str(end).isdecimal() for end in ends):
            raise BadCommandError("a set of numbers that is none")
        low, high = sorted(int(end) for end in ends)
        found.append(range(low, high + 1))
    return found


def _line(text: bytes, stack: list[list[Any]]) -> None:
    at = 0
    for match in _TOKEN.finditer(text):
        if match.start() != at:
            break
        at = match.end()
        if match["open"]:
            stack.append([])
        elif match["close"]:
            if len(stack) == 1:
                raise BadCommandError("a parenthesis that was never opened")
            closed = stack.pop()
            stack[-1].append(closed)
        elif match["quoted"] is not None:
            stack[-1].append(re.sub(rb"\\(.)", rb"\1", match["quoted"]))
        else:
            stack[-1].append(match["atom"].decode("ascii", "replace"))
    if text[at:].strip(b" "):
        raise BadCommandError("what does not parse")
