"""The demo as a guest sees it: by mouse, by keys, without script, in Persian, narrow and dark."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, Request, expect

from server.demo import stand_in, telling
from tests import product
from tests.browser import chromium, faults, overflow
from tests.commands import COMMAND
from tests.soon import SOON
from tests.sync import rig

SUBJECT = "rollout+plan+brno+warehouse"
#: Where pictures of every page are kept, if people want to look at them.
PICTURES = os.environ.get("INLAY_PICTURES")
PUSHED = """
from crm.base import settings
from crm.base.db import transaction
from crm.mail import mailboxes
from crm.workspace import workspaces
from server import database
with database.opened(settings.read()) as house:
    with database.scheduler(house.settings) as session:
        (workspace,) = workspaces.everywhere(session)
    with transaction(workspace.id) as session:
        boxes = mailboxes.everyone(session, workspace.id)
        print(*(box.address for box in boxes if box.pushed_at is not None))
"""
SPEAK = """
import sys
from crm.base import settings
from crm.base.db import transaction
from crm.workspace import users, workspaces
from server import database
from tests.soon import SOON
with database.opened(settings.read()) as house:
    with database.scheduler(house.settings) as session:
        (workspace,) = workspaces.everywhere(session)
    with transaction(workspace.id) as session:
        users.get_named(session, workspace.id, sys.argv[1]).language = sys.argv[2]
"""


@dataclass
class Demo:
    """A demo that runs, and how to get in."""

    url: str
    data_dir: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def speak(self, language: str) -> None:
        """Let Ana read another language."""
        self._run(SPEAK, telling.EMAIL, language)

    def pushed(self) -> list[str]:
        """Return the mailboxes of which the demo's Gmail has pushed that they changed."""
        return self._run(PUSHED).split()

    def _run(self, script: str, *words: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", script, *words],
            env=environment(self.data_dir / "demo"),
            check=True,
            timeout=60,
            stdout=subprocess.PIPE,
            text=True,
        )
        return ran.stdout


def environment(data_dir: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.endswith(("_URL", "_KEY", "_KEYS"))}
    return kept | {"DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Start `inlay demo`, and see that nothing of it is left at the end."""
    data_dir = Path(tempfile.mkdtemp(prefix="inlay-demo-", dir="/tmp"))
    data_dir.chmod(0o755)  # As root, PostgreSQL runs as somebody else, who must come through.
    port = product.free_port()
    given = {"env": environment(data_dir), "stderr": subprocess.STDOUT}
    with product.started("demo", "--port", str(port), **given) as process:
        running = Demo(f"http://127.0.0.1:{port}", data_dir, process)
        yield from watched(running)
    left = of(data_dir)
    assert left == [], running.said[-20:]
    subprocess.run(["rm", "-rf", str(data_dir)], check=True)


def watched(running: Demo) -> Iterator[Demo]:
    """Wait until the demo answers, note what it says, and see that every process ends with it."""
    process = running.process
    for line in process.stdout:
        running.said.append(line.rstrip())
        if running.url in line:
            break
    else:
        pytest.fail("\n".join(["the demo did not come up:", *running.said[-20:]]))
    listener = threading.Thread(target=lambda: running.said.extend(process.stdout), daemon=True)
    listener.start()
    family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(True))]
    yield running
    family += [child.pid for child in psutil.Process(process.pid).children(True)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0, running.said[-20:]
    listener.join(10)
    assert [pid for pid in set(family) if psutil.pid_exists(pid)] == [], running.said[-20:]


def of(data_dir: Path) -> list[str]:
    """List what still runs for a DATA_DIR."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(data_dir) in " ".join(process.cmdline()):
                found.append(" ".join(process.cmdline()))
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open one browser for the module."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def cookies(demo: Demo, browser: Browser) -> list:
    """Sign in once, by the form."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo.url)
    page.get_by_label("Address").fill(telling.EMAIL)
    page.get_by_label("Password").fill(telling.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{demo.url}/inbox")
    found = context.cookies()
    context.close()
    return found


@pytest.fixture
def ana(demo: Demo, browser: Browser, cookies: list) -> Iterator[Page]:
    """Be Ana at her desk; nothing may fail in the page, and nothing leaves for elsewhere."""
    with desk(browser, cookies, demo) as page:
        yield page


@contextlib.contextmanager
def desk(browser: Browser, cookies: list, demo: Demo, **options: object) -> Iterator[Page]:
    options = {"viewport": {"width": 1440, "height": 900}, **options}
    context = browser.new_context(**options)
    context.set_default_timeout(SOON * 1000)
    context.add_cookies(cookies)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    refused = "Failed to load resource: the server responded with a status of 4"
    page.on(
        "request",
        lambda r: None if r.url.startswith((demo.url, "data:")) else said.append(r.url),
    )
    yield page
    context.close()
    assert [line for line in said if not line.startswith(refused)] == []


def open_thread(page: Page, demo: Demo, subject: str) -> None:
    page.goto(f"{demo.url}/inbox?view=all&q={subject}")
    page.locator("#threads .thread").first.click()
    expect(page.locator("#card")).to_be_visible()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def test_it_says_where_to_look_and_how_to_sign_in(demo):
    said = "\n".join(demo.said)

    assert telling.EMAIL in said
    assert telling.PASSWORD in said
    assert demo.url in said


def test_commands_beside_it_find_its_gmail_and_all_is_well(demo):
    """They are told of a DATA_DIR alone, and of no address of Google's."""
    said = {}
    for words in (("doctor",), ("mailbox", "ledger", telling.EMAIL)):
        command = [COMMAND, *words, "--json"]
        there = environment(demo.data_dir / "demo")
        told = subprocess.run(command, env=there, capture_output=True, text=True, check=True)
        said[words[0]] = json.loads(told.stdout)

    assert all(finding["well"] for finding in said["doctor"]["findings"])
    (folder,) = said["mailbox"]["folders"]
    assert (folder["name"], folder["stored"], folder["balanced"]) == ("All Mail", 306, True)


def test_a_deal_and_a_task_from_one_message_stand_beside_another(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    card.get_by_role("button", name="Deal", exact=True).click()
    expect(card.get_by_role("heading", name="New deal")).to_be_visible()
    picture(ana, "form-deal-light-1440-en")
    card.get_by_label("Name").fill("Ribbons for spring")
    card.get_by_label("Amount").fill("1,500.50")
    card.get_by_role("button", name="Save").click()
    expect(ana.locator("#toasts")).to_contain_text("The deal is saved")
    card.get_by_role("button", name="Task", exact=True).click()
    card.get_by_label("What is to be done").fill("Send two samples")
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Send two samples")
    picture(ana, "card-saved-light-1440-en")

    folded = ana.locator("details.msg:not([open]) > summary").first
    folded.click()

    expect(card).to_contain_text("Ribbons for spring")
    expect(card).to_contain_text("€1,500.50")
    expect(card).to_contain_text("Send two samples")
    ana.reload()
    expect(ana.locator("#card")).to_contain_text("Ribbons for spring")


def test_a_thread_that_opens_brings_its_card_and_asks_for_no_other(demo, ana):
    """A second card would take the place of a form that somebody opened meanwhile."""
    asked: list[str] = []
    ana.on("request", lambda r: asked.append(r.url) if "/panel/" in r.url else None)

    open_thread(ana, demo, SUBJECT)
    ana.wait_for_timeout(1000)

    assert asked == []


def test_what_another_tab_saves_comes_to_the_card_that_is_read(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    chip = card.locator('.chip:not([aria-pressed="true"])').last
    chosen = chip.inner_text()
    chip.click()
    expect(card.locator("#card-title")).to_have_text(chosen)
    card.locator("details.fold > summary").click()
    scroll = ana.locator(".pane-card .scroll")
    bottom = scroll.evaluate("it => { it.scrollTop = it.scrollHeight; return it.scrollTop }")
    other = ana.context.new_page()
    open_thread(other, demo, SUBJECT)

    add_task(other, "Ask whom it is about")

    expect(card).to_contain_text("Ask whom it is about")
    expect(card.locator("#card-title")).to_have_text(chosen)
    expect(card.locator("details.fold")).to_have_attribute("open", "")
    assert scroll.evaluate("it => it.scrollTop") == bottom > 0

    # What is opened above the message's card stays until they go back.
    card.get_by_role("button", name=re.compile("^Brno rollout")).click()
    expect(card.locator("[data-back]")).to_be_visible()
    with ana.expect_event("requestfinished", looks_again):
        add_task(other, "Ask about the deal")
    ana.wait_for_timeout(500)
    card.get_by_role("button", name="Back to the message").click()
    expect(card).to_contain_text("Ask about the deal")


def looks_again(request: Request) -> bool:
    """Tell whether a live page asks how the thread stands now."""
    return "inlay-live" in request.headers and request.headers["hx-target"] == "reading"


def add_task(page: Page, title: str) -> None:
    card = page.locator("#card")
    card.get_by_role("button", name="Task", exact=True).click()
    card.get_by_label("What is to be done").fill(title)
    card.get_by_role("button", name="Save").click()
    expect(card).to_contain_text(title)


def test_what_is_typed_stays_when_it_is_refused(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    card.get_by_role("button", name="Deal", exact=True).click()
    card.get_by_label("Name").fill("Never made")
    card.get_by_label("Amount").fill("much")
    card.get_by_role("button", name="Save").click()

    amount = card.get_by_label("Amount")
    expect(amount).to_have_accessible_description(re.compile("Amount is a number"))
    expect(amount).to_be_focused()
    expect(card.get_by_label("Name")).to_have_value("Never made")
    ana.keyboard.press("Escape")
    expect(card.get_by_label("Name")).to_have_value("Never made")

    # Nor does another card come in its place, unless they say so.
    ana.locator("details.msg:not([open]) > summary").first.click()
    ana.wait_for_timeout(500)
    ana.locator("#threads .thread").first.click()
    answer(ana, "Keep writing")
    expect(card.get_by_label("Name")).to_have_value("Never made")
    ana.locator("#threads .thread").first.click()
    answer(ana, "Go on without it")
    expect(card.get_by_label("Name")).to_have_count(0)


def test_the_browsers_back_asks_before_it_takes_what_was_typed(demo, ana):
    ana.goto(f"{demo.url}/inbox?view=all")
    ana.locator("#threads .thread").nth(1).click()
    expect(ana.locator("#card")).to_be_visible()
    there = ana.url
    ana.keyboard.press("t")
    field = ana.locator("#card").get_by_label("What is to be done")
    field.press_sequentially("Half")

    for _press in range(2):
        ana.evaluate("history.back()")
        answer(ana, "Keep writing")
        expect(field).to_be_focused()
        expect(field).to_have_value("Half")
        assert ana.url == there
        ana.wait_for_timeout(400)  # After that a button that waits shows a ring.
        expect(ana.locator("#typed [aria-busy]")).to_have_count(0)

    # Pressed twice, it goes one step: they are asked once.
    ana.evaluate("history.back()")
    expect(ana.locator("#typed")).to_be_visible()
    ana.evaluate("history.back()")
    ana.wait_for_timeout(300)
    answer(ana, "Go on without it")
    expect(ana.locator("#card")).to_have_count(0)
    assert ana.url == f"{demo.url}/inbox?view=all"


def test_a_page_that_is_left_asks_before_it_takes_what_was_typed_or_chosen(demo, ana):
    open_thread(ana, demo, SUBJECT)
    there = ana.url
    ana.keyboard.press("t")
    expect(ana.locator("#card footer")).to_be_visible()
    who = ana.locator("#card select").first
    who.select_option(index=who.locator("option").count() - 1)

    with ana.expect_event("dialog", lambda dialog: dialog.dismiss() or True) as asked:
        ana.locator(".nav").get_by_role("link", name="Contacts").click(no_wait_after=True)

    assert asked.value.type == "beforeunload"
    assert ana.url == there
    ana.locator("#card").get_by_role("button", name="Cancel").click()
    expect(ana.locator("#card footer")).to_have_count(0)
    ana.locator(".nav").get_by_role("link", name="Contacts").click()
    expect(ana.locator("#grid")).to_be_visible()


def answer(page: Page, name: str) -> None:
    dialog = page.get_by_role("dialog", name="Go on without what you typed?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=name).click()
    expect(dialog).to_be_hidden()


def test_escape_leaves_a_form_in_which_nothing_was_typed(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    ana.keyboard.press("n")
    expect(card.get_by_label("Note")).to_be_focused()

    ana.keyboard.press("Escape")

    expect(card.get_by_role("button", name="Note", exact=True)).to_be_visible()


@pytest.mark.parametrize("at", [0, -1])
def test_what_was_taken_off_offers_its_way_back_where_it_stood(demo, ana, at):
    """The undo at the end of a long card was out of sight: the card began again at its top."""
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    card.get_by_role("button", name=re.compile("Take this message off")).nth(at).click()

    undo = card.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(undo).to_be_in_viewport()
    ana.keyboard.press("Enter")
    expect(undo).to_have_count(0)


def test_a_button_shows_that_it_works_and_makes_one_thing(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    card.get_by_role("button", name="Task", exact=True).click()
    card.get_by_label("What is to be done").fill("Once and no more")
    waiting = []
    ana.route("**/panel/*", lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright marks what it is given.
    save = card.get_by_role("button", name="Save")

    save.dblclick()

    expect(save).to_have_attribute("aria-busy", "true")
    for route in waiting:
        route.continue_()
    ana.unroute("**/panel/*")
    expect(card.get_by_role("checkbox", name="Once and no more")).to_have_count(1)
    ana.reload()
    expect(card.get_by_role("checkbox", name="Once and no more")).to_have_count(1)


def test_what_did_not_arrive_is_not_shown_as_if_it_had(demo, browser, cookies):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(cookies)
    page = context.new_page()
    open_thread(page, demo, SUBJECT)
    stage = page.locator("#card").get_by_label("Stage").first
    before = stage.input_value()
    page.route("**/panel/*", lambda route: route.abort())

    stage.select_option(index=0)

    expect(page.locator("#toasts")).to_contain_text("Nothing was changed")
    expect(stage).to_have_value(before)
    refusal = {"headers": {"HX-Reswap": "none"}, "content_type": "text/html", "body": ""}
    page.route("**/panel/*", lambda route: route.fulfill(**refusal))
    with page.expect_response("**/panel/*"):
        stage.select_option(index=0)
    expect(stage).to_have_value(before)
    context.close()


@pytest.mark.parametrize("leave", ["Tab", "Enter"])
def test_keys_turn_through_the_stages_and_the_deal_moves_once(demo, browser, cookies, leave):
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(cookies)
    page = context.new_page()
    open_thread(page, demo, SUBJECT)
    sent = []
    page.route("**/panel/*", lambda route: (sent.append(route.request.post_data), route.abort()))
    stage = page.locator("#card").get_by_label("Stage").first
    away = "ArrowUp" if stage.evaluate("it => it.selectedIndex") > 1 else "ArrowDown"
    stage.focus()
    page.keyboard.press(away)
    page.keyboard.press(away)
    assert sent == []

    page.keyboard.press(leave)

    expect(page.locator("#toasts")).to_contain_text("Nothing was changed")
    assert len(sent) == 1
    context.close()


def test_a_task_is_done_and_undone_where_it_stands(demo, ana):
    open_thread(ana, demo, SUBJECT)
    card = ana.locator("#card")
    card.get_by_role("button", name="Task", exact=True).click()
    card.get_by_label("What is to be done").fill("Call about ribbons")
    card.get_by_role("button", name="Save").click()

    # The page hears of it and looks again, and the way back stays.
    with ana.expect_event("requestfinished", looks_again):
        card.get_by_role("checkbox", name="Call about ribbons").click()
    expect(card).to_contain_text("Done just now")
    ana.wait_for_timeout(500)
    card.get_by_role("button", name="Undo").first.click()

    expect(card.get_by_role("checkbox", name="Call about ribbons")).not_to_be_checked()

    # A way back that leads nowhere any more is not offered again.
    card.get_by_role("checkbox", name="Call about ribbons").click()
    refusal = {"headers": {"HX-Reswap": "none"}, "content_type": "text/html", "body": ""}
    ana.route(
        "**/panel/*",
        lambda r: r.fulfill(**refusal) if r.request.method == "POST" else r.continue_(),
    )
    card.get_by_role("button", name="Undo").first.click()
    expect(card).not_to_contain_text("Done just now")


def test_what_a_letter_quotes_is_folded_and_opens_without_script(demo, ana):
    open_thread(ana, demo, SUBJECT)
    letter = ana.frame_locator("details.msg[open] iframe")

    folded = letter.locator("details").first
    expect(folded.locator("summary")).to_contain_text("quoted lines")
    expect(folded.locator("p").last).to_be_hidden()
    folded.locator("summary").click()

    expect(folded.locator("p").last).to_be_visible()


def test_without_script_the_same_can_be_done(demo, browser, cookies):
    with desk(browser, cookies, demo, java_script_enabled=False) as page:
        page.goto(f"{demo.url}/inbox?view=all&q={SUBJECT}")
        page.locator("#threads .thread").first.click()
        card = page.locator("#card")
        card.get_by_role("button", name="Deal", exact=True).click()
        picture(page, "form-deal-noscript-1440-en")
        expect(page.locator("#card").get_by_label("Amount")).to_be_visible()
        page.locator("#card").get_by_label("Name").fill("Made without script")
        page.locator("#card").get_by_label("Amount").fill("20")
        page.locator("#card").get_by_role("button", name="Save").click()
        expect(page.locator("#card")).to_contain_text("Made without script")
        page.locator("#card").get_by_role("button", name="Task", exact=True).click()
        page.locator("#card").get_by_label("What is to be done").fill("Task without script")
        page.locator("#card").get_by_role("button", name="Save").click()

        page.locator("details.msg:not([open]) > summary").first.click()
        page.get_by_role("link", name="Its card").first.click()

        expect(page.locator("#card")).to_contain_text("Made without script")
        expect(page.locator("#card")).to_contain_text("Task without script")


def test_by_keys_alone_a_task_is_made(demo, ana):
    ana.goto(f"{demo.url}/inbox?view=all&q={SUBJECT}")
    press = ana.keyboard.press
    press("j")
    press("j")
    press("k")
    press("Enter")
    expect(ana.locator("#card")).to_be_visible()
    focus_on(ana, "Task")
    press("Enter")
    expect(ana.locator("#card").get_by_label("What is to be done")).to_be_focused()
    ana.keyboard.type("Made by keys")
    press("Enter")

    expect(ana.locator("#card")).to_contain_text("Made by keys")
    assert ana.evaluate("document.activeElement !== document.body"), "the focus is lost"
    press("t")
    expect(ana.locator("#card").get_by_label("What is to be done")).to_be_focused()
    press("Escape")
    expect(ana.locator("#card").get_by_role("button", name="Task", exact=True)).to_be_visible()
    press("?")
    expect(ana.locator("#keys")).to_be_visible()
    press("Escape")
    expect(ana.locator("#keys")).to_be_hidden()
    press("/")
    assert ana.evaluate("document.activeElement.type") == "search"


def focus_on(page: Page, name: str) -> None:
    """Go on with Tab until something of this name has the focus, as somebody without a mouse."""
    for _ in range(120):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "(e => e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || '')"
            "(document.activeElement)"
        )
        if said.strip() == name:
            return
    raise AssertionError(f"Tab never comes to {name}")


WIDTHS = [(1440, 900), (390, 844)]


@pytest.fixture(scope="module", params=["en", "fa"])
def language(request, demo):
    """Let Ana read a language, for all that is looked at in it."""
    demo.speak(request.param)
    yield request.param
    demo.speak("en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everyone(demo, browser, cookies, language, scheme):
    """Look at each page in two languages by day and by night; Persian is read on a phone.

    axe-core takes longest: it judges English by day in a wide window, and Persian by night in a
    narrow one, so that each of these six has its turn.
    """
    size = WIDTHS[language == "fa"]
    judged = (scheme == "dark") == (language == "fa")
    options = {
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": scheme,
        "locale": language,
    }
    found = []
    with desk(browser, cookies, demo, **options) as page:
        for name, steps in pages(demo).items():
            steps(page)
            picture(page, f"{name}-{scheme}-{size[0]}-{language}")
            found += [f"{name}: {fault}" for fault in (faults(page) if judged else ())]
            if overflow(page) > 0:
                found.append(f"{name}: wider than its window by {overflow(page)} px")
            lang = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
            assert lang == [language, "rtl" if language == "fa" else "ltr"], name
            found += [f"{name}: {words} is English" for words in page.evaluate(ENGLISH, language)]

    assert found == []


#: What is ours to say, and is said in English to a reader of Persian: whatever can be operated,
#: and every heading and label. Names, addresses and what stands in letters are their authors'.
ENGLISH = """
(language) => language != "fa" ? [] : [...document.querySelectorAll(
  "button, label, legend, thead th, .tabs a, .nav-item .word, .tab span, .empty p, h1, h3, .label"
)].filter((it) => !it.closest("dl, [dir=ltr], .chips, .prose"))
  .map((it) => it.getAttribute("aria-label") || it.textContent.trim())
  .filter((words) => /[a-z]{3}/.test(words) && !/[\\u0600-\\u06ff]/.test(words))
"""


def pages(demo: Demo) -> dict:
    """Return how each page is come to, in an order in which each stands on the one before."""

    def inbox(page):
        page.goto(f"{demo.url}/inbox")

    def empty(page):
        page.goto(f"{demo.url}/inbox?q=unheard")

    def thread(page):
        page.goto(f"{demo.url}/inbox?view=all&q={SUBJECT}")
        href = page.locator("#threads .thread").first.get_attribute("href")
        page.goto(f"{demo.url}{href}")

    def card(page):
        page.goto(page.url.split("?")[0] + "?pane=card")
        expect(page.locator("#card")).to_be_visible()

    def form(function):
        def opened(page):
            card(page)
            page.locator(f'#card button[value*="{function}"]').first.click()
            expect(page.locator("#card footer")).to_be_visible()

        return opened

    def deal(page):
        card(page)
        page.locator("#card button", has_text="Brno rollout").click()
        expect(page.locator("#card [data-back]")).to_be_visible()

    def asked(page):
        form("note/new")(page)
        page.evaluate("document.getElementById('typed').showModal()")

    def missing(page):
        page.goto(f"{demo.url}/inbox/00000000-0000-7000-8000-000000000000")

    def door(page):
        page.context.clear_cookies()
        page.goto(f"{demo.url}/sign-in")

    def refused(page):
        door(page)
        page.locator("#email").fill("nobody@halden.example")
        page.locator("#password").fill("wrong password")
        page.locator("button[type=submit]").click()
        expect(page.locator("#signin-error")).to_be_visible()

    return {
        "inbox": inbox,
        "empty": empty,
        "thread": thread,
        "card": card,
        "card-deal": deal,
        "form-note": form("note/new"),
        "form-task": form("task/new"),
        "form-deal": form("deal/new"),
        "form-left": asked,
        **rooms(demo),
        "missing": missing,
        "signin": door,
        "signin-refused": refused,
    }


def rooms(demo: Demo) -> dict:
    """Return how the rooms beside the inbox are come to."""

    def room(path):
        return lambda page: page.goto(f"{demo.url}{path}")

    def contact(page):
        page.goto(f"{demo.url}/contacts")
        page.locator("#rows a.who").nth(1).click()
        expect(page.locator("#past")).to_be_attached()

    names = ("contacts", "companies", "pipeline", "people", "me")
    return {name: room(f"/{name}") for name in names} | {"contact": contact}


#: Texts of one line whose first letter lies outside of them: what is cut off is their beginning.
BEHEADED = """
[...document.querySelectorAll(".cut[dir]")].filter((cut) => {
  const text = document.createTreeWalker(cut, NodeFilter.SHOW_TEXT).nextNode();
  const first = text?.data.search(/\\p{L}/u) ?? -1;
  const box = cut.getBoundingClientRect();
  if (first < 0 || box.width < 24) return false;
  const range = document.createRange();
  range.setStart(text, first);
  range.setEnd(text, first + 1);
  const letter = range.getBoundingClientRect();
  return letter.left < box.left - 1 || letter.right > box.right + 1;
}).map((cut) => cut.textContent)
"""
PERSIAN = "پیش‌فاکتور"


@pytest.mark.parametrize("size", WIDTHS, ids=lambda size: str(size[0]))
def test_a_line_shows_its_beginning_whatever_way_it_runs(demo, browser, cookies, language, size):
    options = {"viewport": {"width": size[0], "height": size[1]}, "locale": language}
    with desk(browser, cookies, demo, **options) as page:
        for words in (SUBJECT, PERSIAN):
            page.goto(f"{demo.url}/inbox?view=all")
            ways = page.locator("#threads .subject-words").evaluate_all("a => a.map(e => e.dir)")
            assert set(ways) == {"ltr", "rtl"}
            assert page.evaluate(BEHEADED) == []
            page.goto(f"{demo.url}/inbox?view=all&q={words}")
            href = page.locator("#threads .thread").first.get_attribute("href")
            for pane in ("thread", "card"):
                page.goto(f"{demo.url}{href}&pane={pane}")
                assert page.evaluate(BEHEADED) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_a_letter_is_read_without_scrolling_inside_of_it(demo, browser, cookies, width):
    with desk(browser, cookies, demo, viewport={"width": width, "height": 900}) as page:
        open_thread_narrow(page, demo)
        letter = page.frame_locator("details.msg[open] iframe")
        tall = letter.locator("main").evaluate("main => main.getBoundingClientRect().bottom")
        given = page.locator("details.msg[open] iframe").evaluate("frame => frame.clientHeight")

    assert tall <= given <= 2 * tall


def open_thread_narrow(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.url}/inbox?view=all&q={SUBJECT}")
    page.locator("#threads .thread").first.click()
    expect(page.locator("#subject")).to_be_visible()


def test_nothing_is_wider_than_a_narrow_window(demo, browser, cookies, language):
    wide = []
    options = {"viewport": {"width": 320, "height": 640}, "locale": language}
    with desk(browser, cookies, demo, **options) as page:
        for name, steps in pages(demo).items():
            steps(page)
            picture(page, f"{name}-light-320-{language}")
            if overflow(page) > 0:
                wide.append(f"{name}: {overflow(page)} px")

    assert wide == []


def test_on_a_narrow_window_the_card_is_one_tap_away_and_back(demo, browser, cookies):
    with desk(browser, cookies, demo, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{demo.url}/inbox?view=all&q={SUBJECT}")
        page.locator("#threads .thread").first.click()
        expect(page.locator("#subject")).to_be_visible()
        page.locator("[data-peek]").click()
        expect(page.locator("#card")).to_be_visible()
        expect(page.locator("#subject")).to_be_hidden()

        page.go_back()
        expect(page.locator("#subject")).to_be_visible()
        page.go_back()

        expect(page.locator("#threads")).to_be_visible()


@pytest.mark.parametrize("keys", [True, False])
def test_a_message_is_answered_undone_and_sent_and_nothing_leaves(demo, browser, cookies, keys):
    demo.speak("en")  # Whatever was looked at before.
    with desk(browser, cookies, demo, java_script_enabled=keys) as page:
        open_thread(page, demo, "Ponuda za naljepnice")
        if keys:
            page.keyboard.press("r")
        else:
            page.get_by_role("link", name="Reply", exact=True).last.click()
        page.get_by_role("textbox", name="Your answer").fill("The crates leave on Friday.")
        assert not keys or faults(page, "#reply") == []
        picture(page, "answer" if keys else "answer-plain")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#outgoing")).to_contain_text("Will be sent in a moment.")
        expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("textbox", name="Your answer")).to_have_value(
            re.compile("The crates leave")
        )
        if keys:  # What was taken back stands nowhere else.
            page.locator("#threads .thread").first.click()
            answer(page, "Keep writing")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#outgoing")).to_contain_text("Will be sent in a moment.")
        if keys:  # An open page hears of it.
            kept = "Kept here (demo): nothing leaves this workspace."
            expect(page.locator(".msg .notice")).to_contain_text(kept)


def test_the_browsers_back_sends_no_answer_twice(demo, browser, cookies):
    with desk(browser, cookies, demo) as page:
        open_thread(page, demo, "Ponuda za naljepnice")
        page.keyboard.press("r")
        page.get_by_role("textbox", name="Your answer").fill("They leave on Monday.")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#outgoing")).to_contain_text("Will be sent in a moment.")

        page.go_back()

        expect(page.locator("#toasts")).to_contain_text("This answer was written already")
        expect(page.locator("#reply")).to_have_count(0)
        mine = page.get_by_role("region", name="Your answer").filter(has_text="leave on Monday")
        expect(mine).to_have_count(1)
        mine.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("textbox", name="Your answer")).to_have_value(
            re.compile("They leave on Monday")
        )


def test_files_that_are_too_large_are_said_so_before_they_cost_what_was_typed(
    demo, browser, cookies
):
    large = {"name": "a.bin", "mimeType": "application/octet-stream", "buffer": bytes(21_000_000)}
    with desk(browser, cookies, demo) as page:
        open_thread(page, demo, "Ponuda za naljepnice")
        page.keyboard.press("r")
        page.get_by_role("textbox", name="Your answer").fill("See the offer.")
        files = page.locator("#reply-files")
        files.set_input_files(large)
        page.get_by_role("button", name="Send", exact=True).click()

        words = files.evaluate("field => field.validationMessage")
        assert words.startswith("The attachments are too large: at most 18 MB together.")
        expect(page.get_by_role("textbox", name="Your answer")).to_have_value("See the offer.")

        files.set_input_files({**large, "buffer": b"small"})
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#outgoing")).to_contain_text("Will be sent in a moment.")
        mine = page.get_by_role("region", name="Your answer").filter(has_text="See the offer.")
        mine.get_by_role("button", name="Undo").click()
        expect(page.get_by_label("a.bin")).to_be_checked()


def test_a_mailbox_of_gmail_is_connected_by_hand_and_a_letter_comes_in(demo, browser):
    """The page of consent says whose it is; nobody needs an account anywhere."""
    with browser.new_context() as context:
        context.set_default_timeout(SOON * 1000)
        page = context.new_page()
        page.goto(demo.url)
        page.get_by_label("Address").fill(stand_in.BESIDE)
        page.get_by_label("Password").fill(telling.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(f"{demo.url}/inbox")
        page.goto(f"{demo.url}/mailboxes/connect")
        page.get_by_role("link", name="Connect Gmail with Google’s sign-in").click()
        expect(page.get_by_text("This is not Google, but Inlay’s stand-in for it")).to_be_visible()
        expect(page.get_by_role("radio", name=stand_in.BESIDE)).to_be_checked()
        picture(page, "demo-consent")
        page.get_by_role("button", name="Allow").click()
        page.get_by_role("button", name=re.compile("^Connect and take in")).click()
        expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=60_000)
        rig.until(lambda: stand_in.BESIDE in demo.pushed(), 120)

        (office,) = [line for line in demo.said if line.endswith("/post-office")]
        page.goto(office.split()[-1])
        page.get_by_label("To").select_option(stand_in.BESIDE)
        page.get_by_label("Subject").fill("Three pallets more")
        page.get_by_label("Text").fill("Could they come on Monday?")
        picture(page, "demo-post-office")
        page.get_by_role("button", name="Let it arrive").click()
        expect(page.get_by_text("It has arrived")).to_be_visible()
        page.goto(f"{demo.url}/inbox?view=all")
        expect(page.get_by_text("Three pallets more").first).to_be_visible()  # By itself.
