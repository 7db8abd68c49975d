"""A browser connects Gmail: by the consent page up to the inbox, and a whole domain by a list."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crm.base import db
from crm.base.settings import Settings
from server.demo.gmail import App, GmailServer
from sync.google import READING
from tests import make, product
from tests.browser import chromium, faults
from tests.conftest import environment
from tests.soon import SOON
from tests.sync import rig

PASSWORD = "correct horse battery"
#: What stands beyond the end of the form that it is in.
_BEYOND = """() => {
  const form = document.querySelector("form.connect"), end = form.getBoundingClientRect().right;
  return [...form.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > end)
    .map((one) => one.outerHTML.slice(0, 80));
}"""
PICTURES = os.environ.get("INLAY_PICTURES", "")


@pytest.fixture
def google() -> Iterator[GmailServer]:
    with GmailServer() as server:
        ana = server.add("ana@halden.test")
        for n in range(40):
            ana.deliver(make.raw(f"Person {n} <p{n}@severka.test>", subject=f"Matter {n}"))
        ana.deliver(make.raw("Win <win@spam.test>"), labels=["SPAM"])
        server.add("bo@halden.test")
        yield server


@pytest.fixture
def web(house: Settings, google: GmailServer) -> Iterator[str]:
    """Run the product beside a Google of ours."""
    with db.transaction() as session:
        workspace = make.workspace(session)
        make.user(session, workspace, role="admin", name="Ana Kovač", password=PASSWORD)
        make.user(session, workspace, "bo@halden.test", name="Bo")
    env = environment(house) | {
        "GOOGLE_CLIENT_ID": "inlay.apps.test",
        "GOOGLE_CLIENT_SECRET": "a secret of the app",
        "GOOGLE_API_URL": google.url,
        "GOOGLE_IMAP_URL": google.imap_url,
        "GOOGLE_AUTH_URL": google.auth_url,
        "GOOGLE_TOKEN_URL": google.token_url,
    }
    with product.running(env, "--workers", "1") as up:
        back = f"{up.url}/mailboxes/gmail/back"
        google.register(App("Inlay", "inlay.apps.test", "a secret of the app", (back,)))
        yield up.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, web: str) -> Iterator[Page]:
    """Sit down as Ana; nothing may fail in the page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(SOON * 1000)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{web}/sign-in")
    page.get_by_label("Address").fill("ana@halden.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{web}/inbox")
    yield page
    context.close()
    assert said == []


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def test_from_google_s_page_to_the_inbox_and_again_after_the_consent_was_taken_back(
    page: Page, web: str, google: GmailServer
) -> None:
    page.goto(f"{web}/mailboxes/connect")
    picture(page, "gmail-connect-light-1440-en")
    assert faults(page) == []
    page.get_by_label("Address").fill("bo@halden.test")
    page.get_by_role("link", name="Connect Gmail with Google’s sign-in").click()
    expect(page.get_by_label("bo@halden.test")).to_be_checked()
    page.get_by_label("ana@halden.test").check()
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
    expect(page.get_by_text("40 messages in")).to_be_visible()
    expect(page.get_by_text("would be skipped: spam 1")).to_be_visible()
    picture(page, "gmail-preview-light-1440-en")
    assert faults(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(_BEYOND) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Connect and take in 40 messages").click()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("41 = 40 stored + 1 skipped (spam 1)").first).to_be_visible()
    picture(page, "gmail-mailbox-light-1440-en")

    page.goto(f"{web}/inbox")
    expect(page.get_by_text("Matter 39")).to_be_visible()
    picture(page, "gmail-inbox-light-1440-en")

    google.revoke("ana@halden.test")
    google.add("ana@halden.test").deliver(make.raw(subject="Meanwhile"))
    page.goto(f"{web}/mailboxes")
    page.get_by_role("link", name="ana@halden.test").click()
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_text("The next look is on its way.")).to_be_visible()
    again = page.get_by_role("link", name="Connect again").first
    rig.until(lambda: page.reload() and again.is_visible())
    picture(page, "gmail-revoked-light-1440-en")
    assert faults(page) == []
    again.click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("The consent is renewed.")).to_be_visible()

    page.goto(f"{web}/inbox")
    expect(page.get_by_text("Meanwhile").first).to_be_visible()


def test_with_leave_for_it_the_first_import_goes_over_imap(
    page: Page, web: str, google: GmailServer
) -> None:
    page.goto(f"{web}/mailboxes/connect")
    page.get_by_role("link", name="Connect Gmail with Google’s sign-in").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("radio", name="Over Gmail’s API")).to_be_checked()
    expect(page.get_by_role("radio", name="Over IMAP")).to_be_disabled()
    picture(page, "gmail-ways-light-1440-en")

    page.get_by_label("Colleagues may read").select_option("Nothing, not even that it exists")
    page.get_by_label("Make contacts of").select_option("Nobody")
    page.get_by_role("button", name="Ask Google for it").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("radio", name="Over IMAP")).to_be_checked()
    expect(page.get_by_label("Colleagues may read")).to_have_value("0")
    expect(page.get_by_label("Make contacts of")).to_have_value("nobody")
    page.get_by_role("radio", name="Over Gmail’s API").check()
    page.get_by_role("radio", name="Over IMAP").check()
    picture(page, "gmail-ways-allowed-light-1440-en")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("radio", name="Over IMAP").scroll_into_view_if_needed()
    picture(page, "gmail-ways-allowed-light-390-en")
    page.get_by_role("button", name="Connect and take in 40 messages").click()
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)
    assert sum(call.method == "imap.fetch" for call in google.calls) == 40


def test_an_admin_connects_the_mailboxes_of_a_domain_from_a_list(
    page: Page, web: str, google: GmailServer
) -> None:
    google.add("bo@halden.test")
    key = json.dumps(google.delegate("robot@halden.test", READING)).encode()
    page.goto(f"{web}/mailboxes/connect")
    page.get_by_role("link", name="whole Google Workspace domain").click()
    box = page.get_by_label("Addresses")
    expect(box).to_have_value("ana@halden.test\nbo@halden.test")
    picture(page, "gmail-domain-light-1440-en")
    assert faults(page) == []
    strangers = "".join(f"\neve{n}@halden.test" for n in range(8))
    box.fill(box.input_value() + strangers)
    page.get_by_label("Key of the service account").set_input_files(
        {"name": "key.json", "mimeType": "application/json", "buffer": key}
    )
    page.get_by_role("button", name="Look what can be connected").click()

    connect = page.get_by_role("button", name="Connect 2 mailboxes")
    expect(connect).to_be_visible()
    expect(page.get_by_text("41 messages. It would be connected.")).to_be_visible()
    expect(page.get_by_text("Nobody here has this address")).to_have_count(8)
    picture(page, "gmail-domain-looked-light-1440-en")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "gmail-domain-looked-light-390-en")
    assert faults(page) == []
    connect.click()

    expect(page.get_by_text("2 mailboxes connected.")).to_be_visible()
    expect(page.get_by_role("link", name="bo@halden.test")).to_be_visible()
