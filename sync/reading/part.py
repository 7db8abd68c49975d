"""One part of a message, decoded, by the section that IMAP gives it: what a download streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.reading import fast, packed, standard
from sync.reading.headers import scan
from sync.reading.mime import ReaderError
from sync.reading.readers import open_message, tidied

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.reading.mime import Leaf

PIECE = 65_536


class PartNotFoundError(LookupError):
    """The message has no part of this section, or none that can be decoded."""


def extract(raw: bytes, section: str) -> Iterator[bytes]:
    """Return the part of a section, decoded, in pieces of at most 64 KB.

    The sections are those of `Letter.parts`, for the same reader counts them. Raises
    PartNotFoundError, and UnreadableMessageError where nothing can be read at all.
    """
    tidy = tidied(raw)
    fields = scan(tidy)
    found = _content(open_message(tidy, fields).tree.leaves, section)
    if found is None:
        try:
            # Where base64 is damaged, the standard library's reader still gives what is there.
            found = _content(standard.open_tree(tidy, fields).leaves, section)
        except ReaderError:
            found = None
    if found is None:
        raise PartNotFoundError(section)
    return (found[at : at + PIECE] for at in range(0, len(found), PIECE))


def take_out(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Return a part that is packed inside of another: `name` stands behind a section's slash.

    `pieces` are the decoded bytes of the part before the slash, as a source streams them. Raises
    PartNotFoundError.
    """
    holder = bytearray()
    for piece in pieces:
        holder += piece
        if len(holder) > packed.LARGEST:
            break
    try:
        found = packed.take_out(bytes(holder), name, fast.open_tree)
    except ReaderError:
        found = None
    if found is None:
        raise PartNotFoundError(name)
    return (found[at : at + PIECE] for at in range(0, len(found), PIECE))


def _content(leaves: Iterable[Leaf], section: str) -> bytes | None:
    for leaf in leaves:
        if leaf.section == section:
            try:
                return leaf.content()
            except ReaderError:
                return None
    return None
