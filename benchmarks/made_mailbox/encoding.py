"""Headers and MIME parts, written by hand as mail programs write them: also the odd ones."""

from __future__ import annotations

import base64
import quopri
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from benchmarks.made_mailbox.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from benchmarks.made_mailbox.people import Person

_LINE: Final = 77  # a line of base64 with its end
_KINDS: Final = (
    [("pdf", "application/pdf")] * 5
    + [("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")] * 3
    + [("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")] * 2
    + [("png", "image/png")] * 2
    + [("jpg", "image/jpeg")] * 2
    + [("zip", "application/zip")]
)
_BOUNDARIES: Final = ["000000000000", "----=_Part_", "_000_", "Apple-Mail=_"]


def phrase(text: str, charset: str, how: str) -> str:
    """Write a phrase as RFC 2047 has it, in encoded words of at most 75 characters."""
    if text.isascii():
        return text
    pieces, piece = [], ""
    for char in text:
        if len((piece + char).encode(charset, "replace")) > 38 - (12 if how == "q" else 0):
            pieces.append(piece)
            piece = ""
        piece += char
    pieces.append(piece)
    return "\n ".join(_word(piece.encode(charset, "replace"), charset, how) for piece in pieces)


def _word(raw: bytes, charset: str, how: str) -> str:
    if how == "b":
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    text = "".join(
        chr(c) if chr(c).isalnum() and c < 128 else "_" if c == 32 else f"={c:02X}" for c in raw
    )
    return f"=?{charset}?Q?{text}?="


def folded(name: str, words: Sequence[str], separator: str = ",") -> str:
    """Write a header field of several words, folded."""
    lines, line = [], f"{name}:"
    for i, word in enumerate(words):
        whole = word + (separator if i < len(words) - 1 else "")
        if len(line) + len(whole) > 76 and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {whole}"
    return "\n".join([*lines, line])


def base64_lines(raw: bytes) -> str:
    """Encode in lines of 76 characters."""
    text = base64.b64encode(raw).decode()
    return "\n".join(text[i : i + 76] for i in range(0, len(text), 76)) + "\n"


def wrapped(text: str, width: int = 76) -> str:
    """Break lines at spaces."""
    lines = []
    for whole in text.split("\n"):
        line = whole
        while len(line) > width:
            space = line.rfind(" ", 0, width)
            if space <= 0:
                break
            lines.append(line[:space])
            line = line[space + 1 :]
        lines.append(line)
    return "\n".join(lines)


def date(stamp: int, zone: str) -> str:
    """Write a moment as the Date field has it."""
    offset = (int(zone[1:3]) * 3600 + int(zone[3:]) * 60) * (1 if zone[0] == "+" else -1)
    return time.strftime("%a, %d %b %Y %H:%M:%S ", time.gmtime(stamp + offset)) + zone


class Parts:
    """Writes MIME parts; attachments are cut from one pool of random bytes."""

    def __init__(self, rnd: Random, pool: str) -> None:
        self._rnd = rnd
        self._pool = pool

    def address(self, person: Person, how: str = "") -> str:
        """Write somebody as the From and To fields have it."""
        name, rnd = person.name, self._rnd
        if name.isascii():
            special = any(c in name for c in ",.()<>@")
            shown = f'"{name}"' if special or rnd.random() < 0.2 else name
        else:
            charset = person.charset.upper() if rnd.random() < 0.5 else person.charset
            shown = phrase(name, charset, how or rnd.choice("bq"))
        return f"{shown} <{person.addr}>"

    def text(
        self, kind: str, text: str, charset: str, encoding: str = "", extra: str = ""
    ) -> bytes:
        """Write a text part in one of the usual encodings."""
        try:
            raw = text.encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
            raw = text.encode(charset)
        longest = max(map(len, raw.split(b"\n")))
        if not encoding:
            encoding = self._encoding(raw, charset, longest)
        if encoding == "8bit" and longest > 990:
            encoding = "quoted-printable"
        if encoding == "base64":
            body = base64_lines(raw.replace(b"\n", b"\r\n")).encode()
        elif encoding == "quoted-printable":
            body = quopri.encodestring(raw)
        else:
            body = raw
        if not body.endswith(b"\n"):
            body += b"\n"
        head = f'Content-Type: {kind}; charset="{charset}"{extra}\n'
        return f"{head}Content-Transfer-Encoding: {encoding}\n\n".encode() + body

    def _encoding(self, raw: bytes, charset: str, longest: int) -> str:
        if raw.isascii() and charset in ("us-ascii", "utf-8") and longest < 990:
            return "7bit"
        if sum(c > 127 for c in raw[:400]) > 80:
            return self._rnd.choice(["quoted-printable", "quoted-printable", "base64"])
        return self._rnd.choice(["quoted-printable"] * 7 + ["base64"] * 2 + ["8bit"])

    def multipart(self, kind: str, parts: Sequence[bytes], extra: str = "") -> bytes:
        """Put parts together."""
        begin = self._rnd.choice(_BOUNDARIES)
        boundary = f"{begin}{self._rnd.getrandbits(96):024x}"
        head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{extra}\n\n'.encode()
        mark = boundary.encode()
        return head + b"".join(b"--%s\n%s\n" % (mark, p) for p in parts) + b"--%s--\n" % mark

    def attachment(self, lang: str) -> bytes:
        """Write an attachment of 10 KB to 1 MB."""
        rnd = self._rnd
        size = min(1 << 20, max(10 << 10, int(rnd.lognormvariate(10.75, 1.05))))
        suffix, kind = rnd.choice(_KINDS)
        subject = rnd.choice(LANGUAGES[lang].subjects)
        stem = subject.format(k=rnd.randint(100, 9999), c="X", q=1)
        filename, name = self._named(f"{stem}.{suffix}")
        lines = size * 4 // 3 // 76
        at = rnd.randrange(0, len(self._pool) // _LINE - lines) * _LINE
        return (
            f"Content-Type: {kind};\n {name}\nContent-Disposition: attachment;\n {filename};\n"
            f" size={lines * 57}\nContent-Transfer-Encoding: base64\n\n"
            f"{self._pool[at : at + lines * _LINE]}"
        ).encode()

    def _named(self, name: str) -> tuple[str, str]:
        if name.isascii():
            return f'filename="{name}"', f'name="{name}"'
        words = phrase(name, "UTF-8", "b")
        if self._rnd.random() < 0.5:
            one_line = words.replace("\n ", " ")
            return f"filename*=UTF-8''{quote(name, safe='')}", f'name="{one_line}"'
        return f'filename="{words}"', f'name="{words}"'

    def logo(self, person: Person, content_id: str) -> bytes:
        """Write the image of a signature."""
        at = self._rnd.randrange(0, 20_000) * _LINE
        image = self._pool[at : at + person.logo // 57 * _LINE]
        return (
            f'Content-Type: image/png; name="image001.png"\nContent-ID: <{content_id}>\n'
            'Content-Disposition: inline; filename="image001.png"\n'
            f"Content-Transfer-Encoding: base64\n\n{image}"
        ).encode()

    def invitation(self, by: Person, to: Person, stamp: int, subject: str) -> bytes:
        """Write an invitation to a meeting, as Google Calendar writes it."""
        rnd = self._rnd
        start = stamp + rnd.randint(1, 14) * 86400
        lines = [
            "BEGIN:VCALENDAR",
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
            "VERSION:2.0",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            f"DTSTART:{_moment(start)}",
            f"DTEND:{_moment(start + 3600)}",
            f"DTSTAMP:{_moment(stamp)}",
            f"ORGANIZER;CN={by.name}:mailto:{by.addr}",
            f"UID:{rnd.getrandbits(128):032x}@google.example",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;"
            f"CN={to.name};X-NUM-GUESTS=0:mailto:{to.addr}",
            f"SUMMARY:{subject}",
            f"LOCATION:https://meet.example/{rnd.getrandbits(32):08x}",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
        encoding = "base64" if rnd.random() < 0.3 else ""
        extra = "; method=REQUEST"
        return self.text("text/calendar", "\n".join(lines), "utf-8", encoding, extra)


def _moment(stamp: int) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(stamp))
