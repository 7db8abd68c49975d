"""Take back what was done to records a moment ago."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, g, request, url_for

from crm.base import clock, showing
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.segments import undoing
from server.auth.sessions import user
from server.web import saying

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

pages = Blueprint("undoing", __name__, url_prefix="/undo")


@pages.post("/<uuid:act_id>")
def undo(act_id: UUID) -> ResponseReturnValue:
    """Undo an act of one's own, and go back to where one was."""
    found = undoing.undo(g.session, act_id, by=user(), at=clock.now())
    said = ngettext("{n} record is as it was.", "{n} records are as they were.", found.records)
    text = said.format(n=showing.number(found.records))
    if found.kept:
        left = _("{n} were changed since then, and stay.").format(n=showing.number(found.kept))
        text = f"{text} {left}"
    saying.done(text)
    return saying.go(_back())


def _back() -> str:
    """Return the path of the page on which the button stood; never another server's."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or not came.path.startswith("/"):
        return url_for("inbox.threads")
    return f"{came.path}?{came.query}" if came.query else came.path
