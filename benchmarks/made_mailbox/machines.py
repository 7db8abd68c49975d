"""What machines send: newsletters, notices, absence notes, bounces. And what is malformed."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from benchmarks.made_mailbox.encoding import base64_lines, date, phrase
from benchmarks.made_mailbox.languages import LANGUAGES
from benchmarks.made_mailbox.people import Person
from benchmarks.made_mailbox.routes import received

if TYPE_CHECKING:
    from random import Random

    from benchmarks.made_mailbox.maker import Maker

_SUBJECTS: Final = [
    "Your weekly digest",
    "📣 New in {c}: release {k}",
    "Your receipt {k}",
    "[{c}] build {k} failed",
    "Webinar: {k} tips for sales teams",
    "Status update on incident {k}",
    "Novinky a slevy až {q} %",
    "Ваш еженедельный отчёт",
]
_NOTICED: Final = ["Job", "Order", "Ticket", "Build", "User", "Amount", "Reference"]
_PAGE_HEAD: Final = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"'
    ' "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)


def write_automatic(maker: Maker, stamp: int) -> None:
    """Write a newsletter, a notice or an absence note."""
    rnd = maker.rnd
    by = rnd.choice(maker.people.machines)
    kind = rnd.random()
    own = f"<{rnd.getrandbits(96):024x}@{by.domain}>"
    head = received(rnd, by, maker.user, stamp)
    subject = rnd.choice(_SUBJECTS).format(
        c=by.company, k=rnd.randint(10, 99999), q=rnd.randint(10, 70)
    )
    head += [
        f"From: {maker.parts.address(by)}",
        f"To: {maker.parts.address(maker.people.rep)}",
        f"Subject: {phrase(subject, 'utf-8', rnd.choice('bq'))}",
        f"Date: {date(stamp, '+0000')}",
        f"Message-ID: {own}",
        "MIME-Version: 1.0",
    ]
    if kind < 0.65:
        body = _newsletter(maker, by, subject, head)
    elif kind < 0.9:
        head += [
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "Precedence: bulk",
        ]
        lines = "".join(
            f"{rnd.choice(_NOTICED)}: {rnd.randint(1, 10**6)}\n" for _ in range(rnd.randint(5, 60))
        )
        body = maker.parts.text("text/plain", lines, "utf-8")
    else:
        head += ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"]
        text = f"I am out of the office until Monday. In urgent cases contact office@{by.domain}.\n"
        body = maker.parts.text("text/plain", text, "utf-8")
    maker.counts["automated"] += 1
    maker.note_machine(by)
    maker.emit(head, body, stamp, by, "INBOX" if rnd.random() < 0.7 else "Archive", own)


def _newsletter(maker: Maker, by: Person, subject: str, head: list[str]) -> bytes:
    rnd, domain = maker.rnd, by.domain
    head += [
        f"List-Id: {by.company.split()[0]} <list{rnd.randint(1, 9)}.{domain}>",
        f"List-Unsubscribe: <https://{domain}/u/{rnd.getrandbits(128):032x}>,"
        f" <mailto:unsub@{domain}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Precedence: bulk",
        "X-Mailer: MailCampaign 7",
        f"Feedback-ID: {rnd.randint(1, 9999)}:{domain}",
    ]
    blocks = [
        " ".join(
            rnd.choice(LANGUAGES["en"].sentences).format(k=rnd.randint(1, 999))
            for _ in range(rnd.randint(1, 4))
        )
        for _ in range(rnd.randint(3, 14))
    ]
    utm = "utm_source=newsletter&utm_medium=email"
    text = "\n\n".join(
        f"{maker.wrapped(b)}\nhttps://{domain}/c/{rnd.getrandbits(128):032x}?{utm}" for b in blocks
    )
    page = _newsletter_page(rnd, domain, subject, blocks)
    text_part = maker.parts.text
    if rnd.random() < 0.8:
        plain = text_part("text/plain", text, "utf-8", "quoted-printable")
        encoding = rnd.choice(["quoted-printable", "base64"])
        rich = text_part("text/html", page, "utf-8", encoding)
        return maker.parts.multipart("alternative", [plain, rich])
    return text_part("text/html", page, "utf-8", "quoted-printable")


def _newsletter_page(rnd: Random, domain: str, subject: str, blocks: list[str]) -> str:
    escape = html.escape
    styles = "".join(
        f".c{i}{{font-family:Helvetica,Arial,sans-serif;font-size:{rnd.randint(10, 30)}px;"
        f"color:#{rnd.getrandbits(24):06x};padding:{rnd.randint(0, 20)}px;line-height:1.5}}\n"
        for i in range(30)
    )
    rows = "\n".join(
        f'<tr><td class="c{i % 30}" style="padding:10px 20px;border-bottom:1px solid #eeeeee;'
        'font-family:Helvetica,Arial,sans-serif"><table width="100%"><tr><td width="200">'
        f'<img src="https://{domain}/i/{rnd.getrandbits(128):032x}.jpg" width="200" alt="">'
        '</td><td valign="top"><h2 style="margin:0;font-size:18px">'
        f'<a href="https://{domain}/c/{rnd.getrandbits(128):032x}?utm_source=newsletter&amp;'
        f'utm_medium=email">{escape(block[:40])}</a></h2><p>{escape(block)}</p>'
        "</td></tr></table></td></tr>"
        for i, block in enumerate(blocks)
    )
    return (
        f'{_PAGE_HEAD}<html><head><title>{escape(subject)}</title><style type="text/css">{styles}'
        '</style></head><body bgcolor="#f4f4f4"><div style="display:none;max-height:0">'
        f'{escape(blocks[0][:90])}{"&zwnj;&nbsp;" * 60}</div><table width="100%" cellpadding="0"'
        ' cellspacing="0" border="0"><tr><td align="center"><table width="600"'
        f' class="container">\n{rows}\n</table></td></tr></table>'
        f'<img src="https://{domain}/o/{rnd.getrandbits(128):032x}.gif" width="1" height="1">'
        "</body></html>"
    )


def write_bounce(maker: Maker, stamp: int) -> None:
    """Write a delivery status notification (RFC 3464)."""
    rnd, to = maker.rnd, maker.people.pick()
    by = Person(
        "Mail Delivery System",
        "MAILER-DAEMON@mx.acme.example",
        "en",
        "x",
        "acme.example",
        "us-ascii",
    )
    own = f"<{rnd.getrandbits(48):012X}.{stamp}@mx.acme.example>"
    head = [
        "Return-Path: <>",
        *received(rnd, by, maker.user, stamp)[1:],
        "From: MAILER-DAEMON@mx.acme.example (Mail Delivery System)",
        f"To: {maker.user}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {date(stamp, '+0100')}",
        f"Message-Id: {own}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    ]
    said = (
        "Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n"
        "This is the mail system at host mx.acme.example.\n\n"
        "I'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients.\n\n"
        f"<{to.addr}>: host mx.{to.domain}[203.0.113.9] said:\n"
        "    550 5.1.1 User unknown (in reply to RCPT TO command)\n"
    )
    status = (
        "Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.acme.example\nX-Postfix-Queue-ID: 4ABC\n"
        "Arrival-Date: Thu, 1 Jan 2025 10:00:00 +0100 (CET)\n\n"
        f"Final-Recipient: rfc822; {to.addr}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
    )
    rep = maker.people.rep
    returned = (
        f"From: {maker.parts.address(rep)}\nTo: {to.addr}\nSubject: Quote\n"
        f"Message-ID: <orig{stamp}@acme.example>\nMIME-Version: 1.0\n"
    ).encode() + maker.parts.text("text/plain", maker.writer.text(rep, to), "utf-8")
    shell = b"Content-Description: Undelivered Message\nContent-Type: message/rfc822\n\n"
    body = maker.parts.multipart(
        "report",
        [said.encode(), status.encode(), shell + returned],
        "; report-type=delivery-status",
    )
    maker.counts["dsn"] += 1
    maker.counts["automated"] += 1
    maker.emit(head, body, stamp, by, "INBOX", own)


def write_malformed(maker: Maker, stamp: int) -> None:
    """Write what real mailboxes hold too: raw 8-bit headers, wrong charsets, broken boundaries."""
    rnd = maker.rnd
    by = maker.people.pick()
    while by.lang in ("en", "fa"):
        by = maker.people.outside[rnd.randrange(len(maker.people.outside))]
    words = LANGUAGES[by.lang]
    charset = next(c for c in words.charsets if c != "utf-8")
    own = f"<{rnd.getrandbits(64):016x}.bad@{by.domain}>"
    kind = rnd.randrange(6)
    subject = rnd.choice(words.subjects).format(k=1, c="X", q=1)
    head = received(rnd, by, maker.user, stamp)
    if kind == 0:
        head.append(_raw(f"From: {by.name.replace(',', '')} <{by.addr}>", charset))
    else:
        head.append(f"From: {maker.parts.address(by)}")
    if kind == 1:
        head.append("To: undisclosed-recipients:;")
    else:
        head.append(f"To: {maker.parts.address(maker.people.rep)}")
    if kind in (0, 2):
        head.append(_raw(f"Subject: {subject}", charset))
    else:
        head.append(f"Subject: {phrase(subject, 'utf-8', 'q')}")
    head.append(f"Date: {'yesterday' if kind == 3 else date(stamp, by.tz)}")
    head += [f"Message-ID: {own}", "MIME-Version: 1.0"]
    text = maker.writer.text(by, maker.people.rep)
    raw = text.encode(charset, "replace")
    if kind == 2:
        body = (
            b"Content-Type: text/plain; charset=x-unknown-8bit\n"
            b"Content-Transfer-Encoding: 8bit\n\n" + raw + b"\n"
        )
    elif kind == 4:
        part = maker.parts.text("text/plain", text, "utf-8")
        shell = b'Content-Type: multipart/mixed; boundary="never-seen"\n\n--other\n'
        body = shell + part + b"--other--\n"
    elif kind == 5:
        body = (
            b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
            + base64_lines(text.encode())[:-7].encode()
            + b"\n"
        )
    else:
        body = b"Content-Type: text/plain; charset=us-ascii\n\n" + raw + b"\n"
    maker.counts["malformed"] += 1
    maker.note(by)
    maker.emit(head, body, stamp, by, "INBOX", own)


def _raw(field: str, charset: str) -> str:
    return field.encode(charset, "replace").decode("utf-8", "surrogateescape")
