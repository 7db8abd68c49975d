"""Outlook's rich text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import read, rtf
from tests.sync.reading import packing

#: A text that refers to itself while it is written (MS-OXRTFCP, section 3.1).
PACKED = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")


def plain(text: bytes) -> bytes:
    return b"\0" * 4 + len(text).to_bytes(4, "little") + b"MELA" + b"\0" * 4 + text


def test_what_is_packed_comes_out():
    assert rtf._unpacked(PACKED) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert rtf.text_of(PACKED) == "WXYZWXYZWXYZWXYZWXYZ"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"one\\par two\\line three\\tab four", "one\ntwo\nthree\tfour"),
        (b"{\\fonttbl{\\f0 Arial;}}{\\*\\generator x;}shown", "shown"),
        (b"{\\*\\htmltag84 <p>}Hello{\\*\\htmltag92 </p>}", "Hello"),
        (b"\\ansicpg1250 K\\'f9\\'f2", "Kůň"),
        (b"\\ansicpg932 \\'93\\'fa", "日"),
        (b"\\u345?lu\\u-4064?", "řlu\uf020"),
        (b"a\\\\b \\{c\\} d\\~e", "a\\b {c} d\u00a0e"),
        (b"one\r\ntwo", "onetwo"),
    ],
)
def test_words_become_text(body, text):
    assert rtf.text_of(plain(b"{\\rtf1 " + body + b"}")) == text


@pytest.mark.parametrize("packed", [b"", b"x" * 40, plain(b"no rtf"), PACKED[:12]])
def test_what_is_none_is_empty(packed):
    assert rtf.text_of(packed) == ""


def test_no_more_than_a_beginning_is_unpacked():
    # Each token of two bytes says: the seventeen signs behind the end.
    bomb = (
        b"\0" * 4 + b"\xff\xff\xff\x7f" + b"LZFu" + b"\0" * 4 + (b"\xff" + b"\x00\x0f" * 8) * 60_000
    )

    begun = time.process_time()
    out = rtf._unpacked(bomb)

    assert len(out) <= rtf.LARGEST
    assert time.process_time() - begun < 2


@given(st.binary(max_size=200))
def test_any_bytes_are_read(raw):
    rtf.text_of(b"\0" * 4 + b"\xff\xff\0\0" + b"LZFu" + b"\0" * 4 + raw)
    rtf.text_of(plain(b"{\\rtf1 " + raw))


def test_a_winmail_dat_with_rich_text_alone_shows_it():
    raw = packing.tnef(
        packing.attribute(
            packing.PROPERTIES,
            packing.properties(packing.binary(0x1009, plain(b"{\\rtf1 Good morning}"))),
        )
    )

    assert read(b"Content-Type: application/ms-tnef\n\n" + raw).text == "Good morning"
