"""The people of the made mailbox: correspondents by Zipf's law, our own side, and machines."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.made_mailbox.languages import LANGUAGES, ascii_name

if TYPE_CHECKING:
    from random import Random

_SYLLABLES: Final = (
    "ab al an ar as ax ba be bi bo ca ce co cu da de di do el en er fa fi fo ga ge go ha he ho in"
    " is ja ka ke ki ko la le li lo ma me mi mo na ne no or pa pe po ra re ri ro sa se si so ta te"
    " ti to un va ve vi vo xa ya ze zo"
).split()
_SUFFIXES: Final = "GmbH|Ltd.|s.r.o.|Sp. z o.o.|Inc.|d.o.o.|AG|LLC|S.A.|Group".split("|")
_FREE: Final = (
    "gmail.example outlook.example seznam.example yahoo.example mail-ru.example proton.example"
).split()
_STYLES: Final = ["gmail"] * 38 + ["outlook"] * 36 + ["apple"] * 14 + ["tbird"] * 12
_TEAM: Final = (
    ("Dana Kolářová", "dana", "Sales Engineer"),
    ("Petr Veselý", "petr.vesely", "Head of Sales"),
    ("Amra Delić", "amra", "Customer Success"),
    ("Support", "support", "Support"),
    ("Billing", "billing", "Billing"),
)
_MACHINES: Final = "newsletter news noreply no-reply notifications updates info".split()


@dataclass(slots=True)
class Person:
    """Somebody who writes, and with which program."""

    name: str
    addr: str
    lang: str
    style: str
    domain: str
    charset: str
    title: str = ""
    phone: str = ""
    mobile: str = ""
    company: str = ""
    first: str = ""
    tz: str = "+0100"
    logo: int = 0


class People:
    """Everybody who occurs in a mailbox of so many letters."""

    def __init__(self, rnd: Random, letters: int, user: str) -> None:
        self._rnd = rnd
        count = max(20, letters // 5)
        domains = self._domains(max(8, int(count * 0.225)))
        self.outside = self._outside(count, domains)
        rnd.shuffle(self.outside)
        self._zipf = list(itertools.accumulate(1 / (i + 1) ** 0.9 for i in range(count)))
        self._met = 0
        self.rep = _colleague("Robin Hartmann", user, "Account Executive")
        self.team = [_colleague(n, f"{a}@acme.example", t) for n, a, t in _TEAM]
        self.machines = self._machines(max(10, letters // 80), domains)

    def pick(self) -> Person:
        """Return somebody new, or somebody whom we know, the better known the likelier."""
        if self._met < len(self.outside) and self._rnd.random() < 0.42:
            self._met += 1
            return self.outside[self._met - 1]
        return self.outside[bisect.bisect(self._zipf, self._rnd.random() * self._zipf[-1])]

    def _domains(self, count: int) -> list[tuple[str, str, str]]:
        rnd, codes = self._rnd, list(LANGUAGES)
        weights = [LANGUAGES[code].weight for code in codes]
        found: list[tuple[str, str, str]] = []
        seen = set(_FREE)
        while len(found) < count:
            name = "".join(rnd.choice(_SYLLABLES) for _ in range(rnd.randint(2, 4)))
            lang = rnd.choices(codes, weights)[0]
            domain = name + rnd.choice([".example", "-group.example", "-it.example", ".test"])
            if domain not in seen:
                seen.add(domain)
                found.append((domain, f"{name.capitalize()} {rnd.choice(_SUFFIXES)}", lang))
        return found

    def _outside(self, count: int, domains: list[tuple[str, str, str]]) -> list[Person]:
        rnd, codes = self._rnd, list(LANGUAGES)
        weights = [LANGUAGES[code].weight for code in codes]
        likely = list(itertools.accumulate(1 / (i + 1) ** 0.8 for i in range(len(domains))))
        people: list[Person] = []
        used: set[str] = set()
        for i in range(count):
            if i < len(domains):
                domain, company, lang = domains[i]
            elif rnd.random() < 0.08:
                domain, company = rnd.choice(_FREE), ""
                lang = rnd.choices(codes, weights)[0]
            else:
                domain, company, lang = domains[bisect.bisect(likely, rnd.random() * likely[-1])]
            lang = lang if rnd.random() < 0.8 else "en"
            people.append(self._person(domain, company, lang, used))
        return people

    def _person(self, domain: str, company: str, lang: str, used: set[str]) -> Person:
        rnd, words = self._rnd, LANGUAGES[lang]
        first, last = rnd.choice(words.first_names), rnd.choice(words.last_names)
        name = f"{first} {last}" if rnd.random() < 0.9 else f"{last}, {first}"
        local, number = f"{ascii_name(first)}.{ascii_name(last)}", 0
        while f"{local}@{domain}" in used:
            number += 1
            local = f"{ascii_name(first)[:1]}.{ascii_name(last)}{number}"
        used.add(f"{local}@{domain}")
        title = rnd.choice(words.titles)
        phone = _number(rnd, [1, 44, 49, 420, 48, 7, 387, 98, 33], 100)
        has_mobile = rnd.random() < 0.5
        mobile = _number(rnd, [1, 44, 49, 420], 600, 799) if has_mobile else ""
        return Person(
            name=name,
            addr=f"{local}@{domain}",
            lang=lang,
            domain=domain,
            company=company,
            first=first,
            title=title,
            phone=phone,
            mobile=mobile,
            style=rnd.choice(_STYLES),
            tz=rnd.choice(["+0000", "+0100", "+0200", "-0500", "+0300", "+0330"]),
            charset=rnd.choice(words.charsets) if rnd.random() < 0.45 else "utf-8",
            logo=rnd.randint(2000, 9000) if rnd.random() < 0.12 else 0,
        )

    def _machines(self, count: int, domains: list[tuple[str, str, str]]) -> list[Person]:
        rnd = self._rnd
        found: list[Person] = []
        for i in range(count):
            domain, company, _ = domains[rnd.randrange(len(domains))]
            names = [company, f"{company} Newsletter", f"News from {company}"]
            name = rnd.choice([*names, "notifications", "noreply", f"{company} Support"])
            machine = _colleague(name, f"{rnd.choice(_MACHINES)}{i}@{domain}", "")
            machine.domain, machine.company = domain, company
            found.append(machine)
        return found


def _number(rnd: Random, countries: list[int], least: int, most: int = 999) -> str:
    country, area = rnd.choice(countries), rnd.randint(least, most)
    return f"+{country} {area} {rnd.randint(0, 999):03d} {rnd.randint(0, 999):03d}"


def _colleague(name: str, addr: str, title: str) -> Person:
    return Person(
        name=name,
        addr=addr,
        lang="en",
        style="gmail",
        domain="acme.example",
        charset="utf-8",
        title=title,
        phone="+420 555 010 101",
        company="Acme Trading",
        first=name.split(maxsplit=1)[0],
    )
