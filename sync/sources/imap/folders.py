"""Which folders a server has, what each is for, and how a name is written in a command."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from imapclient import imap_utf7

from sync.errors import CursorExpiredError, FolderUnavailableError
from sync.source import FolderRole, FolderState
from sync.sources.imap.grammar import GarbledError
from sync.sources.imap.wire import RefusedError
from sync.sources.imap.words import quote
from sync.sources.roles import role_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sync.sources.imap.wire import Wire

#: RFC 3501, section 7.2.2; RFC 5258, section 3. Neither can be examined.
CLOSED: Final = frozenset({"\\noselect", "\\nonexistent"})
_QUOTED: Final = rb'"(?:[^"\\]|\\.)*"'
_LINE: Final = re.compile(
    rb"\((?P<flags>[^()]*)\) (?:NIL|(?P<delimiter>" + _QUOTED + rb")) (?P<name>.*)", re.DOTALL
)
_NAME: Final = re.compile(_QUOTED, re.DOTALL)
_STATUS: Final = re.compile(rb"\(([^()]*)\)\s*\Z")
#: RFC 3501, section 9; RFC 7162, section 7.
UID_MOST: Final = 2**32 - 1
MODSEQ_MOST: Final = 2**63 - 1
_WIDE: Final = frozenset({b"HIGHESTMODSEQ"})
_UNSENDABLE: Final = re.compile(rb"[\x00\r\n]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of LIST. `raw` is the name as the server writes it, `name` as a person reads it."""

    raw: bytes
    name: str
    delimiter: str
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overview:
    """The folders that can be read, those that cannot, each with the reason, and the others."""

    folders: tuple[FolderState, ...]
    unavailable: tuple[tuple[str, str], ...]
    unasked: tuple[tuple[str, FolderRole], ...] = ()


def overview(wire: Wire, excluded: Collection[str], until: float = math.inf) -> Overview:
    """List the folders and ask the state of each. One that refuses does not stop the others.

    Those that were not asked about by `until` are named.
    """
    folders: list[FolderState] = []
    unavailable: list[tuple[str, str]] = []
    waiting = [
        one for one in _list(wire) if one.name not in excluded and not CLOSED & one.attributes
    ]
    for n, listed in enumerate(waiting):
        if time.monotonic() > until:
            unasked = tuple((one.name, _role(one)) for one in waiting[n:])
            return Overview(tuple(folders), tuple(unavailable), unasked)
        if _UNSENDABLE.search(listed.raw):
            unavailable.append((quote(listed.name), "its name contains a line break"))
            continue
        try:
            folders.append(_state(wire, listed))
        except RefusedError as error:
            unavailable.append((listed.name, f"the server refuses: {quote(error.text)}"))
        except FolderUnavailableError as error:
            unavailable.append((listed.name, str(error)))
    return Overview(tuple(folders), tuple(unavailable))


def with_role(wire: Wire, role: FolderRole) -> bytes | None:
    """Return the first folder of a role as a command names it; None where there is none."""
    found = (one for one in _list(wire) if _role(one) is role and not CLOSED & one.attributes)
    return next((_astring(one.raw) for one in found if not _UNSENDABLE.search(one.raw)), None)


def with_attribute(wire: Wire, attribute: str) -> bytes | None:
    """Return the first folder with an attribute as a command names it, whatever it is called."""
    found = (one for one in _list(wire) if attribute in one.attributes - CLOSED)
    return next((_astring(one.raw) for one in found if not _UNSENDABLE.search(one.raw)), None)


def examine(wire: Wire, name: str, uidvalidity: int) -> None:
    """Open a folder for reading alone. Raises FolderUnavailableError and CursorExpiredError."""
    for raw in _spellings(name):
        kind, text = wire.ask("EXAMINE", _astring(raw))
        if kind == "OK":
            break
    else:
        wire.state = "AUTH"
        raise FolderUnavailableError(f"The server does not open {name!r}: {quote(text)}")
    wire.state = "SELECTED"
    now = wire.number("UIDVALIDITY")
    if now is None:
        raise FolderUnavailableError(f"The server gives no lasting numbers in {name!r}")
    if now != uidvalidity:
        raise CursorExpiredError(f"UIDVALIDITY of {name!r} is {now}, no longer {uidvalidity}")


def _list(wire: Wire) -> list[Listed]:
    words = ['""', '"*"']
    if {"SPECIAL-USE", "LIST-EXTENDED"} <= set(wire.capabilities):
        words += ["RETURN", "(SPECIAL-USE)"]  # RFC 6154, section 5.2
    wire.demand("LIST", *words)
    found: dict[bytes, Listed] = {}
    for response in wire.told("LIST"):
        listed = _listed(response)
        found.setdefault(listed.raw, listed)
    return list(found.values())


def _listed(response: list[Any]) -> Listed:
    first = response[0]
    line, literal = first if isinstance(first, tuple) else (first, None)
    match = _LINE.match(line)
    if match is None:
        raise GarbledError("a LIST response that does not parse")
    raw = literal if literal is not None else _unquoted(match["name"])
    return Listed(
        raw=raw,
        name=_readable(raw),
        delimiter=_unquoted(match["delimiter"] or b"").decode("ascii", "replace"),
        attributes=frozenset(match["flags"].decode("ascii", "replace").lower().split()),
    )


def _state(wire: Wire, listed: Listed) -> FolderState:
    items = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]
    if "CONDSTORE" in wire.capabilities:
        items.append("HIGHESTMODSEQ")
    wire.demand("STATUS", _astring(listed.raw), f"({' '.join(items)})")
    told = [response[-1] for response in wire.told("STATUS")]
    match = _STATUS.search(told[-1]) if told else None
    words = match[1].upper().split() if match else []
    values = dict(zip(words[::2], map(int, words[1::2]), strict=False))
    if b"UIDVALIDITY" not in values:
        raise FolderUnavailableError("the server gives no lasting numbers in it")
    if any(value > (MODSEQ_MOST if name in _WIDE else UID_MOST) for name, value in values.items()):
        raise FolderUnavailableError("the server gives numbers that cannot be")
    return FolderState(
        name=listed.name,
        role=_role(listed),
        uidvalidity=values[b"UIDVALIDITY"],
        uidnext=values.get(b"UIDNEXT", 0),
        count=values.get(b"MESSAGES", 0),
        # 0 says that this folder keeps none (RFC 7162, section 3.1.2.2).
        modseq=values.get(b"HIGHESTMODSEQ") or None,
    )


def _role(listed: Listed) -> FolderRole:
    return role_of(listed.name, listed.attributes, listed.delimiter)


def _readable(raw: bytes) -> str:
    """Decode a name from modified UTF-7 (RFC 3501, section 5.1.3) if it is written so."""
    try:
        name = str(imap_utf7.decode(raw))
        if imap_utf7.encode(name) == raw and "\ufffd" not in name:
            name.encode("utf-8")  # A lone surrogate has no place in a database.
            return name
    except ValueError:
        pass
    return raw.decode("utf-8", "replace")


def _spellings(name: str) -> tuple[bytes, ...]:
    """Return how a server may write a name: as it should, or else in bare UTF-8 as some do."""
    return tuple(dict.fromkeys((imap_utf7.encode(name), name.encode("utf-8"))))


def _astring(raw: bytes) -> bytes:
    """Write a name as a quoted string (RFC 3501, section 4.3). A name with a line break is none."""
    if _UNSENDABLE.search(raw):
        raise FolderUnavailableError("a folder's name contains a line break")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _unquoted(word: bytes) -> bytes:
    match = _NAME.match(word)
    if match is None:
        return word.split(b" ", 1)[0]  # An atom; extended data may follow (RFC 5258).
    return re.sub(rb"\\(.)", rb"\1", match[0][1:-1], flags=re.DOTALL)
