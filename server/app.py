"""The Flask application: what it is made of, in a column."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from addon.widgets import isolate
from crm.base import db, i18n
from crm.base.i18n import gettext as _
from crm.base.listening import Listener
from crm.base.showing import number
from crm.workspace import object_types, permissions
from crm.workspace.permissions import May
from server import addon, errors, health
from server.auth import csrf, sessions
from server.pages import (
    companies,
    connecting,
    contacts,
    domain,
    gmail,
    google,
    inbox,
    live,
    mailboxes,
    me,
    message,
    objects,
    panel,
    people,
    pipeline,
    push,
    sending,
    signin,
    undoing,
    views,
)
from server.web import bodies, punctual
from server.web.bodies import Bodies
from server.web.punctual import Punctual
from server.web.seats import Seats
from server.web.views import NavItem, initials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm.base.settings import Settings
    from crm.base.vault import Vault
    from crm.workspace.models import User

#: Forms are small; Google's events are below a megabyte.
LARGEST_REQUEST = 1_048_576

_ROOMS = (
    *(health, signin, inbox, live, message, sending, panel),
    *(contacts, companies, objects, pipeline, views, undoing),
    *(mailboxes, connecting, domain, gmail, push, people, me, google, addon),
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " font-src 'self'; manifest-src 'self'; frame-src 'self'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)


def create_app(settings: Settings, vault: Vault) -> Flask:
    """Make the application. The database is bound by whoever calls."""
    app = Flask("server", root_path=__file__.rpartition("/")[0])
    app.config["INLAY"] = settings
    app.config["VAULT"] = vault
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["SESSION_COOKIE_NAME"] = "said"  # Flask's own: it keeps a word for the next page.
    app.config["SESSION_COOKIE_SECURE"] = settings.base_url.startswith("https://")
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.extensions["listener"] = Listener(settings.database_url)
    app.extensions["seats"] = Seats[UUID]()
    app.wsgi_app = Bodies(app.wsgi_app, LARGEST_REQUEST)  # type: ignore[method-assign]
    if settings.proxy_hops:
        # Who asked, as the last of our own web servers saw it; not the name or the scheme.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=0, x_host=0, x_port=0, x_prefix=0
        )
    late = partial(addon.late, settings)
    app.wsgi_app = Punctual(app.wsgi_app, addon.CALLS, late)  # type: ignore[method-assign]
    app.before_request(_open)
    sessions.init_app(app)
    app.before_request(_refuse)
    app.before_request(_let_attach)
    csrf.init_app(app)
    errors.init_app(app)
    for blueprint in _ROOMS:
        app.register_blueprint(blueprint.pages)
    _init_templates(app)
    app.after_request(_headers)
    app.after_request(_commit)
    app.teardown_request(_close)
    return app


def _open() -> None:
    """Open the request's session, for no workspace until somebody is known."""
    g.session = db.sessions(info={"workspace": None})


def _refuse() -> None:
    """Refuse, in the reader's language, whoever found no seat to send us something."""
    if bodies.is_refused(request.environ):
        abort(503)


def _let_attach() -> None:
    """Let somebody who is signed in send files with a form; anybody else sends small forms.

    A key of a domain is small, and whoever chose another file is told so beside the field.
    """
    if request.endpoint in ("sending.reply", "domain.form") and g.get("user") is not None:
        request.max_content_length = sending.LARGEST
        request.max_form_memory_size = 2 * LARGEST_REQUEST


def _commit(response: Response) -> Response:
    """Keep what a request did, unless it was refused, failed, or is not waited for any more."""
    session = g.get("session")
    if session is not None:
        call = punctual.call_of(request.environ)
        refused = response.status_code >= 400 or "failed" in g
        if refused or (call is not None and not call.keep()):
            session.rollback()
            return response
        try:
            session.commit()
        except DBAPIError as error:
            session.rollback()
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.close()


def _headers(response: Response) -> Response:
    """Set what every answer carries; a document with a policy of its own keeps it."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    # Gmail opens the way in as a window, and waits until that is closed: it has to see it.
    opened = request.blueprint == "google" or "for_gmail" in g
    headers.setdefault("Cross-Origin-Opener-Policy", "unsafe-none" if opened else "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-store")
    return response


def _init_templates(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install: Callable[..., None] = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(i18n.gettext, i18n.ngettext, newstyle=True)
    app.jinja_env.filters["safe_html"] = _only_markup
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["way"] = i18n.direction_of
    app.jinja_env.filters["own"] = i18n.own
    app.jinja_env.filters["isolate"] = isolate
    app.context_processor(_everywhere)


def _only_markup(value: object) -> Markup:
    """Let through what was made harmless already, and nothing else."""
    if not isinstance(value, Markup):
        raise TypeError("only Markup goes into a page as it is")
    return value


def _everywhere() -> dict[str, object]:
    """Give every template what the frame of the page needs."""
    found: dict[str, object] = {
        "locale": {"lang": i18n.language(), "dir": i18n.direction()},
        "theme": request.cookies.get("theme") if request.cookies.get("theme") in _THEMES else "",
        "keys_off": request.cookies.get("keys") == "off",
        "csrf_token": csrf.token(),
        "toast": None,
    }
    user = g.get("user")
    if user is not None:
        found["nav"] = list(_rooms(user))
        found["nav_end"] = list(_ends(user))
        found["user"] = {"name": user.name, "initials": initials(user.name)}
        found["sign_out_href"] = url_for("signin.out")
    return found


def _rooms(user: User) -> Iterator[NavItem]:
    """Give the rooms of the work, as far as the role goes."""
    here = request.blueprint
    threads = url_for("inbox.threads")
    yield NavItem(
        threads, "inbox", _("Inbox"), current=here in ("inbox", "panel", "sending"), key="I"
    )
    if permissions.allowed(user, May.SEE_RECORDS):
        listed = url_for("contacts.listed")
        current = here == "contacts"
        yield NavItem(listed, "users-round", _("Contacts"), current=current, key="C")
    if permissions.scope(user, "company"):
        listed = url_for("companies.listed")
        current = here == "companies"
        yield NavItem(listed, "building-2", _("Companies"), current=current, key="O")
    if permissions.allowed(user, May.SEE_DEALS):
        there = url_for("pipeline.listed")
        current = here == "pipeline"
        yield NavItem(there, "square-kanban", _("Pipeline"), current=current, key="P")
    if permissions.scope(user, "object"):
        asked = (request.view_args or {}).get("kind")
        for kind in object_types.everything(g.session, user.workspace_id):
            there = url_for("objects.listed", kind=kind.key)
            yield NavItem(there, "archive", kind.many, current=kind.key == asked)


def _ends(user: User) -> Iterator[NavItem]:
    """Give what stands at the end: mailboxes, who works here, for admins, and one's own."""
    here = request.blueprint
    there, at = url_for("mailboxes.everyone"), here in _CONNECTING
    yield NavItem(there, "server", _("Mailboxes"), current=at, key="M")
    if permissions.allowed(user, May.MANAGE):
        people = _("People")
        yield NavItem(url_for("people.listed"), "users", people, current=here == "people", key="U")
    yield NavItem(url_for("me.mine"), "user", _("You"), current=here == "me", key="Y")


_CONNECTING = frozenset({"mailboxes", "connecting", "gmail", "domain"})
_THEMES = frozenset({"light", "dark"})
