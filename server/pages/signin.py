"""Sign in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for

from crm.base import db, directory, ids
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.base.showing import number
from crm.workspace import sign_ins, users, workspaces
from server.auth import sessions, throttle

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.workspace.models import User

pages = Blueprint("signin", __name__)

#: So many passwords are looked at for any address, and more only for one in more workspaces.
_LOOKS = 2
#: Fewer tries than this are told.
_WARNED = 3


@dataclass(frozen=True, slots=True)
class Form:
    """The sign-in form as the page shows it."""

    action: str
    next: str = ""
    email: str = ""
    error: str = ""
    note: str = ""
    workspaces: tuple[tuple[str, str], ...] = ()
    workspace: str = ""


@pages.route("/sign-in", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Show the form; with a right address and password, sign in."""
    there = _own_page(request.values.get("next", ""))
    if there.startswith("/google?"):
        g.for_gmail = True
    if request.method != "POST":
        note = _("You were signed out meanwhile. Your answer was not sent.")
        note = note if "unsent" in request.args else ""
        return _page(Form(url_for("signin.form"), next=there, note=note))
    email = request.form.get("email", "").strip().lower()
    left = throttle.left(email)
    if left < 0:
        error = _(throttle.TOO_MANY)
        return _page(Form(url_for("signin.form"), there, email, error)), 429, throttle.WAIT
    password = request.form.get("password", "")
    fitting = _fitting(email, password)
    chosen = ids.parse(request.form.get("workspace", ""))
    if len(fitting) > 1 and chosen is not None:
        fitting = [user for user in fitting if user.workspace_id == chosen]
    if len(fitting) > 1:
        return _page(Form(url_for("signin.form"), there, email, workspaces=tuple(_names(fitting))))
    error = _("Address and password do not fit together.")
    if not fitting:
        if left < _WARNED:
            error = f"{error} {_warning(left)}"
        return _page(Form(url_for("signin.form"), there, email, error)), 401
    user = fitting[0]
    throttle.forgive(email)
    db.enter(g.session, user.workspace_id)
    if not users.hold(g.session, user, password):  # Changed while it was looked at.
        return _page(Form(url_for("signin.form"), there, email, error)), 401
    return sessions.let_in(user, there or url_for("inbox.threads"))


@pages.post("/sign-out")
def out() -> ResponseReturnValue:
    """Sign out of this browser."""
    sign_ins.end(g.session, sessions.token())
    response = make_response(redirect(url_for("signin.form"), 303))
    sessions.drop(response)
    return response


def _fitting(email: str, password: str) -> list[User]:
    """Return the users that an address and a password fit.

    The time it takes does not tell whether an address is known, nor in how many workspaces of two.
    """
    fitting = []
    ways = directory.find(g.session, directory.Key.USER, email)
    for way in ways:
        db.enter(g.session, way.workspace_id)
        user = users.get(g.session, way.workspace_id, way.id)
        if users.fits(user, password):
            fitting.append(user)
    for _missing in range(_LOOKS - len(ways)):
        users.fits(None, password)
    return fitting


def _warning(left: int) -> str:
    if not left:
        return _("Now there is a pause of 5 minutes.")
    more = ngettext(
        "{count} more try, then a pause of 5 minutes.",
        "{count} more tries, then a pause of 5 minutes.",
        left,
    )
    return more.format(count=number(left))


def _names(fitting: list[User]) -> list[tuple[str, str]]:
    found = []
    for user in fitting:
        db.enter(g.session, user.workspace_id)
        workspace = workspaces.get(g.session, user.workspace_id)
        found.append((str(workspace.id), workspace.name))
    return found


def _own_page(there: str) -> str:
    """Return a path of ours, or "": nobody is sent elsewhere after signing in."""
    safe = there.isprintable() and there.startswith("/") and not there.startswith(("//", "/\\"))
    return there if safe else ""


def _page(form: Form) -> str:
    return render_template("signin.html", form=form)
