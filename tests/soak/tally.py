"""Count after a round what was lost, doubled or altered; `rig.assert_exact` says that it was."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm.mail.models import CopyState
from tests.sync import rig

if TYPE_CHECKING:
    from tests.sync.rig import Box, Served


@dataclass(frozen=True, slots=True)
class Tally:
    """How many letters of the server are not here, are here more than once, or have other bytes."""

    lost: int = 0
    doubled: int = 0
    altered: int = 0

    def __bool__(self) -> bool:
        """Tell whether anything is not as it should be."""
        return self != Tally()


def take(box: Box, has: Served) -> Tally:
    """Hold what the server has against what we have, and count.

    Where there is nothing to count, the rig's oracle has the last word: it also looks at whether
    every folder's account adds up.
    """
    rows = rig.ledger_of(box)
    stored = {
        (folder, uid): (digest, message)
        for folder, uid, state, digest, message in rows
        if state == CopyState.STORED and message is not None
    }
    lost = len(has.keys() - stored.keys())
    doubled = len([1 for folder, uid, *_ in rows if (folder, uid) not in has])
    altered = 0
    messages: dict[bytes | None, set[object]] = {}
    for place, (digest, message) in stored.items():
        if place in has:
            altered += digest != hashlib.sha256(has[place]).digest()
            messages.setdefault(digest, set()).add(message)
    doubled += sum(len(found) - 1 for found in messages.values())
    lines, told, links = _timelines(box)
    made = len(set().union(*messages.values())) if messages else 0
    lost += max(0, made - told)
    doubled += lines - told + links
    found = Tally(lost, doubled, altered)
    if not found:
        rig.assert_exact(box, has)
    return found


def _timelines(box: Box) -> tuple[int, int, int]:
    """Return how many lines tell of messages, of how many, and how many stand twice somewhere."""
    ((lines, told, links),) = box.ask(
        "select (select count(*) from activity where workspace_id = w and kind = 1),"
        " (select count(distinct message_id) from activity where workspace_id = w and kind = 1),"
        " (select count(*) - count(distinct (record_id, activity_id))"
        "   from activity_link where workspace_id = w)"
        " from (select %s::uuid) as v(w)",
        box.workspace_id,
    )
    return lines, told, links
