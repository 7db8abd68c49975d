"""Who works here: an admin invites, changes roles, lets in and out; and what a link leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)

from addon.widgets import isolate
from crm.base import clock, i18n, showing
from crm.base.errors import CRMError, InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import password_links, permissions, sign_ins, users, workspaces
from crm.workspace.models import UserRole
from server.auth import sessions
from server.web.views import initials

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.base.settings import Settings
    from crm.workspace.models import User

pages = Blueprint("people", __name__)


@dataclass(frozen=True, slots=True)
class Row:
    """A colleague as the list shows them."""

    id: str
    name: str
    initials: str
    email: str
    role: str
    state: str
    active: bool
    me: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was made just now: it is shown once."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Form:
    """An invitation as it was typed, and what is the matter with it."""

    email: str = ""
    name: str = ""
    role: str = UserRole.REP.value
    error: str = ""


@pages.get("/people")
def listed() -> ResponseReturnValue:
    """Show who works here."""
    return _page()


@pages.post("/people")
def invite() -> ResponseReturnValue:
    """Add a colleague, and show the link that lets them in."""
    typed = Form(
        request.form.get("email", ""), request.form.get("name", ""), request.form.get("role", "")
    )
    me = sessions.user()
    try:
        user = users.invite(
            g.session, typed.email, role=_role(), name=typed.name, by=me, at=clock.now()
        )
    except CRMError as error:
        return _page(Form(typed.email, typed.name, typed.role, str(error))), 422
    return _page(link=_link(user))


@pages.post("/people/<uuid:user_id>/link")
def link(user_id: UUID) -> ResponseReturnValue:
    """Show a new link for somebody; the one before is over."""
    return _page(link=_link(_user(user_id)))


@pages.post("/people/<uuid:user_id>/role")
def role(user_id: UUID) -> ResponseReturnValue:
    """Let somebody do more, or less."""
    user = _user(user_id)
    users.change_role(g.session, user, _role(), by=sessions.user())
    said = _("{name} is {role} now.")
    return _back(said.format(name=isolate(user.name), role=permissions.role_of(user)))


@pages.post("/people/<uuid:user_id>/out")
def out(user_id: UUID) -> ResponseReturnValue:
    """Let somebody in no more."""
    user = _user(user_id)
    users.deactivate(g.session, user, by=sessions.user())
    password_links.end(g.session, user)
    sign_ins.end_all(g.session, user)
    said = _("{name} is signed out everywhere and cannot come in. What they did stays.")
    return _back(said.format(name=isolate(user.name)))


@pages.post("/people/<uuid:user_id>/in")
def in_(user_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    user = _user(user_id)
    users.activate(g.session, user, by=sessions.user())
    return _back(_("{name} can sign in again.").format(name=isolate(user.name)))


@pages.route("/welcome/<token>", methods=["GET", "POST"])
def welcome(token: str) -> ResponseReturnValue:
    """Let somebody set the password that a link is for, and come in."""
    posted = request.method == "POST"
    user = password_links.find(g.session, token, at=clock.now(), to_use=posted)
    if user is None:
        raise InvalidError(
            _(
                "This link is over: it works once, for 72 hours, and a newer one ends it. Nothing"
                " was changed. Ask your admin for a new one."
            )
        )
    here = url_for("people.welcome", token=token)
    place = workspaces.get(g.session, user.workspace_id).name
    if not posted:
        return render_template("welcome.html", action=here, me=user, workspace=place, error="")
    new = not user.password
    try:
        password_links.use(g.session, user, request.form.get("password", ""))
    except InvalidError as error:
        said = str(error)
        page = render_template("welcome.html", action=here, me=user, workspace=place, error=said)
        return page, 422
    if new and user.language == "en":  # Nobody has chosen yet: go on as the page was read.
        user.language = i18n.language()
    return sessions.let_in(user, url_for("inbox.threads"))


def _day(at: datetime, me: User) -> str:
    tz = showing.zone(me.time_zone)
    return showing.day_within(at.astimezone(tz).date(), clock.now().astimezone(tz).date())


def _user(user_id: UUID) -> User:
    return users.get(g.session, sessions.user().workspace_id, user_id)


def _role() -> UserRole:
    try:
        return UserRole(request.form.get("role", ""))
    except ValueError as error:
        raise InvalidError(_("There is no such role.")) from error


def _link(user: User) -> Link:
    settings: Settings = current_app.config["INLAY"]
    token = password_links.make(g.session, user, by=sessions.user(), at=clock.now())
    return Link(user.name, settings.base_url + url_for("people.welcome", token=token))


def _back(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("people.listed"), 303)


def _page(form: Form | None = None, link: Link | None = None) -> str:
    me, now = sessions.user(), clock.now()
    waiting = password_links.waiting(g.session, me, at=now)
    rows = [_row(user, me, waiting.get(user.id)) for user in users.of_workspace(g.session, me)]
    roles = [(role.value, permissions.name_of(role)) for role in UserRole]
    return render_template("people.html", people=rows, roles=roles, form=form or Form(), link=link)


def _row(user: User, me: User, until: datetime | None) -> Row:
    state = ""
    if not user.active:
        state = _("Deactivated")
    elif until is not None:
        words = (
            _("Invited, link works until {when}")
            if not user.password
            else _("New password asked for, link works until {when}")
        )
        state = words.format(when=_day(until, me))
    elif not user.password:
        state = _("No password yet: make a link")
    return Row(
        str(user.id),
        user.name,
        initials(user.name),
        user.email,
        user.role,
        state,
        user.active,
        user.id == me.id,
    )
