"""The inbox: threads to choose from, one to read, and the card of who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from crm.base import ids
from crm.base.errors import NotFoundError
from crm.base.i18n import gettext as _
from crm.mail import forms, messages, outgoing, visibility
from crm.mail.threads import living
from server.auth.sessions import user
from server.web import reading, replying, room

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.mail.visibility import Viewer
    from server.web.views import Reading, ReplyView

pages = Blueprint("inbox", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    """Go where the day begins."""
    return redirect(url_for("inbox.threads"), 302)


@pages.get("/inbox")
def threads() -> ResponseReturnValue:
    """Show the list of threads."""
    viewer = visibility.viewer(g.session, user())
    if _asks_for("list"):
        return room.render_list(room.listing(viewer, None))
    return room.render(room.listing(viewer, None), pane=request.args.get("pane", "list"))


@pages.get("/inbox/<uuid:thread_id>")
def thread(thread_id: UUID) -> ResponseReturnValue:
    """Show a thread with its card, beside the list."""
    viewer = visibility.viewer(g.session, user())
    if _asks_for("list"):
        return room.render_list(room.listing(viewer, thread_id))
    if not _asks_for("reading") and _is_written(viewer):
        flash(_("This answer was written already, and was not sent again."))
        return redirect(url_for("inbox.thread", thread_id=thread_id, _anchor="outgoing"), 302)
    found = _read(viewer, thread_id)
    if found is None:  # It may have gone into another since somebody opened it.
        thread_id = living(g.session, viewer.workspace_id, thread_id) or thread_id
        found = _read(viewer, thread_id)
    if found is None:
        read = "Inlay-Live" in request.headers  # A page that shows it asks how it stands now.
        went = _("This thread cannot be read here any more. Nothing of yours was changed.")
        raise NotFoundError(went if read else _("There is no such thread."))
    if _asks_for("reading"):
        return render_template("reading.html", **room.fields_of(found))
    return room.render(room.listing(viewer, thread_id), found, request.args.get("pane", "thread"))


def _read(viewer: Viewer, thread_id: UUID) -> Reading | None:
    answered = ids.parse(request.args.get("reply", ""))
    return reading.of_thread(
        viewer,
        thread_id,
        room.kept(),
        message_id=answered or ids.parse(request.args.get("message", "")),
        reply=_answer(viewer, answered) if answered is not None else None,
        person=request.args.get("person", ""),
        everything="earlier" in request.args,
    )


def _answer(viewer: Viewer, message_id: UUID) -> ReplyView | None:
    """Return the form of an answer, with what was written before it was taken back."""
    seen = messages.get(g.session, viewer, message_id)
    draft = ids.parse(request.args.get("draft", ""))
    typed = replying.typed(viewer, outgoing.get(g.session, viewer.user, draft)) if draft else None
    return replying.form(
        viewer, seen, everybody="everybody" in request.args, nonce=_nonce(), typed=typed
    )


def _is_written(viewer: Viewer) -> bool:
    """Tell whether what the form held has been written: the browser's Back would send it again."""
    nonce = _nonce()
    if nonce is None:
        return False
    return forms.find_written(g.session, viewer.user, forms.of(viewer.user, nonce)) is not None


def _nonce() -> UUID | None:
    """Return by which the form is known: what was taken back, or what its link says."""
    return ids.parse(request.args.get("draft", "")) or ids.parse(request.args.get("form", ""))


def _asks_for(part: str) -> bool:
    """Tell whether a page that stands already asks for one part of it."""
    return bool(request.headers.get("HX-Request")) and request.headers.get("HX-Target") == part
