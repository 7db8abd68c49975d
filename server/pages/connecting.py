"""Connect a mailbox: its address, its server, a look at what would come, and then yes.

One address, four steps by the field `step`. Nothing is stored before the last; servers are asked
while no transaction is open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from crm.base import addresses, clock, showing
from crm.base.errors import ConflictError, CRMError, InvalidError
from crm.base.i18n import gettext as _
from crm.mail import mailboxes, parting
from crm.mail.models import MailboxKind
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import choices, importing, offers, unconnected
from server.web import connecting as views
from server.web.outside import outside
from sync.connecting import obstacles, previewing, proposing
from sync.connecting.previewing import Taste
from sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from server.web.connecting import ConnectView, Typed

pages = Blueprint("connecting", __name__)


@pages.route("/mailboxes/connect", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Show the form, and take one step after the other."""
    permissions.check(user(), May.CONNECT)
    if request.method == "GET":
        return _page(views.address_step(views.Typed(address=user().email)))
    step = request.form.get("step", "")
    if step not in _STEPS:
        raise InvalidError(_("There is no such step. Nothing was stored."))
    try:
        return _STEPS[step]()
    except offers.TooOldError as error:
        first = views.address_step(views.Typed(address=user().email))
        return _page(replace(first, problem=str(error))), 422


def _propose() -> ResponseReturnValue:
    """Propose the server of an address."""
    typed = views.read(request.form)
    address = addresses.parse(typed.address)
    if address is None:
        problem = _("“{text}” is not an address.").format(text=typed.address[:100])
        return _page(views.address_step(typed, problem)), 422
    known = mailboxes.find_by_address(g.session, user().workspace_id, address.email)
    if known is not None and parting.is_taken_up_by(known, user()):
        return redirect(url_for("mailboxes.one", mailbox_id=known.id), 303)
    if known is not None:
        problem = _("{address} is connected already.").format(address=address.email)
        return _page(views.address_step(typed, problem)), 409
    with outside():
        found = proposing.propose(address, proposing.ask_resolver)
    words = proposing.words_of(found)
    return _page(views.proposed(found, address.email, words, plain=_plain()))


def _look() -> ResponseReturnValue:
    """Look what would come in, and keep nothing of it."""
    typed = views.read(request.form)
    wrong = views.faults(typed, plain=_plain())
    if wrong:
        return _page(views.server_step(typed, wrong=wrong, plain=_plain())), 422
    try:
        box = unconnected.propose(typed)
    except CRMError as error:
        wrong = {"address": str(error)}
        return _page(views.server_step(typed, wrong=wrong, plain=_plain())), 409
    circle = previewing.our_side(g.session, box)
    try:
        with outside():
            found = previewing.scan(box, circle, _settings(), _vault(), Taste())
    except ConflictError as error:
        busy = obstacles.Obstacle("", str(error), "")
        return _page(views.stopped(typed, busy, plain=_plain())), 409
    except SyncError as error:
        obstacle = obstacles.explain(error)
        return _page(views.stopped(typed, obstacle, plain=_plain())), 422
    offer = views.seal(typed, user().id, _vault(), clock.now())
    preview = views.previewed(found, showing.zone(user().time_zone))
    return _page(views.ConnectView("preview", typed, offer=offer, preview=preview))


def _back() -> ResponseReturnValue:
    """Go back to the server and the login; the password is typed again."""
    typed = _offered()
    if typed.kind is MailboxKind.GMAIL:
        return _page(views.address_step(views.Typed(address=typed.address)))
    return _page(views.server_step(typed, plain=_plain()))


def _connect() -> ResponseReturnValue:
    """Connect what was looked at, as its owner chooses."""
    typed, chosen = _offered(), choices.read(request.form)
    try:
        box = mailboxes.connect(
            g.session,
            user(),
            typed.address,
            kind=typed.kind,
            place=typed.place | importing.chosen(typed, request.form),
            secret=_vault().seal(typed.password),
            by=user(),
            at=clock.now(),
        )
    except ConflictError as error:  # In another tab, a moment ago.
        known = unconnected.known(typed.address)
        if known is None:
            raise
        flash(str(error), "bad")
        return redirect(url_for("mailboxes.one", mailbox_id=known.id), 303)
    box.shares, box.meets = chosen.shares, chosen.meets
    left_out = request.form.getlist("exclude")[:1000]
    box.excluded = [name[:500] for name in left_out if "\0" not in name]  # No folder has one.
    flash(_("Connected. The newest messages come first."))
    return redirect(url_for("mailboxes.one", mailbox_id=box.id), 303)


_STEPS: dict[str, Callable[[], ResponseReturnValue]] = {
    "propose": _propose,
    "look": _look,
    "back": _back,
    "connect": _connect,
}


def _offered() -> Typed:
    return views.unseal(request.form.get("offer", ""), user().id, _vault(), clock.now())


def _page(shown: ConnectView) -> str:
    google = bool(_settings().google_client_id and _settings().google_client_secret)
    many = permissions.allowed(user(), May.CONNECT_OTHERS)
    return render_template("connect.html", shown=shown, google=google, many=many)


def _plain() -> bool:
    """Tell whether a connection without TLS may be chosen at all."""
    return _settings().allow_plain_imap or _settings().allow_private_imap


def _settings() -> Settings:
    found: Settings = current_app.config["INLAY"]
    return found


def _vault() -> Vault:
    found: Vault = current_app.config["VAULT"]
    return found
