"""Who stands in the header: addresses with their roles, read so that nobody is taken for another.

The standard library's reader took `alice@example.org<bob@x>` for Alice (CVE-2023-27043). Here
what stands in angle brackets is the address and all before it is a name, comments and quoted
strings are never addresses, and encoded words are decoded in names alone, after the splitting.
"""

from __future__ import annotations

import re
from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crm.base import addresses
from crm.mail.letter import Party, Role
from crm.mail.meaning import Named
from sync.reading.headers import Fields, decoded
from sync.reading.storable import storable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.base.addresses import Address

MOST = 500
_LONGEST_USUAL = 300

ROLES = (
    ("from", Role.FROM),
    ("sender", Role.SENDER),
    ("reply-to", Role.REPLY_TO),
    ("to", Role.TO),
    ("cc", Role.CC),
    ("bcc", Role.BCC),
)

#: The two forms of nearly every address: `Name <a@b>` and `a@b`. Tried on short values alone.
_PLAIN = re.compile(
    r"""\s*(?:"([^"\\]*)"|([^"(),:;<>@\\\[\]]*))\s*<([^\s"(),:;<>@\\]+@[^\s"(),:;<>@\\]+)>\s*"""
)
_BARE = re.compile(r"""\s*([^\s"(),:;<>@\\]+@[^\s"(),:;<>@\\]+)\s*""")

_TOKEN = re.compile(
    r"""
      "(?P<quoted>(?:[^"\\]|\\.)*)(?P<closed>"|\\?\Z)   # to the end where it is not closed
    | <(?P<angle>[^<>]*)>
    | (?P<mark>[(),:;])
    | (?P<atom>[^\s"<(),:;]+)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


#: A user of the very machine that sent it, as cron and mail servers of Unix write From: one word
#: without a domain, or a name alone.
_LOCAL = re.compile(
    r"""\s*(?:"?([^"<>@]{0,200}?)"?\s*<([\w.+!-]{1,64})>|([\w.+-]{1,64})\s*(?:\(([^()]*)\))?)\s*"""
)
#: An address behind a bracket that nobody has closed.
_UNCLOSED = re.compile(r"[ \t]*(?:mailto:)?[^\s<>,;:()\"@]{1,64}@[^\s<>,;:()\"@]{1,255}[ \t;]*")
_BRACKETS = re.compile("<{2,}|>{2,}")
MOST_WITHOUT_DOMAIN = 20


class People(NamedTuple):
    """The parties of a header, at most MOST, and how many addresses stood beyond them."""

    parties: tuple[Party, ...]
    more: int
    notes: tuple[str, ...]
    without_domain: tuple[tuple[Role, Named], ...] = ()


def of(fields: Fields) -> People:
    """Read everybody who stands in a header."""
    parties: list[Party] = []
    seen: set[tuple[Role, str]] = set()
    notes: list[str] = []
    without: list[tuple[Role, Named]] = []
    more = 0
    hint = fields.charset
    for name, role in ROLES:
        values = fields.all(name)
        if role is Role.FROM:
            if len(values) > 1:
                notes.append("two From headers")
            values = values[:1]
        for value in values:
            if value.count("@") <= value.count(",") and len(value) <= _LONGEST_USUAL:
                without += ((role, one) for one in _without_domain(value, hint))
            if len(parties) >= MOST:
                more += value.count("@")
                continue
            for address in _bounded(value, hint):
                if isinstance(address, int):
                    more += address
                elif (role, address.email) in seen:
                    continue
                elif len(parties) >= MOST:
                    more += 1
                else:
                    seen.add((role, address.email))
                    parties.append(Party(role, address))
    if not parties or parties[0].role is not Role.FROM:
        notes.append("no address in From")
    return People(tuple(parties), more, tuple(notes), tuple(without[:MOST_WITHOUT_DOMAIN]))


def mailboxes(value: str, charset: str = "") -> tuple[Address, ...]:
    """Return the addresses of one field's value, groups opened, in their order."""
    if len(value) <= _LONGEST_USUAL:
        return _usual(value, charset)
    return tuple(_careful(value, charset))


def _without_domain(value: str, charset: str) -> Iterator[Named]:
    """Yield those of a short value who have no domain."""
    for piece in value.split(","):
        found = _LOCAL.fullmatch(piece)
        # Where brackets are used, a bare word is half of a name with a comma in it.
        if found is not None and (found[2] or "<" not in value):
            name = storable(decoded(found[1] or found[4] or "", charset)).strip()
            word = found[2] or found[3]
            if word.islower() or word.isupper() or found[2]:
                yield Named(addresses.clean_name(name), word.lower())
            else:  # Users' names are small letters; "Someone" is what a person is called.
                yield Named(addresses.clean_name(name or word))


@lru_cache(maxsize=4096)
def _usual(value: str, charset: str) -> tuple[Address, ...]:
    """Read a short value; the same people stand in a mailbox again and again."""
    plain = _PLAIN.fullmatch(value)
    if plain is not None:
        return tuple(_address(plain[3], plain[1] if plain[2] is None else plain[2], charset))
    bare = _BARE.fullmatch(value)
    if bare is not None:
        return tuple(_address(bare[1], "", charset))
    return tuple(_careful(value, charset))


def _bounded(value: str, charset: str) -> Iterator[Address | int]:
    """Yield the addresses of a value; beyond what is kept, one number for all the rest."""
    # A mailbox takes at least three signs; a name has at most 200 that are kept.
    longest = MOST * 400
    if len(value) > longest:
        end = value.rfind(",", 0, longest)
        end = longest if end < 0 else end
        yield from mailboxes(value[:end], charset)
        yield value.count("@", end)
        return
    yield from mailboxes(value, charset)


def _careful(value: str, charset: str) -> Iterator[Address]:
    words: list[str] = []  # as they are shown
    bare: list[str] = []  # as they may be an address: quoted strings are none
    comments: list[str] = []
    pending = ""
    depth = 0
    for token in _TOKEN.finditer(_balanced(value)):
        kind = token.lastgroup
        if depth or token["mark"] in ("(", ")"):
            outside = depth == 0
            depth = max(0, depth + {"(": 1, ")": -1}.get(token["mark"] or "", 0))
            if outside:
                words.append(" ")
                bare.append(" ")
            elif depth:
                comments.append(token[0])
        elif kind == "angle":
            if pending:  # Two addresses without a comma between them are two people.
                yield from _address(pending, "".join(words), charset)
                words.clear()
            pending = token["angle"]
            bare.append(" ")
        elif kind == "mark" and token[0] == ":":
            words.clear()  # What stood before is a group's name.
            bare.clear()
        elif kind == "mark":
            yield from _finish(pending, words, bare, comments, charset)
            pending = ""
            for pieces in (words, bare, comments):
                pieces.clear()
        elif kind == "closed":
            words.append(re.sub(r"\\(.)", r"\1", token["quoted"]))
            bare.append(token["quoted"] if token["quoted"].isalnum() else " ")
        else:
            words.append(token[0])
            bare.append(token[0])
    yield from _finish(pending, words, bare, comments, charset)


def _finish(
    pending: str, words: Sequence[str], bare: Sequence[str], comments: Sequence[str], charset: str
) -> Iterator[Address]:
    if pending:
        yield from _address(pending, "".join(words).strip() or "".join(comments), charset)
        return
    for word in "".join(bare).split():
        if "@" in word:  # In brackets as Outlook writes them, "[mailto:ann@acme.test]", or in none.
            plain = word.strip("[]") if word[0] == "[" or "[" not in word else word
            yield from _address(plain, "".join(comments), charset)


def _address(text: str, name: str, charset: str) -> Iterator[Address]:
    email = text.strip()
    if email.startswith("@") and ":" in email:
        email = email.partition(":")[2]  # RFC 5322, section 4.4: a route that nobody takes
    if email.startswith('"'):
        email = email[1:].replace('"@', "@", 1)
    if email[:7].lower() == "mailto:":
        email = email[7:]
    if email.startswith("=?") and "?=" not in email:
        return  # The beginning of an encoded word that has a space in it.
    if not email.isascii():
        email = decoded(email, charset) if "=?" not in email else ""
    if not email.isprintable() or email.count("@") != 1:
        return
    address = addresses.parse(email)
    if address is not None:
        said = addresses.one_line(storable(decoded(name, charset))) if name else ""
        yield addresses.Address(address.email, said)


def _balanced(value: str) -> str:
    """Drop quotes and parentheses that are not closed, so that they swallow nobody.

    A last bracket behind a name is closed, and of several in a row one is enough.
    """
    if '"' not in value and ("<<" in value or ">>" in value):
        value = _BRACKETS.sub(lambda found: found[0][0], value)
    name, bracket, rest = value.rpartition("<")
    open_still = bracket and "@" not in name.rpartition(",")[2] and _UNCLOSED.fullmatch(rest)
    if open_still:
        value = f"{name}<{rest.rstrip('; ')}>"
    if '"' in value:
        tokens = deque(_TOKEN.finditer(value), maxlen=1)
        if tokens and tokens[0].lastgroup == "closed" and tokens[0]["closed"] != '"':
            start = tokens[0].start()
            value = value[:start] + value[start:].replace('"', " ")
    if value.count("(") != value.count(")"):
        value = value.replace("(", " ").replace(")", " ")
    return value
