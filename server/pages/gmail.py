"""To Google for the consent to read a mailbox, and back: to a look at what would come in.

Nothing is stored before whoever gave the consent has seen whose mailbox it is, and said yes.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from crm.base import addresses, clock, showing
from crm.base.errors import CRMError, InvalidError
from crm.base.i18n import gettext as _
from crm.mail import importing, mailboxes, overseen, parting
from crm.mail.importing import Over
from crm.mail.models import MailboxKind
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth import consent
from server.auth.sessions import user
from server.web import allowing, choices, offers, unconnected
from server.web import connecting as views
from server.web import importing as importing_views
from server.web.choices import Choices
from server.web.outside import outside
from sync import google, granting
from sync.connecting import previewing
from sync.connecting.previewing import Taste
from sync.errors import SyncError

if TYPE_CHECKING:
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from server.auth.consent import Errand
    from server.web.connecting import Typed
    from sync.granting import Grant

pages = Blueprint("gmail", __name__, url_prefix="/mailboxes/gmail")

#: Where the browser keeps the preview that somebody left for Google's page, with their errand: not
#: in the errand itself, for no token travels in an address, sealed or not.
_LEFT = "left"


@pages.get("")
def ask() -> ResponseReturnValue:
    """Lead to Google's page, where a user chooses a mailbox and gives the consent for reading."""
    permissions.check(user(), May.CONNECT)
    hint = addresses.parse(request.args.get("address", "")[:500])
    errand = consent.begin(user(), hint.email if hint else user().email, clock.now())
    return redirect(_at_google(errand), 303)


@pages.post("")
def widen() -> ResponseReturnValue:
    """Lead to Google's page from a preview, for all of a mailbox: its import is to go over IMAP.

    No form of ours may lead elsewhere, and no redirect of one: a page in between goes on by itself.
    """
    permissions.check(user(), May.CONNECT)
    chosen = asdict(choices.read(request.form))
    try:
        typed = views.unseal(request.form.get("offer", ""), user().id, _vault(), clock.now())
    except offers.TooOldError as error:
        return _begin_again(str(error)), 422
    errand = consent.begin(user(), typed.address, clock.now(), over=Over.IMAP, chosen=chosen)
    there = _at_google(errand)
    session[_LEFT] = [errand.number, request.form["offer"]]
    page = render_template("connect.html", shown=views.ConnectView("leaving", typed), there=there)
    return page, {"refresh": f"0; url={there}"}


@pages.get("/<uuid:mailbox_id>")
def again(mailbox_id: UUID) -> ResponseReturnValue:
    """Lead to Google's page for a mailbox whose consent has ended, or is to cover IMAP as well."""
    box = overseen.get(g.session, user(), mailbox_id)
    mailboxes.check_changed_by(box, user())
    by_consent = box.place.get("grant") == google.CONSENT
    if box.kind != MailboxKind.GMAIL or not (by_consent or parting.is_taken_up_by(box, user())):
        raise InvalidError(_("This mailbox is not read by a consent. Nothing was changed."))
    over = importing.chosen(box) if box.synced_at is None else Over.API
    if box.synced_at is None and request.args.get("over") == Over.IMAP:
        over = Over.IMAP
    errand = consent.begin(user(), box.address, clock.now(), mailbox_id=box.id, over=over)
    return redirect(_at_google(errand), 303)


@pages.get("/back")
def back() -> ResponseReturnValue:
    """Come back from Google, with the consent or without."""
    try:
        errand = consent.come_back(
            g.session, request.args.get("state", ""), user(), _vault(), clock.now()
        )
    except InvalidError as error:
        return _begin_again(str(error)), 422
    left = _left(errand)
    if "error" in request.args or "code" not in request.args:
        words = _("Google tells that no consent was given. Nothing was stored.")
        return _refused(errand, words, left)
    code, verifier = request.args["code"][:2000], errand.verifier
    try:
        with outside():
            needed = google.needed_for(Over(errand.over))
            grant = granting.exchange(_settings(), code, verifier, _return(), needed)
            address = granting.whose(_settings(), grant)
    except SyncError as error:
        return _refused(errand, str(error), left)
    if errand.mailbox_id is not None:
        return _go_on(errand.mailbox_id, address, grant, Over(errand.over))
    known = mailboxes.find_by_address(g.session, user().workspace_id, address)
    if known is not None and parting.is_taken_up_by(known, user()):
        return _go_on(known.id, address, grant, Over(errand.over))
    typed = views.Typed(address=address, password=grant.refresh_token, gmail=grant.place)
    return _show(typed, errand)


def _at_google(errand: Errand) -> str:
    """Return the address of Google's page for an errand. Raises InvalidError."""
    if not _settings().google_client_id or not _settings().google_client_secret:
        raise InvalidError(
            _(
                "Connecting Gmail is not set up here yet. An admin does it:"
                " docs/connecting-gmail.md."
            )
        )
    return granting.address(
        _settings(),
        state=consent.seal(errand, _vault()),
        challenge=errand.challenge,
        back=_return(),
        hint=errand.address,
        scopes=google.asked_for(Over(errand.over)),
    )


def _go_on(mailbox_id: UUID, address: str, grant: Grant, over: Over) -> ResponseReturnValue:
    """Give a mailbox its new consent, where it is for that mailbox.

    Whatever stood in IMAP's way before may be gone with the old one. What is read in another way
    stays so: its ledger counts by that server's numbers, and no other server gets a token.
    """
    box = overseen.get(g.session, user(), mailbox_id)
    if address != box.address:
        said = _("The consent is for {other}, and this mailbox is {address}. Nothing was changed.")
        flash(said.format(other=address, address=box.address), "bad")
    elif box.kind != MailboxKind.GMAIL:
        said = _(
            "This mailbox is not read by Google’s sign-in. Nothing was changed: connect it again"
            " here, the way it was read before."
        )
        flash(said, "bad")
    else:
        way = importing.choice(over) if box.synced_at is None else {}
        secret, place = _vault().seal(grant.refresh_token), grant.place | way
        mailboxes.resume(g.session, box, secret=secret, place=place, by=user(), at=clock.now())
        flash(_("The consent is renewed. It goes on where it stopped."))
    return redirect(url_for("mailboxes.one", mailbox_id=box.id), 303)


def _show(typed: Typed, errand: Errand, problem: str = "") -> ResponseReturnValue:
    """Look what would come in, and keep nothing of it."""
    try:
        box = unconnected.propose(typed)
        circle = previewing.our_side(g.session, box)
        with outside():
            found = previewing.scan(box, circle, _settings(), _vault(), Taste())
    except (CRMError, SyncError) as error:
        known = unconnected.known(typed.address)
        if known is not None:
            flash(str(error), "bad")
            return redirect(url_for("mailboxes.one", mailbox_id=known.id), 303)
        return _begin_again(str(error), typed.address)
    offer = views.seal(typed, user().id, _vault(), clock.now())
    preview = views.previewed(found, showing.zone(user().time_zone))
    ways = importing_views.ways(found, typed, Over(errand.over), _settings())
    chosen = Choices(**errand.chosen)
    shown = views.ConnectView(
        "preview",
        typed,
        problem=problem,
        offer=offer,
        missing=allowing.missing(box),
        preview=preview,
        ways=ways,
        chosen=chosen,
    )
    return render_template("connect.html", shown=shown)


def _left(errand: Errand) -> Typed | None:
    """Return the login of the preview that an errand left, once; None where it left none."""
    number, offer = session.pop(_LEFT, ("", ""))
    try:
        typed = views.unseal(offer, user().id, _vault(), clock.now())
    except offers.TooOldError:
        return None
    return typed if number == errand.number else None


def _refused(errand: Errand, words: str, left: Typed | None) -> ResponseReturnValue:
    """Say what came of an errand, where it began."""
    if left is not None:
        return _show(left, errand, words)
    if errand.mailbox_id is None:
        return _begin_again(words, errand.address)
    flash(words, "bad")
    return redirect(url_for("mailboxes.one", mailbox_id=errand.mailbox_id), 303)


def _begin_again(words: str, address: str = "") -> str:
    """Say what is in the way, beside the way to Google's page."""
    shown = views.address_step(views.Typed(address=address or user().email))
    many = permissions.allowed(user(), May.CONNECT_OTHERS)
    shown = replace(shown, problem=words)
    return render_template("connect.html", shown=shown, google=True, many=many)


def _return() -> str:
    """Return the one address that Google may lead back to: by the settings, not by the request."""
    return _settings().base_url + url_for("gmail.back")


def _settings() -> Settings:
    found: Settings = current_app.config["INLAY"]
    return found


def _vault() -> Vault:
    found: Vault = current_app.config["VAULT"]
    return found
