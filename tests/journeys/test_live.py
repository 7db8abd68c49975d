"""A letter comes in, and an open page shows it by itself: server, watcher, worker, web, browser."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import psutil
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from crm.base import clock, db
from crm.base.settings import Settings
from crm.filing import by_hand, sharing
from crm.mail import visibility
from crm.mail.models import Mailbox, Message, Shares
from crm.workspace import sign_ins, users
from crm.workspace.models import Workspace
from tests import make, product
from tests.browser import chromium
from tests.conftest import environment
from tests.servers.dovecot import Dovecot
from tests.soon import SOON
from tests.sync import rig
from tests.sync.rig import Box

JANA = "Jana <jana@severka.test>"
#: Threads from yesterday: more than come at once.
OLDER = 60


@dataclass
class Desk:
    """The product that runs, a mailbox, and who sits before it."""

    url: str
    process: subprocess.Popen[str]
    box: Box
    login: str
    token: str
    dovecot: Dovecot
    written: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def deliver(self, subject: str, **values: str) -> None:
        """Let a letter arrive at the server, a second after the one before at least."""
        at = self.written = max(clock.now(), self.written + timedelta(seconds=1))
        letter = make.raw("Jana <jana@severka.test>", "ana@halden.test", subject, at=at, **values)
        self.dovecot.deliver(self.login, letter, "INBOX", [], at=at)

    def watchers(self) -> list[psutil.Process]:
        """Return the process that watches, if there is one."""
        found = []
        for one in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):  # It has ended a moment ago.
                if one.cmdline()[-2:] == ["server.working", "watcher"]:
                    found.append(one)
        return found


@pytest.fixture
def desk(house: Settings, dovecot: Dovecot) -> Iterator[Desk]:
    """Run `inlay up` before a mailbox with one letter, which is read already."""
    login = f"live-{uuid4().hex[:12]}"
    for n in range(OLDER):
        at = clock.now() - timedelta(days=1, minutes=n)
        older = make.raw(
            f"p{n}@kovar.test", "ana@halden.test", message_id=f"old{n}@kovar.test", at=at
        )
        dovecot.deliver(login, older, "INBOX", ["seen"], at=at)
    first = make.raw(
        "Jana <jana@severka.test>",
        "ana@halden.test",
        "The first offer",
        at=clock.now(),
        message_id="first@severka.test",
    )
    dovecot.deliver(login, first, "INBOX", [], at=clock.now())
    box = rig.connect(house, dovecot.port, login)
    rig.bring(box)
    with db.transaction(box.workspace_id) as session:
        ana = users.get_named(session, box.workspace_id, "ana@halden.test")
        token = sign_ins.begin(session, ana, agent="test", at=clock.now())
    with product.running(environment(house)) as up:
        desk = Desk(up.url, up.process, box, login, token, dovecot)
        rig.until(lambda: waits(desk))
        yield desk


def waits(desk: Desk) -> bool:
    """Tell whether the watcher stands at the mail server."""
    with suppress(psutil.Error):
        return any(
            line.raddr and line.raddr.port == desk.dovecot.port and line.status == "ESTABLISHED"
            for watcher in desk.watchers()
            for line in watcher.net_connections(kind="tcp")
        )
    return False


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


def lose_the_place(page: Page, route: Route) -> None:
    """Move the list to its top before the rows below come again, as late news may."""
    page.locator("#list [data-keep]").evaluate("list => { list.scrollTop = 0 }")
    route.continue_()


def test_letters_appear_by_themselves_and_nobody_loses_what_they_type(
    desk: Desk, page: Page
) -> None:
    rows, card = page.locator("#threads .thread"), page.locator("#card")
    page.locator(".threads-more").click()
    expect(rows).to_have_count(1 + OLDER)
    rows.last.click()
    expect(page.locator("#subject")).to_be_visible()
    page.go_back()
    expect(page.locator("#subject")).to_have_count(0)
    expect(rows).to_have_count(1 + OLDER)
    expect(rows.last).to_be_in_viewport()
    rows.last.click()
    expect(page.locator("#subject")).to_be_visible()
    page.route("**/inbox?*before=*", partial(lose_the_place, page))
    page.go_back()
    expect(page.locator("#subject")).to_have_count(0)
    expect(rows).to_have_count(1 + OLDER)
    expect(rows.last).to_be_in_viewport()
    page.unroute_all()
    desk.deliver("Ten thousand ribbons", message_id="ribbons@severka.test")
    expect(rows).to_have_count(2 + OLDER)
    expect(rows.first).to_contain_text("Ten thousand ribbons")

    # A thread from far below comes up, and none between is lost.
    desk.deliver("Re: Hello", In_Reply_To=f"<old{OLDER - 3}@kovar.test>")
    expect(rows.first).to_contain_text("Re: Hello")
    expect(rows).to_have_count(2 + OLDER)
    ribbons = page.locator("#threads .thread", has_text="Ten thousand ribbons")
    ribbons.click()
    expect(page.locator("#news")).to_contain_text("unread thread")
    expect(page.locator("#subject")).to_have_text("Ten thousand ribbons")
    expect(card).to_contain_text("Jana")
    expect(ribbons).to_have_attribute("aria-current", "true")
    expect(ribbons.get_by_text("Unread")).to_be_hidden()
    expect(ribbons).to_contain_text("Unread")  # No mail program has said otherwise.

    # A letter of the open thread comes with its card.
    answers = {"In_Reply_To": "<ribbons@severka.test>"}
    desk.deliver("Re: Ten thousand ribbons", text="Five thousand will do.", **answers)
    expect(page.locator(".msg")).to_have_count(2)
    expect(page.locator(".msg").last).to_have_attribute("open", "")
    newest = page.locator(".msg").last.get_attribute("data-card")
    expect(card.locator("form").first).to_have_attribute("action", newest or "")

    # A letter comes while the server is asked for a form: the form comes all the same.
    held: list[Route] = []
    page.route(
        "**/panel/*", lambda r: held.append(r) if r.request.method == "POST" else r.continue_()
    )
    card.get_by_role("button", name="Task", exact=True).click()
    desk.deliver("Re: Ten thousand ribbons", text="Or six.", **answers)
    expect(page.locator(".msg")).to_have_count(3)
    held.pop().continue_()
    page.unroute("**/panel/*")
    field = card.get_by_label("What is to be done")
    expect(field).to_be_visible()

    # Somebody types; the watcher is killed meanwhile, and another one takes its place.
    field.press_sequentially("Half a sent")
    for watcher in desk.watchers():
        watcher.kill()
    rig.until(lambda: not waits(desk))
    rig.until(lambda: waits(desk))
    desk.deliver("Re: Ten thousand ribbons", text="Or seven.", **answers)
    expect(page.locator(".msg")).to_have_count(4)

    expect(field).to_be_focused()
    expect(field).to_have_value("Half a sent")
    page.keyboard.type("ence")
    expect(field).to_have_value("Half a sentence")

    # What was done just now can be taken back though the page hears of it, but not for ever.
    page.clock.install()
    card.get_by_role("button", name="Save").click()
    card.get_by_role("checkbox", name="Half a sentence").click()
    undo = card.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    desk.deliver("Re: Ten thousand ribbons", text="Or eight.", **answers)
    expect(page.locator(".msg")).to_have_count(5)
    expect(undo).to_be_visible()
    page.clock.fast_forward(70_000)
    expect(undo).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"


def test_what_a_colleague_shares_no_more_leaves_the_screen_and_what_was_typed_stays(
    desk: Desk, page: Page
) -> None:
    colleague = Colleague.joins(desk)
    page.goto(f"{desk.url}/inbox/{colleague.both}")
    theirs = page.locator(".msg", has_text="Bo Lind")
    expect(theirs).to_contain_text("We pay them nine")
    theirs.locator("summary").first.focus()

    colleague.shares(Shares.HAPPENED)

    expect(theirs).to_contain_text("Its owner shows people and time only.")
    expect(page.locator("#reading")).not_to_contain_text("We pay them nine")

    colleague.shares(Shares.NOTHING)

    expect(page.locator(".msg")).to_have_count(1)
    expect(page.locator("#reading")).not_to_contain_text("Bo Lind")
    assert page.evaluate("document.activeElement !== document.body"), "the focus is lost"

    # The same with a whole thread, beside which somebody types; its subject goes first.
    colleague.shares(Shares.EVERYTHING)
    other = page.context.new_page()
    other.goto(f"{desk.url}/inbox/{colleague.alone}")
    expect(other.locator("#subject")).to_have_text("Else")
    colleague.shares(Shares.HAPPENED)
    expect(other.locator("#subject")).to_have_text("No subject")
    colleague.shares(Shares.EVERYTHING)
    expect(other.locator("#subject")).to_have_text("Else")
    other.locator("#card").get_by_role("button", name="Note", exact=True).click()
    field = other.locator("#card textarea")
    field.press_sequentially("Ask Bo about the")
    colleague.keeps_private()

    expect(other.locator("#thread")).to_contain_text("cannot be read here any more")
    expect(other.locator("#news")).to_contain_text("cannot be read here any more")
    expect(other.locator("#reading")).not_to_contain_text("Only Bo has this")
    expect(other).to_have_title("Not found · Inlay")
    expect(field).to_be_focused()
    expect(field).to_have_value("Ask Bo about the")


@dataclass
class Colleague:
    """Somebody whose mailbox has one more message of Ana's thread, and a thread of its own."""

    workspace_id: UUID
    user_id: UUID
    mailbox_id: UUID
    both: UUID
    alone: UUID

    @classmethod
    def joins(cls, desk: Desk) -> Colleague:
        """Let a colleague's mailbox come in, of which Ana may read everything."""
        with db.transaction(desk.box.workspace_id) as session:
            workspace = session.scalars(select(Workspace)).one()
            bo = make.user(session, workspace, "bo@halden.test", name="Bo Lind")
            box = make.mailbox(session, bo, shares=Shares.EVERYTHING)
            answers = {"In_Reply_To": "<first@severka.test>", "at": clock.now()}
            sender = "Bo Lind <bo@halden.test>"
            reply = make.raw(
                sender, JANA, "Re: The first offer", text="We pay them nine", **answers
            )
            alone = make.raw(
                JANA, "bo@halden.test", "Else", text="Only Bo has this", at=clock.now()
            )
            make.filed(session, box, reply, alone)
            threads = dict(session.execute(select(Message.subject, Message.thread_id)).all())
            both, alone = threads["Re: The first offer"], threads["Else"]
            return cls(workspace.id, bo.id, box.id, both, alone)

    def shares(self, shares: Shares) -> None:
        """Choose what the others see of the mailbox."""
        with db.transaction(self.workspace_id) as session:
            bo = users.get(session, self.workspace_id, self.user_id)
            box = session.get_one(Mailbox, (self.workspace_id, self.mailbox_id))
            sharing.share(session, box, shares, by=bo, at=clock.now())

    def keeps_private(self) -> None:
        """Keep the thread that nobody else has private."""
        with db.transaction(self.workspace_id) as session:
            bo = visibility.viewer(session, users.get(session, self.workspace_id, self.user_id))
            by_hand.choose_shares(session, bo, self.alone, Shares.NOTHING, at=clock.now())
