"""Parts with the sections that IMAP gives them."""

import base64

import pytest

from crm.mail.letter import Part
from sync.reading import attachments, extract, read
from tests.sync.reading.samples import letter, multipart, sample

PDF = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"


def test_sections_are_those_of_imap():
    found = read(sample("forwarded-as-an-attachment-with-an-attachment"))

    # RFC 3501, section 6.4.5: the multipart inside of message/rfc822 has no number of its own.
    assert [(part.section, part.content_type, part.filename) for part in found.parts] == [
        ("1.2", "image/png", "logo.png"),
        ("2", "message/rfc822", "The contract.eml"),
        ("2.2", "application/pdf", "contract.pdf"),
        ("3", "application/vnd.ms-excel", "Přehled 2025.xls"),
    ]


def test_an_inline_image_says_so_and_has_its_id():
    image = read(sample("forwarded-as-an-attachment-with-an-attachment")).parts[0]

    assert image == Part("1.2", "logo.png", "image/png", 9, "logo@acme", inline=True)


def test_a_message_that_is_one_file_has_part_one():
    raw = letter("From: a@acme.test", "Content-Type: application/pdf", body="%PDF")

    assert [(part.section, part.content_type) for part in read(raw).parts] == [
        ("1", "application/pdf")
    ]


def test_the_file_in_an_enclosed_simple_message_has_one_number_more():
    inner = "From: b@acme.test\r\nContent-Type: image/png\r\n\r\npng"

    raw = letter("From: a@acme.test", "Content-Type: message/rfc822", body=inner)

    assert [part.section for part in read(raw).parts] == ["1", "1.1"]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("width", [60, 76])
@pytest.mark.parametrize("size", [1, 56, 57, 58, 570, 9999])
def test_the_size_is_known_without_decoding(size, width, end):
    encoded = base64.b64encode(b"x" * size).decode()
    lines = end.join(encoded[at : at + width] for at in range(0, len(encoded), width))
    raw = multipart("multipart/mixed", PDF + lines + end).replace(b"\r\n", end.encode())

    (part,) = read(raw).parts

    assert size <= part.size <= size + 2  # Base64's padding is not looked for.
    assert sum(map(len, extract(raw, "1"))) == size


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=a.pdf", "a.pdf"),
        ('attachment; filename="=?utf-8?Q?=C5=99.pdf?="', "ř.pdf"),
        ("attachment; filename*=utf-8''%C5%99.pdf", "ř.pdf"),
        ("attachment; filename=a.pdf; filename*=UTF-8''%C5%99.pdf", "ř.pdf"),
        ("attachment; filename*=UTF-8''%C5%99.pdf; filename=a.pdf", "ř.pdf"),
        ("attachment; filename*=''%C5%99.pdf", "ř.pdf"),
        ("attachment; filename*=iso-8859-2'cs'%F8.pdf; filename=a.pdf", "ř.pdf"),
        ("attachment; filename=\"a.exe\"; x-filename*=utf-8''b.pdf", "a.exe"),
        ("attachment; filename=\"x filename*=utf-8''b.pdf\"; size=1", "x filename*=utf-8''b.pdf"),
        ("attachment; filename=a.pdf; filename*=utf-8''%3D%3Futf-8%3FQ%3Fb%3F%3D", "a.pdf"),
        ("attachment; filename*=utf-8''a.pdf%C2%AD%E2%80%8B%E3%85%A4%E2%A0%80.exe", "a.pdf .exe"),
        ("attachment; filename*0*=utf-8''%C5%99; filename*1=.pdf", "ř.pdf"),
        ('attachment; filename="ř.pdf"', "ř.pdf"),
        ('attachment; filename="../../x/a.pdf"', "a.pdf"),
        ("attachment; filename*=utf-8''a%00%E2%80%AEfdp.exe", "afdp.exe"),
        ("attachment", ""),
    ],
)
def test_filenames_are_read_and_made_safe(disposition, name):
    part = f"Content-Type: application/pdf\r\nContent-Disposition: {disposition}\r\n\r\nx"

    assert [part.filename for part in read(multipart("multipart/mixed", part)).parts] == [name]


def test_parts_beyond_a_thousand_are_counted():
    found = read(multipart("multipart/mixed", *(f"{PDF}AAAA" for _ in range(1500))))

    assert (len(found.parts), found.more_parts, found.whole) == (attachments.MOST, 500, False)


def test_no_leaves_are_no_parts():
    assert attachments.parts_of(b"", ()) == ((), 0)


def test_a_name_that_is_an_encoded_word_is_decoded():
    file = "Content-Disposition: attachment; filename==?utf-8?B?UMWZZWhsZWQucGRm?=\r\n\r\nx"

    assert [part.filename for part in read(multipart("multipart/mixed", file)).parts] == [
        "Přehled.pdf"
    ]


@pytest.mark.parametrize(
    ("disposition", "subject", "name"),
    [
        ("attachment", "Subject: Offer 7/2025\r\n", "Offer 7 2025.eml"),
        ("attachment", "Subject: AC\\DC live\r\n", "AC DC live.eml"),
        ("attachment", "Subject: =?utf-8?q?P=C5=99ehled?=\r\n", "Přehled.eml"),
        ("attachment; filename=offer.eml", "Subject: Order\r\n", "offer.eml"),
        ("attachment", "", ""),
        ("inline", "Subject: Offer\r\n", ""),  # It is read, and not opened.
    ],
)
def test_a_letter_that_is_attached_without_a_name_bears_its_subject(disposition, subject, name):
    head = f"Content-Type: message/rfc822\r\nContent-Disposition: {disposition}\r\n\r\n"
    inside = f"From: b@acme.test\r\n{subject}\r\nHello\r\n"

    [part] = read(multipart("multipart/mixed", head + inside)).parts

    assert part.filename == name
