"""UID SEARCH, as far as a reader of Gmail needs it: everything, a set of UIDs, an id of Gmail's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.demo.gmail.imap.grammar import BadCommandError, numbers

if TYPE_CHECKING:
    from server.demo.gmail.imap.folders import Open


def search(opened: Open, said: list[Any]) -> list[int]:
    """Return the UIDs, ascending, that fit all of what is asked. Raises BadCommandError."""
    found, words = list(opened.uids), list(said)
    while words:
        match str(words.pop(0)).upper():
            case "ALL":
                pass
            case "UID" if words:
                ranges = numbers(words.pop(0), opened.uids[-1] if opened.uids else 0)
                within = {opened.uids[at] for at in opened.within(ranges)}
                found = [uid for uid in found if uid in within]
            case "X-GM-MSGID" if words and str(words[0]).isdecimal():
                id_ = f"{int(words.pop(0)):016x}"
                found = [uid for uid in found if opened.ids[opened.uids.index(uid)] == id_]
            case other:
                raise BadCommandError(f"SEARCH {other[:40]} is not served here")
    return found
