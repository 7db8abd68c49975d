"""Amounts of money in minor units, as the currency's exponent (ISO 4217) has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision, is_currency

from crm.base import digits
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import language as spoken

#: What a bigint of minor units holds, with room for sums over a workspace.
LARGEST = 10**15

#: The decimal and the grouping sign of Persian and Arabic.
_SIGNS = str.maketrans("٫٬", ".,")


#: Whole units, grouped or not, and behind the last point or comma one or two digits of the rest.
_AMOUNT = re.compile(
    r"(?P<head>[0-9]{1,18}|[1-9][0-9]{0,2}(?:[.,][0-9]{2,3}){0,5}[.,][0-9]{3})"
    r"(?:[.,](?P<tail>[0-9]{1,2}))?"
)


#: In a currency of three decimals this may be either.
_ONE_GROUP = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")

#: Codes for a test, and for no currency at all (ISO 4217).
_NONE = frozenset({"XTS", "X" * 3})

#: Where a currency ends with a letter, a space follows (CLDR, currencySpacing); Babel leaves it.
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of a currency."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """Return the amount in whole units."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))


def currency(code: str) -> str:
    """Return the code of a currency as ISO 4217 writes it. Raises InvalidError."""
    written = code.strip().upper()
    if not is_currency(written) or written in _NONE:
        problem = _("{code} is not a currency. Use a code like EUR.")
        raise InvalidError(problem.format(code=written[:10]))
    return written


def parse(text: str, code: str) -> Money:
    """Read what a person typed, in any of the usual spellings. Raises InvalidError.

    The last point or comma with one or two digits behind it divides; others group.
    """
    written = currency(code)
    places = get_currency_precision(written)
    found = _AMOUNT.fullmatch(
        "".join(digits.latin(text).translate(_SIGNS).replace("'", "").split())
    )
    tail = (found["tail"] or "") if found else ""
    if found is not None and not places and tail:
        problem = _("An amount in {currency} has no decimals. “{text}” has some.")
        raise InvalidError(problem.format(currency=written, text=text[:40]))
    if found is None or len(tail) > places:
        problem = _("Amount is a number, like 48,000.50. “{text}” does not belong.")
        raise InvalidError(problem.format(text=text[:40]))
    head = found["head"].replace(",", "").replace(".", "")
    if places > 2 and not tail and _ONE_GROUP.fullmatch(found["head"]):
        problem = _("“{text}” may be thousands or thousandths. Write it without points or commas.")
        raise InvalidError(problem.format(text=text[:40]))
    minor = int(Decimal(f"{head}.{tail or 0}").scaleb(places))
    if minor > LARGEST:
        most = show(Money(LARGEST, written), spoken())
        raise InvalidError(_("Amount lies between 0 and {most}.").format(most=most))
    return Money(minor, written)


def show(money: Money, language: str) -> str:
    """Write an amount as a reader of the language would: no decimals where they are zero.

    In Persian the currency stands behind it by its name: signs and codes turn the order around.
    """
    whole = money.amount == money.amount.to_integral_value()
    pattern = None if not whole else "¤#,##0"
    if whole and language != "en":
        pattern = "#,##0\xa0¤"
    if language == "fa":
        pattern = "#,##0\xa0¤¤¤" if whole else "#,##0.00\xa0¤¤¤"
    shown = format_currency(
        money.amount,
        money.currency,
        pattern,
        locale=language,
        currency_digits=not whole,
        numbering_system="default",
    )
    return digits.written(_GLUED.sub("\xa0", shown), language)
