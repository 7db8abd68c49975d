"""A header field is one field, whatever stands in its value; and it reads as it was written."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from sync.writing import heads

#: What somebody may try to put into a field: all of Unicode, and more line ends than chance has.
NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\0\x0b\x0c\x1c\x85\u2028\u2029 \t:,;<>"\\=?'))
)


def field(raw: bytes) -> str:
    """Read the one field there is."""
    read = message_from_bytes(raw + b"\r\n", policy=policy.default)
    assert len(read.keys()) == 1
    return str(read[read.keys()[0]])


def assert_one_field(raw: bytes, name: str) -> None:
    lines = raw.split(b"\r\n")
    assert lines.pop() == b""
    assert lines[0].startswith(f"{name}:".encode())
    assert all(line[:1] in (b" ", b"\t") and line.strip() for line in lines[1:])
    assert all(len(line) <= 998 for line in lines)
    assert not any(sign in line for line in lines for sign in (b"\r", b"\n", b"\0"))


@given(NASTY)
def test_no_subject_makes_a_second_field(value):
    raw = heads.text_field("Subject", value)

    assert_one_field(raw, "Subject")
    assert raw.isascii()
    assert message_from_bytes(raw + b"\r\nbody").keys() == ["Subject"]


@given(NASTY, NASTY)
def test_no_name_makes_a_second_field_or_a_second_recipient(one, two):
    people = [Address("jana@severka.test", one), Address("bo@halden.test", two)]

    raw = heads.addresses_field("To", people)

    assert_one_field(raw, "To")
    read = message_from_bytes(raw + b"\r\n", policy=policy.default)
    assert [a.addr_spec for a in read["To"].addresses] == [a.email for a in people]


@given(NASTY)
def test_no_file_name_makes_a_second_field(value):
    raw = heads.fold("Content-Disposition:", ["attachment;", *heads.parameter("filename", value)])

    assert_one_field(raw, "Content-Disposition")


@given(st.lists(st.one_of(NASTY, st.just("a@b.test")), max_size=150))
def test_no_message_id_makes_a_second_field(values):
    raw = heads.ids_field("References", values)

    assert raw == b"" or raw.count(b"\r\n ") + 1 == raw.count(b"\r\n")
    if raw:
        assert_one_field(raw, "References")
        assert raw.count(b"<") <= heads.REFERENCES


@pytest.mark.parametrize("name", ["20261123.abc123", "a@b@c", "x"])
def test_an_id_is_named_as_its_program_has_written_it(name):
    assert heads.ids_field("In-Reply-To", [name]) == f"In-Reply-To: <{name}>\r\n".encode()


@pytest.mark.parametrize("name", ["", "a b@c", "<a@b", "a@b>", "a@b\n", "ž@b"])
def test_what_is_no_id_is_left_out(name):
    assert heads.ids_field("In-Reply-To", [name]) == b""


@pytest.mark.parametrize(
    "subject",
    [
        "Hello",
        "Žluťoučký kůň úpěl ďábelské ódy, a to velmi dlouho a ještě jednou až do konce řádky",
        "سلام، پیشنهاد شما رسید",
        "Предложение по этикеткам",
        "=?utf-8?Q?not_encoded?=",
        "🎉" * 60,
        "a" * 500,
    ],
)
def test_a_subject_reads_as_it_was_written(subject):
    assert field(heads.text_field("Subject", subject)) == subject


@pytest.mark.parametrize("name", ["Jana", "Nováková, Jana", 'Jana "J" N.', "یانا", "J. <x>"])
def test_a_name_reads_as_it_was_written(name):
    raw = heads.addresses_field("To", [Address("jana@severka.test", name)])

    [read] = message_from_bytes(raw + b"\r\n", policy=policy.default)["To"].addresses
    assert (read.display_name, read.addr_spec) == (name, "jana@severka.test")


@pytest.mark.parametrize("name", ["offer.pdf", "nabídka č. 5.pdf", "п" * 100, 'a"b\\c.txt'])
def test_a_file_name_reads_as_it_was_written(name):
    words = heads.parameter("filename", name)
    pieces = ["attachment;", *[f"{word};" for word in words[:-1]], words[-1]]

    raw = heads.fold("Content-Disposition:", pieces)

    assert message_from_bytes(raw + b"\r\n", policy=policy.default).get_filename() == name


def test_a_domain_of_other_letters_is_written_in_ascii():
    assert heads.mailbox(Address("jana@úžlabina.cz")) == "jana@xn--labina-oya07h.cz"
    assert heads.mailbox(Address("jana(x)@severka.test")) == '"jana(x)"@severka.test'


@pytest.mark.parametrize("local", ["team:ü", "ü(x)", "ü,b", "ü]", "a..ü"])
def test_what_means_something_in_a_head_is_quoted_beside_other_letters_too(local):
    assert heads.mailbox(Address(f"{local}@severka.test")) == f'"{local}"@severka.test'
    assert heads.mailbox(Address("jü.ná@severka.test")) == "jü.ná@severka.test"


def test_of_many_references_the_first_and_the_newest_stay():
    raw = heads.ids_field("References", [f"{n}@halden.test" for n in range(500)])

    words = raw.decode().split()[1:]
    assert (len(words), words[0], words[-1]) == (100, "<0@halden.test>", "<499@halden.test>")
