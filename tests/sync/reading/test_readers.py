"""Which reader is believed, and why."""

import time

import pytest

from sync.errors import UnreadableMessageError
from sync.reading import fast, headers, read, readers, second, standard
from sync.reading.mime import ReaderError
from tests.sync.reading import hostile
from tests.sync.reading.samples import LETTERS, letter, multipart, sample

#: What hands a letter over to the second reader, with a letter that does.
HANDED_OVER = [
    ("a broken encoding", sample("base64-text-cut-off")),
    ("no part in a multipart", multipart("multipart/mixed").replace(b"--b--", b"hello")),
    ("a digest", multipart("multipart/digest", "\r\nFrom: b@acme.test\r\n\r\nhello")),
    (
        "unknown charset",
        letter("From: a@acme.test", "Content-Type: text/plain; charset=klingon", body="P\xf8i"),
    ),
    (
        "bytes that are not of the charset",
        letter(
            "From: a@acme.test",
            "Content-Type: text/plain; charset=utf-8",
            body="žluťoučký \udcff kůň",
        ),
    ),
    (
        "uuencoded",
        letter(
            "From: a@acme.test",
            "Content-Type: text/plain",
            "Content-Transfer-Encoding: x-uuencode",
            body="begin 644 a\r\n#0V%T\r\n`\r\nend",
        ),
    ),
]


@pytest.mark.parametrize(("reason", "raw"), HANDED_OVER, ids=lambda value: str(value)[:40])
def test_a_doubt_of_the_first_reader_calls_the_second(reason, raw):
    found = read(raw)

    assert found.reader == "second"
    assert f"fast reader: {reason}" in found.notes


def test_the_second_reader_saves_the_text_of_what_the_first_cannot_decode():
    assert read(sample("base64-text-cut-off")).text.startswith("Dobrý den, posílám podepsanou")


def test_the_second_reader_finds_the_messages_of_a_digest():
    raw = multipart("multipart/digest", "\r\nFrom: b@acme.test\r\n\r\nhello")

    assert [(p.section, p.content_type) for p in read(raw).parts] == [("1", "message/rfc822")]


def test_the_standard_reader_reads_what_is_too_large_for_the_second():
    body = "QUJD" * 400_000 + "!"
    raw = letter("From: a@acme.test", "Content-Transfer-Encoding: base64", body=body)

    found = read(raw)

    assert found.reader == "standard"
    assert found.notes[-2:] == (
        "fast reader: a broken encoding",
        "second reader: too large for the second reader",
    )
    assert found.text.startswith("ABCABC")


def test_each_reader_finds_the_same_parts_in_a_sound_letter():
    raw = sample("forwarded-as-an-attachment-with-an-attachment")
    fields = readers.headers.scan(raw)

    trees = [reader.open_tree(raw, fields) for reader in readers.READERS]

    described = [
        [(leaf.section, leaf.content_type, leaf.filename, leaf.enclosed) for leaf in tree.leaves]
        for tree in trees
    ]
    assert described[0] == described[1] == described[2]
    assert [reader.open_tree for reader in readers.READERS] == [
        fast.open_tree,
        second.open_tree,
        standard.open_tree,
    ]


def test_a_message_that_all_refuse_for_its_size_is_read_at_its_beginning():
    raw = hostile.four_megabytes_of_folds_in_a_part()

    found = read(raw)

    assert "only the beginning was read" in found.notes
    assert not found.whole


def test_a_message_that_none_can_open_is_unreadable(monkeypatch):
    def refuse(raw, fields):
        raise ReaderError("no")

    refusing = tuple(reader._replace(open_tree=refuse) for reader in readers.READERS)
    monkeypatch.setattr(readers, "READERS", refusing)

    with pytest.raises(UnreadableMessageError, match="no reader can make sense"):
        read(letter("From: a@acme.test"))


@pytest.mark.parametrize(
    "before",
    ["From ann@acme.test Tue May  6 09:14:00 2025\n", ">From ann\n", "\r\n\r\n", "\ufeff"],
)
def test_what_stands_before_the_header_is_left_out(before):
    found = read(before.encode() + letter("From: a@acme.test", "Subject: s"))

    assert (found.subject, found.text) == ("s", "hello")


def test_lines_that_end_with_a_return_alone_are_lines():
    found = read(b"From: a@acme.test\rSubject: s\r\rone\rtwo")

    assert (found.subject, found.text) == ("s", "one\ntwo")


def test_a_line_in_the_header_that_is_no_field_ends_it_for_no_reader():
    raw = letter(
        "From: a@acme.test",
        "broken by a gateway",
        "Subject: s",
        "Content-Type: text/html",
        body="<p>x",
    )

    found = read(raw)

    assert (found.subject, found.text, found.html) == ("s", "x", "<p>x\r\n")
    assert "lines in the header that are no fields" in found.notes


def test_a_header_that_only_its_own_scanner_can_read_takes_nobody_in():
    """A reader would refuse the letter for a first line of blanks, or read on for a megabyte."""
    sound = letter("From: a@acme.test", "Content-Type: text/html", body="<p>Hi")

    for first in (b"   \r\n", b"   \r\nX-Traces: " + b"a" * readers.LARGEST_HEADER + b"\r\n"):
        found = read(first + sound)

        assert (found.reader, found.text, found.html) == ("fast", "Hi", "<p>Hi\r\n")


@pytest.mark.parametrize("name", sorted(path.stem for path in LETTERS.glob("*.eml")))
def test_a_letter_opens_the_same_with_its_whole_header(name, monkeypatch):
    tidy = readers.tidied(sample(name))
    fields = headers.scan(tidy)
    short = readers.open_message(tidy, fields)

    monkeypatch.setattr(readers, "_with_mime_fields", lambda raw, fields: (raw, fields))
    whole = readers.open_message(tidy, fields)

    # A reader would take for text what ours leaves out, or would refuse what ours can read.
    helped = fields.mended or (short.reader, whole.reader) == ("fast", "second")
    assert helped or seen(short) == seen(whole)


HELLO_YOU = "--x\r\n\r\nHello\r\n--x\r\n\r\nyou\r\n"
LONG_PARAMETERS = "; ".join(f"x{n}={'y' * 300}" for n in range(9))


def seen(opened):
    """Return what is seen of a message: its texts, and its parts with their sections."""
    body = opened.body
    return body.text, body.html, [(leaf.section, leaf.filename) for leaf in body.attachments]


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("multipart/mixed; boundary=x\r\nfoo", "--x\r\n\r\nHello\r\n--x--\r\n", "Hello"),
        ("multipart/mixed; boundary=x", f"{HELLO_YOU}--x--", "Hello\nyou"),
        ("multipart/alternative", "Hello you there\r\nand more\r\n\r\nmore", "Hello you there"),
        (
            f"multipart/mixed; {LONG_PARAMETERS}; boundary=x\r\n",
            "\r\n--x\r\n\r\nHello\r\n",
            "Hello",
        ),
    ],
    ids=["a line before it", "at once", "without boundary", "behind long parameters"],
)
def test_the_text_is_found_where_a_header_runs_into_it(head, body, text):
    raw = f"From: a@acme.test\r\nContent-Type: {head}\r\n{body}".encode()

    assert read(raw).text.startswith(text)


def test_where_two_fields_tell_the_type_the_readers_decide():
    raw = (
        b"From: a@acme.test\r\nContent-Type : text/html\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
        b"Content-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n"
    )
    found = read(raw)

    assert (found.text, [part.filename for part in found.parts]) == ("hi", ["a.pdf"])


def test_an_attached_letter_of_nothing_but_fields_takes_no_time():
    head = "Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n"
    raw = multipart("multipart/mixed", head + "a:\n" * 300_000)
    began = time.process_time()

    assert len(read(raw).parts) == 1
    assert time.process_time() - began < 2.0  # four times what it may take


def test_a_header_of_many_encoded_words_takes_no_reader_in_above_any_size():
    words = "=?utf-8?q?a?= " * 9_000

    found = read(letter(f"To: {words}", "From: a@acme.test", body="x\r\n" * 400_000))

    assert (found.reader, found.text[:3]) == ("fast", "x\nx")


def test_a_boundary_that_is_another_than_the_one_named_is_found():
    found = read(sample("multipart-whose-boundary-is-another"))

    assert (found.text, found.html.strip()) == (
        "The plain version.",
        "<p>The plain version.</p>",
    )


def test_a_boundary_that_is_not_named_is_found():
    raw = b"From: a@acme.test\nContent-Type: multipart/mixed\n\n--x\n\nhello\n--x--\n"

    assert read(raw).text == "hello"


def test_a_sender_with_a_space_before_the_colon_is_no_line_of_an_mbox():
    assert read(b"From : a@acme.test\nSubject : s\n\nhello").author is not None
