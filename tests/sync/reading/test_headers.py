"""Fields as they stand, and as text."""

import pytest

from sync import reading
from sync.reading import headers
from tests.sync.reading.samples import letter, sample


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("=?utf-8?Q?P=C5=99=C3=ADli=C5=A1?=", "Příliš"),
        ("=?UTF-8?B?xb5sdcWlb3XEjWvDvQ==?= x", "žluťoučký x"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?=  =?iso-8859-2?Q?=B9?=", "aš"),
        ("=?utf-8?Q?=C5?= =?utf-8?Q?=99?=", "ř"),  # A letter that is cut in two.
        ("=?utf-8*cs?Q?a?=", "a"),
        ("=?x-unknown?Q?=F8?=", "ø"),
        ("=?utf-8?B?a?=", "a"),
        ("a =?utf-8?Q?b c?= d", "a b c d"),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("caf\udce9", "café"),
    ],
)
def test_encoded_words_and_raw_bytes_become_text(value, text):
    assert headers.decoded(value) == text


def test_raw_bytes_follow_the_charset_of_the_body():
    fields = headers.scan(
        b"Subject: P\xf8\xedli\xb9\r\nContent-Type: text/plain; charset=iso-8859-2\r\n\r\n"
    )

    assert fields.text("subject", 100) == "Příliš"


def test_fields_are_unfolded_and_kept_in_order():
    raw = letter("To: a@x,", "\tb@x", "TO : c@x", "Subject: one", " two")

    fields = headers.scan(raw)

    assert fields.all("to") == [" a@x,\tb@x", " c@x"]
    assert fields.text("subject", 100) == "one two"
    assert raw[fields.body_at :] == b"hello\r\n"


def test_no_line_end_comes_out_of_an_encoded_word():
    fields = headers.scan(letter("Subject: A =?utf-8?Q?=0D=0ABcc:_x=00?= y"))

    assert fields.text("subject", 100) == "A Bcc: x y"


def test_a_header_of_too_many_fields_is_cut():
    raw = letter(*("To: a@x" for _ in range(headers.MOST_FIELDS + 5)))

    fields = headers.scan(raw)

    assert len(fields.all("to")) == headers.MOST_FIELDS
    assert fields.notes == ("header cut",)


def test_a_text_without_a_header_has_no_fields():
    fields = headers.scan(b"Hello,\nthis is no mail.\n")

    assert fields.values == {}


@pytest.mark.parametrize(
    ("field", "charset"),
    [
        ("text/plain; charset=utf-8", "utf-8"),
        ('text/plain; CHARSET="iso-8859-2"; format=flowed', "iso-8859-2"),
        ("text/plain; charset = koi8-r ; x=y", "koi8-r"),
        ("text/plain; charset=utf-8 (a comment)", "utf-8"),
        ("text/plain", ""),
        ("text/plain; charset", ""),
        ('text/plain; charset="', ""),
        ("text/plain charset=utf-8", "utf-8"),
        ('text/plain; name="my-charset=x.txt"; charset=utf-8', "utf-8"),
        ("text/plain; x-charset=latin1; charset=utf-8", "utf-8"),
        ("text/plain; x-charset=latin1", ""),
    ],
)
def test_a_parameter_is_found(field, charset):
    assert headers.parameter(field, "charset") == charset


def test_lines_that_a_gateway_unfolded_badly_do_not_end_the_header():
    found = reading.read(sample("header-unfolded-badly-kerio"))

    assert found.subject == "Contact from the web page"
    assert found.text == "Somebody wrote to you."


def test_a_sender_is_looked_for_further_down_than_anything_else():
    odd = "\r\n".join(f"odd {number}" for number in range(20))

    assert reading.read(letter("X-A: 1", odd, "From: a@acme.test", "Subject: s")).subject == "s"
    assert reading.read(letter("X-A: 1", "From: a@acme.test", odd, "Subject: s")).subject == ""


def test_what_looks_like_a_text_below_a_header_without_an_empty_line_is_the_text():
    found = reading.read(b"From: a@acme.test\nSubject: s\nHello Bo,\nhow are you?\n")

    assert (found.subject, found.text) == ("s", "Hello Bo,\nhow are you?")


def test_a_subject_in_bare_iso_2022_jp_is_read():
    raw = "From: a@acme.test\nSubject: 日本語\n\n日本語\n".encode("iso-2022-jp")

    assert (reading.read(raw).subject, reading.read(raw).text) == ("日本語", "日本語")
