"""What a field says, as a cell of a list, as a fact of a record, and as an input of a form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from babel.numbers import get_currency_precision

from crm.base import ids
from crm.base.i18n import gettext as _
from crm.people import companies
from crm.workspace import users, values
from crm.workspace.fields import FieldType
from server.web import forms
from server.web.forms import FieldKind, Option
from server.web.listing import Cell, CellKind, Tag, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from werkzeug.datastructures import MultiDict

    from crm.base.db import Session
    from crm.workspace.fields import Field
    from crm.workspace.models import User

#: The currencies that are offered first; any other is typed behind its amount.
CURRENCIES = ("EUR", "USD", "CZK", "PLN", "GBP", "CHF", "RUB", "BAM", "IRR")

_KINDS = {
    FieldType.TEXT: FieldKind.LINE,
    FieldType.LONG_TEXT: FieldKind.TEXT,
    FieldType.CHOICE: FieldKind.CHOICE,
    FieldType.CHOICES: FieldKind.CHOICES,
    FieldType.EMAIL: FieldKind.EMAIL,
    FieldType.PHONE: FieldKind.PHONE,
    FieldType.URL: FieldKind.URL,
    FieldType.NUMBER: FieldKind.NUMBER,
    FieldType.PERCENT: FieldKind.PERCENT,
    FieldType.MONEY: FieldKind.MONEY,
    FieldType.DATE: FieldKind.DAY,
    FieldType.CHECKBOX: FieldKind.CHECK,
    FieldType.USER: FieldKind.USER,
    FieldType.LINK: FieldKind.LINE,
    FieldType.COUNTRY: FieldKind.CHOICE,
}
_CELLS = {
    FieldType.EMAIL: CellKind.ADDRESS,
    FieldType.PHONE: CellKind.PHONE,
    FieldType.URL: CellKind.URL,
    FieldType.NUMBER: CellKind.AMOUNT,
    FieldType.PERCENT: CellKind.AMOUNT,
    FieldType.MONEY: CellKind.AMOUNT,
    FieldType.DATE: CellKind.WHEN,
}
NUMERIC = frozenset({FieldType.NUMBER, FieldType.PERCENT, FieldType.MONEY})
_TONES = {
    ("lifecycle", "customer"): Tone.GOOD,
    ("lifecycle", "opportunity"): Tone.ACCENT,
    ("lifecycle", "sql"): Tone.ACCENT,
    ("lifecycle", "mql"): Tone.ACCENT,
}


def cell(field: Field, text: str, names: Mapping[UUID, str], edit_href: str = "") -> Cell:
    """Write a canonical text as a cell."""
    key, unset = field.key, Cell("", key=field.key, edit_href=edit_href)
    if field.type is FieldType.USER:
        found = ids.parse(text)
        if found is None:
            return Cell(_("Nobody yet"), CellKind.NOBODY, key=key, edit_href=edit_href)
        return Cell(names.get(found, _("A former colleague")), key=key, edit_href=edit_href)
    if not text:
        return unset
    if field.type is FieldType.CHOICES:
        worn = tuple(Tag(field.option(one)) for one in text.split("\n"))
        return Cell(tags=worn, key=key, edit_href=edit_href)
    said = text if field.type is FieldType.LINK else values.shown(field, text, names)
    if field.key == "lifecycle":
        tone = _TONES.get((field.key, text), Tone.PLAIN)
        return Cell(said, CellKind.TAG, tone=tone, key=key, edit_href=edit_href)
    kind = _CELLS.get(field.type, CellKind.TEXT)
    lines = said.splitlines()
    full = said if len(lines) > 1 else ""
    iso = text if field.type is FieldType.DATE else ""
    return Cell(lines[0] if lines else "", kind, full=full, iso=iso, key=key, edit_href=edit_href)


def names(session: Session, user: User) -> dict[UUID, str]:
    """Return what colleagues are called, by their ids."""
    return {one.id: one.name for one in users.everyone(session, user.workspace_id)}


def asked(
    field: Field, text: str, colleagues: Mapping[UUID, str], *, error: str = "", typed: str = ""
) -> forms.Field:
    """Ask for a field: with what it says, or with what was typed and is wrong."""
    kind = _KINDS[field.type]
    written, currency = _written(field, text)
    chosen = tuple(text.split("\n")) if field.type is FieldType.CHOICES and text else ()
    return forms.Field(
        field.key,
        field.name,
        kind,
        typed or written,
        chosen,
        _options(field, colleagues),
        currency=currency,
        currencies=_currencies(currency) if kind is FieldKind.MONEY else (),
        error=error,
        required=field.required,
        most=field.longest if kind in (FieldKind.LINE, FieldKind.TEXT) else 0,
    )


def typed(
    session: Session, field: Field, form: MultiDict[str, str], *, by: User, at: datetime
) -> list[str]:
    """Return what somebody typed into a field, as `changing` reads it.

    A company is typed by its name: one that is not there yet is made.
    """
    texts = form.getlist(field.key)
    if field.type is FieldType.MONEY:
        code = form.get(f"{field.key}_currency", "")
        return [f"{text} {code}".strip() for text in texts if text.strip()]
    if field.type is FieldType.LINK:
        found = [text for text in texts if text.strip()]
        return [str(companies.resolve(session, text, by=by, at=at).id) for text in found[:1]]
    if field.type is FieldType.CHECKBOX:
        return ["true"] if any(texts) else []
    return texts


def _written(field: Field, text: str) -> tuple[str, str]:
    """Write a canonical text as its owner would type it; and the currency of an amount."""
    if field.type is FieldType.MONEY:
        if not text:
            return "", CURRENCIES[0]
        found = values.amount(text)
        places = get_currency_precision(found.currency) if found.amount % 1 else 0
        return f"{found.amount:.{places}f}", found.currency
    if field.type in (FieldType.NUMBER, FieldType.PERCENT) and text:
        return values.shown(field, text, {}).rstrip("%\xa0٪"), ""
    return text, ""


def _options(field: Field, colleagues: Mapping[UUID, str]) -> tuple[Option, ...]:
    none = () if field.required else (Option("", "–"),)
    match field.type:
        case FieldType.CHOICE:
            return (*none, *(Option(key, field.option(key)) for key, _label in field.options))
        case FieldType.CHOICES:
            return tuple(Option(key, field.option(key)) for key, _label in field.options)
        case FieldType.USER:
            nobody = (Option("", _("Nobody")),)
            return (*nobody, *(Option(str(id_), name) for id_, name in colleagues.items()))
        case FieldType.COUNTRY:
            known = sorted(values.countries().items(), key=lambda item: item[1])
            return (*none, *(Option(code, name) for code, name in known))
        case _:
            return ()


def _currencies(code: str) -> tuple[Option, ...]:
    codes = CURRENCIES if code in CURRENCIES else (code, *CURRENCIES)
    return tuple(Option(one, one) for one in codes)
