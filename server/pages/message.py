"""One message's own documents: its HTML in a frame, its inline images, its attachments."""

from __future__ import annotations

import base64
import hashlib
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, current_app, g, render_template, stream_with_context
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from addon.widgets import isolate
from crm.base import db
from crm.base.errors import NotFoundError
from crm.base.i18n import direction_of
from crm.base.i18n import gettext as _
from crm.mail import mailboxes, messages, visibility
from crm.workspace import users
from server.auth.sessions import user
from server.web import letter_html, quotes
from sync import reading
from sync.credentials import open_source
from sync.source import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from crm.mail.messages import Seen
    from crm.mail.models import Attachment
    from crm.mail.visibility import Viewer

pages = Blueprint("message", __name__)

#: How long the address of an inline image holds: the frame has no cookie to show.
_HOLDS = 3600
#: What may be shown inside a letter; all else is for downloading.
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: What mail carries without a name, and by which ending a program knows it again.
_ENDINGS = {"message/rfc822": ".eml", "text/calendar": ".ics"}
_LARGEST_PICTURE = 10_000_000


@pages.get("/messages/<uuid:message_id>/frame")
def frame(message_id: UUID) -> ResponseReturnValue:
    """Show the message's HTML, harmless, under a policy that loads nothing from elsewhere."""
    viewer = visibility.viewer(g.session, user())
    seen = messages.get(g.session, viewer, message_id)
    body = messages.body(g.session, seen)
    if body is None or not body.html:
        raise NotFoundError(_("There is no such message."))
    parts = messages.attachments(g.session, seen)
    shown = letter_html.harmless(body.html, lambda cid: _inline_address(seen, parts, cid))
    html = quotes.fold(shown.html).html if shown else Markup("<pre>{}</pre>").format(body.text)
    title = _("Message from {name}").format(name=isolate(seen.message.from_name))
    style = Markup(_style())  # noqa: S704 - A file of ours, byte for byte, as its hash wants it.
    page = render_template(
        "mail.html",
        mail_css=style,
        body=html,
        title=title,
        message_lang="",
        message_dir=direction_of(body.new_text or body.text),
        tight=letter_html.is_tight(body.html),
    )
    response = Response(page)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{_style_hash()}'; img-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self';"
        " sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return response


@pages.get("/messages/<uuid:message_id>/attachments/<int:position>")
def attachment(message_id: UUID, position: int) -> ResponseReturnValue:
    """Stream an attachment out of the mailbox, for downloading and nothing else."""
    viewer = visibility.viewer(g.session, user())
    seen = messages.get(g.session, viewer, message_id)
    found = _part(messages.attachments(g.session, seen), position)
    name = found.filename or f"attachment-{position + 1}{_ENDINGS.get(found.content_type, '')}"
    response = _stream(viewer, seen, found, "application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@pages.get("/inline/<token>")
def inline(token: str) -> ResponseReturnValue:
    """Stream an inline image to the frame, which has no cookie: the address itself is signed."""
    try:
        workspace, owner, message, position = _signer().loads(token, max_age=_HOLDS)
    except BadData:
        raise NotFoundError(_("There is no such message.")) from None

    db.enter(g.session, UUID(workspace))
    who = users.get(g.session, UUID(workspace), UUID(owner))
    if not who.active:
        raise NotFoundError(_("There is no such image."))
    viewer = visibility.viewer(g.session, who)
    seen = messages.get(g.session, viewer, UUID(message))
    found = _part(messages.attachments(g.session, seen), position)
    if found.content_type not in _PICTURES or found.size > _LARGEST_PICTURE:
        raise NotFoundError(_("There is no such image."))
    return _stream(viewer, seen, found, found.content_type)


def _stream(viewer: Viewer, seen: Seen, part: Attachment, content_type: str) -> Response:
    copy = messages.stored_copy(g.session, viewer, seen.message.id)
    if copy is None:
        raise NotFoundError(
            _("No mailbox has this message any more; its attachments went with it.")
        )
    row, folder = copy
    mailbox = mailboxes.get(g.session, row.workspace_id, row.mailbox_id)
    place = Place(folder.name, row.uidvalidity, row.uid, row.size, row.received_at)
    g.session.close()  # The network stays outside of transactions.
    with ExitStack() as stack:
        source = stack.enter_context(
            open_source(mailbox, current_app.config["INLAY"], current_app.config["VAULT"])
        )
        section, packed, name = part.section.partition("/")
        pieces = source.part(place, section)
        if packed:
            pieces = _taken_out(pieces, name)
        first = next(pieces, b"")
        later = stack.pop_all()

    def body() -> Iterator[bytes]:
        with later:
            yield first
            yield from pieces

    response = Response(stream_with_context(body()), content_type=content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _taken_out(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Take a file out of the part that it is packed in, as Outlook's winmail.dat."""
    try:
        return reading.take_out(pieces, name)
    except reading.PartNotFoundError:
        raise NotFoundError(_("There is no such attachment.")) from None


def _part(parts: list[Attachment], position: int) -> Attachment:
    found = next((part for part in parts if part.position == position), None)
    if found is None:
        raise NotFoundError(_("There is no such attachment."))
    return found


def _inline_address(seen: Seen, parts: list[Attachment], content_id: str) -> str:
    """Sign the address of an inline image: for this user and message, for an hour."""
    found = next((part for part in parts if part.content_id == content_id), None)
    if found is None:
        return ""
    who = user()
    what = [str(who.workspace_id), str(who.id), str(seen.message.id), found.position]
    return f"/inline/{_signer().dumps(what)}"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="inline image")


@cache
def _style() -> str:
    return (Path(__file__).parent.parent / "static" / "mail.css").read_text()


@cache
def _style_hash() -> str:
    digest = hashlib.sha256(_style().encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
