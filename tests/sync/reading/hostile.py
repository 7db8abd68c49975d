"""Letters that nobody writes but somebody sends: each made here, none taken from anywhere."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def letter(content_type: str = "text/plain", body: bytes = b"hello\n", more: bytes = b"") -> bytes:
    head = b"From: Ann <ann@acme.test>\nTo: bo@acme.test\nSubject: s\nMIME-Version: 1.0\n"
    return head + more + b"Content-Type: " + content_type.encode() + b"\n\n" + body


def html(body: str) -> bytes:
    return letter("text/html; charset=utf-8", body.encode())


MIXED = 'multipart/mixed; boundary="b"'
FILE = (
    b"--b\nContent-Type: application/pdf; name=a%d.pdf\nContent-Transfer-Encoding: base64\n\nAAAA\n"
)


def ten_thousand_parts() -> bytes:
    return letter(MIXED, b"".join(FILE % n for n in range(10_000)) + b"--b--\n")


def ten_thousand_texts() -> bytes:
    return letter(MIXED, b"--b\n\nhello\n" * 10_000 + b"--b--\n")


def multiparts_1000_deep() -> bytes:
    nested = b'--b%d\nContent-Type: multipart/mixed; boundary="b%d"\n\n'
    body = b"".join(nested % (n, n + 1) for n in range(1000)) + b"--b1000\n\nhello\n--b1000--\n"
    return letter('multipart/mixed; boundary="b0"', body)


def multiparts_90_deep_with_many_lines() -> bytes:
    nested = b'--b%d\nContent-Type: multipart/mixed; boundary="b%d"\n\n'
    body = b"".join(nested % (n, n + 1) for n in range(90)) + b"--b90\n\n" + b"--\n" * 500_000
    return letter('multipart/mixed; boundary="b0"', body)


def multiparts_250_deep_broken_with_many_lines() -> bytes:
    return multiparts_1000_deep() + b"--\n" * 500_000


def messages_1000_deep() -> bytes:
    return letter("message/rfc822", b"Content-Type: message/rfc822\n\n" * 1000 + b"From: x@y\n\nx")


def messages_in_base64_30_deep() -> bytes:
    inner = b"From: a@b.test\n\nhello\n"
    for _ in range(20):
        inner = (
            b"From: a@b.test\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(inner)
        )
    return inner


def twenty_thousand_fields() -> bytes:
    return letter(more=b"".join(b"X-H%d: v\n" % n for n in range(30_000)))


def twenty_thousand_subjects() -> bytes:
    return letter(more=b"Subject: again\n" * 20_000)


def fifty_thousand_recipients() -> bytes:
    people = b",\n ".join(b"Name %d <u%d@example.org>" % (n, n) for n in range(50_000))
    return letter(more=b"To: " + people + b"\n")


def thousand_recipient_fields() -> bytes:
    return letter(more=b"".join(b"Cc: u%d@example.org\n" % n for n in range(20_000)))


def one_megabyte_of_open_quotes() -> bytes:
    return letter(more=b"Cc: " + b'"\\' * 500_000 + b"\n")


def one_megabyte_of_parentheses() -> bytes:
    return letter(more=b"Cc: " + b"(" * 500_000 + b"a@b.test" + b")" * 500_000 + b"\n")


def one_megabyte_of_angles() -> bytes:
    return letter(more=b"Cc: " + b"<" * 1_000_000 + b"\n")


def one_megabyte_header() -> bytes:
    return letter(more=b"X-L: " + b"a" * (2 << 20) + b"\n")


def one_megabyte_of_folds() -> bytes:
    return letter(more=b"References: <a@b>" + b"\n " * 500_000 + b"\n")


def four_megabytes_of_folds_in_a_part() -> bytes:
    return letter(MIXED, b"--b\nX-A: a" + b"\n " * 2_000_000 + b"\n\nhello\n--b--\n")


def one_megabyte_of_encoded_words() -> bytes:
    return letter(more=b"Cc: " + b"=?utf-8?Q?=41?= " * 62_500 + b"\n")


def one_megabyte_of_half_encoded_words() -> bytes:
    return letter(more=b"Keywords: " + b"=?" * 500_000 + b"\n")


def one_megabyte_of_encoded_words_in_a_body() -> bytes:
    return letter(body=b"=?utf-8?Q?=41?=\n" * 62_500)


def uuencoded_beginnings() -> bytes:
    return letter(body=b"begin 644 x\n" * 80_000)


def uuencoded_spaces() -> bytes:
    return letter(body=b"begin 644 x\nM" + b" " * 61 + b"\n" + b"\n" * 900_000)


def uuencoded_names() -> bytes:
    return letter(body=(b"begin 644 " + b" " * 300 + b"\n") * 3_000)


def tnef_attributes() -> bytes:
    return letter(
        "application/ms-tnef", struct.pack("<IH", 0x223E9F78, 1) + b"\1" + b"\0" * (1 << 20)
    )


def tnef_properties() -> bytes:
    value = b"\xff\xff\xff\xff" + b"\x1f\x10\0\x30\xff\xff\xff\xff" * 100_000
    head = struct.pack("<IHBII", 0x223E9F78, 1, 1, 0x00069003, len(value))
    return letter("application/ms-tnef", head + value)


def tnef_files() -> bytes:
    one = struct.pack("<BII", 2, 0x00069002, 0) + b"\0\0"
    return letter("application/ms-tnef", struct.pack("<IH", 0x223E9F78, 1) + one * 90_000)


def cms_that_never_ends() -> bytes:
    return letter("application/pkcs7-mime", b"\x30\x80" * 500_000)


def cms_in_pieces() -> bytes:
    head = bytes.fromhex(
        "30800609 2a864886f70d010702 a0803080 020101 3100 3080 0609 2a864886f70d010701"
    )
    return letter("application/pkcs7-mime", head + b"\xa0\x80\x24\x80" + b"\x04\x01a" * 300_000)


def pgp_beginnings() -> bytes:
    return letter(body=b"-----BEGIN PGP SIGNED MESSAGE-----\n" * 28_000)


def markup_in_enriched_text() -> bytes:
    return letter("text/enriched", b"<" * 500_000 + b"<a" * 250_000)


def lines_that_are_no_fields() -> bytes:
    return b"X-A: 1\n" + b"odd\nX-B: 2\n" * 100_000 + b"\n\nx"


def boundaries_that_are_others() -> bytes:
    lines = b"".join(b"--%d\n" % n for n in range(150_000))
    return letter('multipart/mixed; boundary="none"', lines)


def local_senders() -> bytes:
    return b"From: " + b"a" * 250 + b"<" * 20 + b"\n" + b"To: " + b'"' * 290 + b"\n\nx"


def encoded_words_in_a_part() -> bytes:
    part = b"--b\nContent-Description: " + b"=?utf-8?Q?=41?= " * 62_500 + b"\n\nhello\n--b--\n"
    return letter(MIXED, part)


def encoded_words_in_a_subject() -> bytes:
    return letter(more=b"Subject: " + b"=?utf-8?Q?=41?= " * 900 + b"\n")


def one_megabyte_of_references() -> bytes:
    return letter(more=b"References: " + b" ".join(b"<%d@x>" % n for n in range(100_000)) + b"\n")


def one_megabyte_message_id() -> bytes:
    return letter(more=b"Message-ID: <" + b"a" * 1_000_000 + b"@x>\n")


def parameters() -> bytes:
    return letter("text/plain; " + "; ".join(f"a{n}=b" for n in range(50_000)))


def pieces_of_a_filename() -> bytes:
    name = b"; ".join(b"filename*%d*=%%41" % n for n in range(50_000))
    return letter(MIXED, b"--b\nContent-Disposition: attachment; " + name + b"\n\nhello\n--b--\n")


def five_megabyte_line() -> bytes:
    return letter(body=b"a" * 5_000_000)


def five_megabyte_line_of_colons() -> bytes:
    return letter(body=b"On a:" * 1_000_000)


def a_megabyte_of_on() -> bytes:
    return letter(body=b"On " * 100_000 + b"wrote:\n")


def many_lines_of_on() -> bytes:
    return letter(body=b"On Monday, 1 May 2025 somebody\n" * 7000)


def many_attributions() -> bytes:
    return letter(body=b"On Monday, 1 May 2025 a@b.test wrote:\n" * 7000)


def lines_that_almost_announce() -> bytes:
    return letter(body=b"On 1:11 a@b.test\n\n\nwrote\n" * 40_000)


def attributions_above_quotes() -> bytes:
    return letter(body=b"On Mon, 5 May 2025 at 16:02 a@b.test wrote:\n> a\nb\n" * 20_000)


def torn_attributions() -> bytes:
    return letter(body=b"<\n\n> wrote:\n" * 80_000)


def attributions_in_one_line() -> bytes:
    return letter(body=b"On 5 May 2025 16:02 a@b.test wrote: " * 28_000)


def quotes_and_answers() -> bytes:
    return letter(body=b"> q\na\n" * 160_000)


def help_desks() -> bytes:
    return letter(body=b"----\n" * 1_000 + b"##- a -##\n" * 1_000)


def many_froms() -> bytes:
    return letter(body=b"From: a\n" * 30_000)


def dashes() -> bytes:
    return letter(body=b"-" * 1_000_000 + b"\n" + b"----\n" * 100_000)


def nested_quotes() -> bytes:
    return letter(body=b"".join(b">" * n + b" x\n" for n in range(2000)))


def flowed() -> bytes:
    return letter("text/plain; format=flowed", b"> \n>> \n" * 300_000)


def flowed_in_one_paragraph() -> bytes:
    return letter("text/plain; format=flowed; delsp=yes", b"a \n" * 49_000)


def nested_divs() -> bytes:
    return html("<div>" * 50_000 + "x" + "</div>" * 50_000)


def nested_divs_under_the_limit() -> bytes:
    return html("<div>" * 9_900 + "x")


def nested_lists() -> bytes:
    return html("<ul><li>" * 4_900 + "x")


def nested_anchors() -> bytes:
    return html("<a><div>" * 4_900 + "x")


def nested_tables() -> bytes:
    return html("<table><tr><td>" * 3_300 + "x")


def nested_blockquotes() -> bytes:
    return html("<blockquote>" * 2_000 + "x")


def nested_gmail_quotes() -> bytes:
    return html('<div class="gmail_quote">' * 9_000 + "x")


def nested_gmail_quotes_and_blockquotes() -> bytes:
    return html('<div class="gmail_quote"><blockquote>' * 3_000 + "x")


def flat_quotes() -> bytes:
    return html("<blockquote>x</blockquote>y" * 9_000)


def nested_heads() -> bytes:
    return html('<div style="border-top:solid;padding:3.0pt 0">' * 9_000 + "x")


def attributes_in_one_tag() -> bytes:
    return html("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x")


def attributes_behind_hidden_ends() -> bytes:
    return html("<p " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">x")


def attributes_behind_hidden_starts() -> bytes:
    return html("<p " + " ".join(f"<a{n}" for n in range(50_000)) + ">x")


def attributes_in_many_tags() -> bytes:
    tag = "<p " + " ".join(f"a{n:x}" for n in range(180)) + ">"
    return html(tag * 500 + "x")


def less_than() -> bytes:
    return html("<" * 100_000 + " x")


def open_tags() -> bytes:
    return html("<a " * 50_000)


def open_comments() -> bytes:
    return html("<!--" * 50_000)


def open_comments_in_plain_text() -> bytes:
    return letter(body=b"<!--" * 50_000)


def one_run_of_addresses() -> bytes:
    return letter(body=b"@1e" * 50_000)


def one_run_of_paths() -> bytes:
    return letter(body=b"/~" * 50_000)


def open_scripts() -> bytes:
    return html("<script>" * 50_000)


def many_scripts() -> bytes:
    return html("<script>x</script>" * 12_000 + "text")


def entities() -> bytes:
    return html("&amp;" * 100_000 + "&" * 100_000 + "&#x" * 50_000)


def pre() -> bytes:
    return html("<pre>" * 9_000 + "x\n" * 100_000)


def breaks() -> bytes:
    return html("<br>" * 250_000)


def flat_divs() -> bytes:
    return html("<div>x</div>" * 9_900)


def nuls() -> bytes:
    return letter(body=b"\x00" * 1_000_000)


def invalid_utf8() -> bytes:
    return letter("text/plain; charset=utf-8", b"\xff\xfe\xc3" * 300_000)


def utf7() -> bytes:
    return letter("text/plain; charset=utf-7", b"+2AA-" * 200_000)


def idna_charset() -> bytes:
    return letter("text/plain; charset=idna", b"xn--" + b"a\xe9" * 300_000)


def punycode_charset() -> bytes:
    return letter("text/plain; charset=punycode", b"a-b" * 300_000 + b"\xe9")


def broken_base64() -> bytes:
    return letter(more=b"Content-Transfer-Encoding: base64\n", body=b"A!" * 400_000)


def broken_quoted_printable() -> bytes:
    return letter(more=b"Content-Transfer-Encoding: quoted-printable\n", body=b"=" * 1_000_000)


def boundaries_that_are_none() -> bytes:
    return letter(MIXED, b"--b\n\n" + b"--bx\n--\n-" * 100_000 + b"\n--b--\n")


def ten_megabytes_in_base64() -> bytes:
    content = base64.encodebytes(bytes(range(256)) * 30_000)
    part = b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    return letter(MIXED, b"--b\n\nhello\n" + part + content + b"--b--\n")


def received_fields() -> bytes:
    field = b"Received: from (((((((( by by by by ; ;;; [[[[ for <<<< id id with with\n"
    return letter(MIXED, b"--b\n\nNote: x\n\nhello\n--b--\n", more=field * 500)


def spaces_in_a_date() -> bytes:
    return letter(more=b"Date: Mon," + b" " * 1_000_000 + b"1 Jan 2025\n")


ALL: tuple[Callable[[], bytes], ...] = tuple(
    made
    for name, made in list(globals().items())
    if callable(made)
    and getattr(made, "__module__", "") == __name__
    and name not in ("letter", "html")
)
