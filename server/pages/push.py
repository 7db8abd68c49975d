"""Google's other way in: Pub/Sub pushes that a mailbox of Gmail has changed, and gets no words.

A push is let in by the token that the subscription's service account signs it with
(cloud.google.com/pubsub/docs/authenticate-push-subscriptions). Whoever is let in learns nothing of
who has a mailbox here: known and unknown ones are answered alike.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, g, request

from crm.base import clock, db, queues
from crm.mail import pushed
from server.auth import google, refusals
from server.auth.refusals import Refusal

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from crm.base.settings import Settings

_log = logging.getLogger(__name__)

pages = Blueprint("push", __name__, url_prefix="/push")

#: A push has a few hundred bytes.
LARGEST = 16_384
#: What a point of the history may be, to be kept in a row.
_HIGHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Push:
    """What a push says: whose mailbox has changed, and what its history has come to."""

    subscription: str
    address: str
    history: int


@pages.post("/gmail")
def take() -> ResponseReturnValue:
    """Ask for one look at a mailbox. What is not shown to be ours to hear gets 401 and no more."""
    settings: Settings = current_app.config["INLAY"]
    if not _is_google(settings):
        return "", 401
    if (request.content_length or 0) > LARGEST:
        return "", 413
    push = parse(request.get_data())
    if push is None:
        return "", 400
    if push.subscription != settings.google_pubsub_subscription:
        refusals.note(settings, Refusal("subscription", push.subscription))
        return "", 401
    at, ways = clock.now(), pushed.ways(g.session, push.address)
    g.session.commit()  # Nobody holds one connection and waits for another.
    for way in ways:
        with db.transaction(way.workspace_id) as session:
            if pushed.call(session, way.workspace_id, way.id, push.history, at=at):
                queues.enqueue(session, "sync.jobs.sync_mailbox", way.workspace_id, way.id)
    return "", 204


@pages.errorhandler(google.UnreachableError)
def away(error: google.UnreachableError) -> ResponseReturnValue:
    """Let Pub/Sub come again: nobody can be told true from false just now."""
    _log.warning("%s", error)
    return "", 503, {"Retry-After": "5"}


def parse(body: bytes) -> Push | None:
    """Read a push; None where it is none. The history may be a number, or one in a string."""
    try:
        said = json.loads(body)
        subscription, wrapped = said["subscription"], said["message"]["data"]
        told = json.loads(_bytes(wrapped))
        address, history = told["emailAddress"], _point(told["historyId"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = isinstance(subscription, str) and isinstance(address, str) and "\0" not in address
    return Push(subscription, address, history) if texts else None


def _bytes(text: Any) -> bytes:
    """Return what base64 stands for, in either alphabet (RFC 4648). Raises ValueError."""
    plain = text.translate(_PLAIN) if isinstance(text, str) else ""
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


_PLAIN = str.maketrans("-_", "+/")


def _point(said: Any) -> int:
    text = str(said) if isinstance(said, int) and not isinstance(said, bool) else said
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal() or len(text) > 20:
        raise ValueError("no point of a history")
    return min(int(text), _HIGHEST)


def _is_google(settings: Settings) -> bool:
    """Tell whether the header's token was made by our subscription's service account, for us."""
    if not settings.takes_pushes:
        return False
    claims = google.signed(settings, request.headers.get("Authorization", ""))
    robot = settings.google_pubsub_service_account
    refused = refusals.of(claims, settings.push_audience, robot)
    if refused is not None:
        refusals.note(settings, refused)
    return refused is None
