"""People as a forwarding program writes them down: names, addresses or both, in its own manner."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crm.base import addresses
from crm.mail.meaning import Named
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 200
LONGEST = 20_000
LONGEST_NAME = 200

#: The address a second time: `<bo@x<mailto:bo@x>>` (Outlook), `[mailto:bo@x]` (older Outlook).
_MAILTO = re.compile(r"\s?[<\[(]mailto:[^<>\[\]()\s]{1,300}[>\])]", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\[\](),;:\"«»“”]{1,100}@[^\s<>\[\](),;:\"«»“”]{1,200}")
#: Outlook, of who wrote for somebody else.
_ON_BEHALF = (" on behalf of ", " im auftrag von ", " de la part de ", " en nombre de ",
              " em nome de ", " per conto di ", " namens ", " jménem ", " w imieniu ",
              " от имени ", " för ", " på vegne af ", " på vegne av ", " puolesta ", " nevében ",
              " adına ", " în numele ")  # fmt: skip
#: What stands around a name, opening and closing, in one language or another.
QUOTES = (('"', '"'), ("«", "»"), ("“", "”"), ("„", "“"), ("„", "”"))


def one(text: str) -> Named | None:
    """Return who is named, or None where nobody is."""
    text = _tidy(text)
    lower = text.lower()
    if len(lower) == len(text):  # "İ" becomes two signs.
        for words in _ON_BEHALF:
            at = lower.rfind(words)
            if at > 0 and "@" in lower[:at]:
                sender, writer = _named(text[:at]), _named(text[at + len(words) :])
                # A list that passes on has no name, and a mailbox that people share has none.
                return sender if sender and sender.name and not (writer and writer.name) else writer
    return _named(text)


def several(text: str) -> tuple[Named, ...]:
    """Return everybody in a list, at most MOST."""
    text = _tidy(text)
    found = (_named(piece) for piece in _pieces(text))
    people = dict.fromkeys(person for person in found if person is not None)
    return tuple(people)[:MOST]


def _tidy(text: str) -> str:
    """Take away the addresses that are written twice, where the first is to be seen."""
    text = text[:LONGEST].strip()
    if "mailto:" not in text.lower():
        return text
    bare = _MAILTO.sub("", text)
    if "@" in bare:
        return bare
    return text.replace("mailto:", "").replace("MAILTO:", "").replace("Mailto:", "")


def _named(text: str) -> Named | None:
    text = " ".join(text.split()).strip(" ,;")
    if not text:
        return None
    notes = _notes_name(text)
    if notes:
        return Named(_name(notes), "")
    # The address stands last, in brackets; a name may look like one.
    found = _ADDRESS.search(text, max(0, text.rfind("<"))) or _ADDRESS.search(text)
    address = addresses.parse(_bare(found[0])) if found else None
    if found is None or address is None:
        return Named(_name(text), "")
    name_text = text[: found.start()].rstrip(" <[(")
    if not name_text:
        after = text[found.end() :].strip(" <>[]")
        name_text = after[1:-1] if after.startswith("(") and after.endswith(")") else ""
    name = _name(name_text) if any(sign.isalnum() for sign in name_text) else ""
    return Named("" if name.strip("'").lower() == address.email else name, address.email)


def _bare(text: str) -> str:
    text = text.strip("'.").removeprefix("mailto:")
    # Lotus Notes adds its own domain: bo@inlay.test@ACME.
    return text.rpartition("@")[0] if text.count("@") == 2 else text


def _notes_name(text: str) -> str:
    """Return the name in a name of Lotus Notes: `Bo Berg/SALES/ACME@ACME`, `Bo Berg @ ACME`."""
    if "<" in text or len(text) > LONGEST_NAME:
        return ""
    before, at, domain = text.partition("@")
    if "/" in before:
        return before.partition("/")[0]
    return before.strip() if at and " " in before.strip() and "." not in domain else ""


def _name(text: str) -> str:
    text = text.strip().strip("*").strip()
    for opening, closing in QUOTES:
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing):
            return one_line(text[1:-1].replace('\\"', '"'), LONGEST_NAME)
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    return one_line(text, LONGEST_NAME)


def _pieces(text: str) -> Iterator[str]:
    """Cut a list at its semicolons, or at its commas where these part people."""
    pieces = addresses.split(text) if '"' in text else re.split("[;,،、]", text)
    if ";" in text and _outside_quotes(text, ";"):
        # Outlook and Yahoo part people by semicolons; a comma then stands in a name.
        yield from _by_semicolon(text)
        return
    if len(pieces) == 2 and "@" not in text and " " not in pieces[0].strip():
        yield text  # "Berg, Bo A.": one person.
        return
    yield from _joined(pieces)


def _joined(pieces: Sequence[str]) -> Iterator[str]:
    """Put a name before the comma to what it belongs to: `Berg, Bo <bo@x>`."""
    waiting: list[str] = []
    for piece in map(str.strip, pieces):
        if "@" not in piece:
            waiting.append(piece)
            continue
        bracketed = piece.endswith(">") and not piece.startswith("<")
        last = waiting.pop() if waiting and bracketed and " " not in waiting[-1] else ""
        yield from waiting
        waiting.clear()
        yield f"{last}, {piece}" if last else piece
    yield from waiting


def _outside_quotes(text: str, sign: str) -> bool:
    return any(sign in part for part in text.split('"')[::2])


def _by_semicolon(text: str) -> Iterator[str]:
    pieces: list[str] = []
    for number, part in enumerate(text.split('"')):
        if number % 2:
            pieces[-1] += f'"{part}"'
            continue
        first, *rest = part.split(";")
        if pieces:
            pieces[-1] += first
        else:
            pieces.append(first)
        pieces.extend(rest)
    for piece in pieces:
        if piece.count("@") > 1 and piece.count("<") > 1:
            yield from _joined(addresses.split(piece))
        else:
            yield piece
