"""Every answer of the add-on comes in time, and what was given up is not kept."""

from __future__ import annotations

import gettext
import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from addon import actions
from crm.base import db, i18n
from server import addon
from server.web import punctual
from tests.addon.beside import ROUTES
from tests.house.cards import check_answer
from tests.rows import changed, checksums
from tests.server.asking import call, event_of
from tests.soon import LONG, soon

PATIENCE = LONG


@dataclass
class Slow:
    """A handler that does its work, and then comes to no end until it is let go."""

    handler: Callable[..., object]
    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, context, event):
        """Answer once it may."""
        answer = self.handler(context, event)
        self.go.wait(PATIENCE)
        return answer


@pytest.fixture(autouse=True)
def _hurry(monkeypatch, gmail):
    """Let a second be what four are; no call outlives its test."""
    monkeypatch.setattr(punctual, "WITHIN", 1)
    monkeypatch.setattr(punctual, "AND_TO_COMMIT", 0.2)
    yield
    threads_of(gmail).shutdown()


@pytest.fixture
def slowed(monkeypatch, gmail):
    """Let a function take as long as a test wants, and wait for it at the end."""
    made = []

    def slow(name):
        handler = Slow(actions.FUNCTIONS[name])
        made.append(handler)
        monkeypatch.setitem(actions.FUNCTIONS, name, handler)
        return handler

    yield slow
    for one in made:
        one.go.set()
    threads_of(gmail).shutdown()  # Before the session goes whose connection they share.


def threads_of(gmail):
    return gmail.app.wsgi_app._threads


def note(google, scene, text):
    event = event_of(google, scene.first.id)
    event["commonEventObject"]["formInputs"] = {"text": {"stringInputs": {"value": [text]}}}
    return event


def test_a_card_that_takes_too_long_says_so_and_offers_another_try(
    gmail, google, known, scene, slowed
):
    slowed("message")

    with soon():
        answer = call(gmail, google.robot(), event=event_of(google, scene.first.id))

    assert answer.status_code == 200
    assert check_answer(answer.json, functions=ROUTES) == []
    assert "took too long" in answer.text
    assert "Try again" in answer.text


def test_what_was_given_up_is_not_kept(gmail, google, known, scene, session, slowed):
    slow = slowed("note/save")
    before = checksums(session)

    answer = call(gmail, google.robot("note/save"), "note/save", note(google, scene, "Too late"))
    slow.go.set()
    threads_of(gmail).shutdown()  # Waits for the call's end.

    words = "This took too long and was given up. Nothing was changed."
    assert answer.json["action"]["notification"]["text"] == words
    assert check_answer(answer.json, functions=ROUTES) == []
    assert changed(before, checksums(session)) == []


def test_who_is_not_shown_to_be_google_hears_nothing_then_either(gmail, google, monkeypatch):
    waits = threading.Event()
    monkeypatch.setattr(addon, "_is_google", lambda *_: not waits.wait(PATIENCE))

    answer = call(gmail, google.robot())
    waits.set()

    assert (answer.status_code, answer.data) == (503, b"")
    assert answer.headers["Retry-After"] == "5"


def test_whether_it_was_kept_is_not_known_when_a_commit_does_not_end(
    gmail, google, known, scene, monkeypatch
):
    waits, commit = threading.Event(), db.Session.commit

    def slow(session):
        waits.wait(PATIENCE)
        commit(session)

    with monkeypatch.context() as patched:
        patched.setattr(db.Session, "commit", slow)
        answer = call(gmail, google.robot("note/save"), "note/save", note(google, scene, "Late"))
        waits.set()
        threads_of(gmail).shutdown()

    assert "may have been done" in answer.json["action"]["notification"]["text"]


def test_late_words_are_in_the_readers_language(
    gmail, google, known, scene, session, slowed, monkeypatch
):
    monkeypatch.setattr(i18n, "_catalogue", Shouting)
    known.language = "cs"
    session.commit()
    slowed("note/save")

    answer = call(gmail, google.robot("note/save"), "note/save", note(google, scene, "Late"))

    assert answer.json["action"]["notification"]["text"].startswith("CS: This took too long")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/addon/"), ("POST", "/addon/nothing"), ("PUT", "/addon/message")]
)
def test_a_stranger_holds_no_thread_of_the_calls(gmail, method, path):
    body = Dripping()

    answer = gmail.client.open(path, method=method, input_stream=body, content_length=10_000)

    assert answer.status_code in (303, 401, 404, 405)
    assert not body.asked
    assert not threads_of(gmail)._threads


def test_a_call_that_is_not_shown_to_be_googles_is_not_read(gmail):
    body = Dripping()

    answer = gmail.client.post("/addon/message", input_stream=body, content_length=10_000)

    assert answer.status_code == 401
    assert not body.asked


class Dripping(io.BytesIO):
    """A body that does not come."""

    asked = False

    def read(self, _size=-1, /):
        """Note that somebody waits for it."""
        self.asked = True
        return b""

    readline = readinto = read


class Shouting(gettext.NullTranslations):
    """A catalogue that marks what it was asked for."""

    def __init__(self, tag):
        super().__init__()
        self.tag = tag.upper()

    def gettext(self, message):
        """Mark it."""
        return f"{self.tag}: {message}"
