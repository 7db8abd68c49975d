"""What the web answers when something is refused or fails: in words, with a reference."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from flask import Flask, g, render_template, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from crm.base import faults
from crm.base.errors import ConflictError, CRMError, ForbiddenError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from server.web.views import Action, Failure
from sync.connecting import obstacles
from sync.errors import SyncError
from sync.patience import is_double, is_its_own

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_log = logging.getLogger(__name__)

_SOON = {"Retry-After": "5"}
_STATUS: tuple[tuple[type[CRMError], int], ...] = (
    (NotFoundError, 404),
    (ForbiddenError, 403),
    (ConflictError, 409),
    (InvalidError, 422),
)


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with a pane where htmx asked."""
    app.register_error_handler(CRMError, _refused)
    app.register_error_handler(SyncError, _no_server)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _broken)


def status_of(error: CRMError) -> int:
    """Return the HTTP status for a refusal of the domain."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def _refused(error: CRMError) -> ResponseReturnValue:
    status = status_of(error)
    title = _("Not found") if status == 404 else _("That did not work")
    return _page(Failure("failed", title, str(error), actions=_home())), status


def _no_server(error: SyncError) -> ResponseReturnValue:
    title, safe = _("The mailbox did not answer"), _("Nothing was changed.")
    what = obstacles.explain(error).what
    return _page(Failure("failed", title, what, safe, actions=_again())), 502


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    known = {
        403: (_("Not allowed"), _("This form is too old, or comes from elsewhere.")),
        404: (_("Not found"), _("There is no such page.")),
        503: (_("Not now"), _("Too much is being sent to us at once. Try again in a moment.")),
        405: (_("Not here"), _("This address does not do that.")),
        413: (_("Too much"), _("What was sent is too big.")),
    }
    title, what = known.get(status, (_("That did not work"), ""))
    page = _page(Failure("failed", title, what, _("Nothing was changed."), actions=_home()))
    return page, status, _SOON if status == 503 else {}


def _database(error: DBAPIError) -> ResponseReturnValue:
    """Ask for patience where the database is away or busy; what it refuses is a fault of ours."""
    if is_double(error):
        reference = secrets.token_hex(4)
        _log.warning("It is there already: %s: %s", reference, faults.place(error))
        what = _("This is there already, or was made at the same moment.")
        safe = _("Nothing was changed. Load the page again to see how it stands.")
        failure = Failure("failed", _("That did not work"), what, safe, reference, _home())
        return _page(failure), 409
    if not is_its_own(error):
        return _broken(error)
    reference = secrets.token_hex(4)
    _log.error("The database failed: %s %s", type(error.orig).__name__, reference)
    what = _("The database did not answer.")
    failure = Failure(
        "failed",
        _("This did not load"),
        what,
        _("Nothing was changed."),
        reference,
        _again(),
    )
    return _page(failure), 503, _SOON


def _broken(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    _log.error("A page failed: %s %s: %s", request.endpoint, reference, faults.place(error))
    what = _("This is a fault of ours, and it is written down.")
    failure = Failure(
        "failed",
        _("This did not load"),
        what,
        _("Nothing was changed."),
        reference,
        _again(),
    )
    return _page(failure), 500


def _page(failure: Failure) -> str:
    g.failed = True
    g.user = None  # These pages name nobody, and what failed may not let us ask who it was.
    g.session.rollback()
    template = "_failed.html" if request.headers.get("HX-Request") else "error.html"
    in_pane = template == "_failed.html"
    as_card = in_pane and request.headers.get("HX-Target") == "card"
    return render_template(template, error=failure, in_pane=in_pane, as_card=as_card)


def _home() -> tuple[Action, ...]:
    return (Action(_("Go to the inbox"), url_for("inbox.threads")),)


def _again() -> tuple[Action, ...]:
    there = request.full_path.rstrip("?") if request.method == "GET" else url_for("inbox.threads")
    return (Action(_("Try again"), there),)
