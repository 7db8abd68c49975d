"""Ask the add-on as Gmail does and as the panel does, and look at every answer as both would."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from uuid import UUID

from addon import event as events
from addon import panel
from addon.actions import FUNCTIONS
from addon.dispatch import dispatch
from addon.event import AddonEvent
from addon.panel import form
from addon.response import Answer
from addon.widgets import Action, Links
from crm.base.db import Session
from crm.mail.letter import Letter
from crm.mail.models import Message
from crm.workspace.models import User
from sync import reading
from tests import make
from tests.house.cards import check_answer

LINKS = Links("https://crm.halden.test/addon", "https://crm.halden.test")
ROUTES = frozenset(LINKS.to(name) for name in FUNCTIONS)
HOSTS = ("gmail", "panel")

Typed = Mapping[str, str | dt.date]


@dataclass(frozen=True)
class Beside:
    """Somebody with a card beside a message."""

    session: Session
    user: User
    host: str = "panel"
    #: Where people wrote tags themselves, the checker takes them for ours.
    tags_are_words: bool = False
    #: Whom the message that is being written goes to; Gmail alone says so.
    to: tuple[str, ...] = ()

    def ask(
        self,
        function: str,
        message: Message | UUID | None = None,
        typed: Typed | None = None,
        /,
        *,
        at: dt.datetime = make.NOW,
        **parameters: str,
    ) -> Answer:
        """Press a button; the answer is one that Gmail takes and that the panel can draw."""
        event, look = self._event(function, message, typed or {}, parameters)
        answer = dispatch(self.session, event, user=self.user, look=look, at=at)
        assert isinstance(answer, Answer)
        faults = check_answer(answer.to_json(LINKS), functions=ROUTES)
        if self.tags_are_words:
            faults = [fault for fault in faults if not fault.endswith("a tag or an entity")]
        assert faults == []
        if answer.card is not None:
            html(answer)
        return answer

    def _event(self, function, message, typed, parameters):
        if self.host == "panel":
            done = form.button_value(Action(function, parameters))
            fields = {
                f"{'date' if isinstance(value, dt.date) else 'text'}:{name}": [str(value)]
                for name, value in typed.items()
            }
            beside = str(message.id if isinstance(message, Message) else message or "")
            return form.parse({form.DO: [done], **fields}, message_id=beside), nothing
        common = {
            "hostApp": "GMAIL",
            "platform": "WEB",
            "userLocale": "en",
            "timeZone": {"id": "Europe/Prague", "offset": 3_600_000},
            "parameters": parameters,
            "formInputs": {name: _said(value) for name, value in typed.items()},
        }
        tokens = {"userOAuthToken": "ya29.user", "userIdToken": "eyJhbGciOi.eyJpc3MiOi.x"}
        opened = {"messageId": "18c2f0a1b2c3d4e5", "threadId": "18c2f0a1b2c3d4e0"}
        gmail = {**opened, "accessToken": "secret.of.the.message"} if message else {}
        asked = {
            "commonEventObject": common,
            "authorizationEventObject": tokens,
            "gmail": {**gmail, "toRecipients": list(self.to)},
        }
        return events.parse(asked, function=function), looking_at(message)


def event_of(function: str, *, message_id: str = "", **parameters: str) -> AddonEvent:
    """Make the event of a button."""
    common = {"parameters": parameters}
    return events.parse(
        {"commonEventObject": common, "gmail": {"messageId": message_id}}, function=function
    )


def head_of(message: Message) -> bytes:
    """Write what a host tells of a stored message that is open there."""
    date = format_datetime(message.sent_at) if message.sent_at else ""
    lines = (f"Message-ID: <{message.rfc_id}>", f"From: {message.from_email}", f"Date: {date}")
    return "\r\n".join((*lines, "", "")).encode()


def looking_at(message):
    """Make the look of a host that has one message open, by its own id."""
    if not isinstance(message, Message):
        return nothing
    letter = reading.read(head_of(message))
    return lambda _host_id: letter


def nothing(_message_id: str) -> Letter | None:
    """Look at nothing: every message is stored, or unknown."""
    return None


def html(answer: Answer) -> str:
    """Draw an answer's card as the panel does."""
    return panel.render(answer.card, action_url="/panel/1", csrf="proof")


def words(answer: Answer) -> str:
    """Return what a reader reads on a card, without what is hidden, and the marks around names."""
    heard = re.sub(r'<span class="av[^>]*>[^<]*</span>', "", html(answer))
    text = re.sub(r"<[^>]+>", "\n", heard)
    return re.sub(r"\s*\n\s*", "\n", re.sub("[\u2066\u2068\u2069]", "", text)).strip()


def buttons(answer: Answer) -> dict[str, Action]:
    """Return what can be pressed on a card, by its words."""
    return {text: action for text, action in _pressed(answer.card) if isinstance(action, Action)}


def actions(answer: Answer) -> list[Action]:
    """Return everything that a card can ask."""
    return [action for _text, action in _pressed(answer.card) if isinstance(action, Action)]


def _pressed(card):
    for section in card.filled_sections:
        for widget in section.widgets:
            for one in getattr(widget, "buttons", ()):
                yield one.text, one.on_click
            for one in getattr(widget, "chips", ()):
                if not one.chosen:
                    yield _bare(one.label), one.on_click
            end = getattr(widget, "end", None)
            if hasattr(end, "on_click"):
                yield end.alt or end.text, end.on_click
                yield end.text, end.on_click
            if hasattr(end, "on_change"):
                yield "done", end.on_change
            if getattr(widget, "on_click", None) is not None:
                yield _bare(str(widget.text)), widget.on_click
            if getattr(widget, "on_change", None) is not None:
                yield widget.label, widget.on_change
    if card.footer:
        yield card.footer.primary.text, card.footer.primary.on_click
        if card.footer.secondary:
            yield card.footer.secondary.text, card.footer.secondary.on_click


def _bare(text: str) -> str:
    return re.sub("[\u2066\u2068\u2069]", "", text)


def _said(value: str | dt.date) -> dict[str, object]:
    if isinstance(value, dt.date):
        midnight = dt.datetime.combine(value, dt.time(), dt.UTC)
        return {"dateInput": {"msSinceEpoch": str(int(midnight.timestamp() * 1000))}}
    return {"stringInputs": {"value": [value]}}
