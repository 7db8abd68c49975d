"""The card's buttons in the web app: the same dispatch as Gmail's, drawn as HTML."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for

from addon.actions import FORMS
from addon.dispatch import dispatch
from addon.event import InvalidEventError
from addon.facts import PEOPLE
from addon.panel import Refusal, form
from addon.response import Answer, Move
from crm.base import clock
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.mail import messages, visibility
from server.auth.sessions import user
from server.web import reading, room
from server.web.views import Toast

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from addon.event import AddonEvent

pages = Blueprint("panel", __name__)


@pages.get("/panel/<uuid:message_id>")
def show(message_id: UUID) -> ResponseReturnValue:
    """Show the card of one message alone; without script, the page that it stands on."""
    person = request.args.get("person", "")
    if not request.headers.get("HX-Request"):
        return redirect(_page_of(message_id, person), 303)
    viewer = visibility.viewer(g.session, user())
    return reading.draw(reading.card_of(viewer, message_id, person), message_id, person=person)


@pages.post("/panel/<uuid:message_id>")
def act(message_id: UUID) -> ResponseReturnValue:
    """Do what a button of the card beside a message says."""
    try:
        posted = form.parse(request.form.to_dict(flat=False), message_id=str(message_id))
    except InvalidEventError as error:
        problem = _("This form is not as we made it. Nothing was changed. Load the page again.")
        raise InvalidError(problem) from error
    answer = dispatch(g.session, posted, user=user(), look=reading.look, at=clock.now())
    assert isinstance(answer, Answer)
    if not request.headers.get("HX-Request"):
        return _whole_page(posted, answer, message_id)
    again = _form_again(posted, answer)
    if again is not None:
        answer, refusal, toast = again, _refusal(answer), None
    else:
        refusal, toast = None, _toast(answer)
    drawn = reading.draw(answer, message_id, refusal, person=_chosen(posted))
    # Markup would escape what follows it. A toast about what was before goes, whatever this says.
    said = str(drawn) + render_template("_toast.html", toast=toast, oob=True)
    response = make_response(said)
    if not drawn:
        response.headers["HX-Reswap"] = "none"  # The card stays as it is.
    return response


def _chosen(posted: AddonEvent) -> str:
    """Return whom somebody chose to see, now or before; the card's address keeps it."""
    if posted.function == "message/person":
        return posted.text(PEOPLE) or posted.parameter("person")
    return request.args.get("person", "")


def _toast(answer: Answer) -> Toast | None:
    icon = "circle-check" if answer.card is not None else "circle-alert"
    return Toast(answer.notice, icon) if answer.notice else None


def _whole_page(posted: AddonEvent, answer: Answer, message_id: UUID) -> ResponseReturnValue:
    """Draw the page around an answer, for a browser without script.

    What was saved leads on to a page that can be loaded again. All else may be sent again as it
    is, and its undo stands on the card that answers.
    """
    if answer.changed and answer.move is Move.BACK:
        flash(answer.notice)
        return redirect(_page_of(message_id, person=posted.parameter("person")), 303)
    toast, refusal = _toast(answer), None
    again = _form_again(posted, answer)
    if again is not None:
        refusal, answer = _refusal(answer), again
    viewer = visibility.viewer(g.session, user())
    seen = messages.get(g.session, viewer, message_id)
    thread_id = seen.message.thread_id
    beside = reading.of_thread(viewer, thread_id, room.kept(), message_id=message_id)
    if beside is not None and answer.card is not None:
        card = reading.draw(answer, message_id, refusal, person=_chosen(posted))
        beside = dataclasses.replace(beside, card_html=card)
    return room.render(room.listing(viewer, thread_id), beside, "card", toast)


def _refusal(answer: Answer) -> Refusal:
    return Refusal(answer.notice, answer.wrong)


def _form_again(refused: AddonEvent, said: Answer) -> Answer | None:
    """Ask with the same form once more, and what was typed in it; None where nothing is wrong."""
    if said.card is not None or refused.function not in FORMS:
        return None
    asked = dataclasses.replace(refused, function=FORMS[refused.function])
    answer = dispatch(g.session, asked, user=user(), look=reading.look, at=clock.now())
    if not isinstance(answer, Answer) or answer.card is None:
        return None
    return dataclasses.replace(answer, card=form.filled(answer.card, refused))


def _page_of(message_id: UUID, person: str = "") -> str:
    viewer = visibility.viewer(g.session, user())
    seen = messages.get(g.session, viewer, message_id)
    thread_id = seen.message.thread_id
    return url_for(
        "inbox.thread",
        thread_id=thread_id,
        message=message_id,
        pane="card",
        person=person or None,
    )
