"""The block of labelled lines that a mail program writes above a message that it passes on.

    > From: Bo Berg <bo@inlay.test>      depth 1: so many quote marks stand before its lines
    > Date: 5 May 2025 16:02
    > To: ann@acme.test, cy@acme.test,
    >     dee@acme.test                  a folded line
    > Subject: Offer

The labels are known in many languages and come in any order, with stars around them or without,
on lines of their own or, by Yahoo, strung together on one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sync.reading.label_words import LABELS, RUN_TOGETHER
from sync.reading.margins import MARGIN, STARS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LONGEST_LABEL = 40
LONGEST_LINE = 4000
LONGEST_RUN = 20_000
MOST_RUN = 60  # colons in such a line
MOST_LINES = 200
#: So many lines may be folded into one field.
MOST_FOLDS = 60
#: A line of at least so many signs may have been folded by its sender's program.
FOLDED_FROM = 64

_SIZES = sorted({len(label) for label in RUN_TOGETHER}, reverse=True)
#: Yahoo forgets the colon behind some labels: "Dw" and "Assunto".
_FIELDS_WITHOUT_COLON = ("cc", "subject")


class Block(NamedTuple):
    """A block of labelled lines: where it stands, and what it says."""

    start: int
    end: int  # the line below it
    depth: int  # quote marks before its lines
    fields: Mapping[str, str]  # by from, date, to, cc, subject, other
    first_label: str


class Labelled(NamedTuple):
    """A line with a label that is known."""

    field: str
    value: str
    label: str


def labelled(line: str) -> Labelled | None:
    """Read a line that begins with a known label, or None where it is none."""
    core = line[:LONGEST_LINE].lstrip(MARGIN)
    at = core.find(":", 0, LONGEST_LABEL)
    if "：" in core:  # Chinese and Japanese
        wide = core.find("：", 0, LONGEST_LABEL)
        at = wide if wide >= 0 and not 0 <= at < wide else at
    if at < 0:
        return None
    label = core[:at]
    field, spelled = _known(label)
    if not field:
        return None
    value = core[at + 1 :]
    if label[:1] in STARS:  # "*From:* Bo", "*From: *Bo": only the stars that were opened.
        opened = len(label) - len(label.lstrip(STARS))
        closed = len(label) - len(label.rstrip(STARS))
        value = _without_stars(value, opened - closed)
    return Labelled(field, value.strip(), spelled)


@lru_cache(maxsize=1024)
def _known(label: str) -> tuple[str, str]:
    """Return the field that a label names, or the empty string, and the label as it is known."""
    bare = label.strip(STARS)
    field = LABELS.get(folded(" ".join(bare.split()).strip(STARS)), "")
    return field, folded(bare.strip())


def folded(text: str) -> str:
    """Return a text whatever its case; the Turkish capital I loses the dot that it would keep."""
    return text.casefold().replace("i\u0307", "i")


def unquoted(line: str) -> str:
    """Return a line without the quote marks and the white space around it."""
    return line.lstrip(MARGIN).rstrip()


def depth_of(line: str) -> int:
    """Return how many quote marks stand before a line."""
    head = line[: len(line) - len(line.lstrip(MARGIN))]
    return head.count(">")


def read(lines: Sequence[str], start: int, *, below_separator: bool = False) -> Block | None:
    """Read the block that begins with this line, or None where the line has no label.

    Below a separator an empty line stands between the block and the text, so that a line which
    follows a long one at once is its rest.
    """
    first = labelled(lines[start])
    if first is None:
        return None
    if first.value.count(":") + first.value.count("：") >= 3:
        run = run_together(lines[start].lstrip(MARGIN))
        if len(run) >= 3:
            return Block(start, start + 1, depth_of(lines[start]), run, first.label)
    fields = {first.field: first.value}
    last, spaced, at = first.field, False, start + 1
    limit = min(len(lines), start + MOST_LINES)
    while at < limit:
        hit = labelled(lines[at]) or _technical(lines[at])
        if hit is not None:
            if hit.field in fields and hit.field != "other":
                break
            fields[hit.field] = hit.value
            last = hit.field
            at += 1
            continue
        following = at
        while following < limit and not lines[following].strip(MARGIN):
            following += 1
        if following > at:  # Empty lines: they go on only where every label has one behind it.
            hit = labelled(lines[following]) if following < limit else None
            usual = spaced or len(fields) == 1 or "subject" not in fields
            if hit is None or hit.field in fields or following - at > 2 or not usual:
                break
            spaced, at = spaced or len(fields) == 1, following
            continue
        folds = _folds(lines, at, limit, fields, last, below_separator=below_separator)
        if not folds:
            break
        rest = [unquoted(lines[number][:LONGEST_LINE]) for number in range(at, at + folds)]
        fields[last] = " ".join(filter(None, [fields[last], *rest]))
        at += folds
    return Block(start, at, depth_of(lines[start]), fields, first.label)


def run_together(line: str) -> dict[str, str]:
    """Read labels that stand on one line: `From: Bo <b@x>To: Ann <a@x>Subject: Offer`."""
    places: list[tuple[int, int, str]] = []
    line = line[:LONGEST_RUN].replace("：", ":")
    at = -1
    for _ in range(MOST_RUN):
        at = line.find(":", at + 1)
        if at < 0:
            break
        label = _label_before(line, at)
        field = RUN_TOGETHER.get(label, "")
        if field and all(field != known for _start, _end, known in places):
            places.append((line.rfind(label, 0, at), at + 1, field))
    fields: dict[str, str] = {}
    for number, (_start, end, field) in enumerate(places):
        until = places[number + 1][0] if number + 1 < len(places) else LONGEST_RUN
        fields[field] = line[end:until].strip()
    for field in _FIELDS_WITHOUT_COLON:
        if field not in fields:
            _part_without_colon(fields, field)
    return fields


def _label_before(line: str, at: int) -> str:
    """Return the longest label that ends where a colon stands."""
    head = line[max(0, at - LONGEST_LABEL) : at].rstrip()
    return next((head[-size:] for size in _SIZES if head[-size:] in RUN_TOGETHER), "")


def _technical(line: str) -> Labelled | None:
    """Read a field that mail programs write for each other, as X-Mailer or Content-Location."""
    name, colon, value = line.lstrip(MARGIN)[:LONGEST_LINE].partition(":")
    is_field = colon and "-" in name and name[0].isupper() and len(name) <= LONGEST_LABEL
    if is_field and name.isascii() and name.replace("-", "").isalnum():
        return Labelled("other", value.strip(), name)
    return None


def _part_without_colon(fields: dict[str, str], field: str) -> None:
    """Find a label without its colon where the value before it ends: at a bracket, in capitals."""
    for holder in ("to", "date") if field == "cc" else ("date",):
        value = fields.get(holder, "")
        for label, named in RUN_TOGETHER.items():
            if named != field:
                continue
            at = value.find(label + " ")
            if at > 0 and (
                value[at - 1] == ">" or value[at - 1].isupper() or value[at - 1].isdigit()
            ):
                fields[holder] = value[:at].strip()
                fields[field] = value[at + len(label) :].strip()
                return


def _without_stars(value: str, count: int) -> str:
    value = value.lstrip(" \t\xa0")
    while count > 0 and value[:1] and value[0] in STARS:
        value = value[1:]
        count -= 1
    return value


def _folds(
    lines: Sequence[str],
    at: int,
    limit: int,
    fields: Mapping[str, str],
    last: str,
    *,
    below_separator: bool,
) -> int:
    """Return how many lines from this one on belong to the field above them."""
    value = fields[last]
    line = unquoted(lines[at])
    if last in ("to", "cc") and _is_open(value, line):
        count = 1
        while count < MOST_FOLDS and at + count < limit:
            before, line = line, unquoted(lines[at + count])
            if not line or labelled(lines[at + count]) or not _is_open(before, line):
                break
            count += 1
        return count
    if last == "other":
        return int(value.endswith((",", ";")))
    if "subject" not in fields or not fields.keys() >= {"from", "to"}:
        count = _lines_to_label(lines, at, limit, fields)
        if count:
            return count
    if not value:
        return 1  # The label stands alone, and what it names on the next line.
    ends = at + 1 >= len(lines) or not lines[at + 1].strip(MARGIN)
    if ends and below_separator and len(lines[at - 1]) >= FOLDED_FROM:
        return 1
    return 0


def _lines_to_label(lines: Sequence[str], at: int, limit: int, fields: Mapping[str, str]) -> int:
    """Return how many lines stand here before the next field of the block; 0 where none comes."""
    count = 0
    for number in range(at, min(at + MOST_FOLDS, limit)):
        line = lines[number]
        hit = labelled(line)
        if hit is not None:
            return count if hit.field not in fields else 0
        if line.strip(MARGIN):
            if count < number - at:
                return 0  # Words behind an empty line are the text.
            count += 1
    return 0


def _is_open(value: str, line: str) -> bool:
    """Tell whether a list of people goes on with a line."""
    if not value:
        return bool(line)
    return value.endswith((",", ";")) or (line.startswith("<") and "@" in line)
