"""`/live`: tell an open page that something changed, and never what (server-sent events).

    data: inbox              the list of threads is to be read again
    data: thread ID          this thread is to be read again, if it is open; `*` for whichever is

A stream holds a thread of the web and no connection to the database. It ends after 25 seconds, and
the browser comes back at once with the last id, which is a mark: nothing is missed between two
streams, and who was removed or signed out is not let in again. Where there is no seat left, a
stream says what is new and ends, and the browser comes back after some seconds: it asks instead of
waiting, and everything works as before.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, g, request

from crm.base import db, events
from crm.base.errors import NotFoundError
from crm.mail import news, visibility
from crm.workspace import users
from server.auth.sessions import user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from flask.typing import ResponseReturnValue

    from crm.base.listening import Listener
    from server.web.seats import Seats

pages = Blueprint("live", __name__)

#: Seconds after which a stream ends, and between two signs of life on it.
LASTS, BEAT = 25.0, 20.0
#: Milliseconds after which a browser comes back: where it had a seat, and where it had none.
SOON, LATER = 250, 5_000
#: Seconds between two looks, for a mailbox that is being brought in has news each second, and
#: rings for everyone in the house.
CALM = 0.5


@pages.get("/live")
def stream() -> ResponseReturnValue:
    """Tell what changes, from a mark on."""
    who = user()
    given = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    mark = events.parse_mark(given) or events.mark(g.session)
    g.session.rollback()  # To watch is not to do something: a sign-in that idles runs out.
    told = _told(
        current_app.extensions["listener"],
        current_app.extensions["seats"],
        who.workspace_id,
        who.id,
        mark,
    )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(told, mimetype="text/event-stream", headers=headers)


def _told(
    listener: Listener, seats: Seats[UUID], workspace_id: UUID, user_id: UUID, mark: str
) -> Iterator[str]:
    seated = seats.take(user_id)
    try:
        ends, looked = time.monotonic() + LASTS, -CALM
        yield f"retry: {SOON if seated else LATER}\nid: {mark}\n\n"
        while True:
            time.sleep(max(0.0, looked + CALM - time.monotonic()))
            looked = time.monotonic()
            heard = listener.count(workspace_id)
            found = _look(workspace_id, user_id, mark)
            if found is None:
                return
            words, mark = found
            if words:
                yield f"id: {mark}\n{words}\n"
            left = ends - time.monotonic()
            if not seated or left <= 0:
                return
            if listener.wait(workspace_id, heard, min(left, BEAT)) == heard:
                yield ":\n\n"
    finally:
        if seated:
            seats.leave(user_id)


def _look(workspace_id: UUID, user_id: UUID, mark: str) -> tuple[str, str] | None:
    """Return what a user may know of what happened after a mark; None where they may not look."""
    with db.transaction(workspace_id) as session:
        heard = events.after(session, workspace_id, mark)
        try:
            who = users.get(session, workspace_id, user_id)
        except NotFoundError:
            return None
        if not who.active:
            return None
        if not heard.events:
            return "", heard.mark
        found = news.of(session, visibility.viewer(session, who), heard.events)
    lines = ["inbox"] if found.inbox else []
    lines += ["thread *"] if found.anything else [f"thread {one}" for one in found.threads]
    return "".join(f"data: {line}\n" for line in lines), heard.mark
