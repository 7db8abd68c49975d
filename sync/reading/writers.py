"""Who wrote a letter that a list sends in its own name, and who has passed a letter on.

Since DMARC (RFC 7960, section 4.1.3.3) lists put their own address into From, and the person's
somewhere else: a table of places, each with the list programs that use it. All of them can be
written by anybody, so a writer is shown and never believed: no contact, no colleague and no role
follows from it. It is looked for only where From holds an address of the list that the letter
names (RFC 2919, RFC 2369), so that nobody is made the writer of an ordinary letter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from crm.base import addresses
from crm.base.addresses import Address
from crm.mail.meaning import Named, Writer
from sync.reading import parties
from sync.reading.storable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.reading.clues import Clues
    from sync.reading.headers import Fields

_LONGEST, _LONGEST_NAME = 2_000, 200
_IN_BRACKETS: Final = re.compile(r"<([^<>]{1,500})>")
#: What stands between a person and a list in a rewritten From: Google Groups, Mailman in its
#: languages, and Sympa in parentheses.
_VIA: Final = (
    " via ", " (via ", " über ", " vía ", " a través de ", " tramite ", " par ", " przez ",
    " prostřednictvím ", " přes ", " через ", " putem ", " genom ",
)  # fmt: skip
#: LISTSERV's stand-in for an address whose domain rejects what lists send.
_LISTSERV: Final = "-dmarc-request"


class Place(NamedTuple):
    """Where lists leave the person whom they take out of From."""

    reason: str
    people: Callable[[Clues], Iterator[Address]]
    named: bool = False  # only who bears the name that From has
    alone: bool = False  # only where nobody else stands there


def of_list(clues: Clues) -> Writer | None:
    """Return the person behind a list's From; None where From is not the list's own address."""
    author, fields = clues.author, clues.fields
    if author is None or not ("list-id" in fields.values or "list-post" in fields.values):
        return None
    list_id, posted = _list_id(fields), _posted(fields)
    if not _is_own(author, list_id, posted):
        return None
    name, list_name = _parted(author.name)
    own = {author.email, posted, _address_of(list_id)}
    for place in PLACES:
        found = [one for one in place.people(clues) if one.email not in own]
        if place.named:
            found = [one for one in found if name and one.name.lower() == name.lower()]
        if found and (len(found) == 1 or not place.alone):
            who = found[0]
            shown = Named(who.name or name, who.email)
            return Writer(shown, list_name or _title(fields, list_id), place.reason)
    return None


def passed_on_by(clues: Clues) -> Named | None:
    """Return who has sent a letter on as it was (RFC 5322, section 3.6.6), the last of them."""
    fields = clues.fields
    if "resent-from" not in fields.values or "list-id" in fields.values:
        return None
    value = fields.first("resent-from")[:_LONGEST]
    who = next(iter(parties.mailboxes(value, fields.charset)), None)
    if who is None or who == clues.author or who.email == _posted(fields):
        return None
    return Named(who.name, who.email)


def _header(name: str) -> Callable[[Clues], Iterator[Address]]:
    def people(clues: Clues) -> Iterator[Address]:
        fields = clues.fields
        yield from parties.mailboxes(fields.first(name)[:_LONGEST], fields.charset)

    return people


def _in_local(clues: Clues) -> Iterator[Address]:
    """Yield whom the local part spells: ann=acme.test is ann@acme.test."""
    author = clues.author
    if author is None:
        return
    local, sign, domain = author.local.rpartition("=")
    found = addresses.parse(f"{local}@{domain}") if sign and "." in domain else None
    if found is not None:
        yield found


#: The surest place comes first.
PLACES: Final = (
    Place("X-Original-From", _header("x-original-from")),  # Google Groups, Sympa
    Place("X-Original-Sender", _header("x-original-sender")),  # Google Groups
    Place("From", _in_local),  # Groups.io
    Place("Reply-To", _header("reply-to"), named=True),  # Mailman, Sympa
    Place("Cc", _header("cc"), named=True),  # Mailman, where answers go to the list
    Place("Reply-To", _header("reply-to"), alone=True),
)


def _is_own(author: Address, list_id: str, posted: str) -> bool:
    if author.email in (posted, _address_of(list_id)):
        return True
    # Of the list's host, and no person's: it stands for one.
    stands_in = author.local.endswith(_LISTSERV) or "=" in author.local
    return stands_in and f".{list_id}".endswith(f".{author.domain}")


def _list_id(fields: Fields) -> str:
    found = _IN_BRACKETS.search(fields.first("list-id")[:_LONGEST])
    return found[1].strip().lower() if found else ""


def _address_of(list_id: str) -> str:
    """Return the address that a list's id stands for: dev.lists.test is dev@lists.test."""
    return list_id.replace(".", "@", 1)


def _posted(fields: Fields) -> str:
    """Return the address to which one writes to a list (RFC 2369, section 3.4)."""
    for found in _IN_BRACKETS.findall(fields.first("list-post")[:_LONGEST]):
        scheme, _colon, rest = found.strip().partition(":")
        if scheme.lower() == "mailto":
            return str(rest.partition("?")[0].lower())
    return ""


def _parted(name: str) -> tuple[str, str]:
    """Part "Ann via dev" into the person and the list."""
    for via in _VIA:
        person, found, list_name = name.rpartition(via)
        if found:
            list_name = list_name.removesuffix(")").removesuffix(" Mailing List")
            return addresses.clean_name(person), addresses.clean_name(list_name)
    return name, ""


def _title(fields: Fields, list_id: str) -> str:
    """Return what a list calls itself in List-Id, or the first word of its id."""
    phrase = fields.text("list-id", _LONGEST_NAME).partition("<")[0]
    return one_line(addresses.clean_name(phrase), _LONGEST_NAME) or list_id.partition(".")[0]
