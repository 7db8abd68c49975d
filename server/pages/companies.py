"""Companies: the list, one of them with its people and its past, a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, render_template, request, url_for

from crm.base import clock
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.mail import visibility
from crm.people import companies
from crm.workspace import permissions
from crm.workspace.permissions import Deed
from server.auth.sessions import user
from server.web import about, records, saying, shelves
from server.web.facts import RecordView, Related, Section
from server.web.forms import Field, FieldKind, Form
from server.web.lists import Shown
from server.web.pieces import Piece
from server.web.shelves_of import COMPANIES
from server.web.views import Empty, initials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.people.models import Company, Contact
    from crm.workspace.changing import Act, How

pages = Blueprint("companies", __name__, url_prefix="/companies")


@pages.get("")
def listed() -> ResponseReturnValue:
    """Show the companies."""
    return shelves.listed(COMPANIES)


@pages.route("/<uuid:company_id>/fields/<key>", methods=["GET", "POST"])
def field(company_id: UUID, key: str) -> ResponseReturnValue:
    """Change one field in its place."""
    company = companies.get(g.session, user(), company_id)
    return shelves.edited(COMPANIES, company, key, _change)


@pages.post("/do")
def done() -> ResponseReturnValue:
    """Do something to all that are checked."""
    return shelves.done(COMPANIES, _change)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a company."""
    permissions.check_reach(user(), "company", Deed.EDIT)
    if request.method == "GET":
        return _form()
    name, domain = request.form.get("name", ""), request.form.get("domain", "")
    try:
        made = companies.make(g.session, name, domain=domain, by=user(), at=clock.now())
    except CRMError as error:
        return _form(str(error)), 422
    saying.done(_("{name} is there now.").format(name=made.name))
    return saying.go(url_for("companies.one", company_id=made.id))


@pages.get("/<uuid:company_id>")
def one(company_id: UUID) -> ResponseReturnValue:
    """Show a company: its people, what is so, and everything that was."""
    company = companies.get(g.session, user(), company_id)
    viewer = visibility.viewer(g.session, user())
    past = records.past(viewer, company.id, request.args.get("before", ""))
    here = url_for("companies.one", company_id=company.id)
    shown = Shown(COMPANIES, user())
    people = companies.contacts_of(g.session, user(), company)
    keys = [key for key in shown.sort.terms if key not in ("name", "tags")]
    view = RecordView(
        str(company.id),
        company.name,
        _("Companies"),
        url_for("companies.listed"),
        past,
        initials(company.name),
        square=True,
        subtitle=(Piece(company.domain),) if company.domain else (),
        tags=about.worn(shown, company),
        sections=(
            Section("company", _("Company"), about.facts(shown, company, keys)),
            Section("people", _("People"), related=_people(people), none=_("Nobody yet.")),
            about.related(shown, company.id),
        ),
        older_href=f"{here}?before={past.older}" if past.older else "",
        empty_past=Empty(
            "nothing",
            _("Nothing here yet"),
            _("Messages with people of this company appear here by themselves."),
            icon="mail",
        ),
        peek_title=company.name,
        facts_href=f"{here}?pane=card",
    )
    return render_template("record.html", view=view)


def _people(people: Sequence[Contact]) -> tuple[Related, ...]:
    return tuple(
        Related(one.name, url_for("contacts.one", contact_id=one.id), one.title, "user")
        for one in people
    )


def _form(error: str = "") -> str:
    typed = request.form
    fields = (
        Field("name", _("Name"), value=typed.get("name", ""), required=True, most=200),
        Field(
            "domain",
            _("Domain"),
            FieldKind.LINE,
            typed.get("domain", ""),
            hint=_("Mail from there belongs to this company: severka.cz"),
        ),
    )
    form = Form(
        url_for("companies.new"),
        fields,
        _("Make the company"),
        _("New company"),
        error=error,
        cancel_href=url_for("companies.listed"),
    )
    return render_template("form.html", form=form)


def _change(
    company: Company,
    typed: Mapping[str, Sequence[str]],
    how: How,
    was: Mapping[str, str] | None,
) -> Act:
    return companies.change(g.session, company, typed, how, was=was)
