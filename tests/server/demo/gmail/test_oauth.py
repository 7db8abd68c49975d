"""Consent by a plain browser, tokens by google-auth."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import google_auth_httplib2
import httplib2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.exceptions import RefreshError
from google.oauth2 import id_token, service_account
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

from server.demo.gmail import App, Fault, GmailServer
from server.demo.gmail.signing import Signer, public_pem
from tests.server.demo.gmail.asking import ANA, AUTH, BO, letter, refused
from tests.soon import soon

READONLY, SEND = f"{AUTH}gmail.readonly", f"{AUTH}gmail.send"
BACK = "https://crm.example.com/google/back"
APP = App("Inlay", "1234.apps.googleusercontent.com", "secret", (BACK,))
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:-1]
ROBOT = "robot@demo.iam.gserviceaccount.com"


@pytest.fixture
def google() -> Iterator[GmailServer]:
    """Serve a Google that lives by the real clock, as google-auth does."""
    with GmailServer() as server:
        server.register(APP)
        server.add(ANA)
        server.add(BO)
        yield server


@pytest.fixture
def http_() -> Iterator[Callable[..., Any]]:
    """Make what google-auth speaks HTTP with."""
    plain = httplib2.Http(timeout=30)
    yield google_auth_httplib2.Request(plain)
    plain.close()


def spoken(google, verb, path, form=None):
    """Speak plain HTTP; return the status, the place to go to, and the text."""
    connection = http.client.HTTPConnection(google.url.removeprefix("http://"))
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request(verb, path, urlencode(form, doseq=True) if form else None, head)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.getheader("Location", ""), text


def asked(**changed):
    query = {
        "client_id": APP.client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": f"openid email {READONLY} {SEND}",
        "state": "state-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "access_type": "offline",
        **changed,
    }
    return f"/o/oauth2/v2/auth?{urlencode({name: said for name, said in query.items() if said})}"


def chosen(google, *, scopes=(READONLY, SEND), answer="allow", address=ANA, **changed):
    """Open the page, choose, and return what the app is told."""
    status, _, page = spoken(google, "GET", asked(**changed))
    assert status == 200, page
    request = re.search(r'name="request" value="([^"]+)"', page)[1]
    form = {"request": request, "address": address, "scope": scopes, "answer": answer}
    status, place, _ = spoken(google, "POST", "/o/oauth2/v2/auth", form)
    assert status == 302
    assert place.startswith(f"{BACK}?")
    return {name: said[0] for name, said in parse_qs(urlsplit(place).query).items()}


def redeemed(google, code, **changed):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": APP.client_id,
        "client_secret": APP.client_secret,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changed,
    }
    status, _, text = spoken(google, "POST", "/token", form)
    return status, json.loads(text)


def credentials(google, refresh_token):
    return Credentials(
        None,
        refresh_token=refresh_token,
        token_uri=google.token_url,
        client_id=APP.client_id,
        client_secret=APP.client_secret,
    )


def test_the_page_names_the_app_the_mailboxes_and_the_scopes_in_words(google):
    status, _, page = spoken(google, "GET", asked(login_hint=BO))

    assert status == 200
    assert "Inlay wants access to your mailbox" in page
    assert f'value="{ANA}">' in page
    assert f'value="{BO}" checked>' in page
    assert "View your email messages and settings" in page
    assert page.count('type="checkbox"') == 2


def test_who_allows_is_sent_back_with_a_code_for_what_they_ticked(google):
    told = chosen(google, scopes=[READONLY])

    status, tokens = redeemed(google, told["code"])

    assert told["state"] == "state-1"
    assert set(told["scope"].split()) == {"openid", "email", READONLY}
    assert status == 200
    assert set(tokens["scope"].split()) == {"openid", "email", READONLY}
    assert tokens["token_type"] == "Bearer"
    assert 3500 < tokens["expires_in"] < 3600


def test_who_cancels_is_sent_back_without_one(google):
    assert chosen(google, answer="cancel") == {"state": "state-1", "error": "access_denied"}


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        ({"client_id": "another"}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.example/back"}, 400, "redirect_uri_mismatch"),
        ({"state": ""}, 400, "invalid_request"),
        ({"code_challenge": ""}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
        ({"scope": f"{AUTH}gmail.everything"}, 400, "invalid_scope"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
    ],
)
def test_a_request_that_is_wrong_is_refused_on_the_spot(google, changed, status, word):
    told, place, page = spoken(google, "GET", asked(**changed))

    assert (told, place) == (status, "")
    assert word in page


def test_a_page_is_answered_once(google):
    _, _, page = spoken(google, "GET", asked())
    request = re.search(r'name="request" value="([^"]+)"', page)[1]
    form = {"request": request, "address": ANA, "scope": [READONLY], "answer": "allow"}

    answers = [spoken(google, "POST", "/o/oauth2/v2/auth", form)[0] for _ in range(2)]

    assert answers == [302, 400]


def test_a_code_is_good_once(google):
    code = chosen(google)["code"]

    assert redeemed(google, code)[0] == 200
    assert redeemed(google, code) == (
        400,
        {"error": "invalid_grant", "error_description": "Bad Request"},
    )


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example"}, "redirect_uri_mismatch"),
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_good_for_its_app_and_its_verifier_alone(google, changed, error):
    status, told = redeemed(google, chosen(google)["code"], **changed)

    assert status in (400, 401)
    assert told["error"] == error


def test_a_refresh_token_comes_the_first_time_and_when_consent_is_asked_for_anew(google):
    def has_one(**changed):
        return "refresh_token" in redeemed(google, chosen(google, **changed)["code"])[1]

    assert not has_one(access_type="online")
    assert has_one()
    assert not has_one()
    assert has_one(prompt="consent")


def test_a_consent_may_be_added_to_what_was_allowed_before(google):
    redeemed(google, chosen(google, scopes=[READONLY], scope=READONLY)["code"])

    told = chosen(google, scopes=[SEND], scope=SEND, include_granted_scopes="true")

    assert set(told["scope"].split()) == {READONLY, SEND}


def test_a_refresh_token_earns_access_for_googles_client(google, http_):
    tokens = redeemed(google, chosen(google)["code"])[1]
    mine = credentials(google, tokens["refresh_token"])

    mine.refresh(http_)

    gmail = build_from_document(google.document(), credentials=mine)
    assert gmail.users().getProfile(userId="me").execute()["emailAddress"] == ANA
    assert refused(gmail.users().messages().trash(userId="me", id="0123456789abcdef"))[0] == 403
    gmail.close()


@pytest.mark.parametrize("by", ["owner", "app"])
def test_a_consent_that_is_taken_back_is_worth_nothing(google, http_, by):
    tokens = redeemed(google, chosen(google)["code"])[1]
    mine = credentials(google, tokens["refresh_token"])
    mine.refresh(http_)
    gmail = build_from_document(google.document(), credentials=Credentials(mine.token))

    if by == "owner":
        google.revoke(ANA)
    else:
        form = {"token": tokens["refresh_token"]}
        assert spoken(google, "POST", "/revoke", form)[0] == 200
        assert spoken(google, "POST", "/revoke", form)[0] == 400

    with pytest.raises(RefreshError, match="Token has been expired or revoked"):
        mine.refresh(http_)
    with pytest.raises(RefreshError):  # A 401, which google-auth tries to refresh.
        gmail.users().getProfile(userId="me").execute()
    assert "refresh_token" in redeemed(google, chosen(google)["code"])[1]
    gmail.close()


def test_an_id_token_tells_who_it_is_and_google_auth_believes_it(google, http_):
    tokens = redeemed(google, chosen(google, nonce="n-1")["code"])[1]

    claims = id_token.verify_token(
        tokens["id_token"], http_, audience=APP.client_id, certs_url=google.certs_url
    )

    assert (claims["email"], claims["email_verified"], claims["nonce"]) == (ANA, True, "n-1")
    assert claims["iss"] == "https://accounts.google.com"
    assert claims["sub"].isdecimal()
    told = redeemed(google, chosen(google, scope=READONLY)["code"])[1]
    assert "id_token" not in told


def test_any_claims_may_be_signed_for_the_addon(google, http_):
    signed = google.sign({"iss": "https://accounts.google.com", "aud": "x", "iat": 1, "exp": 2**33})

    claims = id_token.verify_token(signed, http_, audience="x", certs_url=google.certs_url)

    assert claims["iss"] == "https://accounts.google.com"


def test_a_robot_acts_for_an_owner(google):
    file = google.delegate(ROBOT, [READONLY])
    robot = service_account.Credentials.from_service_account_info(file, scopes=[READONLY])

    gmail = build_from_document(google.document(), credentials=robot.with_subject(BO))

    assert gmail.users().getProfile(userId="me").execute()["emailAddress"] == BO
    gmail.close()


@pytest.mark.parametrize(
    ("scopes", "subject", "said"),
    [
        ([SEND], BO, "unauthorized_client"),
        ([READONLY], "nobody@halden.example", "Invalid email or User ID"),
    ],
)
def test_a_robot_reaches_no_further_than_it_was_let(google, http_, scopes, subject, said):
    file = google.delegate(ROBOT, [READONLY])
    robot = service_account.Credentials.from_service_account_info(file, scopes=scopes)

    with pytest.raises(RefreshError, match=said):
        robot.with_subject(subject).refresh(http_)


def test_a_robot_signs_with_its_own_key(google, http_):
    file = google.delegate(ROBOT, [READONLY])
    other = rsa.generate_private_key(65537, 2048).public_key()
    public = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    without = google.delegate(ROBOT, [READONLY], public.decode())
    robot = service_account.Credentials.from_service_account_info(file, scopes=[READONLY])

    assert "private_key" not in without
    with pytest.raises(RefreshError, match=r"Invalid JWT Signature\."):
        robot.with_subject(BO).refresh(http_)


def test_the_token_endpoint_may_fail_and_refuse(google, http_):
    mine = credentials(google, google.refresh_token(ANA, APP.client_id))
    google.plan(Fault("token_500"))  # google-auth tries again by itself, after a second.

    assert redeemed(google, "")[0] == 500
    google.plan(Fault("invalid_grant", address=ANA))
    with pytest.raises(RefreshError, match="invalid_grant"):
        mine.refresh(http_)
    mine.refresh(http_)

    assert mine.valid
    assert [(call.method, call.address, call.fault) for call in google.calls] == [
        ("token", "", "token_500"),
        ("token", ANA, "invalid_grant"),
        ("token", ANA, ""),
    ]


def test_the_token_endpoint_may_be_asked_too_fast(google):
    google.plan(Fault("429", method="token"))

    status, told = redeemed(google, chosen(google)["code"])

    assert (status, told["error"]) == (429, "rate_limit_exceeded")


def test_the_token_endpoint_may_hang(google):
    mine = credentials(google, google.refresh_token(ANA, APP.client_id))
    impatient = httplib2.Http(timeout=0.2)
    google.plan(Fault("token_hang"))

    with soon():
        with pytest.raises(Exception, match=r"timed out"):
            mine.refresh(google_auth_httplib2.Request(impatient))
        mine.refresh(google_auth_httplib2.Request(impatient))
    impatient.close()


def test_a_token_that_runs_out_on_the_way_is_refreshed_by_googles_client(google, http_):
    mine = credentials(google, google.refresh_token(ANA, APP.client_id))
    service = build_from_document(google.document(), credentials=mine)
    service.users().getProfile(userId="me").execute()

    google.expire_tokens()
    service.users().getProfile(userId="me").execute()
    google.plan(Fault("401"))
    service.users().getProfile(userId="me").execute()

    asked = [(call.method, call.status) for call in google.calls if call.method != "token"]
    assert [status for _, status in asked] == [200, 401, 200, 401, 200]
    assert sum(call.method == "token" for call in google.calls) == 3
    service.close()


# Google's client leaves the connection open by which it refreshes here.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_parts_of_a_batch_whose_token_has_run_out_are_asked_for_again(google, http_):
    box = google.add(ANA)
    ids = [box.deliver(letter()) for _ in range(3)]
    mine = credentials(google, google.refresh_token(ANA, APP.client_id))
    service = build_from_document(google.document(), credentials=mine)
    found = []
    batch = service.new_batch_http_request(callback=lambda *answer: found.append(answer))
    for id_ in ids:
        batch.add(service.users().messages().get(userId="me", id=id_))
    google.plan(Fault("401", id=ids[1]))

    batch.execute()

    assert [error for _, _, error in found] == [None] * 3
    assert [answer["id"] for _, answer, _ in found] == ids
    service.close()


def test_an_assertion_that_is_old_is_refused(google):
    def said(**changed):
        now = int(time.time())
        claims = {"iss": ROBOT, "sub": ANA, "scope": READONLY, "aud": google.token_url}
        claims |= {"iat": now, "exp": now + 3600, **changed}
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        form = {"grant_type": grant, "assertion": robot.sign(claims)}
        return json.loads(spoken(google, "POST", "/token", form)[2])

    robot = Signer()
    google.delegate(ROBOT, [READONLY], public_pem(robot))

    assert "access_token" in said()
    now = int(time.time())
    for changed in ({"iat": now - 9000, "exp": now - 5400}, {"exp": now + 9000}, {"exp": None}):
        assert "short-lived token" in said(**changed)["error_description"]
    assert said(aud="https://elsewhere.example")["error"] == "invalid_grant"
    assert said(iss="another")["error"] == "invalid_grant"
    assert said(scope="")["error"] == "invalid_scope"


def test_a_narrower_reach_may_be_asked_for_and_no_wider_one(google, http_):
    token = google.refresh_token(ANA, APP.client_id, [READONLY])
    mine = credentials(google, token)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": APP.client_id,
        "client_secret": APP.client_secret,
        "scope": SEND,
    }

    mine.refresh(http_)

    assert "invalid_scope" in spoken(google, "POST", "/token", form)[2]


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://127.0.0.1/back", True),
        ("http://127.0.0.1:8025/back", True),
        ("http://127.0.0.1:8025/elsewhere", False),
        ("http://127.0.0.1:8025@evil.example/back", False),
        ("http://127.0.0.1.evil.example:80/back", False),
        ("https://crm.example:8025/back", False),
    ],
)
def test_on_this_machine_any_port_will_do(uri: str, fits: bool) -> None:
    app = App("Inlay", "id", "secret", ("http://127.0.0.1/back", "https://crm.example/back"))

    assert app.leads_back_to(uri) == fits
