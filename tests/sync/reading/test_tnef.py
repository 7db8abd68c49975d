"""Outlook's winmail.dat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import extract, read, tnef
from tests.sync.reading import packing
from tests.sync.reading.samples import sample

PACKED = packing.tnef(
    packing.attribute(packing.CODEPAGE, b"\xe2\x04\0\0" + b"\0" * 4),
    packing.attribute(packing.PROPERTIES, packing.properties(packing.unicode(0x1000, "Ahoj"))),
    packing.file("Příloha.txt", b"content", packing.unicode(0x370E, "text/plain")),
)


def test_a_letter_that_is_all_packed_shows_its_text_and_its_files():
    raw = sample("winmail-dat-alone-outlook")

    found = read(raw)

    assert found.text == "Dobrý den,\nsmlouva je v příloze."
    assert [(p.section, p.filename, p.content_type, p.size, p.content_id) for p in found.parts] == [
        ("1/tnef1", "Smlouva č. 1.txt", "text/plain", 7, ""),
        ("1/tnef2", "logo.png", "image/png", 8, "logo@acme"),
    ]
    assert b"".join(extract(raw, "1/tnef1")) == b"Smlouva"


def test_a_page_is_read_in_the_charset_that_stands_beside_it():
    values = (packing.number(0x3FDE, 1250), packing.binary(0x1013, "<p>Kůň".encode("cp1250")))

    opened = tnef.read(
        packing.tnef(packing.attribute(packing.PROPERTIES, packing.properties(*values)))
    )

    assert opened is not None
    assert (opened.html.decode(opened.charset), opened.charset) == ("<p>Kůň", "cp1250")


def test_what_stands_before_the_properties_of_a_file_is_taken_where_they_are_missing():
    opened = tnef.read(
        packing.tnef(
            packing.attribute(packing.BODY, b"old text\0"),
            packing.attribute(packing.RENDERING, b"", of_file=True),
            packing.attribute(packing.TITLE, b"OLD.TXT\0", of_file=True),
            packing.attribute(packing.CONTENT, b"old", of_file=True),
        )
    )

    assert opened is not None
    assert opened.text == "old text"
    assert opened.files == (tnef.File("OLD.TXT", "", "", b"old"),)


def test_properties_of_every_kind_are_passed_over():
    named = b"\x03\0\0\x80" + b"g" * 16 + b"\0\0\0\0\1\0\0\0" + b"\7\0\0\0"
    spelled = b"\x03\0\0\x80" + b"g" * 16 + b"\1\0\0\0\3\0\0\0ab\0\0" + b"\7\0\0\0"
    many = b"\x03\x10\0\x30\2\0\0\0\1\0\0\0\2\0\0\0"
    values = (named, spelled, many, packing.number(0x3001, 1), packing.unicode(0x1000, "behind"))

    opened = tnef.read(
        packing.tnef(packing.attribute(packing.PROPERTIES, packing.properties(*values)))
    )

    assert opened is not None
    assert opened.text == "behind"


@pytest.mark.parametrize("raw", [b"", b"x" * 100, b"\x78\x9f", b"\x78\x9f\x3e\x22" * 0])
def test_what_is_none_is_none(raw):
    assert tnef.read(raw) is None


def test_what_is_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr(tnef, "LARGEST", len(PACKED) - 1)

    assert tnef.read(PACKED) is None


@given(st.data())
def test_damage_breaks_nothing(data):
    raw = bytearray(PACKED)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))

    opened = tnef.read(bytes(raw[: data.draw(st.integers(0, len(raw)))]))

    if opened is not None:
        assert sum(len(file.content) for file in opened.files) <= len(raw)
