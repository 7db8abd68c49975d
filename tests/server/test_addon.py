"""Google's door: who has no token of Google's gets 401 and nothing else."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from google.auth import crypt, jwt
from sqlalchemy.exc import OperationalError

from crm.base import db
from crm.base.vault import Vault
from crm.workspace import subjects
from server import deployment
from server.app import create_app
from server.auth import google as google_door
from server.auth import opened
from server.auth.opened import Head
from sync import reading
from tests import make
from tests.addon.beside import LINKS, ROUTES, head_of
from tests.house.cards import check_answer
from tests.rows import changed, checksums
from tests.server.asking import call, event_of, for_google
from tests.servers.google import CLIENT, ISSUER, ROBOT, Google, keys
from tests.visiting import Visitor


def bare(header, claims=None):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part(header)}.{part(claims or {})}"


def hs256(google):
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": f"{LINKS.addon}/message",
        "email": ROBOT,
        "email_verified": True,
        "iat": now,
        "exp": now + 60,
    }
    signed = bare({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims)
    mac = hmac.HMAC(google.certificate, hashes.SHA256())
    mac.update(signed.encode())
    return f"{signed}.{base64.urlsafe_b64encode(mac.finalize()).rstrip(b'=').decode()}"


def unnamed(google):
    signer = crypt.RSASigner.from_string(google.private)
    return jwt.encode(signer, jwt.decode(google.robot(), verify=False)).decode()


def without(claims, name):
    return {key: value for key, value in claims.items() if key != name}


WRONG = {
    "none": lambda _g: None,
    "empty": lambda _g: "",
    "garbage": lambda _g: "garbage",
    "dots": lambda _g: "..",
    "binary": lambda _g: "\xff\xfe.\xff.\xff",
    "list": lambda _g: bare([]) + ".AAAA",
    "alg none": lambda _g: bare({"alg": "none"}, {"email": ROBOT}) + ".",
    "alg HS256 with the certificate": hs256,
    "no key named": unnamed,
    "other key": lambda g: g.sign(keys()[0], **jwt.decode(g.robot(), verify=False)),
    "other function": lambda g: g.robot("note/save"),
    "other host": lambda g: g.robot(aud="https://crm.evil.test/addon/message"),
    "no audience": lambda g: g.robot(aud=""),
    "user's audience": lambda g: g.robot(aud=CLIENT),
    "user's token": lambda g: g.user(),
    "other robot": lambda g: g.robot(email="addon@evil.iam.gserviceaccount.com"),
    "robot unverified": lambda g: g.robot(email_verified=False),
    "robot verified in words": lambda g: g.robot(email_verified="true"),
    "no robot": lambda g: g.robot(email=None),
    "other issuer": lambda g: g.robot(iss="https://evil.test"),
    "no issuer": lambda g: g.robot(iss=None),
    "expired": lambda g: g.robot(iat=int(time.time()) - 7200, exp=int(time.time()) - 3600),
    "from tomorrow": lambda g: g.robot(iat=int(time.time()) + 3600, exp=int(time.time()) + 7200),
    "without an end": lambda g: g.sign(**without(jwt.decode(g.robot(), verify=False), "exp")),
    "an end that is no time": lambda g: g.robot(exp="never"),
    "no end": lambda g: g.robot(exp=None),
    "cut": lambda g: g.robot()[:-4],
    "two": lambda g: f"{g.robot()} {g.robot()}",
}


@pytest.mark.parametrize("kind", WRONG)
def test_without_googles_word_nobody_is_let_in(gmail, google, known, scene, session, kind):
    token = WRONG[kind](google)
    before = checksums(session, scene.workspace.id)

    for event in (event_of(google, scene.first.id), {}, []):
        answer = call(gmail, token, event=event)

        assert answer.status_code == 401
        assert answer.data == b""
    assert changed(before, checksums(session, scene.workspace.id)) == []


def test_a_scheme_that_is_none_of_ours_is_refused(gmail, google):
    token = google.robot()

    for value in (f"Basic {token}", token, f"Bearer:{token}", "Bearer"):
        answer = gmail.client.post("/addon/message", json={}, headers={"Authorization": value})

        assert (answer.status_code, answer.data) == (401, b"")


def test_a_function_that_nobody_knows_is_refused_the_same(gmail, google):
    for function in ("nothing", "message/", "../inbox", "message%2fperson"):
        answer = call(gmail, google.robot(function), function)

        assert (answer.status_code, answer.data) == (401, b"")


def test_where_no_account_may_call_every_call_is_refused(visitor, google):
    answer = call(visitor, google.robot())

    assert (answer.status_code, answer.data) == (401, b"")


def test_a_cookie_is_no_way_in(gmail, ana, session):
    session.commit()

    assert call(gmail.be(ana), None).status_code == 401


def test_a_call_of_googles_gets_the_card(gmail, google, known, scene):
    answer = call(gmail, google.robot(), event=event_of(google, scene.first.id))

    assert answer.status_code == 200
    assert check_answer(answer.json, functions=ROUTES) == []
    assert "Brno rollout" in answer.text


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("cs-CZ", "Inlay zatím nezná váš účet Google."),
        ("fa-IR", "Inlay هنوز حساب Google شما را نمی‌شناسد."),
        ("de-DE", "Inlay does not know your Google account yet."),
    ],
)
def test_a_stranger_is_met_in_gmails_language(gmail, google, locale, words):
    answer = call(gmail, google.robot(), event=event_of(google, locale=locale))

    assert words in json.dumps(answer.json, ensure_ascii=False)


@pytest.mark.parametrize(("language", "words"), [("cs", "Obchody"), ("fa", "معامله‌ها")])
def test_the_card_speaks_the_language_its_reader_has_chosen(
    gmail, google, known, scene, session, language, words
):
    known.language = language
    session.commit()

    answer = call(gmail, google.robot(), event=event_of(google, scene.first.id, locale="pl-PL"))

    assert check_answer(answer.json, functions=ROUTES) == []
    assert words in json.dumps(answer.json, ensure_ascii=False)


def test_what_a_call_saves_is_kept(gmail, google, known, scene, session):
    event = event_of(google, scene.first.id)
    event["commonEventObject"]["formInputs"] = {"text": {"stringInputs": {"value": ["By Gmail"]}}}

    answer = call(gmail, google.robot("note/save"), "note/save", event)

    assert answer.json["renderActions"]["action"]["notification"]["text"] == "The note is saved."
    assert "By Gmail" in call(gmail, google.robot(), event=event_of(google, scene.first.id)).text


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": ""},
        {"sub": None},
        {"sub": ["1077"]},
        {"aud": "5678.apps.googleusercontent.com"},
        {"iss": "https://evil.test"},
        {"exp": 1, "iat": 0},
    ],
)
def test_a_word_of_who_looks_that_is_not_googles_is_refused(gmail, google, known, scene, claims):
    answer = call(gmail, google.robot(), event=event_of(google, scene.first.id, **claims))

    assert (answer.status_code, answer.data) == (401, b"")


def test_without_a_word_of_who_looks_gmail_is_asked_for_it(gmail, google, known, scene):
    event = event_of(google, scene.first.id)
    del event["authorizationEventObject"]

    answer = call(gmail, google.robot(), event=event)

    scope = "https://www.googleapis.com/auth/userinfo.email"
    assert answer.json == {"requesting_google_scopes": {"scopes": [scope]}}


def test_who_is_not_known_is_led_to_the_sign_in_and_sees_nothing(gmail, google, known, scene):
    answer = call(gmail, google.robot(), event=event_of(google, scene.first.id, sub="999"))

    assert list(answer.json) == ["custom_authorization_prompt"]
    assert check_answer(answer.json, functions=ROUTES) == []
    assert "Brno rollout" not in answer.text
    assert f"{LINKS.app}/google?word=" in answer.text
    assert '"onClose":"RELOAD"' in answer.text.replace(" ", "")


def test_who_was_removed_sees_nothing(gmail, google, known, scene, session):
    known.active = False
    session.commit()

    answer = call(gmail, google.robot(), event=event_of(google, scene.first.id))

    assert list(answer.json) == ["custom_authorization_prompt"]


def test_another_workspaces_message_is_unknown(gmail, google, known, elsewhere, session):
    session.commit()

    answer = call(gmail, google.robot(), event=event_of(google, elsewhere.first.id))

    assert "There is no such message." in answer.text
    assert "Brno" not in answer.text


def test_google_is_let_in_at_every_address_of_the_manifest(gmail, google, known, scene):
    said = deployment.manifest(gmail.client.application.config["INLAY"])["addOns"]["gmail"]
    event = event_of(google, scene.first.id)
    event["gmail"] = {"toRecipients": ["jana@severka.test"]}
    urls = [
        said["homepageTrigger"]["runFunction"],
        said["contextualTriggers"][0]["onTriggerFunction"],
        said["composeTrigger"]["actions"][0]["runFunction"],
    ]

    for url in urls:
        answer = call(gmail, google.robot(aud=url), url.removeprefix(f"{LINKS.addon}/"), event)

        assert answer.status_code == 200
        assert check_answer(answer.json, functions=ROUTES) == []
        assert "Send the quote" in answer.text


def opened_in_gmail(google, scopes=None):
    event = event_of(google)
    event["gmail"] = {"messageId": "msg-f:1847000000000000001", "accessToken": "of.the.message"}
    event["authorizationEventObject"]["userOAuthToken"] = "ya29.user"
    if scopes is not None:
        event["authorizationEventObject"]["authorizedScopes"] = scopes
    return event


def said(head):
    """Make what Gmail says of a message with this head."""
    return Head(uid=1847, letter=reading.read(head))


def test_the_message_that_is_open_in_gmail_is_found_by_its_message_id(
    gmail, google, known, scene, monkeypatch
):
    seen = []

    def look(settings, event):
        seen.append(event.message_id)
        return said(head_of(scene.first))

    monkeypatch.setattr(opened, "look", look)

    first = call(gmail, google.robot(), event=opened_in_gmail(google))
    button = opened_in_gmail(google)
    button["commonEventObject"]["parameters"] = {"message": str(scene.first.id)}
    again = call(gmail, google.robot("message/back"), "message/back", button)

    assert "Brno rollout" in first.text
    assert "Brno rollout" in again.text
    assert len(seen) == 1, "a button carries our own id"


def test_who_bears_anothers_message_id_has_a_card_of_their_own(
    gmail, google, known, scene, session, monkeypatch
):
    """Anyone may choose a Message-ID, also one that they have read in a letter of ours."""
    forged = make.raw("Eve <eve@evil.test>", message_id=scene.first.rfc_id, subject="Forged")
    make.filed(session, scene.mailbox, forged)
    session.commit()
    shown = []

    for head in (head_of(scene.first), forged):
        monkeypatch.setattr(opened, "look", lambda *_, head=head: said(head))
        shown.append(call(gmail, google.robot(), event=opened_in_gmail(google)).text)

    assert "Brno rollout" in shown[0]
    assert "eve@evil.test" not in shown[0]
    assert "eve@evil.test" in shown[1]
    assert "Brno rollout" not in shown[1]


def test_a_forgery_that_is_not_stored_shows_no_card_of_the_other(
    gmail, google, known, scene, monkeypatch
):
    forged = make.raw("Eve <eve@evil.test>", message_id=scene.first.rfc_id)
    monkeypatch.setattr(opened, "look", lambda *_: said(forged))

    answer = call(gmail, google.robot(), event=opened_in_gmail(google))

    assert "This message is not in Inlay yet" in answer.text


def test_a_message_that_gmail_does_not_name_is_told_to_be_so(gmail, google, known, scene):
    event = opened_in_gmail(google)
    event["gmail"]["accessToken"] = ""

    answer = call(gmail, google.robot(), event=event)

    assert "Gmail did not say in time which message this is." in answer.text


def test_who_has_not_allowed_to_say_which_message_is_open_is_asked(gmail, google, known, scene):
    scopes = [google_door.NAMING]

    answer = call(gmail, google.robot(), event=opened_in_gmail(google, scopes))
    draft = event_of(google)
    draft["authorizationEventObject"]["authorizedScopes"] = scopes
    day = call(gmail, google.robot("homepage"), "homepage", draft)

    write = call(gmail, google.robot("compose"), "compose", draft)

    asked = {"requesting_google_scopes": {"scopes": [google_door.LOOKING]}}
    assert (answer.json, write.json) == (asked, asked)
    assert "My day" in day.text


@pytest.mark.parametrize("event", [[], {}, {"commonEventObject": 7}, "x", None])
def test_what_is_no_event_is_refused_without_a_word(gmail, google, event):
    answer = gmail.client.post(
        "/addon/message",
        data=json.dumps(event) if event is not None else "{",
        content_type="text/plain",
        headers={"Authorization": f"Bearer {google.robot()}"},
    )

    assert (answer.status_code, answer.data) == (400, b"")


@pytest.mark.parametrize(
    ("body", "status"), [("[" * 100_000, 400), ('{"a": "' + "x" * 1_100_000 + '"}', 413)]
)
def test_what_is_too_deep_or_too_big_is_refused_without_a_word(gmail, google, body, status, caplog):
    answer = gmail.client.post(
        "/addon/message", data=body, headers={"Authorization": f"Bearer {google.robot()}"}
    )

    assert (answer.status_code, answer.data) == (status, b"")
    assert caplog.text == ""


def test_googles_word_is_taken_in_its_short_form_too(gmail, google, known, scene):
    token = google.robot(iss="accounts.google.com")

    assert call(gmail, token, event=event_of(google, scene.first.id)).status_code == 200


def over(shared, certs_url) -> Visitor:
    """Open a way in for a Google whose certificates lie there."""
    return Visitor(create_app(for_google(shared, certs_url), Vault(shared.vault_keys)))


@pytest.fixture
def shelf(google) -> Iterator[Google]:
    """Serve Google's certificates at a place of which a test may change what it answers."""
    with Google(LINKS.addon) as found:
        found.keys = {"one": google.certificate.decode()}
        yield found


def test_certificates_that_cannot_be_had_let_nobody_in_and_ask_to_come_again(
    connection, shared, google, shelf
):
    shelf.status = 500

    for url in ("http://127.0.0.1:9/certs", shelf.certs_url):
        answer = call(over(shared, url), google.robot(), event=event_of(google))

        assert (answer.status_code, answer.data) == (503, b"")
        assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(("cache", "asked"), [("public, max-age=3600", 1), ("max-age=0", 4)])
def test_certificates_are_kept_as_long_as_google_says(
    connection, shared, google, shelf, cache, asked
):
    """A35: keys are cached by Cache-Control; an answer has 5 s in all."""
    shelf.cache = cache

    for _ in range(2):  # Two tokens each: Google's and the user's.
        answer = call(over(shared, shelf.certs_url), google.robot(), event=event_of(google))
        assert answer.status_code == 200

    assert shelf.asked == asked


def test_a_key_that_is_new_is_asked_for_once(connection, shared, google, shelf, monkeypatch):
    monkeypatch.setattr(google_door._certificates, "_asked_again", -math.inf)
    visitor = over(shared, shelf.certs_url)
    signer = crypt.RSASigner.from_string(google.private, "two")
    claims = jwt.decode(google.robot(), verify=False)
    token = jwt.encode(signer, claims).decode()
    assert call(visitor, google.robot(), event=event_of(google)).status_code == 200

    shelf.keys["two"] = google.certificate.decode()
    rotated = call(visitor, token, event=event_of(google))
    unknown = jwt.encode(crypt.RSASigner.from_string(google.private, "three"), claims).decode()
    for _ in range(3):
        assert call(visitor, unknown).status_code == 401

    assert rotated.status_code == 200
    assert shelf.asked == 2


def test_a_fault_is_a_card_for_google_and_nothing_for_a_stranger(
    gmail, google, known, session, monkeypatch, caplog
):
    def away(*_):
        raise OperationalError("select", {}, Exception("what ana@halden.test wrote"))

    monkeypatch.setattr(subjects, "find", away)

    answer = call(gmail, google.robot(), event=event_of(google))
    stranger = call(gmail, "garbage", event=event_of(google))

    assert answer.status_code == 200
    assert check_answer(answer.json, functions=ROUTES) == []
    reference = re.search(r"Reference ([0-9a-f]{8})", answer.text)[1]
    assert reference in caplog.text
    assert "ana@" not in answer.text
    assert (stranger.status_code, stranger.data) == (401, b"")


def test_what_could_not_be_kept_is_not_said_to_be_saved(
    gmail, google, known, scene, session, monkeypatch
):
    event = event_of(google, scene.first.id)
    event["commonEventObject"]["formInputs"] = {"text": {"stringInputs": {"value": ["By Gmail"]}}}

    def away(_session):
        raise OperationalError("commit", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(db.Session, "commit", away)
        answer = call(gmail, google.robot("note/save"), "note/save", event)

    assert answer.status_code == 200
    assert check_answer(answer.json, functions=ROUTES) == []
    assert "Nothing was changed. Reference" in answer.text
    assert (
        "By Gmail" not in call(gmail, google.robot(), event=event_of(google, scene.first.id)).text
    )
