"""Text that the database takes and a screen can bear, whatever stood in the letter."""

from __future__ import annotations

import re
from unicodedata import category

#: Marks that turn the direction of what follows: they make "exe.pdf" of "fdp.exe" (RLO and kin).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
#: Signs that are letters to Unicode, and nothing to the eye.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def storable(text: str) -> str:
    """Return a text that can be stored as UTF-8: no NUL and no half of a surrogate pair."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def cut(text: str, limit: int) -> str:
    """Return the beginning of a text that takes at most `limit` bytes as UTF-8."""
    if len(text) * 4 <= limit or (len(text) <= limit and text.isascii()):
        return text
    encoded = text[:limit].encode("utf-8", "replace")
    return text[:limit] if len(encoded) <= limit else encoded[:limit].decode("utf-8", "ignore")


def one_line(text: str, limit: int) -> str:
    """Return a text for one line: controls become spaces, runs of white space one space."""
    if len(text) <= limit and text.isprintable():
        return " ".join(text.split())
    return storable(" ".join(_CONTROL.sub(" ", text[: 2 * limit]).split())[:limit])


def safe_filename(name: str) -> str:
    """Return the last part of a file's name, without what could mislead a disk or an eye."""
    name = _TURNING.sub("", _CONTROL.sub("", name[:4096])).replace("\\", "/")
    if not name.isascii():  # Nothing unseen stands between a name and its kind; joiners are seen.
        shown = (s for s in name if s in _JOINERS or category(s) != "Cf")
        name = "".join(" " if s in _BLANK else s for s in shown)
    last = " ".join(name.rstrip("/").rpartition("/")[2].split())
    return "" if last in (".", "..") else storable(last)[:255]
