"""Google's door: who has no token of Google's gets 401 and nothing else."""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt, jwt
from sqlalchemy.exc import OperationalError

from crm.base import db
from crm.base.vault import Vault
from crm.workspace import subjects
from server.app import create_app
from server.auth import google as google_door
from tests.addon.beside import LINKS, ROUTES
from tests.house.cards import check_answer
from tests.rows import changed, checksums
from tests.visiting import Visitor

ROBOT = "addon@halden.iam.gserviceaccount.com"
CLIENT = "1234.apps.googleusercontent.com"
ISSUER = "https://accounts.google.com"


@dataclass
class Google:
    """Somebody who signs, and an address at which the certificates lie."""

    certs_url: str
    private: bytes
    certificate: bytes

    def sign(self, private: bytes | None = None, **claims: object) -> str:
        """Make a token."""
        signer = crypt.RSASigner.from_string(private or self.private, "one")
        return jwt.encode(signer, claims).decode()

    def robot(self, function: str = "message", **claims: object) -> str:
        """Make the token with which Google calls a function of ours."""
        now = int(time.time())
        usual = {
            "iss": ISSUER,
            "aud": f"{LINKS.addon}/{function}",
            "email": ROBOT,
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        }
        return self.sign(**{**usual, **claims})

    def user(self, **claims: object) -> str:
        """Make the token that says who looks."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": CLIENT, "sub": "1077", "iat": now, "exp": now + 3600}
        return self.sign(**{**usual, **claims})


def keys() -> tuple[bytes, bytes]:
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "google.test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return pem, made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def google() -> Iterator[Google]:
    """Serve certificates as Google does."""
    private, certificate = keys()
    body = json.dumps({"one": certificate.decode()}).encode()

    class Certificates(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "public, max-age=3600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Certificates) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Google(f"http://127.0.0.1:{server.server_port}/certs", private, certificate)
        server.shutdown()


@pytest.fixture
def gmail(connection, shared, google) -> Visitor:
    """Open a way in for Google."""
    settings = replace(
        shared,
        base_url=LINKS.app,
        addon_service_account=ROBOT,
        google_client_id=CLIENT,
        google_certs_url=google.certs_url,
    )
    return Visitor(create_app(settings, Vault(shared.vault_keys)))


def call(gmail, token, function="message", event=None, **headers):
    body = {"commonEventObject": {"hostApp": "GMAIL"}} if event is None else event
    sent = {"Authorization": f"Bearer {token}", **headers} if token is not None else headers
    return gmail.client.post(f"/addon/{function}", json=body, headers=sent)


def event_of(google, message=None, **claims):
    return {
        "commonEventObject": {
            "hostApp": "GMAIL",
            "parameters": {"message": str(message)} if message else {},
        },
        "authorizationEventObject": {"userIdToken": google.user(**claims)},
    }


@pytest.fixture
def known(session, ana):
    """Let Google's subject 1077 be Ana."""
    subjects.bind(session, ana, "1077", "ana@gmail.com")
    session.commit()
    return ana


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


@pytest.mark.parametrize("event", [[], {}, {"commonEventObject": 7}, "x", None])
def test_what_is_no_event_is_refused_without_a_word(gmail, google, event):
    answer = gmail.client.post(
        "/addon/message",
        data=json.dumps(event) if event is not None else "{",
        content_type="text/plain",
        headers={"Authorization": f"Bearer {google.robot()}"},
    )

    assert (answer.status_code, answer.data) == (400, b"")


def test_googles_word_is_taken_in_its_short_form_too(gmail, google, known, scene):
    token = google.robot(iss="accounts.google.com")

    assert call(gmail, token, event=event_of(google, scene.first.id)).status_code == 200


def over(shared, certs_url) -> Visitor:
    """Open a way in for a Google whose certificates lie there."""
    settings = replace(
        shared,
        base_url=LINKS.app,
        addon_service_account=ROBOT,
        google_client_id=CLIENT,
        google_certs_url=certs_url,
    )
    return Visitor(create_app(settings, Vault(shared.vault_keys)))


@dataclass
class Shelf:
    """Where certificates lie: what is answered, how, and how often it was asked for."""

    url: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    status: int = 200
    cache: str = "public, max-age=3600"
    asked: int = 0


@pytest.fixture
def shelf(google) -> Iterator[Shelf]:
    """Serve certificates that a test may change."""
    found = Shelf(keys={"one": google.certificate.decode()})

    class Certificates(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            body = json.dumps(found.keys).encode()
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(body)))
            if found.cache:
                self.send_header("Cache-Control", found.cache)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Certificates) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.url = f"http://127.0.0.1:{server.server_port}/certs"
        yield found
        server.shutdown()


def test_certificates_that_cannot_be_had_let_nobody_in_and_ask_to_come_again(
    connection, shared, google, shelf
):
    shelf.status = 500

    for url in ("http://127.0.0.1:9/certs", shelf.url):
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
        answer = call(over(shared, shelf.url), google.robot(), event=event_of(google))
        assert answer.status_code == 200

    assert shelf.asked == asked


def test_a_key_that_is_new_is_asked_for_once(connection, shared, google, shelf, monkeypatch):
    monkeypatch.setattr(google_door._certificates, "_asked_again", -math.inf)
    visitor = over(shared, shelf.url)
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
