"""Letters that were made to hurt: each has stopped some mail program, library or index."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HEAD = (
    b"From: Mallory <mallory@evil.test>\r\nTo: rep@acme.example\r\n"
    b"Date: Sun, 01 Nov 2026 11:59:00 +0000\r\nMIME-Version: 1.0\r\n"
)
MB = 1 << 20


def letters() -> Iterator[tuple[str, bytes]]:
    """Yield each letter under the name of what is odd about it."""
    for number, (name, make) in enumerate(_MAKERS.items()):
        yield name, b"Message-ID: <crafted-%d@evil.test>\r\n" % number + _HEAD + make()


def _plain(text: bytes) -> bytes:
    return b"Subject: text\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text


def _html(text: bytes) -> bytes:
    return b"Subject: html\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + text


def _nested(depth: int) -> bytes:
    lines = [b"Subject: nested"]
    for i in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % i, b"", b"--b%d" % i]
    return b"\r\n".join([*lines, b"Content-Type: text/plain", b"", b"deep", b""])


def _parts(count: int) -> bytes:
    part = b'--x\r\nContent-Type: image/png; name="a.png"\r\n\r\nAAAA\r\n'
    return b'Subject: parts\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n' + part * count


def _winmail(count: int) -> bytes:
    """Write a winmail.dat whose properties say that they are thousands of millions."""
    value = b"\xff\xff\xff\xff" + b"\x1f\x10\x00\x30\xff\xff\xff\xff" * count
    head = b"\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00" + len(value).to_bytes(4, "little")
    return b"Subject: winmail\r\nContent-Type: application/ms-tnef\r\n\r\n" + head + value


def _recipients(count: int) -> bytes:
    everyone = b",\r\n ".join(b"Somebody <s%d@many%d.test>" % (i, i) for i in range(count))
    return b"Cc: " + everyone + b"\r\n" + _plain(b"Hello all")


def _references(size: int) -> bytes:
    ids = b"\r\n ".join(b"<%040d@long.test>" % i for i in range(size // 54))
    return b"References: " + ids + b"\r\n" + _plain(b"An answer")


def _large(size: int) -> bytes:
    """Write a letter with one attachment of so many bytes, encoded."""
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n"
    return (
        b'Subject: large\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nSee the film.\r\n"
        b'--x\r\nContent-Type: video/mp4; name="film.mp4"\r\n'
        b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + line * (size // len(line))
        + b"--x--\r\n"
    )


_MAKERS: dict[str, Callable[[], bytes]] = {
    "200 KB of lines that begin a quote": lambda: _plain(b"On Monday, Ann wrote\r\n" * 9500),
    "On, 100 KB, wrote:": lambda: _plain(b"On " + b"a " * 50_000 + b"wrote:\r\n> x\r\n"),
    "10,000 lines of On": lambda: _plain(b"On \r\n" * 10_000),
    "1 MB of attributions": lambda: _plain(
        b"On Mon, 5 May 2025 at 16:02 a@b.test wrote:\r\n> x\r\ny\r\n" * 19_000
    ),
    "attributions in one line of 1 MB": lambda: _plain(
        b"On 5 May 2025 16:02 a@b.test wrote: " * 29_000
    ),
    "2,000 nested quotes": lambda: _plain(
        b"".join(b">" * i + b" text\r\n" for i in range(1, 2001))
    ),
    "1 MB of dashes": lambda: _plain(b"-" * MB),
    "1 MB of spaces": lambda: _plain(b" " * MB + b"x"),
    "1 MB log": lambda: _plain(b"2026-11-01 12:00:00 From: a To: b Subject: c\r\n" * 22_000),
    "9 MB of plain text": lambda: _plain(b"All the words of the world. \r\n" * 310_000),
    "one line of 9 MB": lambda: _plain(b"word " * 1_800_000),
    "50 KB of open comments": lambda: _plain(b"<!--" * 12_500),
    "50 KB of one address": lambda: _plain(b"@1e" * 17_000),
    "1 MB that begins files": lambda: _plain(b"begin 644 x\r\n" * 80_000),
    "1 MB of PGP": lambda: _plain(b"-----BEGIN PGP SIGNED MESSAGE-----\r\n" * 29_000),
    "a winmail.dat of properties": lambda: _winmail(100_000),
    "20,000 nested div": lambda: _html(b"<div>" * 20_000 + b"x"),
    "100,000 nested div": lambda: _html(b"<div>" * 100_000 + b"x"),
    "9,000 nested quotes of Gmail": lambda: _html(b'<div class="gmail_quote">' * 9_000 + b"x"),
    "9,000 quotes of a page": lambda: _html(b"<blockquote>x</blockquote>y" * 9_000),
    "100 KB of <": lambda: _html(b"<" * 100_000),
    "50,000 open links": lambda: _html(b"<a " * 50_000),
    "1 MB of entities": lambda: _html(b"&amp;" * 200_000),
    "9 MB of table": lambda: _html(b"<table><tr><td>cell</td></tr></table>\r\n" * 230_000),
    "100,000 attributes": lambda: _html(
        b"<p " + b" ".join(b"a%d=b" % i for i in range(100_000)) + b">x"
    ),
    "1,000 nested multiparts": lambda: _nested(1_000),
    "20,000 parts": lambda: _parts(20_000),
    "10,000 recipients": lambda: _recipients(10_000),
    "1 MB of references": lambda: _references(MB),
    "1 MB of one header": lambda: b"X-Long: " + b"a" * MB + b"\r\n" + _plain(b"Hi"),
    "1 MB of folded header": lambda: (
        b"X-Long: " + b"\r\n ".join([b"word"] * 170_000) + b"\r\n" + _plain(b"Hi")
    ),
    "20,000 header fields": lambda: (
        b"".join(b"X-Field-%d: value of it\r\n" % i for i in range(20_000)) + _plain(b"Hi")
    ),
    "10,000 encoded words": lambda: (
        b"Subject: " + b"\r\n ".join([b"=?utf-8?q?=C3=A9?="] * 10_000) + b"\r\n" + _plain(b"Hi")
    ),
    "a subject of 1 MB": lambda: b"Subject: " + b"s" * MB + b"\r\n\r\nHi\r\n",
    "60 MB letter": lambda: _large(60 * MB),
}
