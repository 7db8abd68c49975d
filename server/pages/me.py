"""One's own: the password, the browsers one is signed in with, the Google account, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from crm.base import clock, i18n, showing
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import permissions, sign_ins, subjects, users
from server.auth import browsers, sessions, throttle

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.workspace.models import SignIn

pages = Blueprint("me", __name__, url_prefix="/me")


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that somebody is signed in with."""

    id: str
    name: str
    seen: str
    since: str
    this: bool


@pages.get("")
def mine() -> ResponseReturnValue:
    """Show what is one's own."""
    return _page()


@pages.post("/password")
def password() -> ResponseReturnValue:
    """Change the password; every other browser is signed out."""
    me = sessions.user()
    g.session.commit()  # Hashing takes its time, and no transaction waits for it.
    if throttle.left(me.email) < 0:
        error = _(throttle.TOO_MANY)
        return _page(error), 429, throttle.WAIT
    try:
        users.change_password(me, request.form.get("old", ""), request.form.get("new", ""))
    except InvalidError as error:
        return _page(str(error)), 422
    sign_ins.end_all(g.session, me, but=sessions.token())
    throttle.forgive(me.email)
    return _back(_("Your password is changed. Other browsers are signed out."))


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Read another language, and live in another time zone."""
    me = sessions.user()
    tongue, zone = request.form.get("language", ""), request.form.get("time_zone", "")
    try:
        users.settle(me, language=tongue, time_zone=zone, offered=i18n.offered())
    except InvalidError as error:
        return _page(refused=str(error), tongue=tongue, zone=zone), 422
    i18n.speak(me.language)
    return _back(_("Saved."))


@pages.post("/browsers/<uuid:sign_in_id>/out")
def out(sign_in_id: UUID) -> ResponseReturnValue:
    """Sign out of one browser."""
    sign_ins.end_one(g.session, sessions.user(), sign_in_id)
    return _back(_("That browser is signed out."))


@pages.post("/google/out")
def forget_google() -> ResponseReturnValue:
    """Let the Google account lead here no more."""
    subjects.unbind(g.session, sessions.user())
    return _back(_("Your Google account leads here no more. Gmail asks you to sign in again."))


def _back(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for("me.mine"), 303)


def _page(error: str = "", *, refused: str = "", tongue: str = "", zone: str = "") -> str:
    """Show the page; a form that was refused says why where it is to blame, and keeps the rest."""
    me, now = sessions.user(), clock.now()
    blamed = "language" if tongue and tongue not in i18n.offered() else "time_zone"
    token = sessions.token()
    used = [_browser(s, token) for s in sign_ins.of_user(g.session, me, at=now)]
    return render_template(
        "me.html",
        me=me,
        role=permissions.role_of(me),
        browsers=used,
        languages=[(tag, i18n.NAMES[tag]) for tag in i18n.offered()],
        zones=showing.zones(),
        tongue=tongue or me.language,
        zone=zone or me.time_zone,
        refused={blamed: refused} if refused else {},
        error=error,
    )


def _browser(sign_in: SignIn, token: str) -> Browser:
    me, now = sessions.user(), clock.now()
    tz = showing.zone(me.time_zone)
    return Browser(
        str(sign_in.id),
        browsers.name_of(sign_in.agent),
        showing.moment(sign_in.seen_at, now, tz),
        showing.moment(sign_in.created_at, now, tz),
        sign_ins.is_of(sign_in, token),
    )
