"""One way in: an event finds its handler, and whatever goes wrong becomes a kind answer."""

from __future__ import annotations

import logging
import secrets
from contextlib import nullcontext
from typing import TYPE_CHECKING

from addon import response
from addon.actions import AGAIN, ENTRIES, FUNCTIONS
from addon.cards.notice import broken_card, notice_card
from addon.context import Context
from addon.handlers import finding
from addon.handlers.finding import WrongInputError
from addon.response import Answer
from addon.widgets import Action
from crm.base import events, faults
from crm.base.errors import CRMError
from crm.base.i18n import gettext as _
from crm.mail import visibility

if TYPE_CHECKING:
    from datetime import datetime

    from addon.context import Look
    from addon.event import AddonEvent
    from addon.response import Response
    from crm.base.db import Session
    from crm.mail.opened import Opened
    from crm.workspace.models import User

_log = logging.getLogger(__name__)


def dispatch(
    session: Session,
    event: AddonEvent,
    *,
    user: User,
    look: Look,
    opened: Opened | None = None,
    at: datetime,
) -> Response:
    """Answer an event for a user. Never raises: a refusal or a fault is told in words.

    `opened` is what the door has found out of the message that is open, beside what `look` brings.

    What a handler began and did not finish is rolled back, to the savepoint before it. An entry
    only reads, and its card is waited for: it has no savepoint, and a fault ends the transaction.
    """
    handler = FUNCTIONS.get(event.function)
    if handler is None:
        return response.notify(_("This button is unknown here. Nothing was changed."))
    reads = event.function in ENTRIES
    try:
        with nullcontext() if reads else session.begin_nested():
            viewer = visibility.viewer(session, user)
            context = Context(session, user, viewer, at, look, opened)
            answer = handler(context, event)
            if isinstance(answer, Answer) and answer.changed:
                _tell(context, event)
            return answer
    except CRMError as error:
        return _refused(event, error)
    except Exception as error:  # noqa: BLE001 - The outermost edge: a fault becomes a card.
        if reads:
            session.rollback()  # The database may take nothing more in it; the page goes on.
        reference = secrets.token_hex(4)
        place = faults.place(error)
        _log.error("The add-on's function %s failed: %s: %s", event.function, reference, place)
        return _broken(event, reference)


def _tell(context: Context, event: AddonEvent) -> None:
    """Tell the pages that are open elsewhere that something stands differently beside a thread.

    What was done beside no message may show beside any.
    """
    found = finding.find_message(context, event)
    threads = [found.message.thread_id] if found is not None else []
    kind, where = events.EventKind.CHANGED, context.user.workspace_id
    events.append(context.session, where, kind, threads, at=context.at)


def _refused(event: AddonEvent, error: CRMError) -> Response:
    """Tell a refusal: as a card where there is none yet, else beside what was typed."""
    if event.function in ENTRIES:
        return response.push(notice_card(str(error)))
    wrong = error.name if isinstance(error, WrongInputError) else ""
    return response.notify(str(error), wrong=wrong)


def _broken(event: AddonEvent, reference: str) -> Response:
    """Admit a fault of ours, with the reference under which it is written down."""
    if event.function in ENTRIES:
        again = Action(event.function, event.parameters) if event.function in AGAIN else None
        return response.push(broken_card(reference, again=again))
    words = _("That did not work, by a fault of ours. Nothing was changed. Reference {reference}.")
    return response.notify(words.format(reference=reference))
