"""Which part is the text."""

import tracemalloc

import pytest

from sync.reading import read
from sync.reading.bodies import compose
from tests import make
from tests.sync.reading.samples import letter, multipart, sample

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"


def test_plain_text_is_preferred_among_alternatives():
    found = read(multipart("multipart/alternative", f"{PLAIN}plain", f"{HTML}<p>html</p>"))

    assert (found.text, found.html) == ("plain", "<p>html</p>")


def test_a_stub_is_no_text():
    found = read(sample("newsletter-whose-plain-text-says-nothing"))

    assert found.text == "Shoes 20 EUR\nHats 10 EUR\n\nUntil Friday only."


def test_plain_text_of_a_tenth_of_the_page_is_not_preferred():
    html = "<p>" + "all of it " * 50 + "</p>"

    assert read(multipart("multipart/alternative", f"{PLAIN}see", HTML + html)).text.startswith(
        "all"
    )


def test_empty_plain_text_is_no_text():
    assert (
        read(multipart("multipart/alternative", f"{PLAIN}\r\n", f"{HTML}<p>html</p>")).text
        == "html"
    )


def test_texts_that_are_no_alternatives_are_all_shown_in_order():
    raw = multipart("multipart/mixed", f"{PLAIN}one", f"{HTML}<p>two</p>", f"{PLAIN}three")

    assert read(raw).text == "one\ntwo\nthree"


def test_a_text_that_is_an_attachment_is_not_shown():
    attached = "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nfile"

    found = read(multipart("multipart/mixed", f"{PLAIN}text", attached))

    assert (found.text, [part.section for part in found.parts]) == ("text", ["2"])


def test_the_text_itself_may_have_a_name_and_a_later_one_is_a_file():
    named = 'Content-Type: text/plain; name="a.txt"\r\n\r\n'

    found = read(multipart("multipart/mixed", f"{named}text", f"{named}file"))

    assert [part.filename for part in found.parts] == ["a.txt"]
    assert (found.text, found.new_text) == ("text\n\nfile", "text")


def test_a_long_file_of_text_is_a_file_alone():
    named = 'Content-Type: text/plain; name="a.txt"\r\n\r\n'

    found = read(multipart("multipart/mixed", f"{PLAIN}text", named + "x\n" * 40_000))

    assert (found.text, [part.filename for part in found.parts]) == ("text", ["a.txt"])


def test_the_text_of_an_enclosed_message_is_not_shown():
    found = read(sample("forwarded-as-an-attachment-with-an-attachment"))

    assert found.text == "Look at this."


def test_utf_8_under_a_wrong_name_is_seen():
    assert read(sample("utf-8-that-calls-itself-latin-1")).text.startswith("Příliš žluťoučký kůň")


def test_a_flowed_text_is_joined():
    found = read(sample("answers-between-the-quotes-thunderbird"))

    assert "Twelve, and perhaps three more in autumn." in found.text


def test_nul_becomes_a_mark():
    assert read(letter("From: a@acme.test", body="a\x00b")).text == "a\ufffdb"


def test_a_message_without_leaves_has_no_text():
    assert compose(()).text == ""


def test_a_part_without_headers_is_text_to_its_first_line():
    raw = multipart("multipart/mixed", "\r\nNote: mind\r\n\r\nthe gap")

    assert read(raw).text == read(raw.replace(b"\r", b"")).text == "Note: mind\n\nthe gap"


def newsletter(end, newline="\r\n"):
    page = f"<p>{'all of it ' * 6}</p>{newline}" * 10_000
    return multipart("multipart/alternative", f"{PLAIN}see", HTML + page + end)


def test_a_page_that_is_too_long_is_not_whole():
    assert read(newsletter("<p>one</p>")).whole is False
    assert read(newsletter("")[:400_000]).whole is True


def test_letters_that_differ_where_no_more_is_read_are_not_the_same():
    one, other = newsletter("<p>one</p>"), newsletter("<p>other</p>")

    assert read(one).text == read(other).text
    assert read(one).fingerprint != read(other).fingerprint
    assert read(one).fingerprint == read(newsletter("\r\n<p>one</p>")).fingerprint


def test_a_text_of_nine_megabytes_is_read_in_little_memory():
    raw = make.raw(text="So we wrote on and on, line after line.\r\n" * 220_000)

    tracemalloc.start()
    found = read(raw)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert not found.whole
    assert most < 6 * len(raw)


def test_a_message_that_is_enclosed_inline_is_shown_and_is_nothing_new():
    found = read(sample("forwarded-inline-as-a-message"))

    assert found.text == "Please answer her.\n\nWhen do you cut roses?"
    assert found.new_text == "Please answer her."
    assert [part.content_type for part in found.parts] == ["message/rfc822"]


@pytest.mark.parametrize("kind", ["delivery-status", "global-delivery-status"])
def test_what_a_report_gives_back_is_not_shown(kind):
    report = multipart(
        "multipart/report",
        "\r\nIt failed.",
        f"Content-Type: message/{kind}\r\n\r\nAction: failed",
        "Content-Type: message/rfc822\r\n\r\nFrom: a@acme.test\r\n\r\nreturned",
    )

    assert read(report).text == "It failed."


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/x-unknown", "hello", "hello"),
        ("text/enriched", "<bold>hello</bold> <lt>you<nl>", "hello <you"),
        ("text/richtext", "one<nl>two", "one\ntwo"),
        ("text/calendar", "BEGIN:VCALENDAR", ""),
        ("text/csv", "a,b", ""),
    ],
)
def test_a_text_of_another_kind_is_read_where_it_is_no_file(kind, body, text):
    raw = multipart("multipart/mixed", f"Content-Type: {kind}\r\n\r\n{body}")

    assert read(raw).text == text
    assert [part.content_type for part in read(raw).parts] == ([] if text else [kind])


def test_a_plain_part_of_links_alone_gives_way_to_the_page():
    said = "<p>" + "Our offer of this spring is here for you. " * 20
    plain = "HTML version:\r\n\r\nhttps://acme.test/" + "a" * 150
    raw = multipart(
        "multipart/alternative",
        f"Content-Type: text/plain\r\n\r\n{plain}",
        f"Content-Type: text/html\r\n\r\n{said}",
    )

    assert read(raw).text.startswith("Our offer of this spring")


def test_an_enclosed_message_has_the_room_that_the_letter_leaves():
    inner = "Content-Type: message/rfc822\r\n\r\nFrom: b@acme.test\r\n\r\n" + "y" * 600_000

    found = [
        read(multipart("multipart/mixed", f"\r\n{'x' * size}", inner))
        for size in (600_000, 1_200_000)
    ]

    assert [len(letter.text) for letter in found] == [1_000_000, 1_000_000]
    assert "y" not in found[1].text
    assert not any(letter.whole for letter in found)
