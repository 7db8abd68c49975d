"""A server's responses to values: never anything but values or GarbledError."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sources.imap.grammar import GarbledError, parse, usual

PIECES = st.sampled_from(
    [b"(", b")", b'"', b"\\", b" ", b"UID", b"1", b"NIL", b"BODY[", b"]", b"<0>", b"{3}", b"\xff"]
)


def test_a_response_becomes_numbers_bytes_and_tuples() -> None:
    response = [
        (
            b'12 (UID 7 FLAGS (\\Seen [x) ENVELOPE ("a\\"b" NIL) BODY[HEADER.FIELDS (TO)]<0> {3}',
            b"abc",
        ),
        b' BODY[1] "" X (()))',
    ]

    found = parse(response)

    assert found == [
        12,
        (
            b"UID",
            7,
            b"FLAGS",
            (b"\\Seen", b"[x"),
            b"ENVELOPE",
            (b'a"b', None),
            b"BODY[HEADER.FIELDS (TO)]<0>",
            b"abc",
            b"BODY[1]",
            b"",
            b"X",
            ((),),
        ),
    ]


@pytest.mark.parametrize(
    "response",
    [
        [b"4 (UID 7 RFC822.SIZE 12345)"],
        [b'4 (UID 7 RFC822.SIZE 12345 INTERNALDATE "17-Jul-1996 02:44:25 -0700")'],
        [(b'4 (UID 7 FLAGS (\\Seen $X) INTERNALDATE "1-Jan-2025" BODY[] {3}', b"abc"), b")"],
        [(b'4 (UID 7 FLAGS () INTERNALDATE "" BODY[] {0}', b""), b")"],
    ],
)
def test_the_quick_way_reads_the_same_as_the_long_one(response: list[object]) -> None:
    _, told = parse(response)

    assert usual(response) == dict(zip(told[::2], told[1::2], strict=True))


@pytest.mark.parametrize(
    "response",
    [
        [b"4 (RFC822.SIZE 12345 UID 7)"],
        [b'4 (UID 7 BODY[] "")'],
        [(b"4 (UID 7 BODY[] {3}", b"abc"), b" FLAGS ())"],
        [(b"4 (UID 7 FLAGS (()) BODY[] {3}", b"abc"), b")"],
    ],
)
def test_what_is_unusual_is_left_to_the_long_way(response: list[object]) -> None:
    assert usual(response) is None


@given(st.lists(PIECES, max_size=60))
def test_nonsense_is_garbled_and_nothing_else(pieces: list[bytes]) -> None:
    try:
        found = parse([b"".join(pieces)])
    except GarbledError:
        return
    assert isinstance(found, list)


@pytest.mark.parametrize("piece", [b"(", b"()", b'"', b"BODY[ ", b"[", b'"\\', b"{", b"a " * 9])
def test_a_long_line_takes_no_longer_than_its_length(piece: bytes) -> None:
    line = piece * (1_000_000 // len(piece))
    began = time.process_time()

    with suppress(GarbledError):
        parse([line])

    assert time.process_time() - began < 5
