"""What letters are made of: the words of MIME, the lines that people and programs write, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

#: What readers of mail look for.
WORDS = (
    b"--b", b"--b--\r\n", b"\r\n\r\n", b"\n\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"=?",
    b"?=", b"=?utf-8?B?", b"=?utf-8?Q?=FF?=", b"=", b"==", b"Content-Type: ",
    b"multipart/mixed; boundary=b", b"multipart/alternative; boundary=b",
    b"multipart/digest; boundary=b", b"message/rfc822\r\n\r\n", b"text/html",
    b"application/ms-tnef", b"application/pkcs7-mime", b"text/calendar", b"text/vcard",
    b"; charset=utf-7", b"; charset=utf-16", b"; charset=iso-2022-jp", b"; charset=gb2312",
    b"\x1b$B", b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\n#0V%T\n`\nend\n", b"<div>",
    b"</div>", b"<blockquote type=cite>", b"<!--", b"&#0;", b"> ", b"On Monday, Ann wrote:\n",
    b"From: ", b",", b"Date: Mon, 99 Foo 20250 25:61:61 +9999\r\n", b"<a@b.test>",
    b"BEGIN:VCALENDAR\r\n", b"\xed\xa0\x80", b"-----BEGIN PGP SIGNED MESSAGE-----\n", b"-- \n",
    b"-----Original Message-----\n", b"filename*0*=",
)  # fmt: skip

#: Lines of a text, drawn and invisible ones among them: what quotes and signatures are known by.
LINES = (
    "", "\u200b", "\xa0", "\ufeff", "\u202e", "\x0b", "\x0c", "\x1c", "a\u2028b", "\ufdd0",
    "\ufdd1",
    "\ufdd3", "\ufdd4x", "|", "*", "***", "_", "_____________________", "-", "--", "-- ", "—",
    "~", "/ ",
    "•", "ᐧ", "=}", "--]", ".", "?", ":", "：", "a：b", "::", "@", "<>", "[x]", "(c)", ">",
    "> ", ">>",
    "BB>", ">:", "> text", "| text", "    text", "\ttext", "- Ann", "- OFFER.DOC", "Ann Novak",
    "John Smith", "Mr.", "Dr. ", "İ", "ß:", "Sales Manager", "Head of Sales | Acme",
    "CEO, Acme Ltd.",
    "+420 777 123 456", "Tel.: +420", "www.acme.test", "http://x", "a@b.test", "12345 Praha",
    "Long Street 5", "1", "12/5", "Thanks", "Thanks, Ann", "Best regards,", "P.S. x",
    "Please call me today about it.", "Sent from my iPhone", "Sent from Mail for", "Unsubscribe:",
    "This message is confidential, privileged and intended solely for the intended recipient.",
    "You received this message because you are subscribed to", "<a href=x>y</a>", "<a href=",
    "From: a", "To: b", "To:", "Date: 5 May 2025 10:00", "Subject: x", "Sent: ", "*From:* Bo",
    "*: ",
    "On 5 May 2025 10:00, Bo <b@x.test> wrote:", "wrote:", "> wrote:",
    "Bo Berg/ACME@ACME on 05/05/2025",
    "-----Original Message-----", "---------- Forwarded by Ann 05/05/2025 ----------",
    "##- Please type above this line -##", "Hash: x", "-----BEGIN PGP SIGNED MESSAGE-----",
    "-----BEGIN PGP SIGNATURE-----", "begin 644 x",
)  # fmt: skip

#: Of pages: what programs mark a quote with, and signs that stand for marks of our own.
MARKUP = (
    "<p>", "</p>", "<br>", "<div>", "</div>", "<div class=gmail_quote>", "<div class=gmail_attr>",
    "<div class=moz-cite-prefix>", "<div class=gmail_signature>", "<div id=divRplyFwdMsg>",
    "<div id=appendonsend>", "<div class=yahoo_quoted>", "<div name=quote>", "<blockquote>",
    "<blockquote type=cite>", "</blockquote>", "<pre>", "</pre>", "<table><tr><td>",
    "</td></tr></table>", "<hr>", "&nbsp;", "&#xFDD1;", "&#xFDD7;", "&#8203;", "\n",
)  # fmt: skip

#: Values and fields of a header that decide how the text below is read.
AUTHORS = (
    "a@b.test", "Ann Novak <ann@acme.test>", "MAILER-DAEMON@x.test", "", "ann",
    "Ann via dev <dev@lists.test>", "=?utf-8?q?a=00b?= <a@b>",
)  # fmt: skip
SUBJECTS = (
    "", "Re: x", "Fwd: x", "FW:", "Automatic reply: x", "Auto: x", "Undelivered Mail Returned",
    "Delivery failed", "Out of office until 5.5.2025",
)  # fmt: skip
FIELDS = (
    "", "In-Reply-To: <a@b>\n", "Auto-Submitted: auto-replied\n", "Return-Path: <>\n",
    "List-Id: <dev.lists.test>\nReply-To: Ann <a@c.test>\n", "X-Failed-Recipients: a@b\n",
)  # fmt: skip


def letter(author: str, subject: str, field: str, kind: str, text: str) -> bytes:
    """Put a letter together of one text or page."""
    head = f"From: {author}\nSubject: {subject}\n{field}"
    return f"{head}Content-Type: text/{kind}; charset=utf-8\n\n{text}".encode()


def written(chance: random.Random) -> bytes:
    """Write a letter of a few lines, plain or on a page."""
    count = chance.randint(1, 14)
    if chance.randrange(5) < 2:
        pieces = chance.choices((*LINES, *MARKUP, *MARKUP, *MARKUP), k=2 * count)
        kind, text = "html", "".join(pieces)
    else:
        kind, text = "plain", "\n".join(chance.choices(LINES, k=count))
    return letter(
        chance.choice(AUTHORS), chance.choice(SUBJECTS), chance.choice(FIELDS), kind, text
    )
