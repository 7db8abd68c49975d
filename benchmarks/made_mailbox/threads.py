"""Conversations: letters that answer each other, between our side and people outside."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from benchmarks.made_mailbox.encoding import date, folded, phrase, wrapped
from benchmarks.made_mailbox.languages import LANGUAGES
from benchmarks.made_mailbox.routes import message_id, received
from benchmarks.made_mailbox.writing import Written, html_of

if TYPE_CHECKING:
    from benchmarks.made_mailbox.maker import Maker
    from benchmarks.made_mailbox.people import Person


class Conversation:
    """One thread of 1 to 12 letters, as it grows."""

    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        rnd = self._rnd = maker.rnd
        self.outside = [maker.people.pick()]
        more = rnd.choices([0, 1, 2], [70, 22, 8])[0]
        self.outside += [maker.people.pick() for _ in range(more)]
        self.team = rnd.sample(maker.people.team, rnd.choices([0, 1, 2], [75, 20, 5])[0])
        first = self.outside[0]
        self.lang = first.lang
        self.subject = rnd.choice(LANGUAGES[self.lang].subjects).format(
            k=rnd.randint(10, 9999), c=first.company or first.name, q=rnd.randint(1, 4)
        )
        self.length = min(12, 1 + int(rnd.expovariate(1 / 2.3)))
        self.we_begin = rnd.random() < 0.70
        self.before: Written | None = None
        self.references: list[str] = []

    def write(self, stamp: int) -> None:
        """Write the whole thread, from a moment on."""
        self._maker.counts["threads"] += 1
        for _ in range(self.length):
            if self._maker.full:
                return
            self._letter(stamp)
            stamp += int(self._rnd.expovariate(1 / 90000)) + 120

    def _letter(self, stamp: int) -> None:
        rnd, maker, before = self._rnd, self._maker, self.before
        out = self.we_begin if before is None else rnd.random() >= 0.84 or not before.out
        if out:
            by = maker.people.rep
        else:
            weights = [6] + [2] * (len(self.outside) - 1)
            by = rnd.choices(self.outside, weights)[0]
        to = self.outside[0] if out else maker.people.rep
        copied = [p for p in self.outside[1:] + self.team if p is not by]
        if out:
            by.lang = self.lang if rnd.random() < 0.6 else "en"
        subject = self.subject if before is None else self._reply_word() + self.subject
        text, signature = maker.writer.text(by, to), maker.writer.signature(by)
        signed = self._signed(by, signature)
        quoted, quoted_html = "", ""
        if before is not None and rnd.random() < 0.93:
            quoted, quoted_html = maker.writer.quote(by, before)
        content_id = ""
        if by.logo and before is None:
            content_id = f"image001.{rnd.getrandbits(32):08x}@{by.domain}"
        whole = f"{wrapped(text)}\n{signed}{quoted}"
        page = html_of(by, text, signature, quoted_html, content_id)
        own = message_id(rnd, by, stamp)
        head, known_id = self._head(by, to, copied, subject, own, stamp, out=out)
        body = self._body(by, to, stamp, subject, whole, page, content_id)
        folder = "Sent" if out else ("Archive" if rnd.random() < 0.2 else "INBOX")
        maker.emit(head, body, stamp, by, folder, known_id)
        maker.note(self.outside[0], *copied, by)
        self.references = [*self.references, own][-20:]
        inner = _inner(page)
        self.before = Written(by, to, stamp, own, subject, whole, inner, out)

    def _reply_word(self) -> str:
        own = {"de": "AW: ", "pl": "Odp: "}.get(self.lang, "Re: ")
        return self._rnd.choice(["Re: ", "RE: ", "Re: ", own])

    def _signed(self, by: Person, signature: list[str]) -> str:
        if by.style == "outlook":
            return "\n" + "\n".join(signature)
        dashes = ["", "-- "] if self._rnd.random() < 0.7 else [""]
        return "\n".join(dashes + signature)

    def _head(
        self,
        by: Person,
        to: Person,
        copied: list[Person],
        subject: str,
        own: str,
        stamp: int,
        *,
        out: bool,
    ) -> tuple[list[str], str]:
        rnd, maker = self._rnd, self._maker
        charset = by.charset
        try:
            (subject + by.name).encode(charset)
        except UnicodeEncodeError:
            charset = "utf-8"
        head = [] if out else received(rnd, by, maker.user, stamp)
        how = rnd.choice("bq")
        head.append(f"From: {maker.parts.address(by, how)}")
        head.append(folded("To", [maker.parts.address(to)]))
        if copied:
            head.append(folded("Cc", [maker.parts.address(p) for p in copied]))
        head.append(f"Subject: {phrase(subject, charset, how)}")
        head.append(f"Date: {date(stamp, by.tz)}")
        nameless = not out and rnd.random() < 0.001
        if nameless:
            maker.counts["no_message_id"] += 1
        else:
            head.append(rnd.choice(["Message-ID: ", "Message-Id: "]) + own)
        if self.before is not None:
            head.append(f"In-Reply-To: {self.before.message_id}")
            if rnd.random() < 0.93:
                head.append(folded("References", self.references, ""))
        head += self._program(by)
        head.append("MIME-Version: 1.0")
        return head, "" if nameless else own

    def _program(self, by: Person) -> list[str]:
        rnd = self._rnd
        match by.style:
            case "outlook":
                topic = phrase(self.subject, "utf-8", "b")
                return [
                    f"Thread-Topic: {topic}",
                    f"Thread-Index: {base64.b64encode(rnd.randbytes(22)).decode()}",
                    f"X-Originating-IP: [198.51.100.{rnd.randint(1, 254)}]",
                    "Accept-Language: en-US, cs-CZ",
                    "Content-Language: en-US",
                    "X-MS-Has-Attach:",
                    "X-MS-TNEF-Correlator:",
                ]
            case "apple":
                return ["X-Mailer: Apple Mail (2.3774.600.62)"]
            case "tbird":
                return ["User-Agent: Mozilla Thunderbird"]
            case _:
                return []

    def _body(
        self,
        by: Person,
        to: Person,
        stamp: int,
        subject: str,
        text: str,
        page: str,
        content_id: str,
    ) -> bytes:
        rnd, parts, counts = self._rnd, self._maker.parts, self._maker.counts
        plain = (by.style == "tbird" and rnd.random() < 0.6) or rnd.random() < 0.05
        flowed = "; format=flowed" if by.style == "tbird" else ""
        text_part = parts.text("text/plain", text, by.charset, "", flowed)
        if plain:
            body = text_part
        elif rnd.random() < 0.03:
            body = parts.text("text/html", page, by.charset)
        else:
            both = [text_part, parts.text("text/html", page, by.charset)]
            if self.before is None and rnd.random() < 0.055:
                both.append(parts.invitation(by, to, stamp, subject))
                counts["invites"] += 1
            body = parts.multipart("alternative", both)
            if content_id:
                logo = parts.logo(by, content_id)
                body = parts.multipart("related", [body, logo], '; type="multipart/alternative"')
        if rnd.random() < 0.158:
            count = rnd.choices([1, 2, 3], [75, 18, 7])[0]
            files = [parts.attachment(by.lang) for _ in range(count)]
            body = parts.multipart("mixed", [body, *files])
            counts["with_attachment"] += 1
            counts["attachments"] += count
        return body


def _inner(page: str) -> str:
    """Return what stands within the body of a page."""
    start = page.find("<body")
    return page[page.index(">", start) + 1 : page.rfind("</body>")] if start >= 0 else page
