"""The inbox as a page: list, tabs, search, and what stands beside; for whoever shows it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import g, render_template, request, url_for

from addon.widgets import isolate
from crm.base import clock, events, ids
from crm.base.i18n import gettext as _
from crm.base.i18n import ngettext
from crm.base.showing import number
from crm.mail import inbox, stopped, undecided
from crm.mail.models import OutgoingState, Turn
from crm.workspace import permissions
from crm.workspace.permissions import May
from server.auth.sessions import user
from server.web import leaving
from server.web import threads as rows_of
from server.web.views import Action, Empty, InboxView, Notice, Reading, Search, Tab, Toast

if TYPE_CHECKING:
    from uuid import UUID

    from crm.mail.inbox import Mark, Page
    from crm.mail.models import Mailbox
    from crm.mail.undecided import Undecided
    from crm.mail.visibility import Viewer

_VIEWS = {"": Turn.OURS, "waiting": Turn.THEIRS, "all": None}


def listing(viewer: Viewer, selected: UUID | None) -> InboxView:
    """Return the list of threads as the address asks for it."""
    view, words = view_name(), request.args.get("q", "").strip()
    mark = events.mark(g.session)  # Before all else: what comes meanwhile is told by `/live`.
    if words:
        page = inbox.search(g.session, viewer, words)
    else:
        page = inbox.page(g.session, viewer, _VIEWS[view], _mark())
    counts = inbox.counts(g.session, viewer)
    rows = rows_of.rows(page.rows, viewer, clock.now(), selected, kept())
    return InboxView(
        rows=rows,
        tabs=_tabs(None if words else view, counts),
        search=_search(view, words, len(page.rows)),
        list_key=f"inbox/{view}/{words}",
        more_href=_more(view, page),
        empty_list=_empty(viewer, view, words, counts),
        empty_thread=Empty(
            "nothing",
            _("No thread is open"),
            _("Choose one from the list, or move with J and K."),
            icon="mail",
        ),
        pane=request.args.get("pane", "list"),
        live_href=url_for("live.stream", since=mark),
        unread=_unread(sum(row.unread for row in rows)),
        undecided=(
            *(_stopped(box) for box in stopped.of_owner(g.session, viewer.user)),
            *(_undecided(one) for one in undecided.of_author(g.session, viewer.user)),
        ),
    )


def _stopped(box: Mailbox) -> Notice:
    """Say of a mailbox of theirs why the list grows no longer: it waits for them."""
    said = _("Nothing new comes in from {address}.").format(address=isolate(box.address))
    return Notice(said, (Action(_("Open"), url_for("mailboxes.one", mailbox_id=box.id)),))


def _undecided(one: Undecided) -> Notice:
    """Say of a message of theirs what they have to decide: it may be of a thread long read."""
    words = _("Not sent: “{subject}”"), _("We cannot tell whether this left: “{subject}”")
    said = words[one.state == OutgoingState.UNKNOWN]
    actions: tuple[Action, ...]
    if one.thread_id is not None:
        actions = (Action(_("Open"), url_for("inbox.thread", thread_id=one.thread_id)),)
    else:
        actions = leaving.decisions(one.id, one.state)
    return Notice(said.format(subject=isolate(one.subject[:120] or _("No subject"))), actions)


def _unread(count: int) -> str:
    """Say how many threads of the list are unread, for those who hear what changes."""
    return ngettext("{n} unread thread", "{n} unread threads", count).format(n=number(count))


def _tabs(view: str | None, counts: dict[Turn, int]) -> tuple[Tab, ...]:
    """Return the tabs; a search looks through all threads, so that it has none."""
    labels = (("", _("Your turn")), ("waiting", _("Waiting")), ("all", _("All")))
    return tuple(
        Tab(
            url_for("inbox.threads", view=name or None),
            label,
            counts.get(turn) if (turn := _VIEWS[name]) is not None else None,
            name == view,
        )
        for name, label in labels
    )


def _search(view: str, words: str, found: int) -> Search:
    said = ""
    if words:
        said = ngettext("{n} thread matches “{words}”.", "{n} threads match “{words}”.", found)
        if found >= inbox.FOUND:
            said = _("The best {n} threads for “{words}”.")
        said = said.format(n=number(found), words=isolate(words))
    clear = url_for("inbox.threads", view=view or None)
    return Search(url_for("inbox.threads"), words, view, said, clear)


def _empty(viewer: Viewer, view: str, words: str, counts: dict[Turn, int]) -> Empty:
    everything = Action(_("Look at all threads"), url_for("inbox.threads", view="all"))
    if words:
        clear = Action(_("Clear"), url_for("inbox.threads", view=view or None))
        text = _("No message that you may read has these words.")
        return Empty("filtered", _("No thread matches"), text, (clear,))
    if not viewer.mailboxes:
        text = _("Threads appear here by themselves once a mailbox of yours is connected.")
        return Empty("nothing", _("No threads yet"), text, connecting())
    if view == "" and counts[Turn.THEIRS]:
        waiting = Action(_("Look at Waiting"), url_for("inbox.threads", view="waiting"))
        text = _("Every thread that was your turn is answered.")
        return Empty("done", _("Nobody waits for you"), text, (waiting,))
    return Empty("done", _("Nothing here"), "", (everything,))


def connecting() -> tuple[Action, ...]:
    """Return what leads to connecting a mailbox, for whoever may."""
    if not permissions.allowed(user(), May.CONNECT):
        return ()
    return (Action(_("Connect a mailbox"), url_for("connecting.form")),)


def _more(view: str, page: Page) -> str:
    if page.older is None:
        return ""
    mark = f"{page.older.at.timestamp():.6f}_{page.older.thread_id.hex}"
    return url_for("inbox.threads", view=view or None, before=mark)


def _mark() -> Mark | None:
    """Read where the page before ended; nonsense starts at the top."""
    at, _sep, thread_id = request.args.get("before", "").partition("_")
    found = ids.parse(thread_id)
    try:
        moment = datetime.fromtimestamp(float(at), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return inbox.Mark(moment, found) if found is not None else None


def kept() -> dict[str, str]:
    """Return what links keep of the address, so that a list stays what was chosen or searched."""
    asked = {"view": view_name(), "q": request.args.get("q", "").strip()}
    return {name: value for name, value in asked.items() if value}


def view_name() -> str:
    """Return which threads the address asks for: "" where it is our turn."""
    view = request.args.get("view", "")
    return view if view in _VIEWS else ""


def render(
    shown: InboxView, beside: Reading | None = None, pane: str = "list", toast: Toast | None = None
) -> str:
    """Draw the page, with a thread and its card beside the list."""
    found = dataclasses.replace(shown, pane=pane, reading=beside or Reading())
    fields = fields_of(found)
    fields.pop("reading")
    return render_template("inbox.html", **fields, **fields_of(found.reading), toast=toast)


def render_list(shown: InboxView) -> str:
    """Draw the list alone, for a page that shows it already."""
    return render_template("_threads.html", **fields_of(shown))


def fields_of(thing: object) -> dict[str, object]:
    """Return a row of views by the names that a template knows."""
    names = [f.name for f in dataclasses.fields(thing)]  # type: ignore[arg-type]
    return {name: getattr(thing, name) for name in names}
