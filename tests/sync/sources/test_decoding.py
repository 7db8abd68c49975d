"""Transfer encodings undone piece by piece, and names of parts as programs write them."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.sources.decoding import decoded, filename, media_type, multipart_type


def cut(raw: bytes, size: int) -> list[bytes]:
    return [raw[start : start + size] for start in range(0, len(raw), size)]


@given(st.binary(max_size=3_000), st.integers(1, 200))
def test_base64_comes_back_wherever_it_is_cut(raw: bytes, size: int) -> None:
    encoded = base64.encodebytes(raw).replace(b"\n", b"\r\n")

    found = b"".join(decoded(cut(encoded, size), "BASE64 "))

    assert found == raw


@given(st.binary(max_size=3_000), st.integers(1, 200))
def test_quoted_printable_comes_back_wherever_it_is_cut(raw: bytes, size: int) -> None:
    encoded = quopri.encodestring(raw, quotetabs=True)

    found = b"".join(decoded(cut(encoded, size), "quoted-printable"))

    assert found == quopri.decodestring(encoded)


@given(st.lists(st.binary(max_size=300)), st.sampled_from(["base64", "quoted-printable", "x-uu"]))
def test_no_bytes_are_too_odd(pieces: list[bytes], encoding: str) -> None:
    assert isinstance(b"".join(decoded(pieces, encoding)), bytes)


def test_two_encodings_joined_are_both_read() -> None:
    assert b"".join(decoded([b"YQ==", b"Yg=="], "base64")) == b"ab"


def test_a_line_without_end_does_not_pile_up_and_pieces_stay_small() -> None:
    line = b"=C5=99" * 100_000

    found = list(decoded(cut(line, 65_536), "quoted-printable"))

    assert b"".join(found) == "ř".encode() * 100_000
    assert max(map(len, found)) <= 65_536


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ([("filename", "plain.txt")], "plain.txt"),
        ([("filename*", "utf-8''%C5%BElut%C3%BD.txt")], "žlutý.txt"),
        ([("filename*0*", "utf-8''%C5%BE"), ("filename*1", "lut.txt")], "žlut.txt"),
        ([("filename", "=?utf-8?B?xb5sdXTDvS50eHQ=?=")], "žlutý.txt"),  # Outlook
        ([("filename", "=?nonsense?B?!!?=")], "=?nonsense?B?!!?="),
        ([("filename", "a\x00b\r\nc\x1b[2J")], "a b c [2J"),
        ([("filename*0*", "'")], "'"),
        ([("name", "other")], ""),
    ],
)
def test_a_name_is_read_as_its_program_wrote_it(
    parameters: list[tuple[str, str]], name: str
) -> None:
    assert filename(parameters, "filename") == name


def test_an_odd_content_type_is_that_of_unknown_bytes() -> None:
    odd = ["", "text", "text/", "te xt/plain", "text/pl\udce9in", "text/plain\n", "a/" + "b" * 500]

    assert [media_type(said) for said in odd] == ["application/octet-stream"] * len(odd)
    assert media_type("Text/HTML") == "text/html"
    assert multipart_type("alternative") == "multipart/alternative"
    assert multipart_type("x y") == "multipart/mixed"
