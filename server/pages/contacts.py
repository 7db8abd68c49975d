"""The people outside: a list by name, and each with what was said and what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from crm.base import clock, showing
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.filing import adding, editing, suggestions
from crm.mail import visibility
from crm.people import contacts
from crm.workspace import permissions, reaching
from crm.workspace.permissions import Deed
from server.auth.sessions import user
from server.web import about_contact, saying, shelves
from server.web.forms import Field, FieldKind, Form
from server.web.shelves_of import CONTACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.people.models import Contact
    from crm.workspace.changing import Act, How

pages = Blueprint("contacts", __name__, url_prefix="/contacts")


@pages.get("")
def listed() -> ResponseReturnValue:
    """Show the contacts."""
    return shelves.listed(CONTACTS)


@pages.route("/<uuid:contact_id>/fields/<key>", methods=["GET", "POST"])
def field(contact_id: UUID, key: str) -> ResponseReturnValue:
    """Change one field in its place."""
    contact = contacts.get(g.session, user(), contact_id)
    return shelves.edited(CONTACTS, contact, key, _change)


@pages.post("/do")
def done() -> ResponseReturnValue:
    """Do something to all that are checked."""
    return shelves.done(CONTACTS, _change)


@pages.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a contact of an address."""
    permissions.check_reach(user(), "contact", Deed.EDIT)
    if request.method == "GET":
        return _form()
    typed = request.form
    email, name, company = (typed.get(key, "") for key in ("email", "name", "company"))
    try:
        made = adding.add_contact(
            g.session, email, name=name, company=company, by=user(), at=clock.now()
        )
    except CRMError as error:
        return _form(str(error)), 422
    saying.done(_("{name} is a contact.").format(name=made.name))
    return saying.go(url_for("contacts.one", contact_id=made.id))


@pages.route("/<uuid:contact_id>/addresses", methods=["GET", "POST"])
def addresses(contact_id: UUID) -> ResponseReturnValue:
    """Give a contact one more address, or take one away."""
    contact = contacts.get(g.session, user(), contact_id)
    reaching.check(g.session, user(), "contact", contact.owner_id, Deed.EDIT)
    if request.method == "GET":
        return _addresses(contact)
    email, at = request.form.get("email", "").strip().lower(), clock.now()
    try:
        if request.form.get("gone"):
            gone = request.form["gone"]
            editing.remove_address(g.session, contact, gone, by=user(), at=at)
            saying.done(_("{email} is taken away. What came from it stays.").format(email=gone))
        else:
            count = editing.add_address(g.session, contact, email, by=user(), at=at)
            said = ngettext(
                "{email} is added, and {n} message with it.",
                "{email} is added, and {n} messages with it.",
                count,
            )
            saying.done(said.format(email=email, n=showing.number(count)))
    except CRMError as error:
        return _addresses(contact, str(error)), 422
    return saying.go(url_for("contacts.one", contact_id=contact.id))


@pages.get("/<uuid:contact_id>")
def one(contact_id: UUID) -> ResponseReturnValue:
    """Show a contact: who they are, what is open, and everything that was."""
    contact = contacts.get(g.session, user(), contact_id)
    viewer = visibility.viewer(g.session, user())
    before = request.args.get("before", "")
    return render_template("record.html", view=about_contact.view(viewer, contact, before))


@pages.post("/<uuid:contact_id>/suggest-again")
def suggest_again(contact_id: UUID) -> ResponseReturnValue:
    """Let a value that was ignored be suggested again."""
    contact = contacts.get(g.session, user(), contact_id)
    viewer = visibility.viewer(g.session, user())
    key = request.values.get("detail", "")
    suggestions.suggest_again(g.session, viewer, contact, key)
    flash(_("It is suggested again."))
    return redirect(url_for("contacts.one", contact_id=contact.id), 303)


def _form(error: str = "") -> str:
    typed = request.form
    fields = (
        Field(
            "email",
            _("Address"),
            FieldKind.EMAIL,
            typed.get("email", ""),
            required=True,
            hint=_("The mail that is there comes along."),
        ),
        Field("name", _("Name"), value=typed.get("name", ""), most=200),
        Field("company", _("Company"), value=typed.get("company", ""), most=200),
    )
    form = Form(
        url_for("contacts.new"),
        fields,
        _("Make the contact"),
        _("New contact"),
        error=error,
        cancel_href=url_for("contacts.listed"),
    )
    return render_template("form.html", form=form)


def _addresses(contact: Contact, error: str = "") -> str:
    typed = request.form.get("email", "")
    asked = Field("email", _("Another address"), FieldKind.EMAIL, typed, error=error, required=True)
    form = Form(
        url_for("contacts.addresses", contact_id=contact.id),
        (asked,),
        _("Add the address"),
        _("Address of {name}").format(name=contact.name),
        _("The mail that is there comes along, as if it had been known from the beginning."),
        cancel_href=url_for("contacts.one", contact_id=contact.id),
    )
    return render_template("form.html", form=form)


def _change(
    contact: Contact,
    typed: Mapping[str, Sequence[str]],
    how: How,
    was: Mapping[str, str] | None,
) -> Act:
    return editing.change_contact(g.session, contact, typed, how, was=was)
