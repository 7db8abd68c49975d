"""Digits: as the reader's language writes them, and as machines read them."""

from __future__ import annotations

from typing import Final

_LATIN: Final = "0123456789"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
#: Arabic keyboards have digits of their own, which look alike (Unicode, U+0660 to U+0669).
_ARABIC: Final = "٠١٢٣٤٥٦٧٨٩"
_WRITTEN: Final = {"fa": str.maketrans(_LATIN, _PERSIAN)}
_READ: Final = str.maketrans(_PERSIAN + _ARABIC, _LATIN * 2)


def written(text: str, language: str) -> str:
    """Write the digits of a text as a language does."""
    return text.translate(_WRITTEN.get(language, {}))


def latin(text: str) -> str:
    """Return what was typed with the digits that machines read, whichever were typed."""
    return text.translate(_READ)
