"""Views of lists: kept under a name, and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, request

from crm.base import clock
from crm.base.i18n import gettext as _
from crm.segments import listing, views
from crm.segments.listing import Asked
from server.auth.sessions import user
from server.web import saying, shelves_of

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

pages = Blueprint("views", __name__, url_prefix="/views")


@pages.post("/of/<subject>")
def save(subject: str) -> ResponseReturnValue:
    """Keep what a list shows under a name."""
    me, at = user(), clock.now()
    sort = listing.sort_of(g.session, me, subject, at=at)
    form = request.form
    asked = Asked(
        form.get("f", ""),
        tuple(form.getlist("column")),
        form.get("sort", "name"),
        form.get("down") == "1",
    )
    shared = bool(form.get("shared"))
    view = views.save(g.session, sort, form.get("name", ""), asked, by=me, at=at, shared=shared)
    saying.done(_("The view {name} is saved.").format(name=view.name))
    return saying.go(shelves_of.listed_href(g.session, me, subject, view=str(view.id)))


@pages.post("/<uuid:view_id>/delete")
def delete(view_id: UUID) -> ResponseReturnValue:
    """Keep a view no more."""
    me = user()
    view = views.get(g.session, me, view_id)
    views.delete(g.session, view, by=me, at=clock.now())
    saying.done(_("The view {name} is deleted. What it listed stays.").format(name=view.name))
    return saying.go(shelves_of.listed_href(g.session, me, view.subject))
