"""An address as a value: compared whatever its case, never a source of a crash."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: RFC 5321, section 4.5.3.1.3: a path has at most 256 octets, its two brackets included.
LONGEST = 254
#: Of white space, only the space is printable.
_IMPOSSIBLE = frozenset(' <>,;"')
#: A quote begins where a word does: elsewhere the sign is of a name, such as 21" Monitors.
_QUOTED = re.compile(r'(?<!\S)"[^"]*+"')
#: One of a list: up to a comma or semicolon that stands in no quotes. It never goes back.
_PIECE = re.compile(r'(?:(?<![^\s,;،])"[^"]*+"?+|[^,;،])++')


@dataclass(frozen=True, slots=True)
class Address:
    """An address with the name that stood beside it. Equal when the bare text is equal."""

    email: str
    name: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Address) and self.email == other.email

    def __hash__(self) -> int:
        return hash(self.email)

    @property
    def domain(self) -> str:
        """Return what stands behind the last @."""
        return self.email.rpartition("@")[2]

    @property
    def called(self) -> str:
        """Return the name as people say it: without the quotes that Outlook writes around one."""
        return _unquoted(self.name)

    @property
    def local(self) -> str:
        """Return what stands before the last @."""
        return self.email.rpartition("@")[0]


def parse(text: str, name: str = "") -> Address | None:
    """Read one bare address, or None when it cannot be one.

    Case is folded in the whole address: RFC 5321 allows a case-sensitive local part, and no
    mail provider makes use of it.
    """
    email = text.strip().strip("<>").strip().lower()
    local, at, domain = email.rpartition("@")
    if not at or not local or not domain or len(email.encode("utf-8", "replace")) > LONGEST:
        return None
    if not email.isprintable() or not _IMPOSSIBLE.isdisjoint(email):
        return None
    return Address(email, clean_name(name))


def parse_named(text: str) -> Address | None:
    """Read one address, alone or in brackets behind its name; None for whatever else it is."""
    whole = text.strip()
    if not whole.isprintable():
        return None
    if not whole.endswith(">"):
        return parse(whole) if "<" not in whole else None
    name, bracket, email = whole[:-1].rpartition("<")
    outside = set(_QUOTED.sub("", name))
    if not bracket or outside & set("<>") or ('"' in outside and outside & set(",;،")):
        return None  # Another address may stand before it, and nobody is left out in silence.
    return parse(email, name)


def split(text: str) -> list[str]:
    """Cut a list of addresses at its commas and semicolons, except where names are quoted."""
    return [piece for found in _PIECE.findall(text) if (piece := found.strip())]


def clean_name(name: str) -> str:
    """Make a display name fit to be shown: in one line, and without quotes around it."""
    return _unquoted(one_line(name))


def one_line(name: str) -> str:
    """Make a display name fit for one line: no control or direction marks, at most 200 signs."""
    visible = "".join(" " if c.isspace() else c for c in name if c.isprintable() or c.isspace())
    return " ".join(visible.split())[:200]


def _unquoted(name: str) -> str:
    """Drop quotes around a name. An apostrophe in front of one belongs to it: 't Hooft."""
    bare = name.strip('" ')
    if len(bare) > 1 and bare[0] == bare[-1] == "'":
        bare = bare[1:-1]
    return name if bare == name else _unquoted(bare)
