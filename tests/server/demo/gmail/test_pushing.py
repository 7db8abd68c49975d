"""What happens in a watched mailbox is posted, signed, once a second at most, and again."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from google.auth import jwt

from server.demo.gmail import Fault, GmailServer, Mailbox, Subscription
from tests.server.demo.gmail.asking import ANA, letter, refused
from tests.soon import SOON

TOPIC = "projects/halden/topics/gmail"
ROBOT = "pushes@halden.iam.gserviceaccount.com"


class Door:
    """Somebody who takes pushes, and answers them as a test says."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.answers: list[int] = []
        door = self

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.tokens.append(self.headers["Authorization"].removeprefix("Bearer "))
                door.taken.append(json.loads(body))
                self.send_response(door.answers.pop(0) if door.answers else 204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
        self.url = f"http://127.0.0.1:{self.server.server_port}/push/gmail"

    def histories(self, count: int) -> list[int]:
        """Wait for so many pushes, and a moment longer; return what they told."""
        until = time.monotonic() + SOON
        while len(self.taken) < count and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
        said = [base64.urlsafe_b64decode(one["message"]["data"]) for one in self.taken]
        return [json.loads(one)["historyId"] for one in said]


@pytest.fixture
def door() -> Iterator[Door]:
    made = Door()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def watched(google: GmailServer, gmail: Any, ana: Mailbox, door: Door, clock: list[float]) -> int:
    """Let the mailbox be watched, and return where its history stood then."""
    google.subscribe(Subscription(door.url, ROBOT))
    began = gmail.watch(userId="me", body={"topicName": TOPIC}).execute()
    door.histories(1)
    clock[0] += 2
    return int(began["historyId"])


def deliver(ana: Mailbox, clock: list[float], subject: str = "News") -> int:
    ana.deliver(letter(subject))
    clock[0] += 2
    return ana.history.now


def test_a_push_is_signed_by_the_subscription_s_robot_for_its_address(
    google: GmailServer, ana: Mailbox, door: Door, clock: list[float], watched: int
) -> None:
    now = deliver(ana, clock)

    assert door.histories(2) == [watched, now]
    certificates = requests.get(google.certs_url, timeout=30).json()
    said = jwt.decode(door.tokens[1], certificates, verify=False)
    assert (said["aud"], said["email"], said["email_verified"]) == (door.url, ROBOT, True)
    assert said["exp"] - said["iat"] == 3600
    assert door.taken[1]["subscription"] == "projects/halden/subscriptions/gmail"
    assert [one.status for one in google.pushed] == [204, 204]


def test_what_comes_within_a_second_of_another_push_is_dropped(
    ana: Mailbox, door: Door, clock: list[float], watched: int
) -> None:
    ana.deliver(letter("One"))
    first = ana.history.now
    ana.deliver(letter("Two"))
    clock[0] += 2
    third = deliver(ana, clock)

    assert door.histories(3) == [watched, first, third]


def test_a_push_that_is_refused_comes_again(
    google: GmailServer, ana: Mailbox, door: Door, clock: list[float], watched: int
) -> None:
    door.answers = [503, 401]
    now = deliver(ana, clock)

    assert door.histories(4) == [watched, now, now, now]
    assert [one.status for one in google.pushed] == [204, 503, 401, 204]


def test_a_push_may_be_lost_doubled_late_or_overtaken(
    google: GmailServer, ana: Mailbox, door: Door, clock: list[float], watched: int
) -> None:
    google.plan(
        Fault("push_lost"), Fault("push_twice"), Fault("push_overtaken"), Fault("push_late")
    )
    _lost, twice, behind, late = (deliver(ana, clock, f"{n}") for n in range(4))
    # What is late brings up what it overtook only after itself.
    last = deliver(ana, clock)

    told = door.histories(6)

    assert told[:3] == [watched, twice, twice]
    assert set(told[3:]) == {behind, late, last}
    assert told.index(behind) > min(told.index(late), told.index(last))


def test_a_watch_that_has_ended_pushes_nothing(
    gmail: Any, ana: Mailbox, door: Door, clock: list[float], watched: int
) -> None:
    clock[0] += 8 * 24 * 3600
    deliver(ana, clock)
    assert door.histories(1) == [watched]


def test_a_topic_has_to_be_there_and_open_to_gmail(google: GmailServer, gmail: Any) -> None:
    google.add_topic(TOPIC, granted=False)

    def watch(topic: str) -> Any:
        return gmail.watch(userId="me", body={"topicName": topic})

    assert refused(watch(TOPIC)) == (403, "forbidden")
    assert refused(watch(f"{TOPIC}-2")) == (404, "notFound")
    assert refused(watch("projects/other/topics/gmail")) == (400, "invalidArgument")
    google.add_topic(TOPIC)
    watch(TOPIC).execute()
    google.add_topic(f"{TOPIC}-2")
    assert refused(watch(f"{TOPIC}-2")) == (400, "failedPrecondition")
    assert google.add(ANA).is_watched
