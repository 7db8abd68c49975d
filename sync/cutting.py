"""Cut what a folder lists into stretches. Pure: what is known already is told, not looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.mail.stretches import Piece

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from sync.source import Place

#: Messages in one stretch of the backfill.
SPAN = 1000
#: The rank of a live stretch: before everything else.
LIVE = 2**62
#: The range above all others, where nothing is.
_NONE = (2**64, 2**64)


def pieces(listed: Iterable[tuple[Place, bool]], uidnext: int) -> Iterator[Piece]:
    """Cut what is listed, by ascending UID, and not known; the live piece begins above it all."""
    last = yield from closed(listed)
    yield Piece(max(last + 1, uidnext), None, LIVE)


def closed(listed: Iterable[tuple[Place, bool]]) -> Generator[Piece, None, int]:
    """Cut what is listed, by ascending UID, and not known; return the highest UID of all.

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
    return last


def left_to(
    ranges: Iterable[tuple[int, int]], listed: Iterable[tuple[Place, bool]]
) -> Iterator[tuple[Place, bool]]:
    """Take for known what lies in one of these ranges, (above, up to], which ascend."""
    others = iter(ranges)
    above, up_to = next(others, _NONE)
    for place, known in listed:
        while up_to < place.uid:
            above, up_to = next(others, _NONE)
        yield place, known or above < place.uid


def outside(ranges: Iterable[tuple[int, int]], cut: Iterable[Piece]) -> Iterator[Piece]:
    """Leave out the closed pieces that meet one of these ranges. Both ascend."""
    others = iter(ranges)
    above, up_to = next(others, _NONE)
    for piece in cut:
        assert piece.last is not None
        while up_to < piece.first:
            above, up_to = next(others, _NONE)
        if piece.last <= above:
            yield piece
