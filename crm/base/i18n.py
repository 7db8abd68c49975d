"""Words in the reader's language. Every sentence for a person goes through `gettext`.

The language is a context variable, set by the door for each request, job or command. Catalogues
are registered by the packages that own them; without one, English is what stands in the code.
"""

from __future__ import annotations

import gettext as _gettext
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("en", "cs", "pl", "ru", "bs", "fa")
RIGHT_TO_LEFT = frozenset({"fa"})

_language: ContextVar[str] = ContextVar("language", default="en")
_folders: list[Path] = []


def register(folder: Path) -> None:
    """Look for catalogues in this folder too: LANGUAGE/LC_MESSAGES/inlay.mo."""
    if folder not in _folders:
        _folders.append(folder)
        _catalogue.cache_clear()


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


def known(tag: str) -> str:
    """Return the language that serves a tag as cs-CZ; English for what we do not speak."""
    short = tag.replace("_", "-").split("-")[0].lower()
    short = {"hr": "bs", "sr": "bs"}.get(short, short)
    return short if short in LANGUAGES else "en"


def gettext(message: str) -> str:
    """Say a sentence in the language spoken here."""
    return _catalogue(_language.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Say a sentence that counts; the language decides on its plural forms."""
    return _catalogue(_language.get()).ngettext(one, many, count)


def lazy(message: str) -> str:
    """Mark a sentence that is translated later, where it is shown."""
    return message


@cache
def _catalogue(tag: str) -> _gettext.NullTranslations:
    found = _gettext.NullTranslations()
    for folder in _folders:
        found.add_fallback(_gettext.translation("inlay", folder, [tag], fallback=True))
    return found
