"""Signs that a sender is not who they seem to be; they are told, and never believed.

Hidden signs are those of Mailsploit (2017): encoded words (RFC 2047) put NUL, a line's end or a
second @ into From, and a program that decodes before it splits, or stops at the NUL, shows
somebody else's address.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from crm.mail import impostors
from crm.mail.meaning import Suspicion
from sync.reading import authentic, parties, writers
from sync.reading.headers import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm.base.addresses import Address
    from sync.reading.clues import Clues

#: So many From fields are looked at, and so much of each.
_FIELDS, _LONGEST = 5, 4_000

#: What has no business in a name, and overrides of direction. Tabs come of folding, and Escape,
#: Shift Out and Shift In of Japanese and Korean charsets (RFC 1468, RFC 1557).
_HIDDEN: Final = re.compile("[\0-\b\n-\r\x10-\x1a\x1c-\x1f\x7f\u202d\u202e]")
#: Embeddings and isolates. They turn nothing where all is written from left to right.
_TURNING: Final = re.compile("[\u202a\u202b\u2066-\u2068]")
#: What is not seen between two letters, where no script needs it.
_UNSEEN: Final = re.compile("(?<=[A-Za-z])[\u00ad\u034f\u200b\u2060]+(?=[A-Za-z])")
_FROM_RIGHT: Final = frozenset(["R", "AL"])
#: An address in a local part, quoted or not; without a dot it is of the days before domains.
_TWICE: Final = re.compile(r'@[^\s<>",;:()@.]++\.[^\s<>",;:()@]++"?@')
#: An address as the name of a group (RFC 6854). A route, which nobody takes, has none before its @.
_GROUP: Final = re.compile(r'[^\s<>,@]@[^\s<>",;:()@]++"?[ \t]*+:')
_ENCODED_WORD: Final = re.compile(r"=\?[^?\s]{1,75}\?[bBqQ]\?[^?]*+\?=")
#: What may stand behind an encoded word; with anything else it is a part of what follows.
_APART: Final = frozenset(["", " ", "\t", "<", '"', ")", ",", ";"])
#: What a local part cannot hold unless it is quoted (RFC 5322, section 3.4.1).
_NOT_LOCAL: Final = frozenset('@<>()[]\\,;:" ')


def suspicions(clues: Clues) -> tuple[Suspicion, ...]:
    """Return why a sender may not be who they seem, each once."""
    values = clues.fields.all("from")[:_FIELDS]
    return tuple(_found(values, clues))


def _found(values: Sequence[str], clues: Clues) -> Iterator[Suspicion]:
    author, charset = clues.author, clues.fields.charset
    if author is not None:
        names_group = any(_names_group(value[:_LONGEST], charset) for value in values)
        if names_group or _shows_another(author, clues):
            yield Suspicion.NAME_SHOWS_ADDRESS
        if impostors.look_alike(author.email):
            yield Suspicion.LOOK_ALIKE
    if any(_hides(value[:_LONGEST], charset) for value in values):
        yield Suspicion.HIDDEN_SIGNS
    if len(values) > 1 or (values and values[0].count("@") > 1):
        found = [parties.mailboxes(value[:_LONGEST], charset) for value in values]
        if _differ(found):
            yield Suspicion.SEVERAL_SENDERS
    if authentic.disowned(clues.fields):
        yield Suspicion.DISOWNED


def _shows_another(author: Address, clues: Clues) -> bool:
    """Tell whether a name shows another address; "ann@acme.test via dev" says that it is dev's."""
    if not impostors.other_address(author.name, author.email):
        return False
    writer = writers.of_list(clues)
    if writer is None or writer.list_name not in author.name:
        return True
    return bool(impostors.other_address(author.name, writer.who.email))


def _names_group(value: str, charset: str) -> bool:
    return ":" in value and _GROUP.search(decoded(value, charset)) is not None


def _hides(value: str, charset: str) -> bool:
    """Tell whether there is more in a From field than is shown of it."""
    if value.count("@") > 1 and _TWICE.search(value):
        return True
    if "=?" not in value and value.isascii() and value.replace("\t", " ").isprintable():
        return False
    name, _bracket, address = decoded(value, charset).rpartition("<")
    # A line's end behind a name is a slip of programs that encode a whole line.
    if any(_has_hidden(text) for text in (name.rstrip("\r\n\t \"'"), address.strip())):
        return True
    if all(after[:1] in _APART for after in value.split("?=")[1:]):
        return False
    joined = _ENCODED_WORD.sub(lambda found: found[0].replace(" ", "_"), value)
    return any(_hides_address(word) for word in joined.split())


def _has_hidden(text: str) -> bool:
    if _HIDDEN.search(text) or (not text.isascii() and _UNSEEN.search(text)):
        return True
    return _TURNING.search(text) is not None and not any(
        unicodedata.bidirectional(sign) in _FROM_RIGHT for sign in text
    )


def _hides_address(word: str) -> bool:
    """Tell whether an encoded word stands in an address, and holds what no address can."""
    local = word.rpartition("@")[0].rpartition("<")[2].lstrip('"')
    if "?=" not in local:
        return False
    return not _NOT_LOCAL.isdisjoint(decoded(local))


def _differ(found: Sequence[Sequence[Address]]) -> bool:
    """Tell whether two fields name different people, or one field people of different firms."""
    if len({frozenset(field) for field in found}) > 1:
        return True
    domains = [address.domain for address in found[0]]
    return any(not impostors.one_owner(domains[0], other) for other in domains[1:])
