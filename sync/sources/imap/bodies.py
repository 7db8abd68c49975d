"""Bring in letters by their UIDs: whole, or by their parts above a limit; asked again, or absent.

What a server may answer for one UID, and what becomes of it:

    a body                      the letter
    nothing at all              asked again, then absent: it vanished, and a later listing finds it
    BODY[] NIL, {0}, only flags asked again, then a letter without bytes and with its trouble
    NO for all that was asked   asked by halves, so that one bad letter does not hold up the others
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crm.base.i18n import lazy
from crm.mail.letter import LeftPart
from sync.source import Place, RawMessage
from sync.sources.imap import items
from sync.sources.imap.grammar import GarbledError
from sync.sources.imap.login import PASSING
from sync.sources.imap.structure import node_of
from sync.sources.imap.wire import RefusedError
from sync.sources.letters import (
    HEADER_MOST,
    MIME_MOST,
    TEXT_MOST,
    Node,
    Text,
    choose,
    cut,
    put_together,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.sources.imap.wire import Items, Wire

#: How often a server is asked before its silence counts.
TRIES: Final = 3
#: Kept as it stands here, and said in the reader's language where it is shown.
NO_TEXT: Final = lazy("server gives no text")
REFUSED: Final = lazy("server refuses the text")
UNTOLD: Final = -1
#: How many sizes are asked for at once.
SIZED_MOST: Final = 5_000


def sizes_of(wire: Wire, uids: Sequence[int], *wanted: str) -> dict[int, Items]:
    """Return RFC822.SIZE, and what else is wanted, of each UID that the server still has."""
    found: dict[int, Items] = {}
    missing = list(uids)
    for _ in range(TRIES):
        for _, text in items.sets_of(missing, SIZED_MOST):
            asked = set(missing)
            for said in wire.fetch_items(text, f"({' '.join(('RFC822.SIZE', *wanted))})"):
                if said[b"UID"] in asked and b"RFC822.SIZE" in said:
                    found[said[b"UID"]] = said
        missing = [uid for uid in missing if uid not in found]
        if not missing:
            break
    return found


def take(
    wire: Wire, folder: str, uidvalidity: int, sizes: Mapping[int, int], limit: int
) -> tuple[RawMessage, ...]:
    """Return the letters of these UIDs, ascending, as far as the server still has them.

    A size of UNTOLD is one that the server did not tell.
    """
    found: dict[int, RawMessage] = {}
    small = [uid for uid in sorted(sizes) if sizes[uid] <= limit]
    for uid, (said, trouble) in _whole(wire, small, sizes).items():
        place = _place(folder, uidvalidity, uid, said, max(sizes[uid], 0))
        raw = b"" if trouble else items.body(said)
        found[uid] = RawMessage(place, raw, items.flags(said.get(b"FLAGS")), trouble=trouble)
    for uid in sizes:
        if sizes[uid] > limit:
            letter = _by_parts(wire, folder, uidvalidity, uid, sizes[uid])
            if letter is not None:
                found[uid] = letter
    return tuple(found[uid] for uid in sorted(found))


def structure(wire: Wire, uid: int) -> tuple[Items, Node] | None:
    """Return what a letter is made of, or None where it is gone. Raises GarbledError."""
    for said in wire.fetch_items(str(uid), "(BODYSTRUCTURE RFC822.SIZE INTERNALDATE FLAGS)"):
        if said[b"UID"] == uid and b"BODYSTRUCTURE" in said:
            return said, node_of(said[b"BODYSTRUCTURE"])
    return None


def _whole(
    wire: Wire, uids: Sequence[int], sizes: Mapping[int, int]
) -> dict[int, tuple[Items, str]]:
    done: dict[int, tuple[Items, str]] = {}
    answered: dict[int, tuple[Items, str]] = {}
    missing = list(uids)
    for _ in range(TRIES):
        if not missing:
            break
        found, refused = _halved(wire, missing)
        # The last word counts: Dovecot says NIL of what is expunged, and then nothing any more.
        answered = {uid: ({}, REFUSED) for uid in refused}
        for uid, said in found.items():
            if items.body(said) or (sizes[uid] == 0 and b"BODY[]" in said):
                done[uid] = said, ""
            else:
                answered[uid] = said, NO_TEXT
        missing = [uid for uid in missing if uid not in done]
    return {**{uid: answered[uid] for uid in missing if uid in answered}, **done}


def _halved(wire: Wire, uids: Sequence[int]) -> tuple[dict[int, Items], list[int]]:
    """Return the answers, and the UIDs that are refused while others are not."""
    try:
        return _asked(wire, uids), []
    except RefusedError as error:
        if error.says(*PASSING) or (len(uids) == 1 and not _header_comes(wire, uids[0])):
            raise
        if len(uids) == 1:
            return {}, list(uids)
        refusal = error
    found: dict[int, Items] = {}
    refused: list[int] = []
    for half in (uids[: len(uids) // 2], uids[len(uids) // 2 :]):
        try:
            more, no = _halved(wire, half)
        except RefusedError as error:
            if error.says(*PASSING):
                raise
            refused += half
        else:
            found.update(more)
            refused += no
    if len(refused) == len(uids) and not found:
        raise refusal
    return found, refused


def _asked(wire: Wire, uids: Sequence[int]) -> dict[int, Items]:
    asked = set(uids)
    found: dict[int, Items] = {}
    for _, text in items.sets_of(uids, len(uids)):
        try:
            answer = wire.fetch_items(text, "(FLAGS INTERNALDATE BODY.PEEK[])")
        except RefusedError as error:
            # Others were expunged meanwhile; what came is good (RFC 5530, EXPUNGEISSUED).
            if not error.says(b"EXPUNGEISSUED"):
                raise
            answer = wire.fetched()
        for said in answer:
            if (uid := said[b"UID"]) in asked:
                _add(found.setdefault(uid, {}), said)
    return found


def _add(known: Items, said: Items) -> None:
    """Join two responses for one UID. Empty never overwrites a text."""
    for name, value in said.items():
        if value or not known.get(name):
            known[name] = value


def _header_comes(wire: Wire, uid: int) -> bool:
    """Tell whether the server gives anything of a letter that it refuses: then it is the letter."""
    try:
        answer = wire.fetch_items(str(uid), "(BODY.PEEK[HEADER]<0.1000>)")
    except RefusedError:
        return False
    return any(said[b"UID"] == uid for said in answer)


def _place(folder: str, uidvalidity: int, uid: int, said: Items, size: int) -> Place:
    return Place(folder, uidvalidity, uid, size, items.moment(said.get(b"INTERNALDATE")))


def _by_parts(wire: Wire, folder: str, uidvalidity: int, uid: int, size: int) -> RawMessage | None:
    said: Items = {}
    try:
        found = structure(wire, uid)
        if found is None:
            return None
        said, root = found
        raw, left = _texts(wire, uid, root)
    except (GarbledError, RefusedError):
        # Nesting that nobody can follow. Its beginning can be read all the same.
        try:
            raw, left = _beginning(wire, uid, size)
        except RefusedError as error:
            if error.says(*PASSING):
                raise
            raw, left = b"", ()
    return RawMessage(
        place=_place(folder, uidvalidity, uid, said, size),
        raw=raw,
        flags=items.flags(said.get(b"FLAGS")),
        left=left,
        trouble="" if raw else NO_TEXT,
    )


def _texts(wire: Wire, uid: int, root: Node) -> tuple[bytes, tuple[LeftPart, ...]]:
    choice = choose(root)
    wanted = [f"BODY.PEEK[HEADER]<0.{HEADER_MOST}>"]
    for leaf in choice.taken:
        wanted.append(f"BODY.PEEK[{leaf.section}]<0.{TEXT_MOST}>")
        if root.multipart:
            wanted.append(f"BODY.PEEK[{leaf.section}.MIME]<0.{MIME_MOST}>")
    said = _of(uid, wire.fetch_items(str(uid), f"({' '.join(wanted)})"))
    header = items.body(said, "HEADER")
    if not header:
        return b"", ()
    texts = {
        leaf.section: Text(
            mime=items.body(said, f"{leaf.section}.MIME"),
            body=cut(items.body(said, leaf.section)),
        )
        for leaf in choice.taken
    }
    return put_together(header, root, texts), choice.left


def _beginning(wire: Wire, uid: int, size: int) -> tuple[bytes, tuple[LeftPart, ...]]:
    wanted = f"(BODY.PEEK[HEADER]<0.{HEADER_MOST}> BODY.PEEK[TEXT]<0.{TEXT_MOST}>)"
    said = _of(uid, wire.fetch_items(str(uid), wanted))
    raw = items.body(said, "HEADER") + cut(items.body(said, "TEXT"))
    left = LeftPart("TEXT", "application/octet-stream", "", size, "")
    return raw, (left,) if raw else ()


def _of(uid: int, answer: Iterator[Items]) -> Items:
    known: Items = {}
    for said in answer:
        if said[b"UID"] == uid:
            _add(known, said)
    return known
