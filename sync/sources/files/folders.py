"""What lies at a path: an mbox, a Maildir with its subfolders, or directories of .eml files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from imapclient import imap_utf7

from sync.sources.files.mbox import Mbox
from sync.sources.files.shelf import Loose, Maildir

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.sources.files.shelf import Folder


def folders_at(path: Path, closed: list[OSError]) -> Iterator[Folder]:
    """Find out what lies at a path; note the directories that do not open. Raises OSError."""
    if not path.is_dir():
        path.stat()
        yield Mbox(path, path.stem)
    elif _is_maildir(path):
        yield Maildir(path, "INBOX")
        yield from _maildirs(path, path)
    else:
        tree = sorted(os.walk(path, onerror=closed.append))
        suffix = ".eml" if any(_is_eml(name) for *_, names in tree for name in names) else ""
        for top, _, names in tree:
            yield from _directory(path, Path(top), names, suffix)


def _directory(path: Path, top: Path, names: Sequence[str], suffix: str) -> Iterator[Folder]:
    if _is_maildir(top.parent) and top.name in ("cur", "new", "tmp"):
        return
    within = top.relative_to(path).as_posix()
    name = path.name if within == "." else within
    if _is_maildir(top):
        yield Maildir(top, _decoded(name))
        return
    boxes = sorted(one for one in names if one.lower().endswith(".mbox"))
    for box in boxes:
        yield Mbox(top / box, box[: -len(".mbox")] if within == "." else f"{within}/{box[:-5]}")
    if (suffix or not boxes) and any(_is_letter(one, suffix) for one in names):
        yield Loose(top, name, suffix=suffix)


def _maildirs(root: Path, path: Path) -> Iterator[Folder]:
    """Yield the subfolders: `.Sent.2024` beside cur (Maildir++), or directories in directories."""
    for top in sorted(child for child in path.iterdir() if child.is_dir()):
        if top.name in ("cur", "new", "tmp") and path == root:
            continue
        if _is_maildir(top):
            within = top.relative_to(root).as_posix()
            plain = within[1:].replace(".", "/") if within.startswith(".") else within
            yield Maildir(top, _decoded(plain))
        if not top.name.startswith(".") and top.name not in ("cur", "new", "tmp"):
            yield from _maildirs(root, top)


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _is_eml(name: str) -> bool:
    return name.lower().endswith(".eml")


def _is_letter(name: str, suffix: str) -> bool:
    return name.lower().endswith(suffix) and not name.startswith(".")


def _decoded(name: str) -> str:
    """Read a folder's name as Dovecot and Courier write it, in modified UTF-7."""
    try:
        found = str(imap_utf7.decode(name.encode("ascii")))
        found.encode("utf-8")
    except ValueError:
        return os.fsencode(name).decode("utf-8", "replace")
    return found if imap_utf7.encode(found) == name.encode("ascii") else name
