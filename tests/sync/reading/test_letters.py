"""One letter from its bytes to its values."""

import dataclasses
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from crm.mail import identity
from crm.mail.letter import Kind, LeftPart, Letter, Role
from sync.errors import UnreadableMessageError
from sync.reading import quoting, read, read_head
from tests.sync.reading.samples import LETTERS, letter, multipart, sample

#: Pieces that make random bytes look like mail, so that chance gets past the door.
SHARDS = st.sampled_from(
    [
        b"From: a@b.test\n",
        b"From: =?utf-8?Q?=00=FF?= <a@b.test>\n",
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\x00",
        b"Content-Type: multipart/mixed; boundary=b\n",
        b"--b\n",
        b"--b--\n",
        b"\xff\xfe",
        b"Content-Type: text/html; charset=x\n",
        b"Content-Type: text/plain; charset=utf-16\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"Content-Transfer-Encoding: x-uuencode\n",
        b"begin 644 a\n#0V%T\nend\n",
        b"=C5=99=",
        b"QUJD",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: multipart/digest; boundary=b\n",
        b"Content-Type: message/delivery-status\n",
        b"Date: 1 Jan 0001 00:00:00 -2400\n",
        b"Subject: \xed\xa0\x80\n",
        b'To: "a, (b\\\n',
        b"Cc: g: a@b, <c@d;\n",
        b'<div><p a=">">',
        b"> q\n",
        b"Content-Disposition: attachment; filename*0*=utf-8''%ff; filename*2=x\n",
        b"On 1 a@b wrote:\n",
        b"References: <a@b> <\n",
        b"Content-Type: text/plain; charset=idna; format=flowed\n",
        b" a \n",
        b"Content-ID: <\x01>\n",
        b"Message-ID: <" + b"a" * 2100 + b">\n",
        b"Content-Type: \n",
    ]
)


def texts(found: Letter) -> list[str]:
    out = [found.message_id, found.date_text, found.subject, found.kind_reason, found.text]
    out += [found.new_text, found.html, *found.references, *found.notes]
    out += [text for part in found.parts for text in (part.filename, part.content_id)]
    out += [part.content_type + part.section for part in found.parts]
    return out + [text for p in found.parties for text in (p.address.email, p.address.name)]


def assert_storable(raw: bytes) -> None:
    try:
        found = read(raw)
    except UnreadableMessageError as error:
        if error.__cause__ is not None:
            raise  # It is a fault of ours.
        return
    for text in texts(found):
        assert "\x00" not in text
        text.encode()
    assert found.headprint == read_head(raw).headprint
    assert found == read(raw)


@given(st.binary(max_size=400))
def test_any_bytes_become_a_letter_or_are_unreadable(raw):
    assert_storable(raw)


@given(st.lists(st.one_of(SHARDS, st.binary(max_size=12)), max_size=25).map(b"".join))
def test_any_shards_of_mail_become_a_letter_or_are_unreadable(raw):
    assert_storable(raw)


@pytest.mark.parametrize("path", sorted(LETTERS.glob("*.eml")), ids=lambda path: path.stem)
def test_every_sample_is_read_and_storable(path):
    assert_storable(path.read_bytes())


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n\n  \x00\n"])
def test_nothing_is_unreadable(raw):
    with pytest.raises(UnreadableMessageError, match="the message is empty"):
        read(raw)


def test_a_fault_of_ours_is_the_cause_of_an_unreadable_letter(monkeypatch):
    def broken(*_given, **_more):
        return ""[0]

    monkeypatch.setattr(quoting, "split", broken)

    with pytest.raises(UnreadableMessageError, match="a fault of ours while the") as caught:
        read(letter("From: a@b.test"))

    assert isinstance(caught.value.__cause__, IndexError)


def test_a_reply_of_gmail_is_read_whole():
    raw = sample("reply-with-attribution-on-two-lines-gmail")

    found = read(raw)

    assert found.digest == hashlib.sha256(raw).digest()
    assert found.size == len(raw)
    assert found.message_id == "CA+reply1@mail.acme.test"
    assert found.references == ("first@acme.test", "offer1@inlay.test")
    assert found.sent_at == datetime(2025, 5, 6, 7, 14, tzinfo=UTC)
    assert found.date_text == "Tue, 6 May 2025 09:14:00 +0200"
    assert found.subject == "Re: Offer for 12 licences"
    assert [(p.role, p.address.email, p.address.name) for p in found.parties] == [
        (Role.FROM, "ann@acme.test", "Ann Novak"),
        (Role.TO, "bo@inlay.test", "Bo Berg"),
    ]
    assert found.author == Address("ann@acme.test")
    assert (found.kind, found.kind_reason, found.automatic) == (Kind.PERSON, "", False)
    assert "> here is the offer, as promised." in found.text
    assert found.new_text == (
        "Hi Bo,\n\n12 licences are fine. Could you lower the price for the second year?\n\nAnn"
    )
    assert found.html.startswith('<div dir="ltr">')
    assert (found.whole, found.reader, found.notes) == (True, "fast", ())


def test_the_fingerprint_is_of_text_and_sizes_and_not_of_the_way():
    raw = sample("forwarded-as-an-attachment-with-an-attachment")

    there = read(raw)
    here = read(b"Received: from mx\r\n" + raw)
    unix = read(raw.replace(b"\r\n", b"\n"))

    assert there.fingerprint == here.fingerprint == unix.fingerprint
    assert there.headprint == here.headprint == unix.headprint
    assert there.digest != here.digest


def test_the_values_of_identity_are_those_of_the_rule():
    found = read(letter("From: A@Acme.test", "Subject: s", "Message-ID: <i@x>"))

    head = "a@acme.test", None, "", "s", "i@x"
    assert found.headprint == identity.headprint(*head)
    assert found.fingerprint == identity.fingerprint(*head, "hello", ())


def test_parts_that_were_left_on_the_server_are_parts():
    raw = multipart("multipart/mixed", "Content-Type: text/plain\r\n\r\nhello")
    left = LeftPart("2", "Application/PDF", "../offer.pdf", 78_000, "BASE64", "<c@x>", inline=True)

    found = read(raw, left=[left], size=99_000)

    assert (found.size, found.whole, found.text) == (99_000, False, "hello")
    (part,) = found.parts
    assert (part.section, part.filename, part.content_type) == ("2", "offer.pdf", "application/pdf")
    assert (part.content_id, part.inline, part.size) == ("c@x", True, 57_000)


def test_a_long_text_is_cut_and_says_so():
    found = read(letter("From: a@acme.test", "Content-Type: text/plain", body="ž" * 800_000))

    assert len(found.text.encode()) == 1_000_000
    assert not found.whole


def test_two_froms_and_a_missing_date_are_noted():
    found = read(letter("From: a@acme.test", "From: b@acme.test"))

    assert found.notes == ("two From headers", "no Date")
    assert [p.address.email for p in found.parties] == ["a@acme.test"]


def test_a_letter_without_anybody_has_no_author():
    found = read(letter("From: Ann", "To: bo@acme.test"))

    assert found.author is None
    assert "no address in From" in found.notes


def test_a_letter_is_frozen():
    found = read(letter("From: a@acme.test"))

    with pytest.raises(dataclasses.FrozenInstanceError):
        found.subject = "other"
