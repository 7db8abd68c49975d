"""Threads: the same whatever the order in which their letters arrive."""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.base import ids
from crm.filing.joining import Elsewhere, Joined, Joining, join


def ref(number: int) -> UUID:
    return UUID(int=number + 1)


class Memory:
    """The threads and mentions that batches leave behind, as tables would keep them."""

    def __init__(self) -> None:
        self.mentions: dict[UUID, UUID] = {}
        self.threads: dict[int, UUID] = {}
        self.known: set[UUID] = set()

    def take_in(self, letters: Sequence[tuple[int, Joining]]) -> Joined:
        """Join a batch to what is known, and keep what it leaves behind."""
        joined = join([letter for _, letter in letters], dict(self.mentions))
        assert joined.new.isdisjoint(self.known)
        assert {t for t in joined.merges if t in self.known}.isdisjoint(joined.threads)
        assert set(joined.mentions).isdisjoint(self.mentions)
        for (number, _), thread in zip(letters, joined.threads, strict=True):
            self.threads[number] = thread
        self.mentions |= joined.mentions
        self.threads = {n: joined.thread(t) for n, t in self.threads.items()}
        self.mentions = {r: joined.thread(t) for r, t in self.mentions.items()}
        self.known |= joined.new
        assert set(self.threads.values()) <= self.known
        return joined

    def partition(self) -> set[frozenset[int]]:
        """Return which letters stand together."""
        return {
            frozenset(n for n, t in self.threads.items() if t == thread)
            for thread in self.threads.values()
        }


@st.composite
def forests(draw: st.DrawFn) -> list[list[int]]:
    """Draw letters as lists of ancestors: the parent, then as many elders as it names."""
    count = draw(st.integers(1, 14))
    chains: list[list[int]] = []
    for number in range(count):
        parent = draw(st.none() | st.integers(0, number - 1)) if number else None
        chain = [parent, *chains[parent]] if parent is not None else []
        keep = draw(st.integers(1, max(1, len(chain))))
        chains.append(chain[:keep])
    return chains


def trees(chains: list[list[int]]) -> set[frozenset[int]]:
    root = list(range(len(chains)))
    for number, chain in enumerate(chains):
        if chain:
            root[number] = root[chain[0]]
    return {frozenset(n for n, r in enumerate(root) if r == one) for one in root}


@settings(max_examples=150, deadline=None)
@given(forests(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_of_arrival_gives_the_same_threads(
    chains: list[list[int]], random: Random, batch: int
) -> None:
    letters = [(n, Joining(ref(n), [ref(a) for a in chain])) for n, chain in enumerate(chains)]
    random.shuffle(letters)
    memory = Memory()

    for start in range(0, len(letters), batch):
        memory.take_in(letters[start : start + batch])

    assert memory.partition() == trees(chains)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 6), st.lists(st.integers(0, 9), max_size=5)),
        max_size=12,
    ),
    st.integers(1, 4),
)
def test_whatever_letters_claim_each_has_one_thread_that_was_written(
    claims: list[tuple[int | None, list[int]]], batch: int
) -> None:
    letters = [
        (n, Joining(None if own is None else ref(own), [ref(a) for a in answers]))
        for n, (own, answers) in enumerate(claims)
    ]
    memory = Memory()

    for start in range(0, len(letters), batch):
        memory.take_in(letters[start : start + batch])

    assert set(memory.threads) == set(range(len(letters)))
    assert set(memory.mentions.values()) <= set(memory.threads.values())


def test_references_alone_make_no_two_threads_one() -> None:
    memory = Memory()
    memory.take_in([(1, Joining(ref(1), [])), (2, Joining(ref(2), []))])

    memory.take_in([(3, Joining(ref(3), [ref(2), ref(1)]))])

    assert memory.partition() == {frozenset({1}), frozenset({2, 3})}


def test_the_nearest_known_ancestor_decides() -> None:
    memory = Memory()
    memory.take_in([(1, Joining(ref(1), [])), (2, Joining(ref(2), []))])

    memory.take_in([(3, Joining(ref(3), [ref(9), ref(1), ref(2)]))])

    assert memory.partition() == {frozenset({1, 3}), frozenset({2})}


def test_a_letter_that_closes_a_gap_makes_two_threads_one_and_the_elder_stays() -> None:
    memory = Memory()
    memory.take_in([(1, Joining(ref(1), []))])
    elder = memory.threads[1]
    time.sleep(0.002)  # Ids tell the millisecond, and no less.
    memory.take_in([(3, Joining(ref(3), [ref(2)]))])
    younger = memory.threads[3]

    joined = memory.take_in([(2, Joining(ref(2), [ref(1)]))])

    assert joined.merges == {younger: elder}
    assert joined.new == set()
    assert memory.partition() == {frozenset({1, 2, 3})}


def test_a_letter_whose_id_is_not_its_own_is_no_ones_parent() -> None:
    memory = Memory()

    memory.take_in([(1, Joining(None, [])), (2, Joining(None, [])), (3, Joining(ref(3), []))])

    assert len(memory.partition()) == 3
    assert set(memory.mentions) == {ref(3)}


def test_a_letter_that_answers_itself_is_alone() -> None:
    memory = Memory()

    memory.take_in([(1, Joining(ref(1), [ref(1)]))])
    memory.take_in([(2, Joining(ref(2), [ref(1)]))])

    assert memory.partition() == {frozenset({1, 2})}


@settings(max_examples=150, deadline=None)
@given(forests(), st.data(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_a_provider_s_thread_unites_what_lost_ancestors_part_in_any_order(
    chains: list[list[int]], data: st.DataObject, random: Random, batch: int
) -> None:
    lost = data.draw(st.lists(st.booleans(), min_size=len(chains), max_size=len(chains)))
    root = list(range(len(chains)))
    for n, chain in enumerate(chains):
        root[n] = root[chain[0]] if chain else n
    letters = [
        (
            n,
            Joining(
                ref(n),
                [ref(100 + n) if lost[n] and chain else ref(a) for a in chain],
                Elsewhere(ref(1000 + root[n]), ref(2000 + root[n])),
            ),
        )
        for n, chain in enumerate(chains)
    ]
    random.shuffle(letters)
    memory = Memory()

    for start in range(0, len(letters), batch):
        memory.take_in(letters[start : start + batch])

    assert memory.partition() == trees(chains)


def test_what_answers_nothing_joins_no_provider_s_thread_that_has_begun() -> None:
    """Gmail puts letters of one subject together, though nobody has answered any of them."""
    place = Elsewhere(ref(90), ref(91))
    memory = Memory()

    memory.take_in([(1, Joining(ref(1), [], place)), (2, Joining(ref(2), [], place))])
    memory.take_in([(3, Joining(ref(3), [], place)), (4, Joining(None, [ref(70)], place))])

    assert memory.partition() == {frozenset({1, 4}), frozenset({2}), frozenset({3})}


def test_a_known_ancestor_is_nearer_than_a_provider_s_thread() -> None:
    memory = Memory()
    memory.take_in([(1, Joining(ref(1), [])), (2, Joining(ref(2), [ref(70)], _there()))])

    memory.take_in([(3, Joining(ref(3), [ref(1)], _there()))])

    assert memory.partition() == {frozenset({1, 3}), frozenset({2})}


def test_letters_that_answer_each_other_in_a_ring_are_one_thread() -> None:
    memory = Memory()

    memory.take_in([(1, Joining(ref(1), [ref(2)]))])
    memory.take_in([(2, Joining(ref(2), [ref(3)])), (3, Joining(ref(3), [ref(1)]))])

    assert memory.partition() == {frozenset({1, 2, 3})}


def _there() -> Elsewhere:
    return Elsewhere(ref(90), ref(91))


def test_merges_are_followed_to_their_end() -> None:
    a, b, c = ids.many(3)
    joined = Joined(merges={c: b, b: a})

    assert {joined.thread(t) for t in (a, b, c)} == {a}
