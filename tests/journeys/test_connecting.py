"""A mailbox is connected in the web, comes in while one watches, and is accounted for."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.base import clock, db
from crm.base.settings import Settings
from crm.mail import copies
from crm.mail.letter import Arrival, Unreadable
from crm.workspace import users
from tests import make, product
from tests.browser import chromium, faults, overflow
from tests.conftest import environment
from tests.servers.dovecot import Dovecot
from tests.soon import SOON

PASSWORD = "a long password"
#: The widths at which axe-core judges the pages; at the others only their fit is looked at.
JUDGED = (390, 1440)
#: Where pictures of every page are kept, if people want to look at them.
PICTURES = os.environ.get("INLAY_PICTURES")


@dataclass
class Web:
    """The product as it runs, with Ana in it."""

    url: str
    workspace_id: UUID

    def stand(self) -> None:
        """Let a mailbox stand in each state; nothing is due, so no worker changes any."""
        with db.transaction(self.workspace_id) as session:
            ana = users.get_named(session, self.workspace_id, "ana@halden.test")
            later = {"due_at": clock.now() + timedelta(days=1)}
            words = "imap.halden.test:993 refuses the login: [AUTHENTICATIONFAILED] Failed."
            refused = {"trouble": "login_refused", "why": "login", "last_error": words}
            make.mailbox(session, ana, "needs@halden.test", state="needs_login", **refused, **later)
            away = "imap.halden.test:993 timed out: it does not answer."
            failing = {"trouble": "unreachable", "why": "silent", "last_error": away}
            make.mailbox(session, ana, "failing@halden.test", state="failing", **failing, **later)
            shut = {"trouble": "key_missing", "why": "key_missing", "last_error": "No key."}
            make.mailbox(session, ana, "shut@halden.test", state="failing", **shut, **later)
            make.mailbox(session, ana, "paused@halden.test", state="paused", **later)
            coming = make.mailbox(session, ana, "coming@halden.test", **later)
            make.filed(session, coming, *(make.raw(subject=f"{n}") for n in range(4)))
            make.folder(session, coming).server = 12_431
            live = make.mailbox(session, ana, "live@halden.test", state="live", **later)
            live.synced_at = clock.now()
            make.filed(session, live, *(make.raw(subject=f"{n}") for n in range(40)))
            broken = Unreadable(b"d" * 32, b"raw", "a broken character set", 3)
            skips = [Arrival(900 + n, None, make.NOW, skipped="spam") for n in range(7)]
            odd = [Arrival(890, broken, make.NOW), *skips]
            make.filed_arrivals(session, live, odd)
            for name, counts in {
                "INBOX": {"server": 48, "pending": 0},
                "Projects/2026/A folder with a rather long name of its own": {
                    "server": 17,
                    "pending": 17,
                },
            }.items():
                folder = make.folder(session, live, name)
                copies.note_compared(session, folder, stray=0, at=clock.now(), **counts)

    def speak(self, language: str) -> None:
        """Let Ana read another language."""
        with db.transaction(self.workspace_id) as session:
            users.get_named(session, self.workspace_id, "ana@halden.test").language = language


@pytest.fixture
def web(house: Settings) -> Iterator[Web]:
    """Run web, scheduler and one worker; the company's mail server stands in its own network."""
    with db.transaction() as session:
        workspace = make.workspace(session)
        make.user(session, workspace, role="admin", name="Ana Kovač", password=PASSWORD)
    env = environment(house) | {"ALLOW_PRIVATE_IMAP": "yes"}
    with product.running(env, "--workers", "1") as up:
        yield Web(up.url, workspace.id)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open one browser for the module."""
    with chromium() as opened:
        yield opened


@contextlib.contextmanager
def desk(browser: Browser, web: Web, **options: object) -> Iterator[Page]:
    """Sit down as Ana; nothing may fail in the page, and nothing leaves for elsewhere."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.set_default_timeout(SOON * 1000)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(web.url) else said.append(r.url))
    page.goto(f"{web.url}/sign-in")
    page.get_by_label("Address").fill("ana@halden.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{web.url}/inbox")
    yield page
    context.close()
    refused = "Failed to load resource: the server responded with a status of 4"
    assert [line for line in said if not line.startswith(refused)] == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def fill(page: Page, dovecot: Dovecot, login: str, password: str) -> None:
    """Correct what was proposed to where the company's server really is."""
    page.get_by_label("Server").fill("127.0.0.1")
    page.get_by_label("Port").fill(str(dovecot.port))
    page.get_by_label("Security").select_option("none")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Look what would come in").click()


def deliver(dovecot: Dovecot, login: str, count: int) -> None:
    for n in range(count):
        sender = f"Person {n} <p{n % 40}@severka.test>"
        dovecot.deliver(login, make.raw(sender, subject=f"Matter {n}"))
    dovecot.deliver(login, make.raw("Win <win@spam.test>"), "Junk")
    sent = make.raw("Ana <ana@halden.test>", "Petr <petr@severka.test>")
    dovecot.deliver(login, sent, "Sent")


def test_from_the_address_to_a_ledger_that_adds_up(web, browser, dovecot):
    deliver(dovecot, "journey", 600)
    with desk(browser, web) as page:
        page.get_by_role("link", name="Connect a mailbox").click()
        expect(page.get_by_label("Address")).to_have_value("ana@halden.test")
        picture(page, "connect-address-light-1440-en")
        page.get_by_role("button", name="Continue").click()
        host = page.get_by_label("Server")
        expect(host).to_have_value("imap.halden.test")
        expect(host).to_have_accessible_description(re.compile("A guess"))
        picture(page, "connect-server-light-1440-en")

        fill(page, dovecot, "journey", "canary-wrong")
        password = page.get_by_label("Password")
        expect(password).to_have_accessible_description(re.compile("does not take this login"))
        expect(password).to_have_value("")
        expect(page.get_by_label("Login")).to_have_value("journey")
        assert "canary-wrong" not in page.content()
        picture(page, "connect-refused-light-1440-en")

        fill(page, dovecot, "journey", dovecot.password)
        expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
        expect(page.get_by_text("601 messages in")).to_be_visible()
        assert dovecot.password not in [
            field.input_value() for field in page.locator("input").all()
        ]
        picture(page, "connect-preview-light-1440-en")
        assert faults(page) == []
        page.get_by_role("button", name="Connect and take in 601 messages").click()

        expect(page.get_by_role("status")).to_contain_text("Connected.")
        picture(page, "mailbox-coming-light-1440-en")
        expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)
        expect(page.get_by_text("602 = 601 stored + 1 skipped (spam 1)").first).to_be_visible()
        expect(page.get_by_text("Adds up").first).to_be_visible()
        picture(page, "mailbox-light-1440-en")
        assert faults(page) == []

        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Paused", exact=True)).to_be_visible()
        page.get_by_role("button", name="Resume").click()
        expect(
            page.get_by_text("Coming in").or_(page.get_by_text("Live", exact=True)).first
        ).to_be_visible()
        for key, room in (("i", "inbox"), ("m", "mailboxes")):
            page.wait_for_load_state()  # Keys are heard once the page has its script.
            page.keyboard.press("g")
            page.keyboard.press(key)
            expect(page).to_have_url(f"{web.url}/{room}")
        picture(page, "mailboxes-light-1440-en")
        assert faults(page) == []


LOOKS = [(390, "dark", "fa"), (320, "light", "en"), (900, "light", "fa"), (1440, "dark", "en")]


def test_every_page_can_be_read_by_everyone(web, browser, dovecot):
    deliver(dovecot, "looks", 3)
    web.stand()
    found = []
    for width, scheme, language in LOOKS:
        web.speak(language)
        options = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}

        def look(page, name, way=f"{scheme}-{width}-{language}"):
            picture(page, f"{name}-{way}")
            if page.viewport_size["width"] in JUDGED:
                found.extend(f"{name}-{way}: {fault}" for fault in faults(page))
            if overflow(page) > 0:
                found.append(f"{name}-{way}: wider than its window by {overflow(page)} px")
            runs = page.evaluate("document.documentElement.dir")
            assert runs == ("rtl" if way.endswith("fa") else "ltr")

        with desk(browser, web, **options) as page:
            look_at_mailboxes(page, web, look)
            look_at_connecting(page, web, dovecot, look)

    assert found == []


def look_at_mailboxes(page: Page, web: Web, look: Callable[[Page, str], None]) -> None:
    page.goto(f"{web.url}/mailboxes")
    look(page, "mailboxes")
    for row in page.locator(".mb-name a").all():
        other = page.context.new_page()
        other.goto(f"{web.url}{row.get_attribute('href')}")
        look(other, other.locator("h1").inner_text().split("@")[0])
        other.close()


def look_at_connecting(
    page: Page, web: Web, dovecot: Dovecot, look: Callable[[Page, str], None]
) -> None:
    page.goto(f"{web.url}/mailboxes/connect")
    look(page, "connect-address")
    page.locator("#address").fill("nonsense@")
    page.locator("form.connect").evaluate("form => form.noValidate = true")
    page.locator("button[value=propose]").click()
    look(page, "connect-nonsense")
    page.locator("#address").fill("ana@gmail.com")
    page.locator("button[value=propose]").click()
    look(page, "connect-server")
    page.locator("#host").fill("127.0.0.1")
    page.locator("#port").fill(str(dovecot.port))
    page.locator("#security").select_option("tls")
    page.locator("#login").fill("looks")
    page.locator("#password").fill("wrong")
    page.locator("button[value=look]").click()
    look(page, "connect-refused")
    page.locator("#security").select_option("none")
    page.locator("#password").fill(dovecot.password)
    page.locator("button[value=look]").click()
    expect(page.locator("button[value=connect]")).to_be_visible()
    look(page, "connect-preview")


def test_without_script_a_mailbox_is_connected_too(web, browser, dovecot):
    deliver(dovecot, "noscript", 2)
    with desk(browser, web, java_script_enabled=False) as page:
        page.get_by_role("link", name="Mailboxes").first.click()
        page.get_by_role("link", name="Connect a mailbox").click()
        page.get_by_role("button", name="Continue").click()
        fill(page, dovecot, "noscript", dovecot.password)
        page.get_by_role("button", name="Connect and take in 3 messages").click()

        expect(page.get_by_text("Connected.")).to_be_visible()
        expect(page.get_by_role("link", name="Look again").first).to_be_visible()
