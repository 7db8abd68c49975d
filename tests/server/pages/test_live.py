"""`/live`: a page is told that something changed, and never what; nobody holds it for ever."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

import pytest

from crm.base import clock, db, events, ids
from crm.base.vault import Vault
from crm.mail import mailboxes
from crm.workspace import users
from server.app import create_app
from server.pages import live
from tests import make
from tests.soon import LONG, soon
from tests.visiting import HTMX, Visitor


@dataclass
class Desk:
    """Somebody signed in, in a house where everything is committed."""

    visitor: Visitor
    user: object
    box: object

    def file(self, *letters: bytes, into=None) -> None:
        """Let letters come in."""
        with db.transaction(self.user.workspace_id) as session:
            box = mailboxes.get(session, self.user.workspace_id, (into or self.box).id)
            make.filed(session, box, *letters)

    def mark(self) -> str:
        """Open the inbox, and return from when on it listens."""
        page = self.visitor.get("/inbox").text
        return re.search(r'data-live="/live\?since=([^"]+)"', page)[1]

    def listen(self, since: str, **options) -> str:
        """Return all that a stream says."""
        return self.visitor.get(f"/live?since={since}", **options).text


@pytest.fixture
def desk(house, monkeypatch):
    monkeypatch.setattr(live, "LASTS", 0.6)
    monkeypatch.setattr(live, "BEAT", 0.3)
    monkeypatch.setattr(live, "CALM", 0.05)
    with db.transaction() as session:
        ana = make.user(session, make.workspace(session), "ana@halden.test", role="admin")
        box = make.mailbox(session, ana)
    app = create_app(house, Vault(house.vault_keys))
    yield Desk(Visitor(app).be(ana), ana, box)
    app.extensions["listener"].close()


def news(told: str) -> list[str]:
    return re.findall(r"(?m)^data: (.*)$", told)


def test_what_came_since_the_page_was_made_is_told_once_without_its_content(desk):
    since = desk.mark()
    desk.file(make.raw(subject="Confidential"))

    told = desk.listen(since)

    assert news(told)[0] == "inbox"
    assert re.fullmatch(r"thread [0-9a-f-]{36}", news(told)[1])
    assert len(news(told)) == 2
    assert "Confidential" not in told
    assert "severka" not in told
    last = re.findall(r"(?m)^id: (.*)$", told)[-1]
    again = desk.listen(since, headers={"Last-Event-ID": last})
    assert news(again) == []


def test_what_comes_while_somebody_listens_is_told_at_once(desk, monkeypatch):
    monkeypatch.setattr(live, "LASTS", LONG)
    letter = threading.Timer(0.7, desk.file, [make.raw()])
    since = desk.mark()
    letter.start()
    pieces = desk.visitor.client.get(f"/live?since={since}", base_url=desk.visitor.base)

    said = ""
    with soon():
        for piece in pieces.response:
            said += piece.decode()
            if "data:" in said:
                break

    assert letter.finished.is_set()
    pieces.close()
    letter.join()
    assert desk.visitor.app.extensions["seats"].taken == 0


def test_a_stream_says_that_it_lives_and_ends_by_itself(desk):
    told = desk.listen(desk.mark())

    assert "\n:\n\n" in f"\n{told}"
    assert told.startswith("retry: 250\nid: ")


def test_nobody_hears_of_a_colleagues_hidden_mail(desk):
    with db.transaction(desk.user.workspace_id) as session:
        workspace = make.Workspace(id=desk.user.workspace_id)
        bo = make.user(session, workspace, "bo@halden.test")
        theirs = make.mailbox(session, bo, shares=0)
    since = desk.mark()
    desk.file(make.raw("Eve <eve@elsewhere.test>", "bo@halden.test"), into=theirs)

    assert news(desk.listen(since)) == []


def test_who_finds_no_seat_is_told_what_is_new_and_comes_back_later(desk, monkeypatch):
    monkeypatch.setattr(live, "LASTS", LONG)
    seats = desk.visitor.app.extensions["seats"]
    while seats.take(desk.user.id):
        pass
    since = desk.mark()
    desk.file(make.raw())

    with soon():
        told = desk.listen(since)

    assert told.startswith("retry: 5000\n")
    assert news(told)[0] == "inbox"


def test_a_user_who_was_removed_is_cut_off(desk):
    since = desk.mark()
    with db.transaction(desk.user.workspace_id) as session:
        users.get(session, desk.user.workspace_id, desk.user.id).active = False
    desk.file(make.raw())

    answer = desk.visitor.get(f"/live?since={since}")

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    assert live._look(desk.user.workspace_id, desk.user.id, since) is None


def test_a_stranger_is_sent_to_the_door(desk):
    assert Visitor(desk.visitor.app).get("/live").status_code == 303


@pytest.mark.parametrize("since", ["", "x", "1:2", "9" * 4000])
def test_a_mark_that_is_nonsense_begins_now(desk, since):
    desk.file(make.raw())

    assert news(desk.listen(since)) == []


def test_to_watch_is_not_to_do_something(desk):
    """A tab that is left open must not keep a sign-in from running out."""
    seen = "select seen_at from sign_in"

    def seen_at():
        with db.transaction(desk.user.workspace_id) as session:
            return events.bulk.run(session, seen, ()).scalar_one()

    with db.transaction(desk.user.workspace_id) as session:
        events.bulk.run(session, "update sign_in set seen_at = now() - interval '1 hour'", ())
    before = seen_at()

    desk.listen("")

    assert seen_at() == before < clock.now()


def test_a_page_that_stands_asks_for_its_list_alone(desk):
    desk.file(make.raw(subject="Alone"))
    headers = HTMX | {"HX-Target": "list"}

    part = desk.visitor.get("/inbox", headers=headers).text
    thread = re.search(r'id="t-([0-9a-f-]{36})"', part)[1]
    beside = desk.visitor.get(f"/inbox/{thread}", headers=headers).text

    assert "<html" not in part + beside
    assert "Alone" in part
    assert 'data-unread="0 unread threads"' in part
    assert f'id="t-{thread}"' in beside
    assert 'aria-current="true"' in beside
    assert ids.parse(thread)
