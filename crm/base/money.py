"""Amounts of money in minor units, as the currency's exponent (ISO 4217) has them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import format_currency, get_currency_precision, is_currency

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _

#: What a bigint of minor units holds, with room for sums over a workspace.
LARGEST = 10**15

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫٬", "01234567890123456789.,")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of a currency."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """Return the amount in whole units."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))


def parse(text: str, currency: str) -> Money:
    """Read what a person typed, in any of the usual spellings. Raises InvalidError.

    The last point or comma with one or two digits behind it divides; others group.
    """
    currency = currency.strip().upper()
    if not is_currency(currency):
        raise InvalidError(
            _("{code} is not a currency. Use a code like EUR.").format(code=currency)
        )
    plain = "".join(text.translate(_DIGITS).replace("'", "").split())
    head, mark, tail = _split(plain)
    digits = head.replace(",", "").replace(".", "")
    try:
        amount = Decimal(f"{digits or '0'}.{tail or '0'}") if mark else Decimal(digits)
    except InvalidOperation:
        raise InvalidError(
            _("Amount is a number, like 48,000.50. “{text}” does not belong.").format(
                text=text[:40]
            )
        ) from None
    minor = int(amount.scaleb(get_currency_precision(currency)))
    if not 0 <= minor <= LARGEST or "-" in plain or "+" in plain:
        raise InvalidError(_("Amount lies between 0 and a thousand billion."))
    return Money(minor, currency)


def show(money: Money, language: str) -> str:
    """Write an amount as a reader of the language would: no decimals where they are zero."""
    whole = money.amount == money.amount.to_integral_value()
    pattern = None if not whole else "¤#,##0"
    if whole and language != "en":
        pattern = "#,##0\xa0¤"
    return format_currency(
        money.amount, money.currency, pattern, locale=language, currency_digits=not whole
    )


def _split(plain: str) -> tuple[str, str, str]:
    at = max(plain.rfind("."), plain.rfind(","))
    if at >= 0 and 1 <= len(plain) - at - 1 <= 2:
        return plain[:at], plain[at], plain[at + 1 :]
    return plain, "", ""
