"""The doors, from one to the next: invited, connected, taken in, and there when a letter comes."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.base import clock, db
from crm.base.settings import Settings
from crm.workspace import users
from tests import make, product
from tests.browser import chromium, faults, overflow
from tests.conftest import environment
from tests.servers.dovecot import Dovecot
from tests.soon import SOON

ANA, PETR, PASSWORD = "ana@halden.test", "petr@halden.test", "a long password"
PICTURES = os.environ.get("INLAY_PICTURES")


@dataclass
class Web:
    """The product as it runs, and how it is looked at."""

    url: str
    workspace_id: UUID
    language: str
    width: int
    scheme: str

    def speak(self, email: str) -> None:
        """Let somebody read this language."""
        with db.transaction(self.workspace_id) as session:
            users.get_named(session, self.workspace_id, email).language = self.language


@dataclass
class Desk:
    """Somebody's browser, and what was found wrong in it."""

    web: Web
    page: Page
    found: list[str]

    def look(self, name: str) -> None:
        """Judge the page as it stands."""
        page, web = self.page, self.web
        if PICTURES:
            picture = f"doors-{name}-{web.scheme}-{web.width}-{web.language}.png"
            page.screenshot(path=Path(PICTURES) / picture)
        self.found += [f"{name}: {fault}" for fault in faults(page)]
        if overflow(page) > 0:
            self.found.append(f"{name}: wider than its window by {overflow(page)} px")


@pytest.fixture(
    params=[("en", 1440, "light"), ("fa", 390, "dark")], ids=["wide", "narrow, dark, Persian"]
)
def web(request: pytest.FixtureRequest, house: Settings) -> Iterator[Web]:
    """Run the whole product; the company's mail server stands in its own network."""
    with db.transaction() as session:
        workspace = make.workspace(session)
        make.user(session, workspace, role="admin", name="Ana Kovač", password=PASSWORD)
    env = environment(house) | {"ALLOW_PRIVATE_IMAP": "yes"}
    with product.running(env, "--workers", "1") as up:
        found = Web(up.url, workspace.id, *request.param)
        found.speak(ANA)
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@contextmanager
def desk(browser: Browser, web: Web) -> Iterator[Desk]:
    """Open a browser of one's own; nothing may fail in it, and nothing leaves for elsewhere."""
    context = browser.new_context(
        viewport={"width": web.width, "height": 900}, color_scheme=web.scheme, locale=web.language
    )
    context.set_default_timeout(SOON * 1000)
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith(web.url) else said.append(r.url))
    at = Desk(web, page, [])
    yield at
    context.close()
    assert said == []
    assert at.found == []


def invite(at: Desk) -> str:
    """As the admin, invite a colleague, and return the link that is shown once."""
    page, web = at.page, at.web
    page.goto(f"{web.url}/sign-in")
    page.locator("#email").fill(ANA)
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(f"{web.url}/inbox")
    at.look("inbox-empty")
    page.goto(f"{web.url}/people")
    page.locator("#email").fill(PETR)
    page.locator("#name").fill("Petr Novák")
    page.locator("#role").select_option("rep")
    page.locator("form[action$='/people'] button[type=submit]").click()
    at.look("people-invited")
    return page.locator("#link").input_value()


def accept(at: Desk, link: str) -> None:
    """Choose a password; one is in."""
    page, web = at.page, at.web
    page.goto(link)
    at.look("welcome")
    page.locator("#password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"{web.url}/(inbox|mailboxes.*)"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if web.language == "fa" else "ltr")
    at.look("arrived")


def connect(at: Desk, dovecot: Dovecot, login: str) -> None:
    """Connect by the address, see what would come in, and watch it come."""
    page, web = at.page, at.web
    page.goto(f"{web.url}/mailboxes/connect")
    expect(page.locator("#address")).to_have_value(PETR)
    page.locator("button[value=propose]").click()
    expect(page.locator("#host")).to_have_value("imap.halden.test")
    at.look("proposed")
    page.locator("#host").fill("127.0.0.1")
    page.locator("#port").fill(str(dovecot.port))
    page.locator("#security").select_option("none")
    page.locator("#login").fill(login)
    page.locator("#password").fill(dovecot.password)
    page.locator("button[value=look]").click()
    expect(page.locator("button[value=connect]")).to_be_visible()
    assert "300" in digits(page.locator("main").inner_text())
    at.look("preview")
    page.locator("button[value=connect]").click()
    expect(page).to_have_url(re.compile(f"{web.url}/mailboxes/[0-9a-f-]{{36}}"))
    expect(page.locator(".mb .tag.good").first).to_be_visible(timeout=60_000)
    at.look("live")


def arrive(at: Desk, dovecot: Dovecot, login: str) -> None:
    """See a new letter, and the answer to it, come with their cards into the page that is open."""
    page, web = at.page, at.web
    with page.expect_request("**/live*"):
        page.goto(f"{web.url}/inbox")
    page.evaluate("document.documentElement.dataset.same = 'yes'")
    letter = {"subject": "Ten thousand ribbons", "message_id": "ribbons@severka.test"}
    dovecot.deliver(
        login, make.raw("Jana Malá <jana@severka.test>", PETR, **letter), at=clock.now()
    )
    first = page.locator("#threads .thread").first
    expect(first).to_contain_text("Ten thousand ribbons")
    first.click()
    expect(page.locator("#subject")).to_have_text("Ten thousand ribbons")
    expect(page.locator("#card")).to_contain_text("Jana Malá")

    answer = {"subject": "Re: Ten thousand ribbons", "text": "Five will do.", "message_id": "r2@x"}
    answer |= {"In_Reply_To": "<ribbons@severka.test>"}
    dovecot.deliver(login, make.raw("Ota Bílý <ota@severka.test>", PETR, **answer), at=clock.now())
    expect(page.locator(".msg")).to_have_count(2)
    expect(page.locator("#card")).to_contain_text("Ota Bílý")
    assert page.evaluate("document.documentElement.dataset.same") == "yes"
    at.look("arrived-letter")


def account(at: Desk) -> None:
    """Find the ledger in plain words."""
    page, web = at.page, at.web
    page.goto(f"{web.url}/mailboxes")
    page.locator(".mb-name a").first.click()
    said = digits(page.locator("section[aria-labelledby=ledger] p.num").inner_text())
    assert re.match(r"304 = 303 .* 1 ", said), said
    if web.language == "en":
        assert said == "304 = 303 stored + 1 skipped (spam 1)"
    at.look("ledger")


def digits(text: str) -> str:
    """Write a text's digits as they are in English."""
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


def test_from_an_invitation_to_a_letter_that_appears_with_its_card(
    web: Web, browser: Browser, dovecot: Dovecot
) -> None:
    login = f"doors-{web.language}"
    for n in range(300):
        dovecot.deliver(login, make.raw(f"P{n} <p{n % 30}@severka.test>", PETR, f"Matter {n}"))
    sent = make.raw(f"Petr <{PETR}>", "p1@severka.test", "Sent by hand")
    dovecot.deliver(login, sent, "Sent")
    dovecot.deliver(login, make.raw("Win <win@spam.test>"), "Junk")

    with desk(browser, web) as hers:
        link = invite(hers)
    web.speak(PETR)
    with desk(browser, web) as his:
        accept(his, link)
        connect(his, dovecot, login)
        arrive(his, dovecot, login)
        account(his)
    stranger = browser.new_context()
    assert stranger.request.get(link).status == 422  # It worked once.
    stranger.close()
