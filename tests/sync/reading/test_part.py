"""One part, decoded."""

import base64

import pytest

from sync.errors import UnreadableMessageError
from sync.reading import PartNotFoundError, extract, part, read
from tests.sync.reading.samples import letter, multipart, sample


def test_every_part_of_a_letter_can_be_taken_out():
    raw = sample("forwarded-as-an-attachment-with-an-attachment")

    found = {one.section: b"".join(extract(raw, one.section)) for one in read(raw).parts}

    assert found["1.2"] == b"\x89PNG\r\n\x1a\n"
    assert found["2.2"] == b"%PDF-1.4 " + bytes(range(256)) * 3
    assert found["2"].startswith(b"From: Cy <cy@acme.test>\r\n")


def test_the_text_is_a_part_as_well():
    assert b"".join(extract(letter("From: a@acme.test"), "1")).strip() == b"hello"


def test_pieces_are_small():
    body = base64.encodebytes(b"x" * 200_000).decode()
    raw = letter("From: a@acme.test", "Content-Transfer-Encoding: base64", body=body)

    pieces = list(extract(raw, "1"))

    assert [len(piece) for piece in pieces] == [65_536, 65_536, 65_536, 3392]
    assert max(map(len, pieces)) == part.PIECE


@pytest.mark.parametrize("section", ["9", "", "1.1", "TEXT", "1.MIME"])
def test_a_section_that_is_not_there_is_said(section):
    with pytest.raises(PartNotFoundError):
        extract(sample("invitation-from-a-person"), section)


def test_damaged_base64_gives_what_is_there():
    file = (
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD!REVG\r\nR"
    )

    assert b"".join(extract(multipart("multipart/mixed", file), "1")) == b"ABCDEF"


def test_nothing_has_no_parts():
    with pytest.raises(UnreadableMessageError):
        extract(b"", "1")
