"""For which other domains and addresses a reader may take one: those that differ by a sign.

Five rules, so that ordinary neighbours are left in peace. But for the last, the public suffix is
always the same: severka.cz and severka.sk are one firm in two countries.

- Letters with marks, of the same alphabet: wısla and wislạ are taken for wisla.
- Signs that look alike, in names of four signs or more: wis1a is taken for wisla, rnodern for
  modern (the pairs are of UTS 39, confusables.txt, and of what phishing is known to use).
- One letter more, less, other or swapped with its neighbour, inside of names of eight letters or
  more. Not at an end, where names are inflected and numbered (novotny and novotna, team1 and
  team2); no hyphen or digit; and no vowel for another, by which surnames differ (Andersen and
  Anderson).
- Where the sender bears the full name of the contact, one sign of any sort, anywhere.
- A domain that stands before another: wisla.test.evil.test is of evil.test.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase
from typing import Final

from crm.people.domains import company_domain, spelt

#: What a reader takes for each other; either may be the impostor's.
_ALIKE: Final = (("1", "l"), ("1", "i"), ("0", "o"), ("5", "s"), ("rn", "m"), ("vv", "w"))
_VOWELS: Final = frozenset("aeiouy")
_LETTERS: Final = frozenset(ascii_lowercase)
#: Letters that no normal form takes apart (UTS 39, confusables.txt).
_LETTER_WITH_MARK: Final = str.maketrans("ıłøđħŧ", "ilodht")
#: Below so many signs too many honest names are alike, or a sign apart.
_LEAST_ALIKE, _LEAST_APART, _LEAST_NAMED = 4, 8, 3
#: Longer ones are looked at by their signs alone, and those no further than this.
_LONGEST_APART: Final = 20
_LONGEST: Final = 40
#: From either end, so many labels of a host may begin a domain that is shown off, and of how many
#: labels that is.
_BEGINS, _LABELS = 8, range(2, 5)
#: What people call their servers, and providers of mailboxes themselves: mail.ru.acme.test.
_SERVERS: Final = frozenset("mail email post web live inbox list home free news my me".split())


#: A batch of letters asks for each several times; one may have a thousand, and take 100 KB.
@lru_cache(maxsize=64)
def taken_for(domain: str, *, apart: bool = True) -> frozenset[str]:
    """Return the domains for which a company's domain may be taken, by its signs alone.

    Without those that are a letter `apart` they are a dozen, and not some hundreds.
    """
    label, dot, suffix = domain.partition(".")
    plain = _plain(label)
    if plain != label:  # Of signs with marks alone: `crm.mail.impostors` judges other alphabets.
        return frozenset({f"{plain}{dot}{suffix}"} if plain.isascii() else ())
    return frozenset(f"{other}{dot}{suffix}" for other in _taken_for(label, apart=apart))


def shown_off(email: str, domain: str) -> frozenset[str]:
    """Return what looks like a domain in an address's host, before its own domain."""
    host = spelt(email).rpartition("@")[2].strip(".")
    if host == domain or not host.endswith(f".{domain}"):
        return frozenset()
    labels = host.split(".")
    own = len(labels) - 1 - domain.count(".")
    near = (i for i in range(own) if i < _BEGINS or i >= own - _BEGINS)
    begins = [i for i in near if labels[i] not in _SERVERS]
    # It may go on in its own domain, wisla.com.duckdns.org being of com.duckdns.org.
    runs = (labels[i : i + n] for i in begins for n in _LABELS if i + n < len(labels))
    return frozenset(".".join(run) for run in runs)


def resembles(email: str, other: str) -> bool:
    """Tell whether one address may be taken for another, where both bear the same full name."""
    local, _at, domain = email.rpartition("@")
    other_local, _at, other_domain = other.rpartition("@")
    at, other_at = company_domain(domain) or domain, company_domain(other_domain) or other_domain
    if at == other_at:  # A company gives out its addresses itself.
        return company_domain(domain) is None and other_local in _taken_for(local)
    label, _dot, suffix = at.partition(".")
    other_label, _dot, other_suffix = other_at.partition(".")
    if suffix != other_suffix or min(len(label), len(other_label)) < _LEAST_NAMED:
        return False
    return _are_one_apart(label, other_label) or other_at in taken_for(at)


def _plain(label: str) -> str:
    """Return a name as somebody reads it who does not mind the marks on its letters."""
    if label.startswith("xn--"):
        try:
            label = label.encode("ascii").decode("idna")  # RFC 3490, section 4.2
        except UnicodeError:
            return "�"  # It spells nothing.
    if label.isascii():
        return label
    apart = unicodedata.normalize("NFKD", label.translate(_LETTER_WITH_MARK))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _taken_for(label: str, *, apart: bool = True) -> Iterator[str]:
    for one, other in (*_ALIKE, *(pair[::-1] for pair in _ALIKE)):
        yield from (found for found in _replaced(label, one, other) if _is_long(label, found))
    if apart and _LEAST_APART <= len(label) <= _LONGEST_APART:
        yield from _apart(label)


def _is_long(*labels: str) -> bool:
    return min(map(len, labels)) >= _LEAST_ALIKE


def _replaced(label: str, one: str, other: str) -> Iterator[str]:
    """Yield a name with one sign in the place of another: in each of its places, and in all."""
    if one not in label[:_LONGEST]:
        return
    yield label.replace(one, other)
    at = label.find(one)
    while 0 <= at < _LONGEST:
        yield label[:at] + other + label[at + len(one) :]
        at = label.find(one, at + 1)


def _apart(label: str) -> Iterator[str]:
    """Yield the names that are one inner letter apart, both long enough."""
    for i in range(1, len(label)):
        before, here, after = label[:i], label[i], label[i + 1 :]
        for letter in ascii_lowercase:
            yield f"{before}{letter}{here}{after}"
        if here not in _LETTERS or not after:
            continue
        for letter in ascii_lowercase:
            if letter != here and not (letter in _VOWELS and here in _VOWELS):
                yield f"{before}{letter}{after}"
        if len(label) > _LEAST_APART:
            yield before + after
        if after[0] in _LETTERS and after[0] != here and after[1:]:
            yield f"{before}{after[0]}{here}{after[1:]}"


def _are_one_apart(one: str, other: str) -> bool:
    """Tell whether one sign more, less, other or swapped with its neighbour makes one the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    pairs = enumerate(zip(one, other, strict=False))
    i = next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
    a, b = one[i:], other[i:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
