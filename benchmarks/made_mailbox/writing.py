"""What stands in a letter: its text, the signature, and the history as each program quotes it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.made_mailbox.encoding import date, wrapped
from benchmarks.made_mailbox.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from benchmarks.made_mailbox.people import Person

_OUTLOOK_STYLE: Final = (
    Path(__file__).with_name("outlook_style.html").read_text(encoding="utf-8").removesuffix("\n")
)
_OUTLOOK_HEAD: Final = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">\n'
    '<head>\n<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n'
    '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">\n{style}</head>\n'
    '<body lang="{lang}" link="#0563C1" vlink="#954F72" style="word-wrap:break-word">\n'
    '<div class="WordSection1">\n'
)
_APPLE_BODY: Final = (
    '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;'
    ' line-break: after-white-space;"'
)
_GMAIL_QUOTE: Final = (
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
    'border-left:1px solid rgb(204,204,204);padding-left:1ex">'
)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter of a thread, as the next one quotes it."""

    by: Person
    to: Person
    at: int
    message_id: str
    subject: str
    text: str
    inner_html: str
    out: bool


class Writer:
    """Writes the texts of letters."""

    def __init__(self, rnd: Random) -> None:
        self._rnd = rnd

    def text(self, by: Person, to: Person) -> str:
        """Write what is new: a greeting and some paragraphs."""
        rnd, words = self._rnd, LANGUAGES[by.lang]
        paragraphs = [rnd.choice(words.greetings).format(n=to.first)]
        for _ in range(rnd.choices([1, 2, 3, 4, 6], [22, 34, 24, 14, 6])[0]):
            count = rnd.choices([1, 2, 3, 5], [30, 40, 22, 8])[0]
            paragraphs.append(" ".join(self._sentence(by, to) for _ in range(count)))
        if rnd.random() < 0.12:
            count = rnd.randint(2, 6)
            lines = [
                f"{rnd.choice(['-', '*', '•'])} {self._sentence(by, to)}" for _ in range(count)
            ]
            paragraphs.append("\n".join(lines))
        return "\n\n".join(paragraphs)

    def _sentence(self, by: Person, to: Person) -> str:
        sentence = self._rnd.choice(LANGUAGES[by.lang].sentences)
        return sentence.format(k=self._rnd.randint(3, 9999), c=to.company or to.name)

    def signature(self, by: Person) -> list[str]:
        """Write a signature, line by line."""
        lines = [self._rnd.choice(LANGUAGES[by.lang].farewells), by.name]
        if by.title:
            lines.append(f"{by.title} | {by.company}" if by.company else by.title)
        lines.append(f"Tel: {by.phone}")
        if by.mobile:
            lines.append(f"Mobil: {by.mobile}")
        lines.append(f"{by.addr} | www.{by.domain}")
        return lines

    def quote(self, by: Person, before: Written) -> tuple[str, str]:
        """Quote the letter before, in text and in HTML."""
        if by.style == "outlook":
            return self._outlook_quote(by, before)
        name, addr = before.by.name, before.by.addr
        shown = date(before.at, by.tz)[:-6]
        says = LANGUAGES[by.lang].attribution.format(d=shown, n=name, a=addr)
        quoted = "\n".join(
            f">{'' if line.startswith('>') or not line else ' '}{line}"
            for line in before.text.split("\n")
        )
        return f"\n\n{wrapped(says)}\n{quoted}\n", _html_quote(by.style, says, before)

    def _outlook_quote(self, by: Person, before: Written) -> tuple[str, str]:
        words = LANGUAGES[by.lang]
        values = (
            f"{before.by.name} <{before.by.addr}>",
            date(before.at, by.tz),
            before.to.name,
            before.subject,
        )
        head = "\n".join(f"{f}: {v}" for f, v in zip(words.fields, values, strict=True))
        rule = words.original if self._rnd.random() < 0.4 else "_" * 32
        shown = html.escape(head).replace("\n", "<br>")
        return f"\n\n{rule}\n{head}\n\n{before.text}\n", (
            '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
            'padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal"><b><span lang="EN-US">{shown}</span></b></p></div></div>\n'
            f"<div>{before.inner_html}</div>"
        )


def _html_quote(style: str, says: str, before: Written) -> str:
    shown = html.escape(says)
    if style == "apple":
        return (
            f'<div><br><blockquote type="cite"><div>{shown}</div>'
            '<br class="Apple-interchange-newline">'
            f"<div>{before.inner_html}</div></blockquote></div>"
        )
    if style == "tbird":
        cite = html.escape(before.message_id[1:-1])
        return (
            f'<div class="moz-cite-prefix">{shown}<br></div>\n'
            f'<blockquote type="cite" cite="mid:{cite}">\n{before.inner_html}\n</blockquote>'
        )
    addr = before.by.addr
    link = f'<a href="mailto:{addr}" target="_blank">{addr}</a>'
    return (
        '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"{shown.replace(html.escape(addr), link)}<br></div>{_GMAIL_QUOTE}"
        f"{before.inner_html}</blockquote></div>"
    )


def html_of(by: Person, text: str, signature: Sequence[str], quoted: str, content_id: str) -> str:
    """Write the HTML of a letter as its author's program does."""
    escape = html.escape
    rtl = ' dir="rtl"' if by.lang == "fa" else ""
    alt = escape(by.company)
    logo = f'<img src="cid:{content_id}" width="120" alt="{alt}">' if content_id else ""
    paragraphs = [escape(paragraph) for paragraph in text.split("\n\n")]
    signed = [escape(line) for line in signature]
    match by.style:
        case "outlook":
            return _outlook(by, rtl, paragraphs, signed, logo + quoted)
        case "apple":
            body = "<div><br></div>".join(
                f"<div>{p}</div>".replace("\n", "<br>") for p in paragraphs
            )
            return (
                '<html><head><meta http-equiv="Content-Type" content="text/html; charset='
                f'{by.charset}"></head>{_APPLE_BODY}{rtl}>{body}<br><div>'
                f'<div style="font-size: 13px;">{"<br>".join(signed)}</div></div>{logo}{quoted}'
                "</body></html>"
            )
        case "tbird":
            body = "\n".join("    <p>" + p.replace("\n", "<br>\n") + "</p>" for p in paragraphs)
            return (
                '<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="Content-Type"'
                f' content="text/html; charset={by.charset}">\n  </head>\n'
                f'  <body text="#000000" bgcolor="#FFFFFF"{rtl}>\n{body}\n'
                '    <div class="moz-signature">-- <br>\n'
                + "<br>\n".join(signed)
                + f"</div>{logo}{quoted}\n  </body>\n</html>\n"
            )
        case _:
            return _gmail(rtl, paragraphs, signed, logo, quoted)


def _gmail(
    rtl: str, paragraphs: Sequence[str], signed: Sequence[str], logo: str, quoted: str
) -> str:
    body = "<div><br></div>".join(f"<div>{p}</div>".replace("\n", "<br>") for p in paragraphs)
    grey = "color:rgb(80,80,80);font-family:arial,sans-serif;font-size:small"
    lines = "".join(f'<div style="{grey}">{line}</div>' for line in signed)
    return (
        f'<div dir="{"rtl" if rtl else "ltr"}">{body}<br clear="all"><div><br></div>'
        '<span class="gmail_signature_prefix">-- </span><br>'
        '<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">'
        f'<div dir="ltr">{lines}{logo}</div></div></div>{quoted}'
    )


def _outlook(
    by: Person, rtl: str, paragraphs: Sequence[str], signed: Sequence[str], rest: str
) -> str:
    lang = by.lang.upper()
    font = "font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif;color:#1F497D"
    small = (
        "font-size:9.0pt;font-family:&quot;Arial&quot;,sans-serif;color:#7F7F7F;"
        "mso-fareast-language:CS"
    )
    body = "\n".join(
        f'<p class="MsoNormal"{rtl}><span lang="{lang}" style="{font}">'
        + p.replace("\n", "<br>")
        + '<o:p></o:p></span></p>\n<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        for p in paragraphs
    )
    lines = "\n".join(
        f'<p class="MsoNormal"><span style="{small}"><b>{line}</b><o:p></o:p></span></p>'
        for line in signed
    )
    head = _OUTLOOK_HEAD.format(charset=by.charset, style=_OUTLOOK_STYLE, lang=lang)
    return f"{head}{body}\n{lines}\n{rest}\n</div>\n</body>\n</html>\n"
