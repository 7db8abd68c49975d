"""A mailbox of Gmail is connected by its owner's consent, at a Gmail of our own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from freezegun import freeze_time

from crm.base import clock
from crm.base.vault import Vault
from crm.mail import importing, mailboxes, parting
from crm.mail.importing import Over, Why
from crm.mail.models import MailboxKind, MailboxState
from server.app import create_app
from server.demo.gmail import App, Fault, GmailServer
from tests import make
from tests.visiting import Visitor, said

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
EVERYTHING = "https://mail.google.com/"


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        server.add("ana@halden.test").deliver(make.raw(subject="Hello from Gmail"))
        server.add("bo@halden.test")
        yield server


@pytest.fixture
def reader(connection, shared, google, session, ana):
    """Sit in a web that may ask for consent."""
    session.commit()
    google.register(App("Inlay", "inlay", "secret", (f"{shared.base_url}/mailboxes/gmail/back",)))
    settings = replace(
        shared,
        google_client_id="inlay",
        google_client_secret="secret",
        google_api_url=google.url,
        google_imap_url=google.imap_url,
        google_auth_url=google.auth_url,
        google_token_url=google.token_url,
        google_revoke_url=google.revoke_url,
    )
    return Visitor(create_app(settings, Vault(shared.vault_keys))).be(ana)


def to_google(reader, path="/mailboxes/gmail") -> str:
    answer = reader.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def consent(there: str, address="ana@halden.test", scopes=(READONLY,), decision="allow") -> str:
    """Press Allow on Google's page, as a browser does; return where it leads back to."""
    page = requests.get(there, timeout=30)
    number = re.search(r'name="request" value="([^"]+)"', page.text)[1]
    pressed = {"request": number, "address": address, "answer": decision, "scope": list(scopes)}
    answer = requests.post(page.url, pressed, allow_redirects=False, timeout=30)
    return answer.headers["Location"]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def offer_of(answer) -> str:
    return re.search(r'name="offer" value="([^"]+)"', answer.text)[1]


def widened(reader, preview, **chosen) -> str:
    """Ask for the wider consent in a preview; return where the page goes on to by itself."""
    where = re.search(r'formaction="([^"]+)"', preview.text)[1]
    answer = reader.post(where, {"offer": offer_of(preview), **chosen})
    there = answer.headers["Refresh"].removeprefix("0; url=")
    assert html.unescape(re.search(r'class="btn btn-1" href="([^"]+)"', answer.text)[1]) == there
    return there


def selected(answer, name) -> str:
    options = re.search(rf'<select id="{name}".*?</select>', answer.text)[0]
    return re.search(r'value="([^"]*)" selected', options)[1]


def test_google_is_asked_for_reading_and_sending_with_a_challenge_and_a_state(reader):
    asked = parse_qs(urlsplit(to_google(reader)).query)

    assert asked["scope"] == [f"{READONLY} {COMPOSE}"]
    assert asked["code_challenge_method"] == ["S256"]
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert "ana@halden.test" in asked["login_hint"]
    assert len(asked["state"][0]) > 100


def test_a_consent_leads_to_a_look_and_a_yes_to_a_mailbox(reader, session, ana, workspace):
    answer = reader.get(path_of(consent(to_google(reader))))

    assert "ana@halden.test" in answer.text
    assert "1 message" in said(answer)
    assert mailboxes.find_by_address(session, workspace.id, "ana@halden.test") is None

    done = reader.post("/mailboxes/connect", {"step": "connect", "offer": offer_of(answer)})

    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    assert done.headers["Location"].endswith(str(box.id))
    assert (box.kind, box.place["grant"], box.place["scopes"]) == ("gmail", "consent", [READONLY])
    assert b"1//" not in box.secret


def test_the_look_says_whether_anything_can_be_sent(reader):
    reading = reader.get(path_of(consent(to_google(reader))))
    both = reader.get(path_of(consent(to_google(reader), scopes=(READONLY, COMPOSE))))

    assert "nothing can be sent from it" in said(reading)
    assert "nothing can be sent from it" not in said(both)


def test_whoever_says_no_is_told_that_nothing_was_stored(reader):
    answer = reader.get(path_of(consent(to_google(reader), decision="cancel")))

    assert "no consent was given" in said(answer)


def test_who_says_no_finds_the_form_as_it_was_left(reader):
    there = to_google(reader, "/mailboxes/gmail?address=bo@halden.test")

    answer = reader.get(path_of(consent(there, decision="cancel")))

    assert re.search(r'<input[^>]* name="address"[^>]* value="bo@halden\.test"', answer.text)
    assert 'href="/mailboxes/gmail?address=bo@halden.test"' in answer.text
    assert 'href="/mailboxes/domain"' in answer.text


def test_a_consent_to_less_than_reading_is_named(reader):
    labels = "https://www.googleapis.com/auth/gmail.labels"
    there = to_google(reader).replace("gmail.readonly", "gmail.labels")

    answer = reader.get(path_of(consent(there, scopes=[labels])))

    assert "gmail.readonly" in said(answer)


def test_a_state_serves_once_and_not_another_browser_user_or_hour(
    reader, shared, session, workspace, ana
):
    back = path_of(consent(to_google(reader)))
    other = make.user(session, workspace, "eve@halden.test", role="admin")
    session.commit()
    app = reader.app

    assert "is over" in said(Visitor(app).be(other).get(back))
    assert "is over" in said(Visitor(app).be(ana).get(back))
    with freeze_time(clock.now() + timedelta(minutes=11)):
        assert "is over" in said(reader.get(back))
    assert "1 message" in said(reader.get(back))
    assert "is over" in said(reader.get(back))


@pytest.mark.parametrize("state", ["", "x", "gAAAAA"])
def test_a_state_that_is_not_ours_is_refused(reader, state):
    answer = reader.get(f"/mailboxes/gmail/back?state={state}&code=x")

    assert answer.status_code == 422
    assert "is over" in said(answer)


@pytest.mark.parametrize("said_by_google", ["", "&error=access_denied", "&code=made-up"])
def test_whoever_comes_back_with_nothing_can_begin_again_there(reader, said_by_google):
    state = parse_qs(urlsplit(to_google(reader)).query)["state"][0] if said_by_google else "old"

    answer = reader.get(f"/mailboxes/gmail/back?state={quote(state)}{said_by_google}")

    assert 'class="notice bad" role="alert"' in answer.text
    assert "Begin again" in said(answer) or "Nothing was stored" in said(answer)
    assert 'href="/mailboxes/gmail?address=ana@halden.test"' in answer.text


def test_an_address_at_google_is_led_to_google_s_sign_in(reader):
    answer = reader.post("/mailboxes/connect", {"step": "propose", "address": "ana@gmail.com"})

    assert "app password" in said(answer)
    assert 'href="/mailboxes/gmail?address=ana@gmail.com"' in answer.text


def test_a_code_of_somebody_else_s_is_refused_by_its_challenge(reader):
    mine, theirs = to_google(reader), consent(to_google(reader), "bo@halden.test")
    state = parse_qs(urlsplit(mine).query)["state"][0]
    code = parse_qs(urlsplit(theirs).query)["code"][0]

    answer = reader.get(f"/mailboxes/gmail/back?state={state}&code={code}")

    assert "Google refuses this" in said(answer)


def test_google_out_of_order_is_told_and_nothing_is_stored(reader, google):
    back = path_of(consent(to_google(reader)))
    google.plan(Fault("token_500", times=None))

    answer = reader.get(back)

    assert "Nothing was stored" in said(answer)


def connected(reader, session, workspace):
    answer = reader.get(path_of(consent(to_google(reader))))
    reader.post("/mailboxes/connect", {"step": "connect", "offer": offer_of(answer)})
    return mailboxes.find_by_address(session, workspace.id, "ana@halden.test")


@pytest.mark.parametrize(
    ("trouble", "word"),
    [
        ("consent_revoked", "Consent ended"),
        ("consent_expired", "Consent ran out"),
        ("scope_missing", "Consent too narrow"),
    ],
)
def test_each_trouble_of_a_consent_has_its_word_and_the_click_that_mends_it(
    reader, session, workspace, trouble, word
):
    box = connected(reader, session, workspace)
    box.state, box.trouble = MailboxState.NEEDS_LOGIN, trouble
    session.commit()

    page = reader.get(f"/mailboxes/{box.id}")

    assert word in said(page)
    assert f"/mailboxes/gmail/{box.id}" in page.text
    assert 'type="password"' not in page.text

    reader.get(path_of(consent(to_google(reader, f"/mailboxes/gmail/{box.id}"))))

    session.refresh(box)
    assert (box.state, box.trouble) == (MailboxState.CONNECTING, "none")


def test_who_leaves_sending_out_is_read_and_may_allow_it_by_one_click(reader, session, workspace):
    box = connected(reader, session, workspace)
    assert box.place["scopes"] == [READONLY]
    box.state = MailboxState.LIVE
    session.commit()
    page = reader.get(f"/mailboxes/{box.id}")
    assert "reading alone" in said(page)
    assert f"/mailboxes/gmail/{box.id}" in page.text

    there = to_google(reader, f"/mailboxes/gmail/{box.id}")
    reader.get(path_of(consent(there, scopes=(READONLY, COMPOSE))))

    session.refresh(box)
    assert set(box.place["scopes"]) == {READONLY, COMPOSE}
    box.state = MailboxState.LIVE
    session.commit()
    assert "reading alone" not in said(reader.get(f"/mailboxes/{box.id}"))


def test_the_consent_of_another_mailbox_changes_nothing(reader, session, workspace):
    box = connected(reader, session, workspace)
    before = box.secret

    there = to_google(reader, f"/mailboxes/gmail/{box.id}")
    reader.get(path_of(consent(there, "bo@halden.test")))

    session.refresh(box)
    assert box.secret == before
    assert "this mailbox is" in said(reader.get(f"/mailboxes/{box.id}"))


def test_both_ways_of_the_first_import_are_shown_with_what_they_need_and_how_long_they_take(reader):
    answer = reader.get(path_of(consent(to_google(reader))))

    assert "Over Gmail’s API less than a minute" in " ".join(said(answer).split())
    assert "full access to your mail" in said(answer)
    assert re.search(r'value="api"[^>]* checked', answer.text)
    assert re.search(r'value="imap"[^>]* disabled', answer.text)
    asked = parse_qs(urlsplit(widened(reader, answer)).query)
    assert (asked["scope"], asked["login_hint"]) == ([EVERYTHING], ["ana@halden.test"])


def test_what_was_chosen_in_the_preview_is_chosen_still_after_more_was_allowed(reader):
    first = reader.get(path_of(consent(to_google(reader))))
    assert (selected(first, "shares"), selected(first, "meets")) == ("1", "direct")

    there = widened(reader, first, shares="0", meets="nobody")
    answer = reader.get(path_of(consent(there, scopes=[EVERYTHING])))

    assert re.search(r'value="imap"[^>]* checked', answer.text)
    assert (selected(answer, "shares"), selected(answer, "meets")) == ("0", "nobody")


def test_who_refuses_the_wider_consent_is_back_in_the_preview_with_its_choices(
    reader, session, workspace
):
    there = widened(reader, reader.get(path_of(consent(to_google(reader)))), shares="0")

    answer = reader.get(path_of(consent(there, decision="cancel")))

    assert "no consent was given" in said(answer)
    assert "1 message" in said(answer)
    assert selected(answer, "shares") == "0"
    assert re.search(r'value="api"[^>]* checked', answer.text)
    reader.post("/mailboxes/connect", {"step": "connect", "offer": offer_of(answer)})
    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    assert box.place["scopes"] == [READONLY]


def test_a_preview_is_shown_again_only_to_the_errand_that_left_it(reader):
    there = widened(reader, reader.get(path_of(consent(to_google(reader)))))

    other = reader.get(path_of(consent(to_google(reader), decision="cancel")))
    answer = reader.get(path_of(consent(there, decision="cancel")))

    for page in (other, answer):
        assert "no consent was given" in said(page)
        assert 'name="offer"' not in page.text


def test_a_consent_for_what_is_connected_already_leads_to_that_mailbox(reader, session, workspace):
    box = connected(reader, session, workspace)

    answer = reader.get(path_of(consent(to_google(reader))))

    assert (answer.status_code, answer.location) == (303, f"/mailboxes/{box.id}")
    assert "ana@halden.test is connected already. Nothing was changed." in said(
        reader.get(answer.location)
    )


def test_an_offer_of_somebody_else_s_leads_to_no_wider_consent(reader):
    answer = reader.post("/mailboxes/gmail", {"offer": "made up"})

    assert (answer.status_code, "Refresh" in answer.headers) == (422, False)
    assert "too old" in said(answer)


def test_a_large_mailbox_is_told_the_hours_that_each_way_takes(reader, google, monkeypatch):
    monkeypatch.setattr(type(google.add("ana@halden.test").copies), "__len__", lambda _: 100_000)

    answer = reader.get(path_of(consent(to_google(reader))))

    words = " ".join(said(answer).split())
    assert "Over Gmail’s API about 6 hours" in words
    assert re.search(r"Over IMAP about \d\d minutes", words)


def test_with_leave_for_it_the_first_import_goes_over_imap(reader, session, workspace, google):
    there = widened(reader, reader.get(path_of(consent(to_google(reader)))))
    answer = reader.get(path_of(consent(there, scopes=[EVERYTHING])))
    assert re.search(r'value="imap"[^>]* checked', answer.text)

    form = {"step": "connect", "offer": offer_of(answer), "over": "imap"}
    reader.post("/mailboxes/connect", form)

    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    assert importing.chosen(box) is Over.IMAP
    assert box.place["scopes"] == [EVERYTHING]
    importing.leave(session, box, Why.REFUSED, at=clock.now())
    session.commit()
    again = to_google(reader, f"/mailboxes/gmail/{box.id}")
    assert parse_qs(urlsplit(again).query)["scope"] == [EVERYTHING]
    reader.get(path_of(consent(again, scopes=[EVERYTHING])))
    session.refresh(box)
    assert importing.is_over_imap(box, clock.now())
    box.synced_at = clock.now()
    session.commit()
    later = parse_qs(urlsplit(to_google(reader, f"/mailboxes/gmail/{box.id}")).query)
    assert later["scope"] == [f"{READONLY} {COMPOSE}"]


def test_a_first_import_that_has_begun_goes_on_over_imap_where_that_is_allowed_later(
    reader, session, workspace
):
    offer = offer_of(reader.get(path_of(consent(to_google(reader)))))
    reader.post("/mailboxes/connect", {"step": "connect", "offer": offer})
    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    page = reader.get(f"/mailboxes/{box.id}")
    assert "Go on over IMAP" in said(page)
    there = re.search(r'href="(/mailboxes/gmail/[^"]*over=imap)"', page.text)[1]

    reader.get(path_of(consent(to_google(reader, there), scopes=[EVERYTHING])))

    session.refresh(box)
    assert importing.is_over_imap(box, clock.now())
    assert "Go on over IMAP" not in said(reader.get(f"/mailboxes/{box.id}"))


def test_imap_is_not_chosen_without_leave_for_it(reader, session, workspace):
    offer = offer_of(reader.get(path_of(consent(to_google(reader)))))

    for over, words in {"imap": "does not cover IMAP", "ftp": "no such choice"}.items():
        answer = reader.post(
            "/mailboxes/connect", {"step": "connect", "offer": offer, "over": over}
        )
        assert (answer.status_code, words in said(answer)) == (422, True)
    assert mailboxes.find_by_address(session, workspace.id, "ana@halden.test") is None


def test_leave_that_was_not_given_for_imap_is_named(reader):
    there = widened(reader, reader.get(path_of(consent(to_google(reader))))).replace(
        "https%3A%2F%2Fmail.google.com%2F",
        "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.readonly",
    )

    answer = reader.get(path_of(consent(there)))

    assert "mail.google.com" in said(answer)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.REFUSED, "lets nobody in over IMAP"),
        (Why.HIDDEN, "does not show “All Mail”"),
        (Why.LIMIT, "limit for IMAP is used up"),
        (Why.BROKEN, "IMAP does not answer"),
    ],
)
def test_why_it_goes_on_over_the_api_stands_beside_the_mailbox_until_it_is_in(
    reader, session, workspace, why, words
):
    box = connected(reader, session, workspace)
    importing.leave(session, box, why, at=clock.now())
    session.commit()

    assert words in said(reader.get(f"/mailboxes/{box.id}"))

    box.synced_at, box.state = clock.now(), MailboxState.LIVE
    session.commit()
    assert words not in said(reader.get(f"/mailboxes/{box.id}"))


def test_where_nothing_is_set_up_it_is_not_offered(app, session, ana):
    session.commit()
    visitor = Visitor(app).be(ana)

    assert "/mailboxes/gmail" not in visitor.get("/mailboxes/connect").text
    assert "not set up here" in said(visitor.get("/mailboxes/gmail"))


def test_a_mailbox_that_an_admin_keeps_us_out_of_says_what_they_change(reader, session, workspace):
    box = connected(reader, session, workspace)
    box.state, box.trouble, box.why = MailboxState.FAILING, "not_admitted", "api_off"
    session.commit()

    page = said(reader.get(f"/mailboxes/{box.id}"))

    assert "Not let in" in page
    assert "APIs &amp; Services" in page
    assert "Connect again" not in page


def test_a_disconnected_mailbox_gives_its_consent_back_and_goes_on_with_another(
    reader, session, workspace, google, shared
):
    looked = reader.get(path_of(consent(to_google(reader))))
    reader.post("/mailboxes/connect", {"step": "connect", "offer": offer_of(looked)})
    box = mailboxes.find_by_address(session, workspace.id, "ana@halden.test")
    token = Vault(shared.vault_keys).open(box.secret)
    page = reader.get(f"/mailboxes/{box.id}")
    assert "The consent is given back to Google" in said(page)

    reader.post(f"/mailboxes/{box.id}/disconnect")

    session.refresh(box)
    assert (box.state, box.secret) == ("disconnected", None)
    assert requests.post(google.revoke_url, {"token": token}, timeout=30).status_code == 400
    for way in ("/mailboxes/gmail", f"/mailboxes/gmail/{box.id}"):
        back = reader.get(path_of(consent(to_google(reader, way))))

        assert back.headers["Location"] == f"/mailboxes/{box.id}"
        session.refresh(box)
        assert (box.state, box.secret is None) == ("connecting", False)
        reader.post(f"/mailboxes/{box.id}/disconnect")


@pytest.mark.parametrize(
    ("kind", "way_on"), [(MailboxKind.IMAP, "New password"), (MailboxKind.FILES, "Connect again")]
)
def test_a_disconnected_mailbox_that_is_not_read_by_a_consent_gets_none(
    reader, session, ana, kind, way_on
):
    place = {"host": "mail.halden.test", "port": 993, "security": "tls", "login": "ana"}
    box = make.mailbox(session, ana, kind=kind, place=place, secret=b"sealed")
    parting.disconnect(session, box, by=ana)
    session.commit()

    back = reader.get(path_of(consent(to_google(reader))))

    assert back.headers["Location"] == f"/mailboxes/{box.id}"
    page = said(reader.get(f"/mailboxes/{box.id}"))
    assert "not read by Google’s sign-in" in page
    assert way_on in page
    session.refresh(box)
    assert (box.state, box.secret, box.place) == ("disconnected", None, place)
