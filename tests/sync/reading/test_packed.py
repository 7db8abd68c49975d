"""Parts inside of parts, and how each is fetched again."""

import base64

import pytest

from sync.reading import PartNotFoundError, extract, packed, read, take_out
from tests.sync.reading import packing
from tests.sync.reading.samples import letter, multipart, sample

TNEF = packing.tnef(
    packing.attribute(packing.PROPERTIES, packing.properties(packing.unicode(0x1000, "packed"))),
    packing.file("a.txt", b"first"),
    packing.file("b.txt", b"second"),
)
TYPE = "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64"


def test_the_text_of_a_winmail_dat_is_not_taken_where_the_letter_has_its_own():
    wrapped = f"{TYPE}\r\n\r\n{base64.encodebytes(TNEF).decode()}"
    found = read(multipart("multipart/mixed", "\r\nhello", wrapped))

    assert found.text == "hello"
    assert [p.section for p in found.parts] == ["2/tnef1", "2/tnef2"]


def test_a_winmail_dat_that_cannot_be_opened_stays_one_file():
    wrapped = f"{TYPE}\r\n\r\n{base64.encodebytes(TNEF[:40]).decode()}"
    found = read(multipart("multipart/mixed", "\r\nhello", wrapped))

    assert [(p.section, p.filename) for p in found.parts] == [("2", "winmail.dat")]


@pytest.mark.parametrize(
    "name",
    [
        "winmail-dat-alone-outlook",
        "file-uuencoded-in-the-text-outlook",
        "signed-opaquely-smime-outlook",
    ],
)
def test_a_part_comes_out_of_the_letter_and_out_of_the_part_around_it(name):
    raw = sample(name)
    found = [part.section for part in read(raw).parts if packed.SLASH in part.section]

    for section in found:
        outer, _slash, inner = section.partition(packed.SLASH)
        body = raw.partition(b"\n\n")[2]
        held = base64.b64decode(body) if b"base64" in raw.partition(b"\n\n")[0] else body
        assert outer == "1"
        assert b"".join(take_out(iter([held[:50], held[50:]]), inner)) == b"".join(
            extract(raw, section)
        )
    assert found


@pytest.mark.parametrize("name", ["tnef9", "uu1", "cms1", "", "x"])
def test_what_is_not_inside_is_said(name):
    with pytest.raises(PartNotFoundError):
        take_out(iter([TNEF]), name)


def test_an_encoding_that_is_broken_is_said():
    inner = b"Content-Transfer-Encoding: base64\r\nContent-Type: a/b\r\n\r\n!!!"

    with pytest.raises(PartNotFoundError):
        take_out(iter([packing.signed(inner)]), "cms1")


def test_a_letter_without_anything_packed_keeps_its_tree():
    found = read(letter("From: a@acme.test", body="begin 644 is how a file would start"))

    assert (found.parts, found.text) == ((), "begin 644 is how a file would start")


def test_no_more_is_taken_into_memory_than_is_opened(monkeypatch):
    monkeypatch.setattr(packed, "LARGEST", 10)

    with pytest.raises(PartNotFoundError):
        take_out(iter([TNEF[:20], TNEF[20:]]), "tnef1")
