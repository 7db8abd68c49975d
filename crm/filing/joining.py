"""Which thread a letter belongs to, decided in memory for a whole batch.

Every Message-ID that some letter bears or answers is mentioned in one thread, also before its own
letter arrives. A letter joins the thread of its nearest known ancestor: In-Reply-To first, then
References from the newest back. Two threads become one only when a letter that was mentioned in
one arrives and answers into the other: References alone merge nothing, for anybody may write
anything into them. The subject joins nothing at all.

Gmail knows ancestors that never came here: of a letter whose own are all unknown its thread is the
last one that is asked. A letter that answers nothing may be there for its subject alone
(workspaceupdates.googleblog.com, 29 March 2019), and so only one such letter belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crm.base import ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID


class Elsewhere(NamedTuple):
    """A thread as its provider has it, and the one letter in it that answers nothing."""

    thread: UUID
    beginning: UUID


@dataclass(frozen=True, slots=True)
class Joining:
    """What a letter says of its place: its own reference, and those it answers, nearest first."""

    own: UUID | None  # None where the id is not the letter's alone
    answers: Sequence[UUID]
    elsewhere: Elsewhere | None = None

    @property
    def mentions(self) -> Iterator[UUID]:
        """Yield everything by which the letter's thread is known from now on."""
        if self.own is not None:
            yield self.own
        yield from self.answers
        if self.elsewhere is not None:
            yield self.elsewhere.thread
            if not self.answers:
                yield self.elsewhere.beginning


@dataclass(slots=True)
class Joined:
    """The threads of a batch, and what has to be written for them."""

    threads: list[UUID] = field(default_factory=list)  # of each letter, in order
    new: set[UUID] = field(default_factory=set)
    merges: dict[UUID, UUID] = field(default_factory=dict)  # a thread, and where it goes
    mentions: dict[UUID, UUID] = field(default_factory=dict)  # new ones

    def thread(self, thread_id: UUID) -> UUID:
        """Follow the merges to where a thread is now."""
        while thread_id in self.merges:
            thread_id = self.merges[thread_id]
        return thread_id


def join(letters: Sequence[Joining], mentioned: Mapping[UUID, UUID]) -> Joined:
    """Give every letter its thread."""
    joined = Joined()
    known = dict(mentioned)
    for letter in letters:
        own = known.get(letter.own) if letter.own is not None else None
        nearest = next((known[ref] for ref in letter.answers if ref in known), None)
        if nearest is None:
            nearest = _elsewhere(letter, known)
        if own is not None and nearest is not None:
            thread = _merge(joined, joined.thread(own), joined.thread(nearest))
        elif own is not None or nearest is not None:
            thread = joined.thread(own or nearest)  # type: ignore[arg-type]
        else:
            thread = ids.new()
            joined.new.add(thread)
        joined.threads.append(thread)
        _mention(joined, known, letter, thread)
    joined.threads = [joined.thread(thread) for thread in joined.threads]
    joined.mentions = {ref: joined.thread(thread) for ref, thread in joined.mentions.items()}
    joined.new = {thread for thread in joined.new if thread not in joined.merges}
    return joined


def _elsewhere(letter: Joining, known: Mapping[UUID, UUID]) -> UUID | None:
    """Return the thread that the provider's stands for, where the letter may belong to it."""
    place = letter.elsewhere
    if place is None or (not letter.answers and place.beginning in known):
        return None
    return known.get(place.thread)


def _mention(joined: Joined, known: dict[UUID, UUID], letter: Joining, thread: UUID) -> None:
    for ref in letter.mentions:
        if ref not in known:
            known[ref] = joined.mentions[ref] = thread


def _merge(joined: Joined, one: UUID, other: UUID) -> UUID:
    """Let the younger thread go into the elder; what was never written simply disappears."""
    if one == other:
        return one
    elder, younger = sorted((one, other), key=lambda t: (t in joined.new, t))
    joined.merges[younger] = elder
    return elder
