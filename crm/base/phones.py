"""Numbers that one calls: in the one spelling in which they are stored, and as people read them.

The numbering plans of all countries are large, so that only who meets a number opens them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from crm.base import digits
from crm.base.i18n import gettext as _

if TYPE_CHECKING:
    import phonenumbers

#: Nobody writes a number longer, with its extension and what it is parted by.
_LONGEST: Final = 60
_FEWEST: Final = 3
_PLUS: Final = str.maketrans("＋０１２３４５６７８９", "+0123456789")
#: "+44 (0) 20 …": the zero is dialled at home alone.
_TRUNK: Final = re.compile(r"\( ?0 ?\)")
#: What is dialled after the number (RFC 3966), and what people call it in our languages.
_EXTENSION: Final = re.compile(
    r"(?i)[ ,;/(]{0,3}(?:extension|extn|ext|klapka|kl|linka|linia|wew|доб|лок|lok|int|داخلی|x|#)"
    r"[=.: ]{0,3}(\d{1,7})\)?\s*$"
)


def normal(text: str, region: str) -> str:
    """Return a number as E.164 writes it, with its extension; nothing where it is none.

    The region is the country, as ISO has it, in which a number without one is dialled; with none,
    only a number that begins with its country's is known.
    """
    if len(text) > _LONGEST:
        return ""
    dialled = digits.latin(text.translate(_PLUS)).strip()
    extension = ""
    if found := _EXTENSION.search(dialled):
        dialled, extension = dialled[: found.start()], found[1]
    if sum(map(str.isdigit, dialled)) < _FEWEST:
        return ""
    parsed = _parsed(_TRUNK.sub("", dialled), region.upper())
    if parsed is None:
        return ""
    import phonenumbers

    number = str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return f"{number};ext={extension}" if extension else number


def shown(number: str) -> str:
    """Return a stored number as people read it: +420 541 220 118, ext. 12."""
    import phonenumbers

    bare, _parted, extension = number.partition(";ext=")
    try:
        parsed = phonenumbers.parse(bare, None)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    spaced = str(phonenumbers.format_number(parsed, form))
    if not extension:
        return spaced
    return _("{number}, ext. {extension}").format(number=spaced, extension=extension)


def _parsed(dialled: str, region: str) -> phonenumbers.PhoneNumber | None:
    """Return the number, if it may be one, and if it is one where its country has to be guessed."""
    import phonenumbers

    if dialled.startswith("00"):
        dialled = "+" + dialled[2:]
    try:
        parsed = phonenumbers.parse(dialled, region or None)
    except phonenumbers.NumberParseException:
        return None
    is_whole = dialled.startswith("+")
    known = phonenumbers.is_possible_number if is_whole else phonenumbers.is_valid_number
    return parsed if known(parsed) else None
