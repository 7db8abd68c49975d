"""The calling cards that are attached to a letter (RFC 6350, and its elders)."""

from __future__ import annotations

import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING

from crm.mail.meaning import Details
from sync.reading import phones
from sync.reading.charsets import decode
from sync.reading.headers import parameter
from sync.reading.mime import BROKEN, ReaderError
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from sync.reading.mime import Leaf

MOST = 20
LARGEST = 256 * 1024
#: So many bytes of one card are read; a photograph in it is struck out first.
_LARGEST_CARD = 32 * 1024
_LONGEST_VALUE = 200
_MOST_VALUES = 10
_TYPES = frozenset(("text/vcard", "text/x-vcard", "text/directory", "application/vcard"))
#: What is told of a person; photographs, sounds and keys are not read at all.
_READ = ("fn", "n", "title", "role", "org", "tel", "email", "url", "adr", "label", "version")
_LONGEST_HEAD = 200
_PARAMETER = re.compile(r"(?i)(?:(?:type|encoding|charset|value)=)?[a-z0-9,-]{1,40}")
_BEGIN, _END = "begin:vcard", "end:vcard"


def of_leaves(leaves: Sequence[Leaf]) -> tuple[Details, ...]:
    """Return the people whose cards hang on a letter, at most 20."""
    if not leaves:
        return ()
    files = [leaf for leaf in leaves if _is_card(leaf)][:MOST]
    told = (_details(card) for card in islice(_all_cards(files), 2 * MOST))
    return tuple(islice((details for details in told if details != Details()), MOST))


def _is_card(leaf: Leaf) -> bool:
    return leaf.content_type in _TYPES or leaf.filename.lower().endswith(".vcf")


def _all_cards(files: Sequence[Leaf]) -> Iterator[str]:
    for leaf in files:
        yield from _cards(_text_of(leaf))


def _text_of(leaf: Leaf) -> str:
    if leaf.encoded_size > 2 * LARGEST:
        return ""
    try:
        raw = leaf.content()
    except ReaderError:
        return ""
    if len(raw) > LARGEST:
        return ""
    return decode(raw, parameter(leaf.type_field, "charset") or "utf-8")[0]


def _cards(text: str) -> Iterator[str]:
    """Yield the cards of a text, each with only the lines that are read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] | None = None
    size = 0
    wanted = False
    for line in lines:
        lower = line[:40].strip().lower()
        if lower == _BEGIN:
            kept, size, wanted = [line.strip()], 0, False
        elif kept is None:
            continue
        elif lower == _END:
            yield "\r\n".join([*kept, line.strip(), ""])
            kept = None
        else:
            # A folded line, or the next line of a quoted-printable value of version 2.1.
            goes_on = line[:1] in (" ", "\t") or (wanted and kept[-1].endswith("="))
            tidy = line if goes_on else _tidy(line)
            wanted = wanted if goes_on else bool(tidy)
            size += len(line)
            if wanted and line and size <= _LARGEST_CARD:
                kept.append(tidy)


def _tidy(line: str) -> str:
    """Return a line with only the parameters that are of use, or nothing where it is not read.

    vobject's patterns run back and forth over a line with many parameters, or with odd ones.
    """
    head, colon, value = line.partition(":")
    if not colon or len(head) > _LONGEST_HEAD:
        return ""
    name, *parameters = head.split(";")
    name = name.rpartition(".")[2].strip().lower()
    if name not in _READ:
        return ""
    known = (one.replace('"', "").strip() for one in parameters[:_MOST_VALUES])
    return f"{';'.join([name, *(one for one in known if _PARAMETER.fullmatch(one))])}:{value}"


def _details(card: str) -> Details:
    # Only a letter with a card loads it.
    import vobject

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            contents = vobject.readOne(card, ignoreUnreadable=True, allowQP=True).contents
            return _of_contents(contents)
    except (*BROKEN, vobject.base.VObjectError):
        return Details()


def _of_contents(contents: Mapping[str, Any]) -> Details:
    home = next(_values(contents, "adr"), "")
    name = next(_values(contents, "fn"), "") or next(_values(contents, "n"), "")
    country = phones.country_of(home, None)
    numbers = (
        phone.number
        for line in _lines(contents, "tel")
        for phone in phones.of_line(f"tel {_called(line)}", country)
        if "FAX" not in {str(one).upper() for one in line.params.get("TYPE", [])}
        and "FAX" not in {str(one).upper() for one in line.singletonparams}
    )
    return Details(
        name=name,
        title=next(_values(contents, "title"), "") or next(_values(contents, "role"), ""),
        company=next(_values(contents, "org"), ""),
        phones=_some(numbers),
        emails=_some(email.lower() for email in _values(contents, "email") if "@" in email),
        links=_some(link for link in map(_unescaped, _values(contents, "url")) if "http" in link),
        address=home,
    )


def _called(line: Any) -> str:
    return str(line.value).removeprefix("tel:").partition(";")[0][:_LONGEST_VALUE]


def _unescaped(link: str) -> str:
    return link.replace("\\:", ":")  # Google and Apple escape the colon as well.


def _lines(contents: Mapping[str, Any], name: str) -> Sequence[Any]:
    lines: Sequence[Any] = contents.get(name, [])[: 2 * _MOST_VALUES]
    return lines


def _values(contents: Mapping[str, Any], name: str) -> Iterator[str]:
    for line in _lines(contents, name):
        value = line.value
        if name == "adr":
            parts = [
                value.box,
                value.extended,
                value.street,
                value.city,
                f"{value.region} {value.code}",
                value.country,
            ]
        elif name == "n":
            parts = [f"{_flat(value.given)} {_flat(value.family)}"]
        else:
            parts = value[:1] if isinstance(value, list) else [value]
        text = ", ".join(bare for part in parts if (bare := _flat(part)))
        if text:
            yield text


def _flat(part: Any) -> str:
    if isinstance(part, bytes):
        return ""
    words = " ".join(map(str, part)) if isinstance(part, list) else str(part or "")
    return one_line(words, _LONGEST_VALUE)


def _some(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:_MOST_VALUES]
