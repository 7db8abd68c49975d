"""Hostile letters in a real browser: nothing runs, by load or by click, and nothing is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import ThreadedWSGIServer, make_server

from crm.base import clock
from crm.base.db import transaction
from crm.base.vault import Vault
from crm.workspace import sign_ins
from server.app import create_app
from server.pages import live
from tests import make
from tests.browser import chromium
from tests.server.pages.vectors import VECTORS

#: So many vectors stand in one letter, between tags that close what others left open.
AT_ONCE = 6
CLOSE = "</style></title></textarea></xmp></noscript></template></select></math></svg></table>"

TOGETHER = [CLOSE.join(VECTORS[n : n + AT_ONCE]) for n in range(0, len(VECTORS), AT_ONCE)]


@dataclass
class Web:
    """The web app at an address, and somebody's cookie."""

    url: str
    cookie: dict
    threads: list[str]
    frames: list[str]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open one browser for the module."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def web(house, monkeypatch) -> Iterator[Web]:
    """Serve a mailbox that holds one letter for each vector."""
    with transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, role="admin")
        box = make.mailbox(session, ana)
        found = make.filed(session, box, *(letter(n, v) for n, v in enumerate(TOGETHER)))
        frames = [str(id_) for id_ in found.new]
        token = sign_ins.begin(session, ana, agent="", at=clock.now())
    with transaction(workspace.id) as session:
        from sqlalchemy import select

        from crm.mail.models import Message

        threads = [
            str(thread)
            for thread in session.scalars(select(Message.thread_id).order_by(Message.id))
        ]
    app = create_app(house, Vault(house.vault_keys))
    monkeypatch.setattr(live, "LASTS", 1.0)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    assert isinstance(server, ThreadedWSGIServer)
    server.daemon_threads = False  # Closing waits for the streams: the next test has another house.
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield Web(url, {"name": "inlay", "value": token, "url": url}, threads, frames)
    server.shutdown()
    thread.join()
    server.server_close()


def letter(number: int, vector: str) -> bytes:
    """Write a letter whose HTML is a vector, and whose text names it."""
    html = f"<html><body><p>before</p>{vector}{CLOSE}<p>after</p></body></html>"
    raw = make.raw(subject=f"Vector {number}", message_id=f"v{number}@evil.test", text=html)
    return raw.replace(b"Content-Type: text/plain", b"Content-Type: text/html")


@pytest.fixture
def context(browser: Browser, web: Web) -> Iterator[BrowserContext]:
    """Open a window in which every request that leaves is stopped and remembered."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900})
    opened.add_cookies([web.cookie])
    yield opened
    opened.close()


def test_a_vector_runs_where_nothing_holds_it(context):
    page = context.new_page()

    page.set_content(f"<p>{VECTORS[0]}")

    assert page.evaluate("window.__evil") == 1


def test_no_vector_runs_or_loads_in_its_frame(web, context):
    left: list[str] = []
    answered: dict[str, int] = {}
    context.route("**/*", lambda route: stop_elsewhere(route, web, left))
    page = context.new_page()
    page.on("response", lambda r: answered.__setitem__(r.url, r.status))
    page.on("dialog", lambda dialog: left.append(dialog.message) or dialog.dismiss())
    ran = []

    for number, frame in enumerate(web.frames):
        page.goto(f"{web.url}/messages/{frame}/frame", wait_until="load")
        for target in page.locator("a, [tabindex], summary, button").all():
            if target.is_visible():
                with_popup(context, page, target)
        if page.evaluate("window.__evil || top.__evil || document.title.includes('pwned')"):
            ran.append(TOGETHER[number])
        for other in context.pages[1:]:
            other.close()

    assert ran == []
    assert {url for url in left if "evil.test" in url} <= set(), left
    assert web.url + f"/messages/{web.frames[0]}/frame" in answered
    page.close()


def test_no_vector_reaches_the_page_around_it(web, context):
    left: list[str] = []
    said: list[str] = []
    context.route("**/*", lambda route: stop_elsewhere(route, web, left))
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    ran = []

    for number, thread in enumerate(web.threads):
        page.goto(f"{web.url}/inbox/{thread}", wait_until="load")
        frame = page.frame_locator("iframe.paper")
        if page.locator("iframe.paper").count():
            frame.locator("body").wait_for()
            for target in frame.locator("a").all()[:2]:
                with_popup(context, page, target)
        if page.evaluate("window.__evil") or page.url.split("?")[0] != f"{web.url}/inbox/{thread}":
            ran.append(number)
        for other in context.pages[1:]:
            other.close()

    assert ran == []
    assert left == []
    assert said == []


def test_the_frame_can_neither_script_nor_reach_its_page(web, context):
    page = context.new_page()
    page.goto(f"{web.url}/inbox/{web.threads[0]}")
    (frame,) = [f for f in page.frames if f != page.main_frame]

    origin = frame.evaluate("self.origin")

    assert origin == "null"
    assert (
        frame.evaluate("(() => { try { return parent.document.title } catch { return '' } })()")
        == ""
    )


def stop_elsewhere(route, web, left):
    url = route.request.url
    if url.startswith(web.url):
        route.continue_()
        return
    # A link that somebody clicks may open a page beside; nothing else may leave.
    if not route.request.is_navigation_request():
        left.append(url)
    route.abort()


def with_popup(context, page, target):
    """Click, and let what opens beside open."""
    from playwright.sync_api import Error

    try:
        target.click(timeout=500, no_wait_after=True)
        page.wait_for_timeout(20)
    except Error:
        pass  # What cannot be clicked does no harm.
