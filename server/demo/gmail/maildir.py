"""A Maildir as Gmail would hold it: its folders and flags become labels.

Subfolders are those of Maildir++: a name that begins with a dot, and dots between its levels.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What mail programs call the folders that Gmail has labels for.
_FOLDERS = {
    "sent": "SENT",
    "sent items": "SENT",
    "sent messages": "SENT",
    "drafts": "DRAFT",
    "trash": "TRASH",
    "deleted items": "TRASH",
    "junk": "SPAM",
    "spam": "SPAM",
}
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_MOMENT = re.compile(r"\d{9,10}(?=\D|\Z)")


@dataclass(frozen=True, slots=True)
class Stored:
    """A letter in a Maildir: when it came, under which labels, and in which folder of its own."""

    letter: Callable[[], bytes]
    ms: int
    labels: frozenset[str]
    folder: str


def read(path: Path | str) -> list[Stored]:
    """Return the letters of a Maildir, the oldest first. Their bytes stay in its files."""
    root = Path(path)
    if not (root / "cur").is_dir():
        raise FileNotFoundError(f"{root} is no Maildir: it has no folder cur")
    found = list(_letters(root, ""))
    for folder in sorted(root.glob(".[!.]*")):
        if (folder / "cur").is_dir():
            found += _letters(folder, _decode(folder.name[1:]).replace(".", "/"))
    return sorted(found, key=lambda stored: stored.ms)


def _letters(folder: Path, name: str) -> Iterator[Stored]:
    label = _FOLDERS.get(name.lower()) if name else "INBOX"
    for file in sorted([*(folder / "cur").glob("[!.]*"), *(folder / "new").glob("[!.]*")]):
        flags = file.name.rpartition(":2,")[2] if ":2," in file.name else ""
        labels = {label} if label else set()
        if "S" not in flags and label not in ("SENT", "DRAFT"):
            labels.add("UNREAD")
        if "F" in flags:
            labels.add("STARRED")
        moment = _MOMENT.match(file.name)
        seconds = int(moment[0]) if moment else file.stat().st_mtime
        yield Stored(file.read_bytes, int(seconds * 1000), frozenset(labels), "" if label else name)


def _decode(name: str) -> str:
    """Decode a folder's name out of the UTF-7 of IMAP (RFC 3501, section 5.1.3)."""
    return _SHIFTED.sub(lambda found: _shifted(found[1]), name)


def _shifted(text: str) -> str:
    if not text:
        return "&"
    plain = text.replace(",", "/")
    padded = plain + "=" * (-len(plain) % 4)
    return base64.b64decode(padded).decode("utf-16-be", "replace")
