"""Calling cards that hang on a letter."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.mail.meaning import Details
from sync.reading import read, vcards
from sync.reading.mime import Leaf, ReaderError
from tests.sync.reading.samples import multipart

CARD = "BEGIN:VCARD\r\nVERSION:{}\r\n{}\r\nEND:VCARD\r\n"


def leaf(text: str, *, content_type: str = "text/vcard", filename: str = "") -> Leaf:
    raw = text.encode("utf-8", "surrogateescape")
    return Leaf(
        "2", content_type, content_type, "", filename, "", "8bit", "", False, lambda: raw, len(raw)
    )


def card(*lines: str, version: str = "3.0") -> str:
    return CARD.format(version, "\r\n".join(lines))


@pytest.mark.parametrize(
    ("version", "phone"),
    [("2.1", "TEL;WORK;VOICE:+44 20 7946 0958"), ("3.0", "TEL;TYPE=WORK:+44 20 7946 0958"),
     ("4.0", 'TEL;VALUE=uri;TYPE="work,voice":tel:+44-20-7946-0958')],
)  # fmt: skip
def test_a_card_of_any_version_is_read(version, phone):
    text = card(
        "N:Berg;Ann;;;", "FN:Ann Berg", "ORG:Acme Ltd.;Bells", "TITLE:Director", phone,
        "TEL;TYPE=FAX:+44 20 7946 0959",
        "EMAIL:Ann@Acme.test", "item1.URL:http\\://acme.test",
        "ADR;TYPE=WORK:;;1 Hill Road;London;;NW1 6XE;UK",
        "PHOTO;ENCODING=b:AAAA", version=version,
    )  # fmt: skip

    assert vcards.of_leaves([leaf(text)]) == (
        Details(
            name="Ann Berg",
            title="Director",
            company="Acme Ltd.",
            phones=("+442079460958",),
            emails=("ann@acme.test",),
            links=("http://acme.test",),
            address="1 Hill Road, London, NW1 6XE, UK",
        ),
    )


def test_a_quoted_printable_name_of_outlook_is_decoded():
    text = card(
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ji=C5=99=C3=\r\n=AD Nov=C3=A1k", version="2.1"
    )

    assert vcards.of_leaves([leaf(text)])[0].name == "Jiří Novák"


def test_a_file_is_known_by_its_name_as_well():
    assert (
        len(vcards.of_leaves([leaf(card("FN:A"), content_type="application/x", filename="A.VCF")]))
        == 1
    )
    assert (
        vcards.of_leaves([leaf(card("FN:A"), content_type="application/x", filename="a.pdf")]) == ()
    )
    assert vcards.of_leaves([]) == ()


def test_twenty_cards_are_enough():
    assert len(vcards.of_leaves([leaf(card("FN:Ann") * 30)])) == vcards.MOST


def test_a_large_file_is_left_alone():
    assert vcards.of_leaves([leaf(card("FN:Ann") + "x" * vcards.LARGEST)]) == ()


def test_a_file_that_cannot_be_opened_tells_nothing():
    def broken() -> bytes:
        raise ReaderError("broken")

    assert vcards.of_leaves([leaf(card("FN:Ann"))._replace(content=broken)]) == ()


def test_a_letter_hands_over_its_cards():
    raw = multipart(
        "multipart/mixed",
        "Content-Type: text/plain\r\n\r\nHere it is.",
        f"Content-Type: text/x-vcard; name=ann.vcf\r\n\r\n{card('FN:Ann Berg')}",
    )

    assert read(raw).meaning.cards == (Details(name="Ann Berg"),)


@given(st.lists(st.sampled_from([*'\r\n :;=,.\\"\0', "FN", "N", "TEL", "ADR", "ORG",
"BEGIN:VCARD\r\n", "END:VCARD\r\n",
                                 "=C3", ";TYPE=", ";ENCODING=b", "QUOTED-PRINTABLE", "VERSION:",
                                 "+1"])))  # fmt: skip
def test_odd_cards_do_no_harm(pieces):
    for told in vcards.of_leaves([leaf(card("".join(pieces)))]):
        str(told).encode()


@pytest.mark.parametrize(
    "line",
    ["TEL;" + "A=B;" * 50_000 + ":1", "FN:" + "a" * 200_000, "N:" + ";" * 100_000, "FN:a" + "\r\n b"
    * 60_000,
     "ADR:" + "\\," * 50_000, "TEL" + ";a" * 90 + ":1", "BEGIN:VCARD\r\n" * 15_000,
     "EMAIL:a@b\r\n" * 20_000],
)  # fmt: skip
def test_a_hostile_card_takes_no_time(line):
    vcards.of_leaves([leaf(card("TEL:+442079460958"))])
    began = time.process_time()

    vcards.of_leaves([leaf(card(line))])

    assert time.process_time() - began < 0.5
