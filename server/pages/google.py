"""Where somebody at Google becomes known: both names before one's eyes, and one button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, redirect, render_template, request, url_for

from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import subjects, workspaces
from server.auth import binding, sessions

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("google", __name__, url_prefix="/google")


@pages.get("")
def ask() -> ResponseReturnValue:
    """Show who at Google would see what whose eyes see here."""
    word = request.args.get("word", "")
    stranger = _stranger(word)
    user = sessions.user()
    return render_template(
        "google.html",
        email=stranger.email,
        me=user,
        workspace=workspaces.get(g.session, user.workspace_id).name,
        other=user.google_email if user.google_email != stranger.email else "",
        word=word,
    )


@pages.post("")
def bind() -> ResponseReturnValue:
    """Let them lead to whoever is signed in."""
    stranger = _stranger(request.form.get("word", ""))
    if not stranger.spend(g.session):
        raise InvalidError(_over())
    subjects.bind(g.session, sessions.user(), stranger.subject, stranger.email)
    return redirect(url_for("google.done"), 303)


@pages.get("/done")
def done() -> ResponseReturnValue:
    """Say that it is done. Gmail opened this window, and reloads its card when it closes."""
    return render_template("google_done.html", email=sessions.user().google_email)


def _stranger(word: str) -> binding.Stranger:
    stranger = binding.read(word)
    if stranger is None:
        raise InvalidError(_over())
    return stranger


def _over() -> str:
    return _(
        "This way in is over: it lasts ten minutes and works once. Nothing was changed. Open the"
        " message in Gmail again, and press Sign in there."
    )
