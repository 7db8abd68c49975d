"""The mailboxes: how each is doing, its ledger, and what its owner may do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

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

from crm.base import clock
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.filing import sharing, suggesting
from crm.mail import copies, mailboxes, overseen, parting
from crm.mail.models import MailboxKind, MailboxState, Shares
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import connecting
from server.web import mailboxes as views
from server.web.outside import outside
from sync.connecting import entering, obstacles
from sync.connecting import parting as giving_back
from sync.errors import SyncError

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.mail.models import Mailbox

pages = Blueprint("mailboxes", __name__)


@pages.get("/mailboxes")
def everyone() -> ResponseReturnValue:
    """List the mailboxes whose ledger the viewer may see."""
    may_connect = permissions.allowed(user(), May.CONNECT)
    rows = views.listing(user(), clock.now())
    return render_template(
        "mailboxes.html",
        rows=rows,
        summary=views.summary(rows),
        may_connect=may_connect,
    )


@pages.get("/mailboxes/<uuid:mailbox_id>")
def one(mailbox_id: UUID) -> ResponseReturnValue:
    """Show one mailbox with its ledger."""
    return _page(_box(mailbox_id))


@pages.get("/mailboxes/<uuid:mailbox_id>/progress")
def progress(mailbox_id: UUID) -> ResponseReturnValue:
    """Say how far a mailbox has come in; once it is in, the page asks for itself anew."""
    box = _box(mailbox_id)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("mailboxes.one", mailbox_id=mailbox_id), 303)
    if box.state != MailboxState.CONNECTING:
        return "", 200, {"HX-Refresh": "true"}
    shown = views.progress(
        box,
        copies.ledger(g.session, box),
        clock.now(),
        since=request.args.get("since", 0.0, float),
        had=request.args.get("had", 0, int),
        looks=request.args.get("looks", 0, int),
    )
    return render_template("_progress.html", progress=shown)


@pages.post("/mailboxes/<uuid:mailbox_id>/pause")
def pause(mailbox_id: UUID) -> ResponseReturnValue:
    """Stop reading a mailbox."""
    box = _box(mailbox_id)
    mailboxes.pause(g.session, box, by=user())
    return _done(box, _("Paused. Nothing is lost meanwhile."))


@pages.post("/mailboxes/<uuid:mailbox_id>/resume")
def resume(mailbox_id: UUID) -> ResponseReturnValue:
    """Go on where we stopped."""
    box = _box(mailbox_id)
    mailboxes.resume(g.session, box, by=user(), at=clock.now())
    return _done(box, _("It goes on where it stopped."))


@pages.post("/mailboxes/<uuid:mailbox_id>/disconnect")
def disconnect(mailbox_id: UUID) -> ResponseReturnValue:
    """Read a mailbox no more, and forget what let us in."""
    box = _box(mailbox_id)
    mailboxes.check_changed_by(box, user())
    alone = not parting.is_read_elsewhere(g.session, box)
    settings, vault = current_app.config["INLAY"], current_app.config["VAULT"]
    with outside():
        given = giving_back.part(box, settings, vault, alone=alone)
    parting.disconnect(g.session, box, by=user())
    words = _("Disconnected. The mail that is here stays.")
    if not given:
        more = _("Google still has the consent. It can be taken back there: {url}")
        words = f"{words} {more.format(url=giving_back.AT_GOOGLE)}"
    return _done(box, words)


@pages.post("/mailboxes/<uuid:mailbox_id>/look")
def look(mailbox_id: UUID) -> ResponseReturnValue:
    """Look at a mailbox now."""
    box = _box(mailbox_id)
    mailboxes.look(g.session, box, by=user(), at=clock.now())
    return _done(box, _("The next look is on its way."))


@pages.post("/mailboxes/<uuid:mailbox_id>/sign-in")
def sign_in(mailbox_id: UUID) -> ResponseReturnValue:
    """Try a new password; where it lets us in, keep it and go on."""
    box = _box(mailbox_id)
    mailboxes.check_changed_by(box, user())
    if box.kind != MailboxKind.IMAP:
        raise InvalidError(_("This mailbox has no password. Nothing was changed."))
    password = request.form.get("password", "")
    if wrong := connecting.password_fault(password):
        return _page(box, wrong), 422
    settings, vault = current_app.config["INLAY"], current_app.config["VAULT"]
    try:
        with outside():
            entering.enter(box, password, settings, vault)
    except SyncError as error:
        obstacle = obstacles.explain(error)
        kept = _("The old password is kept.")
        words = f"{obstacle.what} {obstacle.next} {kept}"
        return _page(box, words, obstacle.said), 422
    secret = vault.seal(password)
    mailboxes.resume(g.session, box, secret=secret, by=user(), at=clock.now())
    return _done(box, _("The new password fits. It goes on where it stopped."))


@pages.post("/mailboxes/<uuid:mailbox_id>/shares")
def shares(mailbox_id: UUID) -> ResponseReturnValue:
    """Choose what colleagues see."""
    box = _box(mailbox_id)
    try:
        chosen = Shares(request.form.get("shares", -1, int))
    except ValueError as error:
        raise InvalidError(_("There is no such choice. Nothing was changed.")) from error
    sharing.share(g.session, box, chosen, by=user(), at=clock.now())
    return _done(box, _("What colleagues see is changed."))


@pages.post("/mailboxes/<uuid:mailbox_id>/suggests")
def suggests(mailbox_id: UUID) -> ResponseReturnValue:
    """Choose whether signatures suggest what is known of contacts."""
    box = _box(mailbox_id)
    wanted = request.form.get("suggests") == "yes"
    suggesting.choose(g.session, box, wanted=wanted, by=user())
    if wanted:
        return _done(box, _("New letters suggest what their signatures say."))
    return _done(box, _("Signatures suggest nothing any more. What was used stays."))


def _box(mailbox_id: UUID) -> Mailbox:
    return overseen.get(g.session, user(), mailbox_id)


def _done(box: Mailbox, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("mailboxes.one", mailbox_id=box.id), 303)


def _page(box: Mailbox, problem: str = "", server_said: str = "") -> str:
    levels = tuple((int(level), _(label)) for level, label in connecting.SHARES.items())
    return render_template(
        "mailbox.html",
        box=views.view(box, user(), clock.now()),
        levels=levels,
        problem=problem,
        server_said=server_said,
    )
