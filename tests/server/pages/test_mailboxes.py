"""The mailboxes' pages: who sees which, what is told of each, and what may be done with it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import g

from crm.base import clock
from crm.base.vault import Vault, make_key
from crm.mail import copies, mailboxes
from crm.mail.letter import Arrival, Unreadable
from crm.mail.models import Shares
from sync.connecting import entering
from tests import make
from tests.visiting import HTMX, Visitor, said

#: How a mailbox stands whose password no key opens, and one whose login is refused.
KEY_MISSING = {"state": "failing", "trouble": "key_missing", "why": "key_missing"}
REFUSED = {"state": "failing", "trouble": "login_refused", "why": "login"}


@pytest.fixture
def bo(session, workspace):
    return make.user(session, workspace, "bo@halden.test", role="rep", name="Bo Ferrari")


def compared(session, box, **counts):
    """Note of a mailbox's folder what a comparison with the server has found."""
    found = {"server": 0, "pending": 0, "stray": 0, **counts}
    copies.note_compared(session, make.folder(session, box), **found, at=clock.now())
    session.commit()


def test_without_a_mailbox_the_next_step_is_told(reader):
    page = reader.get("/mailboxes")

    assert "No mailbox yet" in said(page)
    assert 'href="/mailboxes/connect"' in page.text


def test_who_may_not_connect_is_told_whom_to_ask(app, session, workspace):
    user = make.user(session, workspace, "ro@halden.test", role="reader")
    session.commit()
    visitor = Visitor(app).be(user)

    assert "Ask an admin" in said(visitor.get("/mailboxes"))
    assert visitor.get("/mailboxes/connect").status_code == 403


@pytest.mark.parametrize(("role", "sees"), [("rep", False), ("manager", True), ("admin", True)])
def test_the_list_has_ones_own_and_for_managers_everyones(app, session, ana, bo, role, sees):
    make.mailbox(session, ana)
    make.mailbox(session, bo)
    bo.role = role
    session.commit()

    text = said(Visitor(app).be(bo).get("/mailboxes"))

    assert "bo@halden.test" in text
    assert ("ana@halden.test" in text) is sees
    assert ("Ana Kovač" in text) is sees


@pytest.mark.parametrize(
    ("values", "words", "button"),
    [
        ({"state": "live", "synced_at": make.NOW}, "Live", "Look now"),
        ({"state": "connecting"}, "Coming in", "Pause"),
        ({"state": "paused"}, "Nothing is lost: it goes on where it stopped.", "Resume"),
        (
            {"state": "needs_login", "trouble": "login_refused", "last_error": "No such luck"},
            "we stopped knocking",
            "Sign in again",
        ),
        (
            {"state": "failing", "trouble": "unreachable", "last_error": "It timed out."},
            "It timed out.",
            "Look now",
        ),
        ({"state": "failing", "trouble": "unstable"}, "when it is still", "Look now"),
        ({"state": "failing", "trouble": "unfinished"}, "longer than a look may", "Look now"),
        (KEY_MISSING, "Its password cannot be opened", "Sign in again"),
        (KEY_MISSING | {"state": "paused"}, "it goes on where it stopped.", "Resume"),
        (REFUSED | {"state": "paused"}, "it goes on where it stopped.", "Resume"),
        ({"state": "disconnected"}, "what let us in is deleted", "Connect again"),
    ],
)
def test_each_state_is_told_with_what_is_safe_and_one_button(
    reader, session, ana, values, words, button
):
    box = make.mailbox(session, ana, **values)
    session.commit()

    listed, alone = reader.get("/mailboxes"), reader.get(f"/mailboxes/{box.id}")

    for page in (listed, alone):
        assert page.status_code == 200
        assert words in said(page)
        assert button in said(page)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The server did not answer in time."),
        ("cs", "Server neodpověděl včas."),
        ("fa", "سرور به‌موقع پاسخ نداد."),
    ],
)
def test_what_is_in_a_mailboxs_way_is_told_in_the_readers_language(
    reader, session, ana, language, words
):
    failing = {"state": "failing", "trouble": "unreachable", "why": "silent"}
    box = make.mailbox(session, ana, **failing, last_error="It timed out.")
    ana.language = language
    session.commit()

    page = reader.get(f"/mailboxes/{box.id}")

    assert words in said(page)
    assert "It timed out." in said(page)


def test_the_ledger_is_told_in_plain_words_and_adds_up(reader, session, ana, mailbox):
    make.filed(session, mailbox, make.raw(), make.raw())
    broken = Unreadable(b"d" * 32, b"raw", "too deep", 3)
    make.filed_arrivals(session, mailbox, [Arrival(900, broken, make.NOW)])
    make.filed_arrivals(session, mailbox, [Arrival(901, None, make.NOW, skipped="spam")])
    compared(session, mailbox, server=4)

    page = reader.get(f"/mailboxes/{mailbox.id}")

    text = said(page)
    assert "4 = 2 stored + 1 skipped (spam 1) + 1 that could not be read" in text
    assert "They are kept whole. 1 × too deep" in text
    assert text.count("Adds up") == 2
    assert "style=" not in page.text


def test_what_is_missing_is_told(reader, session, mailbox):
    make.filed(session, mailbox, make.raw())
    compared(session, mailbox, server=18, pending=17)

    text = said(reader.get(f"/mailboxes/{mailbox.id}"))

    assert "17 missing: comparing now" in text
    assert "18 = 1 stored + 17 waiting" in text


def test_a_mailbox_that_comes_in_is_asked_for_every_two_seconds(reader, session, mailbox):
    make.filed(session, mailbox, make.raw(), make.raw())
    make.folder(session, mailbox).server = 10
    session.commit()

    page = reader.get("/mailboxes")
    again = re.search(r'hx-get="(/mailboxes/[^"]+)"', page.text)
    assert again is not None
    assert "2 of 10 messages" in said(page)
    assert 'hx-trigger="every 2s"' in page.text

    earlier = (clock.now() - timedelta(seconds=10)).timestamp()
    there = f"/mailboxes/{mailbox.id}/progress?since={earlier}&had=0&looks=1"
    part = reader.get(there, headers=HTMX)

    assert "about 40 seconds left" in said(part)
    assert "<html" not in part.text
    assert "hx-get" not in reader.get(there.replace("looks=1", "looks=900"), headers=HTMX).text


def test_once_it_is_in_the_page_asks_for_itself_anew(reader, session, mailbox):
    there = f"/mailboxes/{mailbox.id}/progress"
    assert reader.get(there).location == f"/mailboxes/{mailbox.id}"
    mailboxes.note_success(
        session, mailbox, at=make.NOW, again=timedelta(minutes=1), asked=mailbox.due_at
    )
    session.commit()

    assert reader.get(there, headers=HTMX).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    "query", ["since=nan&had=0", "since=inf", "since=x&had=y&looks=z", "had=-5"]
)
def test_nonsense_in_the_address_costs_nothing_but_the_rate(reader, mailbox, session, query):
    session.commit()

    answer = reader.get(f"/mailboxes/{mailbox.id}/progress?{query}", headers=HTMX)

    assert answer.status_code == 200


def test_it_is_paused_resumed_and_looked_at(reader, session, mailbox):
    there = f"/mailboxes/{mailbox.id}"
    session.commit()

    assert reader.post(f"{there}/pause").location == there
    session.refresh(mailbox)
    assert mailbox.state == "paused"
    assert "Nothing is lost" in said(reader.get(there))
    reader.post(f"{there}/resume")
    session.refresh(mailbox)
    assert mailbox.state == "connecting"
    before = mailbox.due_at
    reader.post(f"{there}/look")
    session.refresh(mailbox)
    assert mailbox.due_at > before


@pytest.fixture
def refused(session, ana, shared, dovecot):
    """Connect a mailbox at Dovecot whose password has changed since."""
    place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "login": "again"}
    box = make.mailbox(
        session,
        ana,
        kind="imap",
        place=place,
        secret=Vault(shared.vault_keys).seal("old"),
        state="needs_login",
        trouble="login_refused",
        refusals=3,
    )
    session.commit()
    return box


def test_a_new_password_is_tried_sealed_and_the_mailbox_goes_on(
    reader, session, refused, shared, dovecot
):
    there = f"/mailboxes/{refused.id}"
    assert "New password" in said(reader.get(there))

    answer = reader.post(f"{there}/sign-in", {"password": dovecot.password})

    session.refresh(refused)
    assert answer.location == there
    assert (refused.state, refused.refusals) == ("connecting", 0)
    assert Vault(shared.vault_keys).open(refused.secret) == dovecot.password


def test_a_mailbox_whose_key_is_missing_goes_on_with_its_password_given_anew(
    reader, session, refused, shared, dovecot
):
    refused.secret = Vault((make_key(),)).seal(dovecot.password)
    for name, value in {**KEY_MISSING, "refusals": 0}.items():
        setattr(refused, name, value)
    session.commit()
    there = f"/mailboxes/{refused.id}"

    page = reader.get(there)

    assert "Nothing is lost; the server was not asked." in said(page)
    assert "An admin puts the key that sealed it back" in said(page)
    assert "or its owner gives the password anew" in said(page)
    for offer in ("New password", "Look now", "Pause"):
        assert offer in said(page)
    assert "we try again by ourselves" not in said(page)
    assert "1 needs you" in said(reader.get("/mailboxes"))
    answer = reader.post(f"{there}/sign-in", {"password": dovecot.password})
    session.refresh(refused)
    assert answer.location == there
    assert (refused.state, refused.trouble, refused.why) == ("connecting", "none", "")
    assert Vault(shared.vault_keys).open(refused.secret) == dovecot.password


def test_a_new_password_that_is_refused_too_is_told_and_the_old_one_kept(
    reader, session, refused, shared
):
    there = f"/mailboxes/{refused.id}/sign-in"
    assert reader.post(there, {"password": ""}).status_code == 422

    answer = reader.post(there, {"password": "canary-7f3a"})

    session.refresh(refused)
    assert answer.status_code == 422
    assert "does not take this login" in said(answer)
    assert "The old password is kept." in said(answer)
    assert "canary-7f3a" not in answer.text
    assert (refused.state, refused.refusals) == ("needs_login", 3)
    assert Vault(shared.vault_keys).open(refused.secret) == "old"


def test_no_transaction_is_open_while_a_password_is_tried(reader, refused, monkeypatch):
    open_then = []

    def enter(*_given):
        open_then.append(g.session.in_transaction())

    monkeypatch.setattr(entering, "enter", enter)

    assert reader.post(f"/mailboxes/{refused.id}/sign-in", {"password": "x"}).status_code == 303
    assert open_then == [False]


def test_the_owner_chooses_what_colleagues_see_and_nobody_else(app, reader, session, ana, bo):
    mine = make.mailbox(session, ana)
    other = make.mailbox(session, bo)
    session.commit()

    reader.post(f"/mailboxes/{mine.id}/shares", {"shares": "3"})
    refused = reader.post(f"/mailboxes/{other.id}/shares", {"shares": "3"})
    nonsense = reader.post(f"/mailboxes/{mine.id}/shares", {"shares": "7"})

    session.refresh(mine)
    session.refresh(other)
    assert (mine.shares, other.shares) == (Shares.EVERYTHING, Shares.HAPPENED)
    assert (refused.status_code, nonsense.status_code) == (403, 422)
    assert "Its owner chooses this." in said(reader.get(f"/mailboxes/{other.id}"))


def test_the_owner_chooses_whether_signatures_suggest_anything(app, reader, session, ana, bo):
    mine = make.mailbox(session, ana)
    other = make.mailbox(session, bo)
    session.commit()

    off = reader.post(f"/mailboxes/{mine.id}/suggests", {})
    refused = reader.post(f"/mailboxes/{other.id}/suggests", {})

    session.refresh(mine)
    session.refresh(other)
    assert (off.status_code, refused.status_code) == (303, 403)
    assert (mine.suggests, other.suggests) == (False, True)
    reader.post(f"/mailboxes/{mine.id}/suggests", {"suggests": "yes"})
    session.refresh(mine)
    assert mine.suggests


@pytest.mark.parametrize("verb", ["pause", "resume", "look", "sign-in"])
def test_a_manager_looks_and_changes_nothing(app, session, ana, bo, verb):
    box = make.mailbox(session, ana)
    bo.role = "manager"
    session.commit()
    visitor = Visitor(app).be(bo)

    assert visitor.get(f"/mailboxes/{box.id}").status_code == 200
    assert visitor.post(f"/mailboxes/{box.id}/{verb}", {"password": "x"}).status_code == 403
    bo.role = "rep"
    session.commit()
    assert visitor.get(f"/mailboxes/{box.id}").status_code == 404
    assert visitor.post(f"/mailboxes/{box.id}/{verb}", {"password": "x"}).status_code == 404
    session.refresh(box)
    assert (box.state, box.secret) == ("connecting", None)


@pytest.mark.parametrize(
    "verb", ["pause", "resume", "look", "sign-in", "shares", "suggests", "connect"]
)
def test_a_form_from_elsewhere_changes_nothing(reader, session, mailbox, verb):
    session.commit()
    there = "/mailboxes/connect" if verb == "connect" else f"/mailboxes/{mailbox.id}/{verb}"
    fields = {"password": "x", "shares": "3", "step": "propose", "csrf_token": "forged"}

    assert reader.post(there, fields).status_code == 403

    session.refresh(mailbox)
    assert (mailbox.state, mailbox.secret, mailbox.shares) == ("connecting", None, 1)


def test_a_list_says_how_many_there_are_and_how_many_need_somebody(reader, session, ana):
    make.mailbox(session, ana)
    broken = {"state": "needs_login", "trouble": "login_refused"}
    make.mailbox(session, ana, "b@halden.test", **broken)
    session.commit()

    text = said(reader.get("/mailboxes"))

    assert "2 connected · 1 needs you" in text
    assert text.index("b@halden.test") < text.index("ana@halden.test")


def test_a_mailbox_is_disconnected_after_a_word_of_what_stays(reader, session, ana, mailbox):
    found = make.filed(session, mailbox, make.raw(subject="Label printers")).new
    mailbox.kind, mailbox.secret = "imap", b"sealed"
    mailbox.place = {"host": "h", "port": 993, "security": "tls", "login": "l"}
    session.commit()

    page = reader.get(f"/mailboxes/{mailbox.id}")
    assert "The mail that is here stays, for all who see it now." in said(page)
    assert "What let us in is deleted here." in said(page)
    done = reader.post(f"/mailboxes/{mailbox.id}/disconnect")
    after = reader.get(done.headers["Location"])

    session.refresh(mailbox)
    assert (mailbox.state, mailbox.secret) == ("disconnected", None)
    assert "Disconnected. The mail that is here stays." in said(after)
    assert "Yes, disconnect it" not in said(after)
    assert "Label printers" in said(reader.get("/inbox?view=all"))
    assert found
    assert reader.post(f"/mailboxes/{mailbox.id}/resume").status_code == 422
    assert "0 connected" in said(reader.get("/mailboxes"))
    assert 'name="password"' in after.text


def test_whoever_connects_a_disconnected_address_is_led_to_its_page(reader, session, ana):
    box = make.mailbox(session, ana, state="disconnected")
    session.commit()

    answer = reader.post("/mailboxes/connect", {"step": "propose", "address": box.address})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/mailboxes/{box.id}")
