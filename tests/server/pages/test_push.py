"""Pub/Sub's door: a push of our subscription asks for one look; anything else gets 401."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from google.auth import jwt
from redis import Redis
from sqlalchemy.exc import OperationalError

from crm.base import clock, db, queues
from crm.base.vault import Vault
from crm.mail import pushed
from server.app import create_app
from server.auth import refusals
from server.auth.refusals import Refusal
from server.pages import push as door
from tests import make
from tests.rows import changed, checksums
from tests.servers.google import CLIENT, ISSUER, Google, keys
from tests.soon import soon
from tests.visiting import Visitor

ROBOT = "pushes@halden.iam.gserviceaccount.com"
NAME = "projects/halden/subscriptions/gmail"
HERE = "https://crm.halden.test/push/gmail"
CALM = timedelta(minutes=5)


def claims(**more):
    now = int(time.time())
    usual = {"iss": ISSUER, "aud": HERE, "email": ROBOT, "email_verified": True}
    return {**usual, "sub": "1", "iat": now, "exp": now + 3600, **more}


def without(name):
    return {key: value for key, value in claims().items() if key != name}


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def hs256(google):
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'one'})}.{part(claims())}"
    mac = hmac.HMAC(google.certificate, hashes.SHA256())
    mac.update(signed.encode())
    return f"{signed}.{base64.urlsafe_b64encode(mac.finalize()).rstrip(b'=').decode()}"


def without_a_key(google):
    signer = jwt.crypt.RSASigner.from_string(google.private)
    return jwt.encode(signer, claims(), header={"kid": None}).decode()


WRONG = {
    "none": lambda _g: None,
    "empty": lambda _g: "",
    "garbage": lambda _g: "garbage",
    "expired": lambda g: g.sign(**claims(iat=int(time.time()) - 7200, exp=int(time.time()) - 60)),
    "from tomorrow": lambda g: g.sign(**claims(iat=int(time.time()) + 3600)),
    "other address": lambda g: g.sign(**claims(aud="https://evil.test/push/gmail")),
    "the add-on's address": lambda g: g.robot(email=ROBOT),
    "the client's audience": lambda g: g.sign(**claims(aud=CLIENT)),
    "a list of audiences": lambda g: g.sign(**claims(aud=[HERE])),
    "no audience": lambda g: g.sign(**without("aud")),
    "an empty audience": lambda g: g.sign(**claims(aud="")),
    "other issuer": lambda g: g.sign(**claims(iss="https://evil.test")),
    "no issuer": lambda g: g.sign(**without("iss")),
    "other robot": lambda g: g.sign(**claims(email="pushes@evil.iam.gserviceaccount.com")),
    "a robot that begins as ours": lambda g: g.sign(**claims(email=f"{ROBOT}.evil.test")),
    "no robot": lambda g: g.sign(**without("email")),
    "unverified": lambda g: g.sign(**claims(email_verified=False)),
    "verified in words": lambda g: g.sign(**claims(email_verified="true")),
    "without an end": lambda g: g.sign(**without("exp")),
    "an end that is no time": lambda g: g.sign(**claims(exp="never")),
    "alg none": lambda _g: f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims())}.",
    "HS256 with the public key": hs256,
    "another key under the same kid": lambda g: g.sign(keys()[0], **claims()),
    "no kid": without_a_key,
    "cut": lambda g: g.sign(**claims())[:-4],
}


def settings_of(shared, google):
    return replace(
        shared,
        base_url="https://crm.halden.test",
        google_certs_url=google.certs_url,
        google_pubsub_topic="projects/halden/topics/gmail",
        google_pubsub_subscription=NAME,
        google_pubsub_service_account=ROBOT,
    )


def open_door(settings):
    return Visitor(create_app(settings, Vault(settings.vault_keys)), secure=True)


@pytest.fixture
def pubsub(connection, shared, google) -> Visitor:
    return open_door(settings_of(shared, google))


@pytest.fixture
def box(session, ana):
    at = clock.now() + CALM
    made = make.mailbox(session, ana, kind="gmail", state="live", due_at=at)
    make.folder(session, made, "All Mail").modseq = 1000
    session.commit()
    return made


@pytest.fixture
def jobs(shared):
    """Look at what the queue was asked for."""
    queue = Redis.from_url(shared.redis_url)
    queue.flushall()
    queues.bind(queue)
    yield lambda: [(job.func_name, tuple(job.args)) for job in queues.queue(queue).jobs]
    queues.bind(None)
    queue.close()


def body_of(history=1001, address="ana@halden.test", subscription=NAME, **message):
    told = json.dumps({"emailAddress": address, "historyId": history}).encode()
    usual = {"data": base64.urlsafe_b64encode(told).decode(), "messageId": "1"}
    return {"message": {**usual, **message}, "subscription": subscription}


def send(pubsub, google, body=None, token=..., **options):
    token = google.sign(**claims()) if token is ... else token
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    given = {"json": body_of() if body is None else body, **options}
    return pubsub.client.post("/push/gmail", headers=headers, **given)


def look_at(box):
    return ("sync.jobs.sync_mailbox", (str(box.workspace_id), str(box.id)))


@pytest.mark.parametrize("kind", WRONG)
def test_without_the_subscription_s_own_token_nothing_happens(
    pubsub, google, box, session, jobs, kind
):
    before = checksums(session, box.workspace_id)
    token = WRONG[kind](google)

    for body in (body_of(), {}, []):
        answer = send(pubsub, google, body, token)

        assert (answer.status_code, answer.data) == (401, b"")
    session.expire_all()
    assert changed(before, checksums(session, box.workspace_id)) == []
    assert jobs() == []


def test_a_cookie_is_no_way_in(pubsub, google, ana, box, session):
    assert send(pubsub.be(ana), google, token=None).status_code == 401


def test_a_push_of_another_subscription_is_refused(pubsub, google, box, jobs):
    other = body_of(subscription="projects/evil/subscriptions/gmail")

    answer = send(pubsub, google, other)

    assert (answer.status_code, answer.data, jobs()) == (401, b"", [])


@pytest.mark.parametrize("history", [1001, "1001"])
@pytest.mark.parametrize("encode", [base64.urlsafe_b64encode, base64.b64encode])
def test_a_push_asks_for_a_look(pubsub, google, box, session, jobs, history, encode):
    told = json.dumps({"emailAddress": "Ana@Halden.test", "historyId": history, "~": "?>~"})

    body = body_of(data=encode(told.encode()).decode().rstrip("="))
    answer = send(pubsub, google, body, content_type="application/octet-stream")

    assert (answer.status_code, answer.data) == (204, b"")
    assert jobs() == [look_at(box)]
    session.refresh(box)
    assert box.due_at < clock.now()
    assert box.pushed_at is not None


def test_pushes_that_come_twice_and_in_any_order_ask_once(pubsub, google, box, jobs):
    for history in (1007, 1003, 1007, "1005", 999, 1, 2**64 - 1):
        assert send(pubsub, google, body_of(history)).status_code == 204

    assert jobs() == [look_at(box)]


def test_a_push_of_what_is_known_asks_for_nothing(pubsub, google, box, jobs):
    for history in (1000, "999", 0):
        assert send(pubsub, google, body_of(history)).status_code == 204

    assert jobs() == []


def test_who_has_no_mailbox_here_is_answered_like_who_has_one(pubsub, google, box, jobs):
    known = send(pubsub, google)
    unknown = send(pubsub, google, body_of(address="nobody@halden.test"))

    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (204, b"")
    assert dict(known.headers) == dict(unknown.headers)
    assert jobs() == [look_at(box)]


def test_each_workspace_that_reads_the_mailbox_looks(pubsub, google, box, workspace, session, jobs):
    with db.sessions(info={"workspace": None}) as there:
        other = make.workspace(there, "Elsewhere")
        eva = make.user(there, other, "eva@halden.test", role="admin")
        at = clock.now() + CALM
        theirs = make.mailbox(there, eva, "ana@halden.test", kind="gmail", state="live", due_at=at)
        there.commit()
        way = look_at(theirs)
    db.enter(session, workspace.id)

    send(pubsub, google)

    assert sorted(jobs()) == sorted([look_at(box), way])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 9000,
        json.dumps({"subscription": NAME}).encode(),
        json.dumps(body_of(data="!")).encode(),
        json.dumps(body_of(data=None)).encode(),
        json.dumps(body_of(data=base64.b64encode(b"[]").decode())).encode(),
        json.dumps(body_of(data="%%%%")).encode(),
        json.dumps(body_of(subscription=None)).encode(),
        json.dumps(body_of(address=7)).encode(),
        json.dumps(body_of(address="a\0@halden.test")).encode(),
        *(
            json.dumps(body_of(history)).encode()
            for history in (None, True, -1, 1.5, "", "x", "-1", "1e3", "1" * 400, "١", [1])
        ),
    ],
)
def test_what_is_no_push_is_refused(pubsub, google, box, jobs, body):
    answer = send(pubsub, google, json=None, data=body)

    assert (answer.status_code, answer.data, jobs()) == (400, b"", [])


@pytest.mark.parametrize("size", [door.LARGEST + 1, 5_000_000])
def test_what_is_too_big_is_refused_unread(pubsub, google, box, jobs, size):
    answer = send(pubsub, google, json=None, data=b" " * size)

    assert (answer.status_code, answer.data, jobs()) == (413, b"", [])


def test_the_address_that_a_request_names_is_not_what_counts(pubsub, google, box):
    token = google.sign(**claims(aud="https://evil.test/push/gmail"))
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-Host": "evil.test"}

    answer = pubsub.client.post(
        "/push/gmail", json=body_of(), headers=headers, base_url="https://evil.test"
    )

    assert answer.status_code == 401


def test_an_audience_of_one_s_own_is_the_only_one(connection, shared, google, box):
    settings = replace(settings_of(shared, google), google_pubsub_audience="inlay")
    pubsub = open_door(settings)

    assert send(pubsub, google).status_code == 401
    assert send(pubsub, google, token=google.sign(**claims(aud="inlay"))).status_code == 204


@pytest.mark.parametrize("name", ["topic", "subscription", "service_account"])
def test_where_a_setting_is_missing_every_push_is_refused(connection, shared, google, box, name):
    settings = replace(settings_of(shared, google), **{f"google_pubsub_{name}": ""})

    answer = send(open_door(settings), google)

    assert (answer.status_code, answer.data) == (401, b"")


@pytest.mark.parametrize(
    ("more", "subscription", "refusal"),
    [
        ({"aud": "https://old.test/push"}, NAME, Refusal("audience", "https://old.test/push")),
        ({"email": "them@evil.test"}, NAME, Refusal("robot")),
        ({}, "projects/a/subscriptions/b", Refusal("subscription", "projects/a/subscriptions/b")),
        ({"aud": "x", "email": "them@evil.test"}, NAME, None),
        ({}, NAME, None),
    ],
)
def test_why_a_push_was_refused_is_kept_for_the_doctor(
    pubsub, google, box, shared, jobs, monkeypatch, more, subscription, refusal
):
    monkeypatch.setattr(refusals, "_noted_at", float("-inf"))

    send(pubsub, google, body_of(subscription=subscription), google.sign(**claims(**more)))

    assert refusals.last(shared) == refusal


def test_where_certificates_cannot_be_had_pub_sub_comes_again(connection, shared, box):
    with Google("") as other:
        other.status = 500
        pubsub = open_door(settings_of(shared, other))

        answer = send(pubsub, other)

        assert (answer.status_code, answer.data) == (503, b"")
        assert answer.headers["Retry-After"] == "5"


def test_under_a_flood_no_push_waits_for_a_connection_that_another_holds(shared, house, google):
    """More pushes at once than the pool has connections."""
    with db.transaction() as session:
        ana = make.user(session, make.workspace(session), "ana@halden.test", role="admin")
        make.mailbox(session, ana, kind="gmail", state="live", due_at=clock.now() + CALM)
    engine = db.open_engine(house.database_url, pool_size=1)
    db.bind(engine)
    app = open_door(settings_of(house, google)).app
    token = google.sign(**claims())

    def one(history):
        return send(Visitor(app, secure=True), google, body_of(history), token).status_code

    with soon(), ThreadPoolExecutor(16) as threads:
        assert set(threads.map(one, range(2000, 2064))) == {204}
    engine.dispose()


def test_certificates_are_asked_for_once_under_a_flood(connection, shared, box, statements):
    with Google("") as other:
        pubsub = open_door(settings_of(shared, other))
        for _n in range(50):
            assert send(pubsub, other).status_code == 204
        asked = other.asked
        statements.clear()
        for token in ("garbage", *(WRONG[kind](other) for kind in sorted(WRONG))):
            send(pubsub, other, token=token)

        assert (asked, statements) == (1, [])


def test_where_the_database_is_away_pub_sub_comes_again(pubsub, google, box, monkeypatch):
    def away(*_given, **_named):
        raise OperationalError("select", {}, Exception("away"), connection_invalidated=True)

    monkeypatch.setattr(pushed, "call", away)

    assert send(pubsub, google).status_code == 503


def test_a_look_is_no_way_to_push(pubsub):
    assert pubsub.get("/push/gmail").status_code == 405
