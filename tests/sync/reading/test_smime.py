"""What S/MIME wraps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import read, smime
from tests.sync.reading import packing
from tests.sync.reading.samples import sample


@pytest.mark.parametrize(
    "raw",
    [
        packing.signed(b"what was signed"),
        packing.signed(b"what was signed" * 100),
        packing.signed_in_pieces(b"what was", b" signed"),
    ],
    ids=["short", "long", "in pieces"],
)
def test_the_signed_bytes_come_out(raw):
    content = smime.read(raw).content

    assert content.startswith(b"what was signed")
    assert set(content.split(b"what was signed")) == {b""}


def test_an_encrypted_one_is_told_and_not_opened():
    raw = packing.der(0x30, packing.OID_ENVELOPED, packing.der(0xA0, packing.der(0x30)))

    assert smime.read(raw) == smime.Opened(encrypted=True)


@pytest.mark.parametrize(
    "raw", [b"", b"0", b"0\x80", b"x" * 50, b"0\x80" * 50, b"0\xff" + b"\xff" * 99]
)
def test_what_is_none_is_empty(raw):
    assert smime.read(raw) == smime.Opened()


def test_what_is_too_large_is_not_opened(monkeypatch):
    monkeypatch.setattr(smime, "LARGEST", 10)

    assert smime.read(packing.signed(b"what was signed")) == smime.Opened()


def test_a_letter_shows_what_is_inside_of_its_signature():
    found = read(sample("signed-opaquely-smime-outlook"))

    assert found.text == "The contract, signed."
    assert [(p.section, p.filename) for p in found.parts] == [
        ("1", "smime.p7m"),
        ("1/cms2", "contract.pdf"),
    ]
    assert "signed" in found.notes


def test_an_encrypted_letter_says_so():
    found = read(sample("encrypted-with-smime"))

    assert (found.text, [p.filename for p in found.parts]) == ("", ["smime.p7m"])
    assert "encrypted" in found.notes


@given(st.data())
def test_damage_breaks_nothing(data):
    raw = bytearray(packing.signed_in_pieces(b"what was", b" signed"))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    assert len(smime.read(bytes(raw)).content) <= len(raw)
