"""Cutting: what is listed and not known becomes stretches, and nothing known lies in one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from crm.mail.stretches import Piece
from sync import cutting
from sync.source import Place
from tests import make


def cut(
    uids: Collection[int], known: Collection[int] = (), uidnext: int = 0
) -> list[tuple[int, int | None]]:
    listed = ((Place("INBOX", 1, uid), uid in known) for uid in uids)
    return [(piece.first, piece.last) for piece in cutting.pieces(listed, uidnext)]


def test_an_empty_folder_has_its_live_piece_alone() -> None:
    assert cut([]) == [(1, None)]
    assert cut([], uidnext=9) == [(9, None)]


def test_a_long_folder_is_cut_by_the_thousand() -> None:
    assert cut(range(1, 2002)) == [(1, 1000), (1001, 2000), (2001, 2001), (2002, None)]


def test_no_piece_spans_what_is_known() -> None:
    assert cut(range(1, 11), known=[4, 5, 10]) == [(1, 3), (6, 9), (11, None)]


def test_where_all_is_known_only_what_comes_is_live() -> None:
    assert cut([3, 7, 9], known=[3, 7, 9]) == [(10, None)]


def test_a_server_that_tells_too_low_a_next_number_makes_nothing_live_that_is_listed() -> None:
    assert cut([5, 8], uidnext=6) == [(5, 8), (9, None)]


def test_a_piece_ranks_by_its_newest_letter_and_the_live_one_before_all() -> None:
    def at(uid: int, moment: datetime | None) -> tuple[Place, bool]:
        return Place("INBOX", 1, uid, 0, moment), False

    old = make.NOW.replace(year=2020)
    listed = [at(1, old), at(2, make.NOW), at(3, None)]

    first, live = cutting.pieces(listed, 4)

    assert first == Piece(1, 3, int(make.NOW.timestamp()))
    assert live.rank > first.rank


def test_of_what_is_known_in_part_the_rest_is_cut() -> None:
    listed = ((Place("INBOX", 1, uid), uid in (4, 5)) for uid in range(1, 9))

    assert [(piece.first, piece.last) for piece in cutting.closed(listed)] == [(1, 3), (6, 8)]


def test_what_lies_in_a_range_is_left_to_it() -> None:
    listed = ((Place("INBOX", 1, uid), uid == 2) for uid in range(1, 10))

    left = cutting.left_to([(0, 1), (3, 5), (7, 8)], listed)

    assert [place.uid for place, known in left if not known] == [3, 6, 7, 9]


def test_a_piece_that_meets_a_range_is_left_out() -> None:
    cut = [Piece(1, 2, 0), Piece(3, 6, 0), Piece(7, 7, 0), Piece(9, 12, 0)]

    assert list(cutting.outside([(2, 3), (7, 9)], cut)) == [cut[0], cut[2]]
    assert list(cutting.outside([], cut)) == cut
