"""A list page of any sort of record: what is asked by its address, and what it shows.

The address holds everything: the view or a filter of one's own, the columns, the order, the place.
So a list can be kept, sent to a colleague, and gone back to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import g, request, url_for
from werkzeug.urls import iri_to_uri

from crm.base import clock, ids, showing
from crm.base.errors import CRMError
from crm.base.formulas import Kind
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.segments import listing, views
from crm.segments.listing import Asked
from crm.workspace import permissions, users
from crm.workspace.permissions import Deed
from server.web import cells, list_filters, room
from server.web.forms import Field, FieldKind, Form, Menu, Option
from server.web.listing import Bulk, Column, ListRow, ListView, Narrow
from server.web.views import Action, Empty, Tab, initials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from crm.segments.listing import Page, Row
    from crm.segments.models import SavedView
    from crm.segments.terms import Sort
    from crm.workspace.models import User
    from server.web.listing import Editor

#: So many are shown at once, and so many views have their count beside them.
SIZE, COUNTED = 50, 8
#: Of so many at most something is done to all at once.
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Shelf:
    """A sort of record as the web app lists it: what it is called, and where it leads."""

    subject: str
    title: str
    listed: str  # endpoints
    one: str
    new: str
    edited: str
    done: str
    columns: tuple[str, ...]
    new_label: str
    icon: str = ""  # in the place of initials
    square: bool = False
    place: Mapping[str, str] | None = None  # what its addresses need besides
    id_name: str = "record_id"  # what its addresses call a record

    def href(self, endpoint: str, **values: Any) -> str:
        """Return an address on this shelf."""
        return url_for(endpoint, **{**(self.place or {}), **values})

    def href_of(self, endpoint: str, record_id: UUID, **values: Any) -> str:
        """Return an address of one record on this shelf."""
        return self.href(endpoint, **{self.id_name: record_id}, **values)


@dataclass(frozen=True, slots=True)
class State:
    """What the address of a list asks for."""

    asked: Asked
    view: str  # all, mine, or a saved view's id
    saved: SavedView | None = None


class Shown:
    """A list that somebody looks at."""

    def __init__(self, shelf: Shelf, user: User) -> None:
        self.shelf, self.user, self.at = shelf, user, clock.now()
        self.sort: Sort = listing.sort_of(g.session, user, shelf.subject, at=self.at)
        self.views = views.of_user(g.session, user, shelf.subject)
        self.names = cells.names(g.session, user)
        self.emails = {u.email: u.name for u in users.everyone(g.session, user.workspace_id)}
        self.may_edit = permissions.scope(user, shelf.subject, Deed.EDIT) > 0
        self.state = self._state()

    def _state(self) -> State:
        """Read the address: a view, and what was chosen beside it."""
        wanted = request.args.get("view", "all")
        saved = next((one for one in self.views if str(one.id) == wanted), None)
        asked = Asked("", self.shelf.columns)
        if saved is not None:
            asked = views.asked_by(saved)
        elif wanted == "mine":
            asked = replace(asked, filter="owner = me")
        else:
            wanted = "all"
        if "f" in request.args:
            asked = replace(asked, filter=request.args["f"])
        if request.args.getlist("column"):
            asked = replace(asked, columns=tuple(request.args.getlist("column")))
        if request.args.get("sort") in self.sort.terms:
            down = request.args.get("down") == "1"
            asked = replace(asked, sort=request.args["sort"], descending=down)
        known = tuple(key for key in asked.columns if key in self.sort.terms)
        return State(replace(asked, columns=known), wanted, saved)

    def href(self, **changes: object) -> str:
        """Return the address of this list, otherwise in some point."""
        asked = self.state.asked
        values: dict[str, object] = {"view": self.state.view}
        begun = views.asked_by(self.state.saved) if self.state.saved else None
        if begun is None:
            begun = Asked("owner = me" if self.state.view == "mine" else "", self.shelf.columns)
        if asked.filter != begun.filter:
            values["f"] = asked.filter
        if asked.columns != begun.columns:
            values["column"] = list(asked.columns)
        if (asked.sort, asked.descending) != (begun.sort, begun.descending):
            values |= {"sort": asked.sort, "down": "1" if asked.descending else "0"}
        return self.shelf.href(self.shelf.listed, **{**values, **changes})

    def page(self) -> Page:
        """Read the page that the address asks for. Raises FormulaError and InvalidError."""
        after = listing.mark(request.args.get("after", ""))
        asked = self.state.asked
        return listing.page(g.session, self.user, self.sort, asked, after, size=SIZE)

    def view(self) -> ListView:
        """Give the whole list to its template."""
        problem, page = "", listing.Page((), None)
        try:
            page = self.page()
        except CRMError as error:
            problem = str(error)
        return ListView(
            _(self.shelf.title),
            f"{self.shelf.subject}-{self.state.view}",
            self.columns(),
            tuple(self.row(row) for row in page.rows),
            tabs=tuple(self._tabs()),
            actions=tuple(self._actions()),
            filters=list_filters.of(self),
            bulk=self.bulk(),
            more_href=self.href(after=str(page.next)) if page.next else "",
            more_text=_("Show {n} more").format(n=showing.number(SIZE)),
            empty_list=self._empty(problem),
        )

    def columns(self) -> tuple[Column, ...]:
        """Return the heads of the columns, the name's first."""
        found = [self._column("name")]
        found += [self._column(key) for key in self.state.asked.columns]
        return tuple(found)

    def _column(self, key: str) -> Column:
        term, asked = self.sort.terms[key], self.state.asked
        sorted_ = ""
        if asked.sort == key:
            sorted_ = "descending" if asked.descending else "ascending"
        down = asked.sort == key and not asked.descending
        href = "" if term.kind is Kind.CHOICES else self.href(sort=key, down="1" if down else "0")
        narrow = Narrow.AWAY
        if key in self.state.asked.columns[:2]:
            narrow = Narrow.SECOND if key == self.state.asked.columns[0] else Narrow.END
        numeric = term.field.type in cells.NUMERIC
        return Column(term.field.name, numeric, href, sorted_, narrow)

    def row(self, row: Row) -> ListRow:
        """Write one record."""
        record, shelf = row.record, self.shelf
        written = []
        for key in self.state.asked.columns:
            field = self.sort.terms[key].field
            edit = ""
            if self.may_change(key):
                edit = shelf.href_of(shelf.edited, record.id, key=key)
                edit = iri_to_uri(f"{edit}?{request.query_string.decode()}")
            written.append(cells.cell(field, row.texts.get(key, ""), self.names, edit))
        href = shelf.href_of(shelf.one, record.id)
        sign = "" if shelf.icon else initials(record.name)
        return ListRow(
            str(record.id), href, record.name, tuple(written), sign, shelf.square, shelf.icon
        )

    def may_change(self, key: str) -> bool:
        """Tell whether a field is changed in its place, and by whoever looks."""
        field = self.sort.terms[key].field
        own = field.id is not None or key in _EDITED.get(self.shelf.subject, _OBJECT)
        allowed = permissions.may_change(self.user, self.shelf.subject, key)
        return self.may_edit and own and not field.formula and allowed

    def _tabs(self) -> Sequence[Tab]:
        here = self.shelf.href
        listed, found = self.shelf.listed, []
        found.append(("all", _("All"), "", "users"))
        if "owner" in self.sort.terms:
            found.append(("mine", _("Mine"), "owner = me", "user"))
        found += [(str(v.id), v.name, v.filter, _icon(v)) for v in self.views]
        tabs = []
        for number, (key, label, filter_, icon) in enumerate(found):
            count = self._count(filter_) if number < COUNTED else None
            tabs.append(Tab(here(listed, view=key), label, count, key == self.state.view, icon))
        return tabs

    def _count(self, filter_: str) -> int | None:
        """Count a view; one that cannot be worked out any more has none."""
        try:
            found = listing.count(g.session, self.user, self.sort, filter_)
        except CRMError:
            return None
        return found if found <= listing.MOST else None

    def _actions(self) -> Sequence[Action]:
        if not self.may_edit:
            return ()
        there = self.shelf.href(self.shelf.new)
        return (Action(_(self.shelf.new_label), there, "plus", key="N", dialog=True),)

    def count_text(self) -> str:
        """Say how many the list has; nothing where that cannot be worked out."""
        try:
            count = listing.count(g.session, self.user, self.sort, self.state.asked.filter)
        except CRMError:
            return ""
        if count > listing.MOST:
            return _("More than {n}").format(n=showing.number(listing.MOST))
        said = ngettext("{n} record", "{n} records", count)
        return said.format(n=showing.number(count))

    def bulk(self) -> Bulk | None:
        """Offer what may be done to many at once."""
        if not self.may_edit:
            return None
        people = (Option("", _("Nobody")), *(Option(str(i), n) for i, n in self.names.items()))
        owner = Field("owner", _("Owner"), FieldKind.USER, options=people)
        tag = Field("tag", _("Tag"), required=True, most=50)
        menus = (
            Menu("assign", _("Assign"), "user", "A", form=Form("", (owner,), _("Assign"))),
            Menu("tag", _("Tag"), "tag", "#", form=Form("", (tag,), _("Add the tag"))),
            Menu("untag", _("Remove a tag"), "tag", form=Form("", (tag,), _("Remove the tag"))),
        )
        there = self.shelf.href(self.shelf.done)
        action = iri_to_uri(f"{there}?{request.query_string.decode()}")
        return Bulk(action, menus, _("Select all that are listed"))

    def _empty(self, problem: str) -> Empty:
        if problem:
            again = (Action(_("Show all"), self.href(f="", view="all")),)
            return Empty("filtered", _("This filter cannot be worked out"), problem, again)
        if self.state.asked.filter:
            again = (Action(_("Show all"), self.href(f="", view="all")),)
            return Empty(
                "filtered", _("Nothing matches"), _("The filter lets none through."), again
            )
        if self.shelf.subject != "contact":
            return Empty("nothing", _("Nothing here yet"), "", tuple(self._actions()), icon="users")
        text = _("People you write to appear here by themselves once a mailbox is connected.")
        return Empty("nothing", _("No contacts yet"), text, room.connecting(), icon="users")


#: The standard fields that are changed in their place; others have verbs of their own.
_EDITED = {
    "contact": frozenset({"name", "title", "company", "owner", "rating", "persona", "country"}),
    "company": frozenset(
        {"name", "owner", "industry", "employees", "country", "phone", "site", "address"}
    ),
    "deal": frozenset[str](),
}
_OBJECT = frozenset({"name", "owner"})


def with_editor(row: ListRow, key: str, editor: Editor) -> ListRow:
    """Return a row with one of its cells open."""
    opened = (replace(one, editor=editor) if one.key == key else one for one in row.cells)
    return replace(row, cells=tuple(opened))


def checked(shown: Shown) -> list[UUID]:
    """Return whom somebody has checked in a list: some, or all that it lists.

    Raises InvalidError where these are too many.
    """
    if request.form.get("all"):
        filter_ = shown.state.asked.filter
        return listing.every_id(g.session, shown.user, shown.sort, filter_, MOST_AT_ONCE)
    return [found for text in request.form.getlist("id") if (found := ids.parse(text))]


def _icon(view: SavedView) -> str:
    return "bookmark" if view.shared else "lock"
