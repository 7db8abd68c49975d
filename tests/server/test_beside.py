"""The message that is open in Gmail: found by its id, or asked of Gmail and let come in at once."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crm.base import clock, queues
from crm.base.db import Session
from crm.base.vault import Vault
from crm.mail import mailboxes, opened
from crm.mail.models import CopyState, Mailbox, MailboxKind, Shares
from crm.workspace.models import User
from server.app import create_app
from server.auth import google as scopes
from server.auth import opened as asking
from server.demo.gmail import App, Fault, GmailServer
from sync import jobs, running, throttle
from tests import make
from tests.addon.beside import ROUTES
from tests.house.cards import check_answer
from tests.server.asking import call, event_of, for_google
from tests.servers.google import CLIENT, Google
from tests.soon import soon
from tests.story import Scene
from tests.visiting import Visitor

ADDRESS = "ana@halden.test"
READING = ["https://www.googleapis.com/auth/gmail.readonly"]
JANA = "Jana <jana@severka.test>"


@dataclass
class Desk:
    """Ana before her Gmail, and the worker that hears what the door asks for."""

    visitor: Visitor
    google: Google
    gmail: GmailServer
    settings: Any
    session: Session
    jobs: list[tuple[str, tuple[str, ...]]]

    def event(self, name: str, *, email: str = ADDRESS, **gmail: object) -> dict[str, Any]:
        """Make the event of an open message, with the tokens that come with it."""
        event = event_of(self.google, email=email, email_verified=True)
        shown = {"messageId": name, "threadId": "thread-f:1", "accessToken": self.key(name)}
        event["gmail"] = {**shown, **gmail}
        granted = event["authorizationEventObject"]
        granted["userOAuthToken"] = self.gmail.token(email, [scopes.LOOKING])
        return event

    def key(self, name: str) -> str:
        """Return the token of the message, where there is one."""
        box = self.gmail.add(ADDRESS)
        known = opened.number(name) == opened.NOBODYS or box.copies.find(hex_of(name))
        return self.gmail.addon_token(ADDRESS, name) if known else "of.nothing"

    def open(self, name: str, **more: Any) -> str:
        """Open a message, and return what the card says in JSON."""
        event = self.event(name, **more)
        answer = call(self.visitor, self.google.robot(), event=event)
        assert answer.status_code == 200
        assert check_answer(answer.json, functions=ROUTES) == []
        return answer.text.replace("\u2068", "").replace("\u2069", "")

    def work(self) -> None:
        """Do what a worker does with the jobs that were sent."""
        while self.jobs:
            name, ids = self.jobs.pop(0)
            assert name == "sync.jobs.take_letter"
            jobs.take_letter(*ids)

    def bring(self, box: Mailbox) -> running.Brought:
        """Bring the mailbox up to date."""
        vault = Vault(self.settings.vault_keys)
        return running.bring_up_to_date(box.workspace_id, box.id, self.settings, vault)

    def gets(self) -> Counter[str]:
        """Count how often each message was asked for, by its true id, but for heads."""
        return Counter(c.id for c in self.gmail.calls if c.method == "users.messages.get")


def hex_of(name: str) -> str:
    return f"{opened.number(name):016x}"


def event_id(id_: str) -> str:
    return f"msg-f:{int(id_, 16)}"


@pytest.fixture
def desk(connection, shared, google, known, session, monkeypatch) -> Iterator[Desk]:
    with GmailServer() as gmail:
        settings = replace(
            for_google(shared, google.certs_url),
            google_api_url=gmail.url,
            google_token_url=gmail.token_url,
            google_client_secret="a secret of the app",
            google_units_per_user=10**9,
        )
        gmail.register(App("Inlay", CLIENT, settings.google_client_secret, ()))
        gmail.add(ADDRESS)
        visitor = Visitor(create_app(settings, Vault(settings.vault_keys)))
        made = Desk(visitor, google, gmail, settings, session, [])
        send = lambda job, *ids: made.jobs.append((job, tuple(map(str, ids))))  # noqa: E731
        monkeypatch.setattr(queues, "hint", send)
        jobs.bind(settings, Vault(settings.vault_keys))
        yield made
        jobs.bind(None, None)


@pytest.fixture
def box(desk: Desk, ana: User) -> Mailbox:
    return connect(desk, ana)


def connect(desk: Desk, user: User, address: str = ADDRESS) -> Mailbox:
    token = desk.gmail.refresh_token(address, CLIENT, READING)
    made = mailboxes.connect(
        *(desk.session, user, address),
        kind=MailboxKind.GMAIL,
        place={"grant": "consent"},
        secret=Vault(desk.settings.vault_keys).seal(token),
        by=user,
        at=clock.now(),
    )
    desk.session.commit()
    return made


def turned(desk: Desk, scene: Scene) -> None:
    """Let the mailbox of a story be Gmail from now on."""
    token = desk.gmail.refresh_token(ADDRESS, CLIENT, READING)
    scene.mailbox.kind, scene.mailbox.place = MailboxKind.GMAIL, {"grant": "consent"}
    scene.mailbox.secret = Vault(desk.settings.vault_keys).seal(token)
    desk.session.commit()


def letter(subject: str = "Quote", sender: str = JANA, to: str = ADDRESS, **more: Any) -> bytes:
    return make.raw(sender, to, subject, "Hello.", **more)


def test_a_message_that_is_here_is_found_by_its_id_and_gmail_is_not_asked(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    desk.bring(box)
    before = len(desk.gmail.calls)

    for name in (event_id(id_), id_):
        card = desk.open(name)

        assert "jana@severka.test" in card
        assert "Logged here because" in card or "Not a contact yet" in card
    assert desk.gmail.calls[before:] == []
    assert desk.jobs == []


def test_a_message_that_is_not_in_yet_is_shown_by_its_head_and_is_there_a_moment_later(desk, box):
    gmail = desk.gmail.add(ADDRESS)
    ids = [gmail.deliver(letter(f"Quote {n}")) for n in range(5)]

    first = desk.open(event_id(ids[2]))
    assert "It is being fetched now." in first
    assert "jana@severka.test" in first
    assert [name for name, _ids in desk.jobs] == ["sync.jobs.take_letter"]
    desk.work()
    before = len(desk.gmail.calls)
    again = desk.open(event_id(ids[2]))

    assert "being fetched" not in again
    assert '"message"' in again
    assert desk.gmail.calls[before:] == []
    assert desk.gets() == Counter([event_id(ids[2]), ids[2]]), "its head, and then all of it"

    desk.bring(box)
    assert desk.gets() == Counter([event_id(ids[2]), *ids]), "no letter is asked for twice"


def test_what_is_known_of_its_people_stands_beside_a_message_that_is_not_in_yet(desk, scene):
    turned(desk, scene)
    id_ = desk.gmail.add(ADDRESS).deliver(letter("Another one"))

    card = desk.open(event_id(id_))

    assert "It is being fetched now." in card
    assert "Brno rollout" in card
    assert "Send the quote" in card


def test_what_a_card_asks_of_gmail_is_counted_for_whoever_reads(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    costs = desk.settings.google_units_per_letter
    read = throttle.budget(ADDRESS, replace(desk.settings, google_units_per_user=10 * 2 * costs))

    desk.open(event_id(id_))

    assert not read._allowed(2 * costs - costs // 10)
    assert read._allowed(costs // 2)


def test_without_valkey_a_card_is_shown_and_not_counted(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    away = replace(desk.settings, redis_url="redis://127.0.0.1:9/0")
    visitor = Visitor(create_app(away, Vault(away.vault_keys)))

    answer = call(visitor, desk.google.robot(), event=desk.event(event_id(id_)))

    assert "It is being fetched now." in answer.text


def test_a_click_for_another_look_shows_the_card_in_the_same_place(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    desk.open(event_id(id_))
    desk.work()
    event = desk.event(event_id(id_))
    event["commonEventObject"]["parameters"] = {"again": "yes"}

    answer = call(desk.visitor, desk.google.robot(), event=event)

    assert list(answer.json["action"]["navigations"][0]) == ["updateCard"]


def test_opened_twice_it_is_asked_for_once(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    for _ in range(2):
        assert "It is being fetched now." in desk.open(event_id(id_))
    desk.work()

    assert desk.gets()[id_] == 1


def test_one_that_was_sent_from_the_web_is_named_by_gmail_alone(desk, box):
    gmail = desk.gmail.add(ADDRESS)
    id_ = gmail.send_from_phone(letter("From the web", ADDRESS, JANA))
    name = gmail.copies.sent_name(id_)
    assert name.startswith("msg-a:r")

    first = desk.open(name)
    desk.work()
    again = desk.open(name)

    assert "It is being fetched now." in first
    assert "jana@severka.test" in first
    assert "being fetched" not in again
    assert desk.gets()[id_] == 1


def test_without_a_mailbox_the_card_leads_to_where_it_is_connected(desk):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    card = desk.open(event_id(id_))

    assert "Your Gmail is not connected to Inlay." in card
    assert "/mailboxes/gmail" in card
    assert "jana@severka.test" in card
    assert desk.jobs == []


def test_who_may_not_connect_one_is_told_whom_to_ask(desk, ana):
    ana.role = "reader"
    desk.session.commit()
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    card = desk.open(event_id(id_))

    assert "Ask the admin of your workspace." in card
    assert "/mailboxes/gmail" not in card


def test_the_mailbox_of_another_account_is_not_taken_for_the_one_that_is_open(desk, ana):
    connect(desk, ana, "ana.novak@gmail.test")
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    assert "Your Gmail is not connected to Inlay." in desk.open(event_id(id_))
    assert desk.jobs == []


def test_a_mailbox_that_a_colleague_has_connected_is_not_to_be_connected_again(desk, workspace):
    bo = make.user(desk.session, workspace, "bo@halden.test")
    connect(desk, bo, ADDRESS)
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    card = desk.open(event_id(id_))

    assert "it comes by itself" in card
    assert "/mailboxes/gmail" not in card
    assert desk.jobs == []


def test_a_mailbox_that_is_read_otherwise_brings_it_by_itself(desk, ana):
    make.mailbox(desk.session, ana, ADDRESS)
    desk.session.commit()
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    assert "it comes by itself" in desk.open(event_id(id_))
    assert desk.jobs == []


@pytest.mark.parametrize("state", ["paused", "needs_login"])
def test_a_mailbox_that_is_not_read_is_not_asked(desk, box, state):
    box.state = state
    desk.session.commit()
    id_ = desk.gmail.add(ADDRESS).deliver(letter())

    assert f"{ADDRESS} is not read now" in desk.open(event_id(id_))
    assert desk.jobs == []


WHY = {
    "SPAM": "Gmail takes this message for spam",
    "TRASH": "This message is in the bin",
    "DRAFT": "This is a draft",
    "CHAT": "This is a line of a chat",
}


@pytest.mark.parametrize("label", WHY)
def test_what_a_rule_keeps_out_says_so_before_it_is_in_the_ledger_and_after(desk, box, label):
    id_ = desk.gmail.add(ADDRESS).deliver(letter(), labels=[label])

    before = desk.open(event_id(id_))
    desk.bring(box)
    calls = len(desk.gmail.calls)
    after = desk.open(event_id(id_))

    assert WHY[label] in before
    assert WHY[label] in after
    assert desk.jobs == []
    assert desk.gets() == Counter([event_id(id_)]), "its head alone"
    assert len(desk.gmail.calls) == calls


def test_what_was_logged_before_it_went_into_the_bin_is_still_shown(desk, box):
    gmail = desk.gmail.add(ADDRESS)
    id_ = gmail.deliver(letter())
    desk.bring(box)
    gmail.trash(id_)
    box.due_at = clock.now()
    desk.bring(box)

    card = desk.open(event_id(id_))

    assert "What was logged stays." in card
    assert "jana@severka.test" in card


def test_what_gmail_does_not_have_is_told_to_be_gone(desk, box):
    gmail = desk.gmail.add(ADDRESS)
    id_ = gmail.deliver(letter())
    event = desk.event(event_id(id_))
    gmail.delete(id_)

    answer = call(desk.visitor, desk.google.robot(), event=event)

    assert "Gmail does not have this message any more." in answer.text
    assert desk.jobs == []


@pytest.mark.parametrize("kind", ["429", "500", "502_html", "401", "cut", "truncated_json"])
def test_where_gmail_fails_the_card_says_so_and_offers_another_look(desk, box, kind):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    event = desk.event(event_id(id_))
    desk.gmail.plan(Fault(kind))

    answer = call(desk.visitor, desk.google.robot(), event=event)

    assert "Gmail did not say in time which message this is." in answer.text
    assert "Look again" in answer.text
    assert check_answer(answer.json, functions=ROUTES) == []
    assert desk.jobs == []


def test_a_token_that_has_run_out_is_no_fault(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    event = desk.event(event_id(id_))
    desk.gmail.expire_tokens()

    answer = call(desk.visitor, desk.google.robot(), event=event)

    assert "Gmail did not say in time which message this is." in answer.text


def test_gmail_that_is_slow_is_not_waited_for(desk, box, monkeypatch):
    monkeypatch.setattr(asking, "_PATIENCE", (0.3, 0.3))
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    event = desk.event(event_id(id_))
    desk.gmail.plan(Fault("slow", seconds=60.0))

    with soon():
        answer = call(desk.visitor, desk.google.robot(), event=event)

    assert "Gmail did not say in time which message this is." in answer.text
    assert "Look again" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "msg-f:99999999999999999999",
        "msg-f:9223372036854775808",
        "msg-f:0",
        "msg-f:-1",
        "msg-f:1e9",
        "msg-f:١٢٣",
        "msg-f:" + "9" * 5000,
        "msg-a:r" + "9" * 190,
        "f" * 16,
        "../../me/profile",
        "msg-f:1?format=full",
        "\x00\u202e",
        "x" * 100_000,
        "00000000-0000-7000-8000-000000000000",
    ],
)
def test_an_id_that_is_none_is_told_in_words(desk, box, name):
    event = desk.event(event_id(desk.gmail.add(ADDRESS).deliver(letter())))
    event["gmail"]["messageId"] = name

    answer = call(desk.visitor, desk.google.robot(), event=event)

    assert answer.status_code == 200
    assert check_answer(answer.json, functions=ROUTES) == []
    assert "Reference" not in answer.text, "no fault of ours"
    assert "jana@" not in answer.text
    assert desk.jobs == []


@pytest.mark.parametrize("value", [7, ["msg-f:1"], {"id": "1"}, True])
def test_an_id_of_another_kind_is_no_event(desk, box, value):
    event = desk.event(event_id(desk.gmail.add(ADDRESS).deliver(letter())))
    event["gmail"]["messageId"] = value

    assert call(desk.visitor, desk.google.robot(), event=event).status_code == 400


def test_the_id_of_a_colleagues_message_shows_nothing_of_it(desk, box, workspace):
    """Ids are numbers: whoever names one that is not theirs learns nothing, nor whether it is."""
    bo = make.user(desk.session, workspace, "bo@halden.test")
    theirs = connect(desk, bo, "bo@halden.test")
    theirs.shares = Shares.EVERYTHING
    desk.session.commit()
    id_ = desk.gmail.add("bo@halden.test").deliver(letter("Secret", to="bo@halden.test"))
    desk.bring(theirs)

    card = desk.open(event_id(id_), accessToken=desk.gmail.addon_token("bo@halden.test", id_))

    assert "Gmail did not say" in card
    assert "jana@" not in card
    assert desk.jobs == []


def test_a_colleagues_private_message_with_the_same_message_id_does_not_show_through(
    desk, box, workspace
):
    bo = make.user(desk.session, workspace, "bo@halden.test")
    private = make.mailbox(desk.session, bo, shares=Shares.NOTHING)
    raw = letter("Only for Bo", message_id="same@severka.test")
    make.filed(desk.session, private, raw)
    desk.session.commit()
    id_ = desk.gmail.add(ADDRESS).deliver(raw)

    card = desk.open(event_id(id_))

    assert "It is being fetched now." in card
    assert "Only for Bo" not in card
    assert "Logged here because" not in card


def test_neither_token_is_kept_or_written_down(desk, box, caplog):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    event = desk.event(event_id(id_))
    tokens = (event["gmail"]["accessToken"], event["authorizationEventObject"]["userOAuthToken"])

    with caplog.at_level(logging.DEBUG):
        call(desk.visitor, desk.google.robot(), event=event)
        sent = repr(desk.jobs)
        desk.gmail.plan(Fault("500"))
        call(desk.visitor, desk.google.robot(), event=event)

    assert sent != "[]"
    for token in tokens:
        assert token not in sent
        assert token not in caplog.text


def test_what_could_not_be_read_says_so(desk, box):
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    desk.bring(box)
    desk.session.connection().exec_driver_sql(
        "update copy set state = %s, message_id = null where uid = %s",
        (CopyState.FAILED, int(id_, 16)),
    )
    desk.session.commit()

    assert "Inlay could not read this message." in desk.open(event_id(id_))


def test_buttons_of_such_a_card_ask_nothing_of_gmail(desk, scene):
    turned(desk, scene)
    id_ = desk.gmail.add(ADDRESS).deliver(letter())
    event = desk.event(event_id(id_))
    event["commonEventObject"]["parameters"] = {"contact": str(scene.contact.id)}
    before = len(desk.gmail.calls)

    answer = call(desk.visitor, desk.google.robot("contact"), "contact", event)

    assert "Brno rollout" in answer.text
    assert desk.gmail.calls[before:] == []
