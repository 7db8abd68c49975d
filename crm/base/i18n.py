"""Words in the reader's language. Every sentence for a person goes through `gettext`.

The language is a context variable, set by the door for each request or card. English stands in the
code. The other languages have one catalogue each, for the whole house, so that a word of the
vocabulary is the same on a card, on a page and in a refusal: `crm/locales/LANGUAGE.po` is written
by people, and the `.mo` beside it is what `make words` makes of it, which is quick to open.
"""

from __future__ import annotations

import gettext as _gettext
import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("en", "cs", "pl", "ru", "bs", "fa")
#: Each by its own name: who cannot read a page finds the way to another.
NAMES = {
    "en": "English",
    "cs": "Čeština",
    "pl": "Polski",
    "ru": "Русский",
    "bs": "Bosanski",
    "fa": "فارسی",
}
RIGHT_TO_LEFT = frozenset({"fa"})

#: What stands between a first-strong isolate and its end keeps its direction to itself (UAX 9).
_ISOLATED = re.compile("\u2068([^\u2066-\u2069]*)\u2069")
#: An isolate of any kind; one that stands in another first.
_APART = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
#: So much of a text is looked at: what a line of a list has room for.
_LOOKED_AT = 120
_RIGHT = frozenset({"R", "AL"})

CATALOGUES = Path(__file__).parents[1] / "locales"

_language: ContextVar[str] = ContextVar("language", default="en")


def offered() -> tuple[str, ...]:
    """Return the languages in which there are words: English, and those that have a catalogue."""
    return tuple(tag for tag in LANGUAGES if tag == "en" or _words(tag).exists())


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language inside the block."""
    token = _language.set(known(language))
    try:
        yield
    finally:
        _language.reset(token)


def speak(language: str) -> None:
    """Speak a language from here on, in this request or command."""
    _language.set(known(language))


def language() -> str:
    """Return the language that is spoken here."""
    return _language.get()


def direction() -> str:
    """Return how it is written: ltr or rtl."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def direction_of(text: str) -> str:
    """Tell which way a text runs, by most of its letters; the page's way where it has none.

    The first letter says it wrongly where an answer to a Persian letter begins with "Re:": cut to
    one line, such a subject would show its end. A Persian word counts for more than a Latin one,
    because Persian letters are full of Latin names and hardly any the other way round.
    """
    alone = _ISOLATED.fullmatch(text)
    said = alone[1] if alone else _APART.sub("", _APART.sub("", text))
    strong = [unicodedata.bidirectional(letter) for letter in said[:_LOOKED_AT]]
    right, left = sum(way in _RIGHT for way in strong), strong.count("L")
    if not right and not left:
        return direction()
    return "rtl" if 3 * right >= 2 * left else "ltr"


def own(text: str) -> str:
    """Return a text without the isolate around the whole of it, for a place with a direction."""
    alone = _ISOLATED.fullmatch(text)
    return alone[1] if alone else text


def known(tag: str) -> str:
    """Return the language that serves a tag as cs-CZ; English for what we do not speak."""
    short = tag.replace("_", "-").split("-")[0].lower()
    short = {"hr": "bs", "sr": "bs"}.get(short, short)
    return short if short in LANGUAGES else "en"


def gettext(message: str) -> str:
    """Say a sentence in the language spoken here."""
    if not message:
        return ""  # A catalogue keeps its own head under no words.
    return _catalogue(_language.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Say a sentence that counts; the language decides on its plural forms."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def lazy(message: str) -> str:
    """Mark a sentence that is translated later, where it is shown."""
    return message


@cache
def _catalogue(tag: str) -> _gettext.NullTranslations:
    try:
        with _words(tag).open("rb") as file:
            return _gettext.GNUTranslations(file)
    except FileNotFoundError:
        return _gettext.NullTranslations()


def _words(tag: str) -> Path:
    return CATALOGUES / f"{tag}.mo"
