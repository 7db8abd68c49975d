"""A letter is composed of what its author wrote, and of nothing that somebody slipped in."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from crm.mail.draft import File
from sync import reading
from sync.writing import compose
from tests.sync.sending import draft

TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n .=\t")))
BREAK = re.compile("\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    return BREAK.split(text.removesuffix("\n"))


def read(raw: bytes):
    return message_from_bytes(raw, policy=policy.default)


@given(TEXTS, TEXTS)
def test_no_line_is_too_long_and_none_ends_otherwise(text, subject):
    raw = compose(draft(text, subject=subject, html=f"<p>{text}</p>", files=(File("a", "b", b""),)))

    assert raw.isascii()
    assert b"\0" not in raw
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(TEXTS)
def test_a_text_reads_as_it_was_written(text):
    found = read(compose(draft(text))).get_content()

    assert lines_of(found) == lines_of(text) or lines_of(found)[:-1] == lines_of(text)


@given(st.binary(max_size=3000))
def test_a_file_reads_as_it_was_attached(body):
    raw = compose(draft(files=(File("a.bin", "application/octet-stream", body),)))

    [part] = read(raw).iter_attachments()
    assert part.get_payload(decode=True) == body


def test_the_same_draft_makes_the_same_bytes():
    one = draft("Žádost", html="<p>Žádost</p>", files=(File("a.txt", "text/plain", b"x"),))

    assert compose(one) == compose(one)


def test_html_stands_beside_the_text():
    raw = compose(draft("Text", html="<p>Text</p>"))

    assert [part.get_content_type() for part in read(raw).walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_a_blind_copy_stands_nowhere():
    raw = compose(draft(bcc=(Address("boss@halden.test", "The boss"),)))

    assert b"boss" not in raw
    assert read(raw)["Bcc"] is None


@pytest.mark.parametrize("kind", ["multipart/mixed", "message/rfc822", "text", "a/b\r\nBcc: x"])
def test_a_file_cannot_say_that_it_is_a_structure(kind):
    [part] = read(compose(draft(files=(File("a", kind, b"x"),)))).iter_attachments()

    assert part.get_content_type() == "application/octet-stream"


def test_what_we_write_we_read():
    written = draft(
        "Dobrý den,\n\nposílám nabídku.\n\n> Kolik to stojí?\n",
        subject="Re: Nabídka",
        html="<p>Dobrý den</p>",
        cc=(Address("bo@halden.test", "Bo"),),
        references=("first@severka.test", "second@severka.test"),
        files=(File("nabídka.pdf", "application/pdf", b"%PDF-1"),),
    )

    letter = reading.read(compose(written))

    assert letter.message_id == written.rfc_id
    assert letter.references == written.references
    assert letter.sent_at == written.at
    assert letter.subject == written.subject
    assert [p.address.email for p in letter.parties] == [
        "ana@halden.test",
        "jana@severka.test",
        "bo@halden.test",
    ]
    assert letter.text.startswith("Dobrý den,")
    assert [(part.filename, part.size) for part in letter.parts] == [("nabídka.pdf", 6)]
    assert not letter.automatic
