"""What fields say: read as people type it, kept as one text, compared and sorted by a key.

Each value has one canonical text, whatever its type: a number "12.5", an amount "48000.50 EUR", a
day "2026-11-24", a check "true", a colleague their id. The audit log, forms that are compared, and
the rows of custom fields hold that text. `key` and `number` are what an index is asked by.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision

from crm.base import addresses, digits, ids, money, showing
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.base.i18n import language
from crm.base.money import Money
from crm.workspace.fields import Field, FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

#: Numbers have six decimals, which a bigint holds as millionths.
_PLACES = 6
_LARGEST = Decimal(10) ** 12
#: So much of a text is compared and sorted by.
_KEY = 100
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,6})?")
#: In these languages a point divides and a comma groups; in the others it is the other way round.
_POINTS = frozenset({"en", "fa"})
_YEARS = (1800, 2200)


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that a field says: its canonical text, and what it is found and sorted by."""

    text: str
    key: str
    number: int | None = None


def read(field: Field, typed: Sequence[str], *, currency: str = "EUR") -> tuple[Value, ...]:
    """Read what was typed into a field; nothing is no value.

    Raises InvalidError with a sentence that names the value and the rule.
    """
    wanted = [text for one in typed if (text := one.replace("\x00", "").strip())]
    if not wanted:
        if field.required:
            raise InvalidError(_("{field} must not be empty.").format(field=field.name))
        return ()
    if field.type is FieldType.CHOICES:
        chosen = {value.key: value for value in (_choice(field, one) for one in wanted)}
        return tuple(chosen[key] for key in sorted(chosen))
    return (_READERS[field.type](field, wanted[0], currency),)


def parse(field: Field, text: str) -> tuple[Value, ...]:
    """Make values of a canonical text again, whatever language is spoken."""
    many = field.type is FieldType.CHOICES
    return tuple(_parsed(field, one) for one in (text.split("\n") if many else [text]) if one)


def _parsed(field: Field, text: str) -> Value:
    match field.type:
        case FieldType.NUMBER | FieldType.PERCENT:
            return Value(text, text, int(Decimal(text).scaleb(_PLACES)))
        case FieldType.MONEY:
            found = amount(text)
            return Value(text, found.currency, found.minor)
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return Value(text, key_of(text))
        case FieldType.PHONE:
            return Value(text, re.sub(r"[^0-9+]", "", text))
        case FieldType.URL:
            return Value(text, key_of(text.partition("://")[2]))
        case _:
            return Value(text, text[:_KEY])


def joined(values: Sequence[Value]) -> str:
    """Return the canonical text of everything that a field says."""
    return "\n".join(value.text for value in values)


def shown(field: Field, text: str, names: Mapping[UUID, str]) -> str:
    """Write a canonical text for its reader. `names` are those of colleagues and linked records."""
    if not text:
        return ""
    match field.type:
        case FieldType.CHOICE:
            return field.option(text)
        case FieldType.CHOICES:
            return showing.listing(field.option(one) for one in text.split("\n"))
        case FieldType.NUMBER | FieldType.PERCENT:
            return _number_shown(field, text)
        case FieldType.MONEY:
            return money.show(amount(text), language())
        case FieldType.DATE:
            return showing.date_of(date.fromisoformat(text))
        case FieldType.CHECKBOX:
            return _("Yes")
        case FieldType.COUNTRY:
            return countries().get(text, text)
        case FieldType.USER | FieldType.LINK:
            found = ids.parse(text)
            return names.get(found, "") if found is not None else ""
        case _:
            return showing.straight(text)


def written(money: Money) -> str:
    """Return the canonical text of an amount."""
    places = get_currency_precision(money.currency)
    return f"{Decimal(money.minor).scaleb(-places):.{places}f} {money.currency}"


def amount(text: str) -> Money:
    """Read the canonical text of an amount."""
    number, _blank, code = text.partition(" ")
    return Money(int(Decimal(number).scaleb(get_currency_precision(code))), code)


def key_of(text: str) -> str:
    """Return what a text is compared by: whatever its case, and its first hundred signs."""
    return " ".join(text.casefold().split())[:_KEY]


def _text(field: Field, typed: str, _currency: str) -> Value:
    lines = typed.splitlines() if field.type is FieldType.LONG_TEXT else [typed]
    text = "\n".join(" ".join(line.split()) for line in lines)
    if len(text) > field.longest:
        problem = _("{field} has at most {most} characters. “{text}…” has {n}.")
        raise InvalidError(
            problem.format(
                field=field.name,
                most=showing.number(field.longest),
                text=text[:30],
                n=showing.number(len(text)),
            )
        )
    return Value(text, key_of(text))


def _choice(field: Field, typed: str, _currency: str = "") -> Value:
    keys = dict(field.options)
    by_label = {label.casefold(): key for key, label in field.options}
    key = typed if typed in keys else by_label.get(typed.casefold())
    if key is None:
        problem = _("{field} has no choice “{text}”.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(key, key)


def _email(field: Field, typed: str, _currency: str) -> Value:
    address = addresses.parse(typed)
    if address is None:
        problem = _("{field}: “{text}” is not an address, like jana@example.com.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(address.email, address.email[:_KEY])


def _phone(field: Field, typed: str, _currency: str) -> Value:
    text = " ".join(digits.latin(typed).split())
    plain = re.sub(r"[^0-9+]", "", text)
    if not 3 <= len(plain.strip("+")) <= 20 or len(text) > 60:
        problem = _("{field}: “{text}” is not a phone number, like +420 541 220 118.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(text, plain)


def _url(field: Field, typed: str, _currency: str) -> Value:
    text = typed if re.match(r"(?i)https?://", typed) else f"https://{typed}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    strange = not text.isprintable() or " " in text or len(text) > 500
    if strange or "." not in host:
        problem = _("{field}: “{text}” is not a web address, like https://example.com.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(text, key_of(text.partition("://")[2]))


def _number(field: Field, typed: str, _currency: str) -> Value:
    text = _plain(typed.rstrip("%٪") if field.type is FieldType.PERCENT else typed)
    found = _NUMBER.fullmatch(text)
    if found is None:
        problem = _("{field} is a number, like {example}. “{text}” does not belong.")
        example = _number_shown(field, "1234.5")
        raise InvalidError(problem.format(field=field.name, example=example, text=typed[:40]))
    number = Decimal(text)
    if abs(number) > _LARGEST:
        problem = _("{field} lies between {least} and {most}.")
        most = showing.number(int(_LARGEST))
        raise InvalidError(problem.format(field=field.name, least=f"−{most}", most=most))
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    plain = "0" if plain in ("-0", "") else plain
    return Value(plain, plain, int(number.scaleb(_PLACES)))


def _plain(typed: str) -> str:
    """Write a number as machines do: without groups, and with a point where it is divided."""
    text = "".join(digits.latin(typed).replace("٫", ".").replace("٬", "").replace("−", "-").split())
    text = text.replace("'", "").replace("’", "")
    point, comma = (".", ",") if language() in _POINTS else (",", ".")
    if comma in text and point not in text and re.search(rf"{re.escape(comma)}(?!\d{{3}}\b)", text):
        point, comma = comma, point  # No group ends like that: it divides.
    return text.replace(comma, "").replace(point, ".")


def _money(_field: Field, typed: str, currency: str) -> Value:
    head, _blank, tail = typed.rpartition(" ")
    if head and re.fullmatch(r"[A-Za-z]{3}", tail):
        typed, currency = head, tail
    found = money.parse(typed, currency)
    return Value(written(found), found.currency, found.minor)


def _date(field: Field, typed: str, _currency: str) -> Value:
    text = digits.latin(typed)
    try:
        when = date.fromisoformat(text)
    except ValueError:
        problem = _("{field}: “{text}” is no day. Write it like {example}.")
        example = "2026-12-31"
        raise InvalidError(
            problem.format(field=field.name, text=typed[:30], example=example)
        ) from None
    if not _YEARS[0] <= when.year <= _YEARS[1]:
        problem = _("{field}: the year {year} cannot be right. Write the day like {example}.")
        raise InvalidError(problem.format(field=field.name, year=when.year, example="2026-12-31"))
    return Value(when.isoformat(), when.isoformat())


def _checked(field: Field, typed: str, _currency: str) -> Value:
    if typed.casefold() not in ("true", "on", "1", "yes", _("Yes").casefold()):
        problem = _("{field} is checked or not. “{text}” does not belong.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value("true", "true")


def countries() -> dict[str, str]:
    """Return the countries by their codes (ISO 3166), with their names in the language spoken."""
    named = Locale(language()).territories
    return {code: name for code, name in named.items() if len(code) == 2 and code.isalpha()}


def _country(field: Field, typed: str, _currency: str) -> Value:
    known = countries()
    by_name = {name.casefold(): code for code, name in known.items()}
    code = typed.upper() if typed.upper() in known else by_name.get(typed.casefold())
    if code is None:
        problem = _("{field}: there is no country “{text}”.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(code, code)


def _id(field: Field, typed: str, _currency: str) -> Value:
    found = ids.parse(typed)
    if found is None:
        problem = _("{field}: there is nobody called “{text}” here.")
        raise InvalidError(problem.format(field=field.name, text=typed[:40]))
    return Value(str(found), str(found))


def _computed(field: Field, _typed: str, _currency: str) -> Value:
    raise InvalidError(_("{field} is worked out, and not typed.").format(field=field.name))


_READERS = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.CHOICES: _choice,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.URL: _url,
    FieldType.NUMBER: _number,
    FieldType.PERCENT: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHECKBOX: _checked,
    FieldType.USER: _id,
    FieldType.LINK: _id,
    FieldType.COUNTRY: _country,
    FieldType.FORMULA: _computed,
    FieldType.STATISTIC: _computed,
}


def _number_shown(field: Field, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    said = format_decimal(number, "#,##0.######", locale=language(), numbering_system="default")
    said = digits.written(said, language())
    return f"{said}\xa0%" if field.type is FieldType.PERCENT else said
