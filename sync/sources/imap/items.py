"""The small values of IMAP: sets of UIDs, moments, flags, and bodies with partial ranges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crm.mail.letter import Flag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.sources.imap.wire import Items

#: Servers should take a command line of 8,000 octets (RFC 2683, section 3.2.1.5); stay well below.
_SET_MOST: Final = 4_000
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}
_DAY: Final = timedelta(days=1)
_FLAGS: Final = {
    b"\\seen": Flag.SEEN,
    b"\\answered": Flag.ANSWERED,
    b"\\flagged": Flag.FLAGGED,
    b"\\draft": Flag.DRAFT,
}


def sets_of(uids: Sequence[int], most: int) -> Iterator[tuple[Sequence[int], str]]:
    """Cut ascending UIDs into pieces of at most `most`, each with its set as `1:5,7`."""
    for start in range(0, len(uids), most):
        yield from _fitting(uids[start : start + most])


def moment(said: Any) -> datetime | None:
    """Read an INTERNALDATE as `17-Jul-1996 02:44:25 -0700`; None where it is none."""
    try:
        date, clock, zone = said.split()
        day, month, year = date.split(b"-")
        hour, minute, second = map(int, clock.split(b":"))
        local = datetime(int(year), _MONTHS[month.lower()], int(day), hour, minute, second, 0, UTC)
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        if ahead >= _DAY:
            return None
        return local + ahead if zone[:1] == b"-" else local - ahead
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def flags(said: Any) -> frozenset[Flag]:
    """Return the flags that we know; a server's keywords are left out."""
    if not isinstance(said, tuple):
        return frozenset()
    found = (_FLAGS.get(flag.lower()) for flag in said if isinstance(flag, bytes))
    return frozenset(flag for flag in found if flag is not None)


def size(said: Items) -> int:
    """Return RFC822.SIZE, or 0 where the server does not tell."""
    found = said.get(b"RFC822.SIZE")
    return found if isinstance(found, int) else 0


def body(said: Items, section: str = "") -> bytes:
    """Return what a section holds, asked for whole or from its start on; b"" for NIL."""
    name = f"BODY[{section}]".encode("ascii").upper()
    found = said.get(name + b"<0>", said.get(name))
    if isinstance(found, int):  # A body that is a bare number comes without its quotes.
        return str(found).encode("ascii")
    return found if isinstance(found, bytes) else b""


def _fitting(uids: Sequence[int]) -> Iterator[tuple[Sequence[int], str]]:
    text = ",".join(_runs(uids))
    if len(text) <= _SET_MOST:
        yield uids, text
        return
    half = len(uids) // 2
    yield from _fitting(uids[:half])
    yield from _fitting(uids[half:])


def _runs(uids: Iterable[int]) -> Iterator[str]:
    first = last = -1
    for uid in uids:
        if uid == last + 1 and first > 0:
            last = uid
            continue
        if first > 0:
            yield str(first) if first == last else f"{first}:{last}"
        first = last = uid
    if first > 0:
        yield str(first) if first == last else f"{first}:{last}"
