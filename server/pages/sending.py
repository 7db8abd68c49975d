"""Answers from the inbox: send one, undo it, say what became of it, try again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from flask import Blueprint, flash, g, redirect, request, url_for

from crm.base import addresses, clock, ids
from crm.base.errors import ConflictError, InvalidError
from crm.base.i18n import gettext as _
from crm.filing import own
from crm.mail import (
    answering,
    forms,
    messages,
    outgoing,
    sendable,
    senders,
    visibility,
)
from crm.mail.draft import Draft, File
from crm.mail.models import OutgoingState
from crm.mail.outgoing import UNDO
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import reading, replying, room

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.mail.messages import Seen
    from crm.mail.models import Mailbox, Outgoing
    from crm.mail.visibility import Viewer

pages = Blueprint("sending", __name__)

#: What a form with attachments may have: they are files, and the rest is words.
LARGEST = sendable.MOST_BYTES + 2_000_000


@pages.post("/messages/<uuid:message_id>/reply")
def reply(message_id: UUID) -> ResponseReturnValue:
    """Write an answer to a message; it waits for some seconds, in which it can be undone."""
    viewer = visibility.viewer(g.session, user())
    seen = messages.get(g.session, viewer, message_id)
    permissions.check(viewer.user, May.SEND)
    typed = request.form.to_dict()
    typed["kept"] = " ".join(request.form.getlist("kept"))
    try:
        _write(viewer, seen, typed)
    except InvalidError as error:
        lost = any(one.filename for one in request.files.getlist("files"))
        shown = replying.form(
            viewer, seen, everybody=False, typed=typed, error=error, files_lost=lost
        )
        if shown is None:
            raise
        found = reading.of_thread(
            viewer, seen.message.thread_id, room.kept(), message_id=message_id, reply=shown
        )
        return room.render(room.listing(viewer, seen.message.thread_id), found, "thread"), 422
    return redirect(_beside(seen.message.thread_id), 303)


@pages.get("/messages/<uuid:message_id>/reply")
def form(message_id: UUID) -> ResponseReturnValue:
    """Lead to the form in its thread: one that was refused leaves this address behind."""
    seen = messages.get(g.session, visibility.viewer(g.session, user()), message_id)
    thread_id = seen.message.thread_id
    there = url_for("inbox.thread", thread_id=thread_id, reply=message_id, form=uuid4())
    return redirect(there, 303)


@pages.post("/outgoing/<uuid:outgoing_id>/undo")
def undo(outgoing_id: UUID) -> ResponseReturnValue:
    """Take back what still waits, and go on writing it. A second click finds that it is so."""
    one = outgoing.get(g.session, user(), outgoing_id)
    words = _("Taken back. Nothing was sent.")
    try:
        outgoing.cancel(g.session, one, by=user(), at=clock.now())
    except ConflictError as error:
        if one.state != OutgoingState.CANCELLED:
            flash(str(error), "bad")
            return _back(one)
        words = _("It was taken back already.")
    if one.state == OutgoingState.UNKNOWN:
        flash(_("It is not sent again. We still cannot tell whether it left the first time."))
        return _back(one)
    flash(words)
    thread_id = own.thread_of(g.session, one)
    if thread_id is None:
        return redirect(url_for("inbox.threads"), 303)
    where = url_for("inbox.thread", thread_id=thread_id, reply=one.in_reply_to_id, draft=one.id)
    return redirect(where, 303)


@pages.post("/outgoing/<uuid:outgoing_id>/again")
def again(outgoing_id: UUID) -> ResponseReturnValue:
    """Send once more what failed, or what nobody could tell of."""
    one = outgoing.get(g.session, user(), outgoing_id)
    try:
        outgoing.send_again(g.session, one, by=user(), at=clock.now())
    except ConflictError as error:
        flash(str(error), "bad")
    return _back(one)


@pages.post("/outgoing/<uuid:outgoing_id>/arrived")
def arrived(outgoing_id: UUID) -> ResponseReturnValue:
    """Note that what nobody could tell of has arrived."""
    one = outgoing.get(g.session, user(), outgoing_id)
    try:
        outgoing.arrived(g.session, one, by=user(), at=clock.now())
    except ConflictError as error:
        flash(str(error), "bad")
    return _back(one)


@pages.post("/outgoing/<uuid:outgoing_id>/drop")
def drop(outgoing_id: UUID) -> ResponseReturnValue:
    """Leave it at that nobody can tell whether a message left."""
    one = outgoing.get(g.session, user(), outgoing_id)
    try:
        outgoing.drop(g.session, one, by=user(), at=clock.now())
    except ConflictError as error:
        flash(str(error))
        return _back(one)
    flash(_("It is not sent again. Should its copy come in, it counts as sent."))
    return _back(one)


def _write(viewer: Viewer, seen: Seen, typed: dict[str, str]) -> None:
    """Write the answer that a form holds, once however often it is sent. Raises InvalidError."""
    mailbox, sender = _mailbox(viewer, typed.get("from", ""))
    now = clock.now()
    text = typed.get("text", "").replace("\r\n", "\n").strip()
    files = replying.kept_files(viewer, typed) + _files()
    if not text and not files:
        raise InvalidError(_("Nothing is written yet. Nothing was sent."))
    body = messages.body(g.session, seen)
    if typed.get("quote") and body is not None:
        text = f"{text}\n\n{replying.quoted(viewer, seen, body.text)}"
    later = replying.read_moment(typed.get("later", ""), viewer.user.time_zone)
    if later is not None and later < now:
        raise InvalidError(_("That time is over. Nothing was sent."))
    draft = Draft(
        rfc_id="",
        author=addresses.Address(sender),
        to=replying.read_people(typed, "to"),
        cc=replying.read_people(typed, "cc"),
        bcc=replying.read_people(typed, "bcc"),
        subject=typed.get("subject", "").strip() or answering.subject(seen.subject),
        text=f"{text}\n",
        files=files,
        at=now,
    )
    nonce = ids.parse(typed.get("nonce", ""))
    form = forms.of(viewer.user, nonce or uuid4())
    outgoing.write_once(
        g.session,
        mailbox,
        draft,
        form=form,
        answers=seen,
        by=viewer.user,
        at=now,
        due_at=later or now + UNDO,
        only=bool(typed.get("draft")),
    )


def _mailbox(viewer: Viewer, chosen: str) -> tuple[Mailbox, str]:
    """Return from which mailbox a message goes, and under which of its addresses."""
    name, _blank, email = chosen.partition(" ")
    for mailbox in senders.mailboxes(g.session, viewer.user):
        theirs = not email or email in senders.addresses(mailbox)
        if mailbox.id == ids.parse(name) and theirs:
            return mailbox, email or mailbox.address
    raise InvalidError(_("Choose a mailbox to send from. Nothing was sent."))


def _files() -> tuple[File, ...]:
    given = [one for one in request.files.getlist("files") if one.filename]
    files = tuple(File(one.filename or "", one.mimetype, one.stream.read()) for one in given)
    for one in request.files.values():
        one.close()
    return files


def _back(one: Outgoing) -> ResponseReturnValue:
    thread_id = own.thread_of(g.session, one)
    if thread_id is None:
        return redirect(url_for("inbox.threads"), 303)
    return redirect(_beside(thread_id), 303)


def _beside(thread_id: UUID) -> str:
    """Return where what was written stands: the end of its thread, so that its Undo is in sight."""
    return url_for("inbox.thread", thread_id=thread_id, _anchor="outgoing")
