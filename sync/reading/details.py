"""What a signature tells of who wrote it: title, company, phones, links, address.

A wrong proposal annoys more than a missing one: what is not recognised is left out, and nothing is
taken from a disclaimer, a phone's line or the words that close the letter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crm.base.addresses import Address
from crm.mail.meaning import Details
from crm.people import domains
from sync.reading import anchors, footers, links, names, phones, places, titles
from sync.reading.detail_words import COMPANY_FORMS
from sync.reading.links import Links
from sync.reading.margins import MARKS
from sync.reading.rules import is_rule
from sync.reading.signatures import is_sign_off
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_LINES = 40
_LONGEST_LINE = 300
_LONGEST_VALUE = 200
#: With more lines of such a length it is the foot of a newsletter, and nobody's signature.
_LONGEST_OWN, _MOST_LONG = 70, 3
_LONGEST_TITLE = 80
#: People sign alike again and again, whatever their closing words: so many answers are kept, on
#: shorter signatures.
_KEPT, _LONGEST_KEPT = 2000, 2000
#: The name stands in one of so many lines.
_NAME_LINES = 4
#: A title or a company stands no further below the name.
_NEAR = 6
#: What parts the values of a line; a comma may as well, beside the name.
_BREAKS = re.compile(r" [|•·/] |\s+//\s+|[|•·\t]| {2,}| [–—-] ")
_MARKS = MARKS + ",;"


def of_signature(signature: str, author: Address | None) -> Details | None:
    """Return what a signature tells of a person, or None where it tells nothing.

    These are proposals: no fax, nothing twice, and not the address that is known anyway.
    """
    rows = tuple(_rows(signature.split("\n")[:_MOST_LINES]))
    # Two addresses are equal whatever the name beside them, which counts here.
    email, name = (author.email, author.name) if author else (None, "")
    if sum(map(len, rows)) > _LONGEST_KEPT:
        return _told_by(rows, email, name)
    return _kept(rows, email, name)


def _told_by(rows: Sequence[str], email: str | None, name: str) -> Details | None:
    author = None if email is None else Address(email, name)
    told = None if _is_anothers(rows, author) else _told(rows, author, Links((), (), ()))
    if told is None:
        return None
    details, numbers = told
    called = tuple(dict.fromkeys(phone.number for phone in numbers if not phone.fax))
    found = _with(details, called, tuple(one for one in details.emails if one != (email or "")))
    return None if found == Details() else found


@lru_cache(maxsize=_KEPT)
def _kept(rows: tuple[str, ...], email: str | None, name: str) -> Details | None:
    return _told_by(rows, email, name)


def of_lines(text: str, author: Address | None) -> Details:
    """Return what the lines of a signature tell, of which links may stand as `<a href>`.

    Every number is there as often as it is written, a fax as well.
    """
    pointed: list[str] = []
    lines: list[str] = []
    for line in text.split("\n")[:_MOST_LINES]:
        short = line[:2000]
        if "<a" in short or "<A" in short:
            short, found = anchors.taken_off(short)
            pointed += found
        lines.append(short)
    told = _told(_rows(lines), author, links.of(pointed))
    if told is None:
        return Details()
    details, numbers = told
    return _with(details, tuple(phone.number for phone in numbers), details.emails)


def _with(details: Details, numbers: tuple[str, ...], emails: tuple[str, ...]) -> Details:
    return Details(
        details.name,
        details.title,
        details.company,
        tuple(one_line(number, _LONGEST_VALUE) for number in numbers[:10]),
        emails[:10],
        details.links[:10],
        details.address,
        details.profiles[:10],
    )


def _told(
    rows: Sequence[str], author: Address | None, pointed: Links
) -> tuple[Details, Sequence[phones.Phone]] | None:
    if not rows or sum(len(row) > _LONGEST_OWN for row in rows) > _MOST_LONG:
        return None
    text = "\n".join(rows)
    seen, unlinked = Links((), (), ()), rows
    numbers: list[phones.Phone] = []
    where: list[int] = []
    if "@" in text or "." in text or ":" in text:
        seen = links.of(found for row in rows for found in links.written_in(row, author))
        unlinked = [links.taken_out(row) for row in rows]
    bare = [row.strip(_MARKS) for row in unlinked]
    # Most signatures are a name, and no more.
    if "," in text or ":" in text or any(map(str.isdigit, text)):
        country = phones.country_of(text, author) if any(map(phones.may_hold, unlinked)) else ""
        called = [phones.of_line(row, country) for row in unlinked]
        numbers = [phone for found in called for phone in found]
        where = [n for n, row in enumerate(bare) if not called[n] and places.is_place(row)]
    name, at = _name(bare, author)
    title, company = _work(bare, where, at, author, name)
    details = Details(
        name=one_line(name, _LONGEST_VALUE),
        title=one_line(title, _LONGEST_VALUE),
        company=one_line(company, _LONGEST_VALUE),
        emails=tuple(dict.fromkeys((*pointed.emails, *seen.emails))),
        links=links.distinct((*pointed.pages, *seen.pages)),
        address=one_line(places.joined(bare, where), 2 * _LONGEST_VALUE),
        profiles=links.distinct((*pointed.profiles, *seen.profiles)),
    )
    return details, numbers


def _rows(lines: Sequence[str]) -> list[str]:
    """Return the lines that tell of a person: no dashes, no closing words, nothing by others."""
    own = lines[: footers.start(lines)]
    rows: list[str] = []
    for line in own:
        row = line[:_LONGEST_LINE].strip(_MARKS).lstrip("-–—~ ")
        if not row or is_rule(line) or footers.is_sent_from(row):
            continue
        if is_sign_off(row):
            rows.clear()  # What stands above the closing words is of the letter.
            continue
        rows.append(row)
    return rows


def _name(rows: Sequence[str], author: Address | None) -> tuple[str, int]:
    """Return the name, and in which line it stands: -1 where it stands in none."""
    known = names.known_as(author)
    given, first = "", -1
    for number, row in enumerate(rows[:_NAME_LINES]):
        head = names.without_degrees(_pieces(row)[0]).rstrip(".,")
        if "&" in head:
            continue  # Two owners of a firm, and nobody's name.
        if len(head.split()) >= 2 and names.is_name(head) and not titles.is_title(head):
            again = given and names.plain(head).startswith(names.plain(given))
            if again or names.is_own(row, known) or (number == 0 and _is_nameless(author, head)):
                return _cased(head), number
        if first < 0 and (names.is_own(row, known) or (number == 0 and names.is_name(head))):
            given, first = head, number
    full = author.called if author and first >= 0 and names.is_own(given, known) else ""
    return (full, first) if len(full.split()) >= 2 and names.is_name(full) else ("", first)


def _is_anothers(rows: Sequence[str], author: Address | None) -> bool:
    """Tell whether somebody else signs, as below a letter that was passed on."""
    if author is None or len(author.name.split()) < 2:
        return False
    known = names.known_as(author)
    if not rows or any(names.is_own(row, known) for row in rows[:_NAME_LINES]):
        return False
    head = _pieces(rows[0])[0]
    return len(head.split()) >= 2 and names.is_name(head) and not titles.is_title(head)


def _is_nameless(author: Address | None, head: str) -> bool:
    """Tell whether the author's name is not known, and a line can say it."""
    return not (author and author.name) and not titles.is_company(head, _label_of(author))


def _cased(name: str) -> str:
    """Return a name that is written in capitals as names are written."""
    capitals = sum(map(str.isupper, name))
    return name.title() if 3 * capitals > 2 * len(name) else name


def _work(
    rows: Sequence[str], where: Sequence[int], at: int, author: Address | None, name: str
) -> tuple[str, str]:
    """Return the title and the company."""
    title = company = ""
    label = _label_of(author)
    for number, row in enumerate(rows[max(at, 0) : max(at, 0) + _NEAR], max(at, 0)):
        if number in where:
            continue
        for piece in _pieces(row):
            bare = piece.strip(_MARKS)
            if not bare or bare == name or len(bare) > _LONGEST_TITLE or _has_number(bare):
                continue
            here, there = _at_company(bare)
            if not title and titles.is_title(here):
                title, company = here, company or there
            elif not company and titles.is_company(bare, label):
                company = bare
    return title, company


def _pieces(row: str) -> Sequence[str]:
    """Cut a line into its values, at commas too where no company's form follows."""
    pieces: list[str] = []
    for part in _BREAKS.split(row):
        for piece in part.split(","):
            bare = piece.strip(_MARKS)
            if pieces and bare.lower().rstrip(".") in COMPANY_FORMS:
                pieces[-1] = f"{pieces[-1]}, {bare}"
            elif bare:
                pieces.append(bare)
    return pieces or [row]


def _at_company(text: str) -> tuple[str, str]:
    """Part "Director at Acme"."""
    for word in (" at ", " @ ", " bei ", " chez "):
        title, found, company = text.partition(word)
        if found and company[:1].isupper() and titles.is_title(title):
            return title.strip(), company.strip()
    return text, ""


def _label_of(author: Address | None) -> str:
    """Return the word that a company's domain is made of; none of free mail."""
    host = domains.company_domain(author.domain) if author else None
    return host.partition(".")[0].replace("-", "") if host else ""


def _has_number(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 4
