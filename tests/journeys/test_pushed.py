"""A letter arrives at Gmail, Google pushes, and an open page shows it: no clock has a part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.base import clock, db
from crm.base.settings import Settings
from crm.mail.models import CopyState
from crm.workspace import sign_ins, users
from server.demo.gmail import Fault, GmailServer, Mailbox, Subscription
from tests import make, product
from tests.browser import chromium
from tests.conftest import environment
from tests.soon import SOON
from tests.sync import rig
from tests.sync.rig import Box

ADDRESS = "ana@halden.test"
ROBOT = "pushes@halden.iam.gserviceaccount.com"
TOPIC = "projects/halden/topics/gmail"
NAME = "projects/halden/subscriptions/gmail"


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        server.add_topic(TOPIC)
        yield server


@dataclass
class Desk:
    """The product that runs beside a Gmail, a mailbox there, and who sits before it."""

    url: str
    google: GmailServer
    gmail: Mailbox
    box: Box
    token: str

    def deliver(self, subject: str) -> str:
        """Let a letter arrive, more than a second after the last push."""
        raw = make.raw("Jana <jana@severka.test>", ADDRESS, subject, at=clock.now())
        return self.gmail.deliver(raw)

    def has(self, *ids: str) -> bool:
        """Tell whether these letters are in."""
        found = {f"{uid:016x}" for _folder, uid in rig.places_of(self.box, CopyState.STORED)}
        return found.issuperset(ids)

    def rest(self) -> None:
        """Wait until nobody is at the mailbox, and let the clock's turn be an hour away."""
        rig.until(lambda: self.box.row().state == "live" and self.box.row().leased_until is None)
        self.box.ask(
            "update mailbox set due_at = now() + interval '1 hour' where id = %s", self.box.id
        )

    def looks(self) -> int:
        """Return how often the mailbox was looked at so far."""
        return sum(call.method == "users.getProfile" for call in self.google.calls)


@pytest.fixture
def desk(house: Settings, google: GmailServer) -> Iterator[Desk]:
    """Run `inlay up` beside a Gmail that has one letter, and knows where to push to."""
    gmail = google.add(ADDRESS)
    gmail.deliver(make.raw("Jana <jana@severka.test>", ADDRESS, "The first", at=clock.now()))
    box = rig.connect_gmail(house, google)
    with db.transaction(box.workspace_id) as session:
        ana = users.get_named(session, box.workspace_id, ADDRESS)
        token = sign_ins.begin(session, ana, agent="test", at=clock.now())
    env = environment(house) | {
        "GOOGLE_CLIENT_ID": rig.APP.client_id,
        "GOOGLE_CLIENT_SECRET": rig.APP.client_secret,
        "GOOGLE_API_URL": google.url,
        "GOOGLE_TOKEN_URL": google.token_url,
        "GOOGLE_CERTS_URL": google.certs_url,
        "GOOGLE_PUBSUB_TOPIC": TOPIC,
        "GOOGLE_PUBSUB_SUBSCRIPTION": NAME,
        "GOOGLE_PUBSUB_SERVICE_ACCOUNT": ROBOT,
    }
    with product.running(env, "--workers", "1") as up:
        google.subscribe(Subscription(f"{up.url}/push/gmail", ROBOT, NAME))
        desk = Desk(up.url, google, gmail, box, token)
        rig.until(lambda: gmail.is_watched)
        desk.rest()
        yield desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Iterator[Page]:
    """Sit before the inbox; nothing may fail in it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SOON * 1000)
    context.add_cookies([{"name": "inlay", "value": desk.token, "url": desk.url}])
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    with page.expect_request("**/live*"):
        page.goto(f"{desk.url}/inbox")
    yield page
    context.close()
    assert said == []


def test_what_arrives_at_gmail_appears_by_itself_however_google_pushes(
    desk: Desk, page: Page
) -> None:
    subject = f"Offer {uuid4().hex[:6]}"
    desk.deliver(subject)
    expect(page.get_by_text(subject).first).to_be_visible(timeout=SOON * 1000)
    assert desk.google.pushed[-1].status == 204

    for kind in ("push_twice", "push_late"):
        desk.rest()
        looks = desk.looks()
        desk.google.plan(Fault(kind))
        rig.until(lambda: desk.google.idle(ADDRESS))
        arrived = desk.deliver(f"By {kind}")
        rig.until(lambda arrived=arrived: desk.has(arrived))  # type: ignore[misc]
        assert desk.looks() - looks <= 2

    desk.rest()
    desk.google.plan(Fault("push_overtaken"))
    rig.until(lambda: desk.google.idle(ADDRESS))
    behind = desk.deliver("Overtaken")
    rig.until(lambda: desk.google.idle(ADDRESS))
    ahead = desk.deliver("Ahead of it")
    rig.until(lambda: desk.has(behind, ahead))

    desk.rest()
    desk.google.plan(Fault("push_lost"))
    rig.until(lambda: desk.google.idle(ADDRESS))
    lost = desk.deliver("Its push is lost")
    posted = len(desk.google.pushed)
    rig.expire(desk.box)  # The clock's turn comes.
    rig.until(lambda: desk.has(lost))
    assert len(desk.google.pushed) == posted

    desk.rest()
    rig.hours_pass(desk.box)
    assert rig.bring(desk.box).trouble == ""
    rig.assert_filed_once(desk.box)
    rig.assert_balanced(desk.box)
    assert {one.status for one in desk.google.pushed} == {204}
