"""Records of the workspace's own sorts: the list, one of them, a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, render_template, request, url_for

from crm.base import clock
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.mail import visibility
from crm.work import objects
from crm.workspace import object_types, permissions
from crm.workspace.permissions import Deed
from server.auth.sessions import user
from server.web import about, records, saying, shelves, shelves_of
from server.web.facts import RecordView, Section
from server.web.forms import Field, Form
from server.web.lists import Shown
from server.web.views import Empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.work.models import ObjectRecord
    from crm.workspace.changing import Act, How
    from crm.workspace.models import ObjectType
    from server.web.shelves import Change

pages = Blueprint("objects", __name__, url_prefix="/o/<kind>")


@pages.get("")
def listed(kind: str) -> ResponseReturnValue:
    """Show the records of a sort."""
    return shelves.listed(shelves_of.of_objects(_type(kind)))


@pages.route("/<uuid:record_id>/fields/<key>", methods=["GET", "POST"])
def field(kind: str, record_id: UUID, key: str) -> ResponseReturnValue:
    """Change one field in its place."""
    sort = _type(kind)
    record = objects.get(g.session, user(), sort, record_id)
    return shelves.edited(shelves_of.of_objects(sort), record, key, _changes(sort))


@pages.post("/do")
def done(kind: str) -> ResponseReturnValue:
    """Do something to all that are checked."""
    sort = _type(kind)
    return shelves.done(shelves_of.of_objects(sort), _changes(sort))


@pages.route("/new", methods=["GET", "POST"])
def new(kind: str) -> ResponseReturnValue:
    """Make a record."""
    sort = _type(kind)
    permissions.check_reach(user(), sort.key, Deed.EDIT)
    if request.method == "GET":
        return _form(sort)
    try:
        name = request.form.get("name", "")
        made = objects.make(g.session, sort, name, by=user(), at=clock.now())
    except CRMError as error:
        return _form(sort, str(error)), 422
    saying.done(_("{name} is there now.").format(name=made.name))
    return saying.go(url_for("objects.one", kind=sort.key, record_id=made.id))


@pages.get("/<uuid:record_id>")
def one(kind: str, record_id: UUID) -> ResponseReturnValue:
    """Show a record: what is so, what is related, and everything that was."""
    sort = _type(kind)
    record = objects.get(g.session, user(), sort, record_id)
    viewer = visibility.viewer(g.session, user())
    past = records.past(viewer, record.id, request.args.get("before", ""))
    here = url_for("objects.one", kind=kind, record_id=record.id)
    shown = Shown(shelves_of.of_objects(sort), user())
    keys = [key for key in shown.sort.terms if key not in ("name", "tags")]
    view = RecordView(
        str(record.id),
        record.name,
        sort.many,
        url_for("objects.listed", kind=kind),
        past,
        icon="archive",
        tags=about.worn(shown, record),
        sections=(
            Section("facts", sort.one, about.facts(shown, record, keys)),
            about.related(shown, record.id),
        ),
        older_href=f"{here}?before={past.older}" if past.older else "",
        empty_past=Empty("nothing", _("Nothing here yet"), _("Notes on it appear here.")),
        peek_title=record.name,
        facts_href=f"{here}?pane=card",
    )
    return render_template("record.html", view=view)


def _type(kind: str) -> ObjectType:
    return object_types.get(g.session, user().workspace_id, kind)


def _form(sort: ObjectType, error: str = "") -> str:
    asked = Field(
        "name", _("Name"), value=request.form.get("name", ""), error=error, required=True, most=200
    )
    form = Form(
        url_for("objects.new", kind=sort.key),
        (asked,),
        _("Save"),
        sort.one,
        cancel_href=url_for("objects.listed", kind=sort.key),
    )
    return render_template("form.html", form=form)


def _changes(sort: ObjectType) -> Change:
    def change(
        record: ObjectRecord,
        typed: Mapping[str, Sequence[str]],
        how: How,
        was: Mapping[str, str] | None,
    ) -> Act:
        return objects.change(g.session, sort, record, typed, how, was=was)

    return change
