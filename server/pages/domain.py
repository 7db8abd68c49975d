"""Connect the mailboxes of a Google Workspace domain: a list, a look at each, and then yes.

One address, steps by the field `step`. Nothing is stored before the last, and whoever is asked for
is looked at while no transaction is open, some at a time, so that the page shows how far it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for

from crm.base import clock
from crm.base.errors import ConflictError, InvalidError
from crm.base.i18n import gettext as _
from crm.mail import mailboxes
from crm.mail.models import MailboxState
from crm.workspace import permissions, users
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import domain as views
from server.web import importing
from server.web.domain import FormView, Offer
from server.web.outside import outside
from sync.connecting import domain
from sync.connecting.domain import What

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from sync.connecting.domain import Key

pages = Blueprint("domain", __name__)

#: A key has some two thousand bytes.
_LONGEST_KEY = 20_000


@pages.route("/mailboxes/domain", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Show the form, and take one step after the other."""
    permissions.check(user(), May.CONNECT_OTHERS)
    if request.method == "GET":
        return _form(FormView(listed="\n".join(_without())))
    step = request.form.get("step", "")
    if step not in _STEPS:
        raise InvalidError(_("There is no such step. Nothing was stored."))
    return _STEPS[step]()


def _look() -> ResponseReturnValue:
    """Read the key and the list, and begin to ask."""
    over, text = importing.over_of(request.form), request.form.get("listed", "")
    typed = FormView(listed=text, over=over)
    try:
        key = _key()
    except InvalidError as error:
        return _form(replace(typed, wrong_key=str(error))), 422
    kept = replace(typed, robot=key.email, offer=_seal(Offer(key, over)))
    try:
        wanted = views.listed(text)
    except InvalidError as error:
        return _form(replace(kept, wrong_list=str(error))), 422
    found = tuple(domain.known(g.session, user().workspace_id, address) for address in wanted)
    return _asked(Offer(key, over, found))


def _more() -> ResponseReturnValue:
    """Ask for those that were not asked for yet."""
    return _asked(_offered())


def _again() -> ResponseReturnValue:
    """Ask once more for those that could not be connected: somebody may have mended it."""
    offer = _offered()
    here = user().workspace_id
    found = tuple(
        one if one.what is What.READY else domain.known(g.session, here, one.address)
        for one in offer.found
    )
    return _asked(replace(offer, found=found))


def _back() -> ResponseReturnValue:
    """Go back to the list; the key travels along."""
    offer = _offered()
    listed = "\n".join(one.address for one in offer.found)
    kept = _seal(replace(offer, found=()))
    return _form(FormView(listed, offer.over, offer.key.email, kept))


def _connect() -> ResponseReturnValue:
    """Connect those that can be, each for the user with its address."""
    offer = _offered()
    done = [
        domain.connect(
            g.session,
            one,
            offer.key,
            offer.over,
            vault=_vault(),
            workspace_id=user().workspace_id,
            by=user(),
            at=clock.now(),
        )
        for one in offer.found
        if one.what is What.READY
    ]
    flash(views.done(done))
    return redirect(url_for("mailboxes.everyone"), 303)


_STEPS: dict[str, Callable[[], ResponseReturnValue]] = {
    "look": _look,
    "more": _more,
    "again": _again,
    "back": _back,
    "connect": _connect,
}


def _asked(offer: Offer) -> ResponseReturnValue:
    """Ask for some that were not asked for yet, and show how far it is."""
    problem = ""
    try:
        with outside():
            found = domain.ask_more(_settings(), offer.found, offer.key, offer.over)
        offer = replace(offer, found=found)
    except ConflictError as error:  # Others are asking: what is known already stays.
        problem = str(error)
    shown = views.looked(offer, _seal(offer))
    page = render_template("domain.html", shown=shown, form=None, problem=problem)
    return page, 409 if problem else 200


def _without() -> list[str]:
    """Return the addresses of whoever works here and has no mailbox of theirs connected."""
    here = user().workspace_id
    boxes = mailboxes.everyone(g.session, here)
    connected = {box.address for box in boxes if box.state != MailboxState.DISCONNECTED}
    return [one.email for one in users.everyone(g.session, here) if one.email not in connected]


def _key() -> Key:
    """Return the key that was sent, or the one that the page carried. Raises InvalidError."""
    sent = request.files.get("key")
    content = sent.read(_LONGEST_KEY + 1) if sent is not None else b""
    if len(content) > _LONGEST_KEY:
        raise InvalidError(
            _("This file is too big for a key: Google gives out a small one, in JSON.")
        )
    if content:
        return domain.read_key(content.decode("utf-8", "replace"), _settings())
    if request.form.get("offer"):
        return _offered().key
    raise InvalidError(_("Choose the file with the key: Google gives it out in JSON."))


def _offered() -> Offer:
    return views.unseal(request.form.get("offer", ""), user().id, _vault(), clock.now())


def _seal(offer: Offer) -> str:
    return views.seal(offer, user().id, _vault(), clock.now())


def _form(shown: FormView) -> str:
    return render_template("domain.html", form=shown, shown=None)


def _settings() -> Settings:
    settings: Settings = current_app.config["INLAY"]
    return settings


def _vault() -> Vault:
    vault: Vault = current_app.config["VAULT"]
    return vault
