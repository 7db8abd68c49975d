"""What a letter is beside its words: each question put to the module that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm.mail.letter import NOTHING, Kind
from crm.mail.meaning import Meaning, Suspicion
from sync.reading import (
    authentic,
    automatic,
    bounces,
    details,
    forwards,
    invites,
    senders,
    vcards,
    writers,
)
from sync.reading.automatic import Verdict

if TYPE_CHECKING:
    from datetime import date, datetime

    from sync.reading.clues import Clues


class Told(NamedTuple):
    """What sort of letter it is, by which sign, and what else it says."""

    verdict: Verdict
    meaning: Meaning


def of(clues: Clues, signature: str, sent_at: datetime | None) -> Told:
    """Tell what a letter is."""
    found = bounces.find(clues)
    verdict = Verdict(Kind.BOUNCE, found.reason) if found else automatic.judge(clues)
    person = verdict.kind in (Kind.PERSON, Kind.INVITATION, Kind.LIST)
    is_away = verdict.kind is Kind.AUTO_REPLY
    meetings = invites.of_leaves(clues.leaves)
    suspicions = senders.suspicions(clues)
    meaning = Meaning(
        forward=None if found else forwards.find(clues),
        bounce=found.bounce if found else None,
        meetings=meetings,
        returns_on=_returns_on(clues, sent_at) if is_away else None,
        details=details.of_signature(signature, clues.author) if person and signature else None,
        cards=vcards.of_leaves(clues.leaves),
        suspicions=suspicions,
        writer=writers.of_list(clues),
        passed_on_by=writers.passed_on_by(clues),
        voucher=authentic.voucher(clues.fields, clues.author) if meetings else None,
        relayed=Suspicion.DISOWNED in suspicions and authentic.relayed(clues.fields),
    )
    return Told(verdict, NOTHING if meaning == NOTHING else meaning)


def _returns_on(clues: Clues, sent_at: datetime | None) -> date | None:
    # An import here, because few letters tell a day, and its patterns take a tenth of a second.
    from sync.reading import away

    return away.returns_on(clues.subject, clues.text, sent_at)
