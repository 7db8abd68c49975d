"""The grammar of a server's data: a response as imaplib read it, to numbers, bytes and tuples.

imapclient's parser walks byte by byte, which is most of the work of bringing in small letters
(0.08 of 0.12 CPU seconds for 1,000), and recurses, so that a hostile BODYSTRUCTURE ends it. This
one takes a token at a time and never recurses.
"""

from __future__ import annotations

import re
from typing import Any, Final

#: How deep parentheses may nest.
DEEPEST: Final = 400
_TOKEN: Final = re.compile(
    rb" *(?:"
    rb"(?P<open>\()|(?P<close>\))|"
    rb'"(?P<plain>[^"\\]*)"|"(?P<escaped>(?:[^"\\]|\\.)*)"|'
    # An item's name may hold spaces and parentheses: BODY[HEADER.FIELDS (DATE FROM)]<0>.
    rb"(?P<item>BODY\[[^\]]{0,2000}\](?:<\d+>)?)|"
    rb'(?P<atom>[^\s()"]+)'
    rb")",
    re.DOTALL | re.IGNORECASE,
)
_SIZED: Final = re.compile(
    rb"\d+ \(UID (\d{1,10}) RFC822\.SIZE (\d{1,18})(?: INTERNALDATE \"([^\"\\]*)\")?\)\Z"
)
_LETTER: Final = re.compile(
    rb"\d+ \(UID (\d{1,10}) FLAGS \(([^()\"]*)\) "
    rb'INTERNALDATE "([^"\\]*)" BODY\[\] \{\d+\}\Z'
)
_OPEN, _CLOSE, _PLAIN, _ESCAPED, _ITEM, _ATOM = range(1, 7)
_ESCAPE: Final = re.compile(rb"\\(.)", re.DOTALL)


class GarbledError(Exception):
    """An answer does not follow the grammar. The connection cannot be trusted any more."""


def usual(response: list[Any]) -> dict[bytes, Any] | None:
    """Read the two responses of which there are thousands, as most servers write them.

    None means that the response looks otherwise and is for `parse`.
    """
    first = response[0]
    if len(response) == 1:
        match = _SIZED.match(first)
        if match is None:
            return None
        said = {b"UID": int(match[1]), b"RFC822.SIZE": int(match[2])}
        return said if match[3] is None else {**said, b"INTERNALDATE": match[3]}
    if len(response) != 2 or response[1] != b")":
        return None
    match = _LETTER.match(first[0])
    return match and {
        b"UID": int(match[1]),
        b"FLAGS": tuple(match[2].split()),
        b"INTERNALDATE": match[3],
        b"BODY[]": first[1],
    }


def parse(response: list[Any]) -> list[Any]:
    """Read one response: numbers as int, NIL as None, strings and atoms as bytes, lists as tuple.

    Raises GarbledError.
    """
    outer: list[Any] = []
    stack = [outer]
    for line in response:
        if isinstance(line, tuple):
            _line(line[0][: line[0].rfind(b"{")], stack)
            stack[-1].append(line[1])
        else:
            _line(line, stack)
    if len(stack) > 1:
        raise GarbledError("a parenthesis that never closes")
    return outer


def _line(text: bytes, stack: list[list[Any]]) -> None:
    at = 0
    add = stack[-1].append
    for match in _TOKEN.finditer(text):
        if match.start() != at:
            break
        at = match.end()
        kind = match.lastindex
        if kind == _ATOM:
            add(_atom(match[_ATOM]))
        elif kind == _OPEN:
            if len(stack) > DEEPEST:
                raise GarbledError("parentheses nested too deep")
            stack.append([])
            add = stack[-1].append
        elif kind == _CLOSE:
            if len(stack) == 1:
                raise GarbledError("a parenthesis that was never opened")
            closed = tuple(stack.pop())
            add = stack[-1].append
            add(closed)
        elif kind == _ESCAPED:
            add(_ESCAPE.sub(rb"\1", match[_ESCAPED]))
        else:
            add(match[kind or 0])
    if text[at:].strip(b" "):
        raise GarbledError("a response that does not parse")


def _atom(word: bytes) -> int | bytes | None:
    if word.isdigit():
        return int(word) if len(word) < 20 else word
    return None if word.upper() == b"NIL" else word
