"""The line of conditions above a list: chips, how to add one, the columns, and keeping it all."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from flask import request, url_for

from crm.base.i18n import gettext as _
from server.web import chips
from server.web.forms import Field, FieldKind, Form, Menu, Option
from server.web.listing import FilterChip, Filters
from server.web.views import Action

if TYPE_CHECKING:
    from server.web.lists import Shown


def of(shown: Shown) -> Filters:
    """Give the line of conditions of a list."""
    asked = shown.state.asked
    clauses = chips.of_filter(shown.sort, asked.filter)
    said: tuple[FilterChip, ...] = ()
    if clauses is not None:
        said = chips.shown(shown.sort, clauses, shown.emails, lambda left: shown.href(f=left))
    choices = tuple(
        Action(term.field.name, shown.href(add=key)) for key, term in shown.sort.terms.items()
    )
    return Filters(
        said,
        choices,
        _adding(shown),
        shown.count_text(),
        tools=(_written(shown), _chooser(shown)),
        save=_save(shown),
    )


def _adding(shown: Shown) -> Form | None:
    """Ask for a condition on the field that the address names."""
    key = request.args.get("add", "")
    if key not in shown.sort.terms:
        return None
    kept = [(k, v) for k, v in _pairs(shown.href()) if k != "f"]
    hidden = (*kept, ("f", shown.state.asked.filter), ("added", key))
    fields = chips.form(shown.sort.terms[key], shown.emails)
    action = shown.shelf.href(shown.shelf.listed)
    return Form(action, fields, _("Show"), hidden=hidden, method="get")


def _written(shown: Shown) -> Menu:
    """Let a filter be written as a formula."""
    kept = tuple((k, v) for k, v in _pairs(shown.href()) if k != "f")
    hint = _("Like this: {example}").format(example='owner = me and name contains "a"')
    asked = Field("f", _("Filter"), FieldKind.TEXT, shown.state.asked.filter, hint=hint)
    action = shown.shelf.href(shown.shelf.listed)
    form = Form(action, (asked,), _("Show"), hidden=kept, method="get")
    return Menu("formula", _("Formula"), "list-filter", form=form)


def _chooser(shown: Shown) -> Menu:
    kept = tuple((k, v) for k, v in _pairs(shown.href()) if k != "column")
    options = tuple(
        Option(key, term.field.name) for key, term in shown.sort.terms.items() if key != "name"
    )
    chosen = shown.state.asked.columns
    asked = Field("column", _("Columns"), FieldKind.CHOICES, chosen=chosen, options=options)
    action = shown.shelf.href(shown.shelf.listed)
    form = Form(action, (asked,), _("Show"), hidden=kept, method="get")
    return Menu("columns", _("Columns"), "columns-3", form=form)


def _save(shown: Shown) -> Menu:
    asked = shown.state.asked
    hidden = (
        ("f", asked.filter),
        ("sort", asked.sort),
        ("down", "1" if asked.descending else "0"),
        *(("column", key) for key in asked.columns),
    )
    shared = Field("shared", _("Everybody sees it"), FieldKind.CHECK)
    fields = (Field("name", _("Name of the view"), required=True, most=60), shared)
    action = url_for("views.save", subject=shown.shelf.subject)
    return Menu("save", _("Save view"), form=Form(action, fields, _("Save"), hidden=hidden))


def _pairs(href: str) -> list[tuple[str, str]]:
    """Return what the query of an address says, as a form carries it."""
    return parse_qsl(urlsplit(href).query, keep_blank_values=True)
