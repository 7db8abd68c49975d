"""Files in a text, as mail had them before MIME."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import extract, read, uuencoded
from tests.sync.reading.samples import letter, sample


def encoded(content: bytes, name: str = "a.bin", *, stripped: bool = False) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    if stripped:
        lines = [line.rstrip() + b"\n" for line in lines]
    return b"begin 644 %s\n%s`\nend\n" % (name.encode(), b"".join(lines))


@given(st.binary(min_size=1, max_size=500), st.binary(max_size=100))
def test_what_is_encoded_is_found_again(content, before):
    before = before.replace(b"begin", b"") + b"\n"

    rest, files = uuencoded.split(before + encoded(content) + b"after")

    assert rest == before + b"after"
    assert [(file.name, file.size, file.content()) for file in files] == [
        (b"a.bin", len(content), content)
    ]


def test_spaces_that_were_lost_at_the_ends_of_lines_are_zeros():
    content = b"abc" * 14 + b"\0\0\0"

    assert uuencoded.split(encoded(content, stripped=True))[1][0].content() == content


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 times and never end.\n",
        b"We begin 644 a\n",
        b"begin 644 a\nHello, this is a line.\nend\n",
        b"begin 644 a\n`\nend\n",
        b"> begin 644 a\n> #0V%T\n> `\n> end\n",
    ],
)
def test_a_text_without_a_file_stays_as_it_is(text):
    assert uuencoded.split(text) == (text, ())


@given(st.binary(max_size=300))
def test_nothing_is_lost_without_a_file(text):
    rest, files = uuencoded.split(b"begin 644 x\n" + text)

    assert files or rest == b"begin 644 x\n" + text


def test_a_letter_of_outlook_shows_its_file_as_a_part():
    raw = sample("file-uuencoded-in-the-text-outlook")

    found = read(raw)

    assert [(p.section, p.filename, p.content_type, p.size) for p in found.parts] == [
        ("1/uu1", "prices.txt", "text/plain", 15)
    ]
    assert found.new_text.split() == ["The", "prices", "are", "attached.", "--", "Ann"]
    assert b"".join(extract(raw, "1/uu1")).startswith(b"Nails")


def test_a_hundred_files_are_the_most():
    raw = letter("From: a@acme.test", "X-MimeOLE: 5", body=encoded(b"x").decode() * 150)

    assert len(read(raw).parts) == uuencoded.MOST


def test_elsewhere_such_a_block_is_what_somebody_wrote():
    found = read(letter("From: a@acme.test", body="See:\r\n" + encoded(b"x").decode()))

    assert found.parts == ()
    assert "begin 644 a.bin" in found.text
