"""Cut what a folder lists into stretches. Pure: what is known already is told, not looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.mail.stretches import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.source import Place

#: Messages in one stretch of the backfill.
SPAN = 1000
#: The rank of a live stretch: before everything else.
LIVE = 2**62


def pieces(listed: Iterable[tuple[Place, bool]], uidnext: int) -> Iterator[Piece]:
    """Cut what is listed, by ascending UID, and not known; the live piece begins above it all.

    A piece never spans a letter that is known: its body would be fetched again.
    """
    first = last = count = newest = 0
    for place, known in listed:
        if count and (known or count == SPAN):
            yield Piece(first, last, newest)
            count = 0
        last = place.uid
        if not known:
            first, newest = (first, newest) if count else (place.uid, 0)
            newest = max(newest, int(place.received_at.timestamp()) if place.received_at else 0)
            count += 1
    if count:
        yield Piece(first, last, newest)
    yield Piece(max(last + 1, uidnext), None, LIVE)
