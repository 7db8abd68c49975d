"""The kit in a browser: everyone can read it, and keys, hands and no script at all work it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import chromium, faults, overflow
from tests.server.web import gallery

#: Width and height, theme, language: each width and each theme has its turn in both directions.
LOOKS = [
    (1440, 900, "light", "en"),
    (1440, 900, "dark", "fa"),
    (1000, 800, "dark", "en"),
    (390, 844, "dark", "en"),
    (390, 844, "light", "fa"),
    (320, 640, "light", "en"),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with gallery.serving() as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, url) -> Iterator[Page]:
    gallery.begin()
    with opened(browser, url) as page:
        yield page


@pytest.fixture
def bare(browser, url) -> Iterator[Page]:
    """Give a page in a browser that runs no script."""
    gallery.begin()
    with opened(browser, url, java_script_enabled=False) as page:
        yield page


@contextmanager
def opened(browser: Browser, url: str, language: str = "en", **options) -> Iterator[Page]:
    """Open a page, and see that nothing goes wrong in it."""
    options = {"viewport": {"width": 1440, "height": 900}, "base_url": url, **options}
    context = browser.new_context(**options)
    context.add_cookies([{"name": "lang", "value": language, "url": url}])
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if _is_ours(line.text) else None)
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


def _is_ours(line: str) -> bool:
    """Tell a page's own complaint, as of its policy, from the answers of 4xx that are meant."""
    return "Content Security Policy" in line or "Uncaught" in line


# --- Everyone can read it -----------------------------------------------------------------------


def at(path: str, *steps: str) -> Callable[[Page], None]:
    """Go somewhere, and press what is in sight there, one after the other."""

    def go(page: Page) -> None:
        page.goto(path)
        for step in steps:
            page.locator(step).filter(visible=True).first.click()
        settled(page)

    return go


def typed(path: str, cell: str, text: str) -> Callable[[Page], None]:
    """Change a value to one that the server does not take."""

    def go(page: Page) -> None:
        page.goto(path)
        page.locator(cell).first.click()
        page.locator("[data-editor] input.input").fill(text)
        page.locator("[data-editor] input.input").press("Enter")
        expect(page.locator("[data-editor] [role=alert]")).to_be_visible()

    return go


def sought(words: str, shown: str) -> Callable[[Page], None]:
    """Type into the palette over a record."""

    def go(page: Page) -> None:
        page.goto("/record")
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        expect(page.locator(f"#palette {shown}").first).to_be_visible()

    return go


def keys(page: Page) -> None:
    """Ask which keys work."""
    page.goto("/board")
    page.keyboard.press("?")


STATES: dict[str, Callable[[Page], None]] = {
    "list": at("/list?toast=1"),
    "list-search": at("/list?search=1"),
    "list-filter": at("/list", "[popovertarget=filter]"),
    "list-filter-form": at("/list", "[popovertarget=filter]", "#filter a"),
    "list-filter-bare": at("/list?add=owner"),
    "list-columns": at("/list", "[popovertarget=columns]"),
    "list-checked": at("/list", "#rows .check"),
    "list-assign": at("/list", "#rows .check", "[popovertarget=assign]"),
    "list-nothing": at("/list/nothing"),
    "list-done": at("/list/done"),
    "list-filtered": at("/list/filtered"),
    "list-private": at("/list/private"),
    "record": at("/record"),
    "record-facts": at("/record?pane=card"),
    "record-edit": at("/record?pane=card", "[data-cell=title]"),
    "record-more": at("/record", "[popovertarget=more]"),
    "record-dialog": at("/record", ".rec-head a[data-dialog]"),
    "board": at("/board"),
    "palette": sought("mo", ".found-group"),
    "palette-none": sought("zzz", ".found-none"),
    "palette-page": at("/palette?q=mo"),
    "home": at("/home"),
    "form": at("/form"),
    "keys": keys,
}
#: A row of two lines shows less of itself: its record is where these are changed.
WIDE: dict[str, Callable[[Page], None]] = {
    "list-edit": at("/list", "[data-cell=rating]"),
    "list-edit-user": at("/list", "[data-cell=owner]"),
    "list-error": typed("/list", "[data-cell=amount]", "x"),
    "list-conflict": typed("/list", "[data-cell=amount]", "€66"),
}


@pytest.mark.parametrize("look", range(len(LOOKS)))
def test_every_state_can_be_read_by_everyone(browser, url, look):
    """See every state fit into every window; axe-core, which takes longest, has every other."""
    gallery.begin()
    width, height, theme, language = LOOKS[look]
    view = {"width": width, "height": height}
    states = STATES if width < 720 else STATES | WIDE
    found = []
    with opened(browser, url, language, viewport=view, color_scheme=theme) as page:
        for number, (name, go) in enumerate(states.items(), start=look):
            go(page)
            found += [f"{name}: {fault}" for fault in (faults(page) if number % 2 else ())]
            if overflow(page) > 0:
                found.append(f"{name}: wider than its window by {overflow(page)} px")

    assert found == []


def settled(page: Page) -> None:
    """Wait until htmx has put in what it asked for."""
    page.wait_for_load_state("networkidle")


# --- A list by keys -----------------------------------------------------------------------------


def row(page: Page, name: str) -> Locator:
    return page.locator("#rows > tr", has_text=name)


def cell(page: Page, name: str, key: str) -> Locator:
    return row(page, name).locator(f"[data-cell={key}]")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_j_and_k_walk_through_the_rows_with_one_tab_stop(page):
    page.goto("/list")

    press(page, "j", "j", "ArrowDown", "k")

    expect(row(page, "نگار").locator(".who")).to_be_focused()
    stops = page.locator("#rows > tr:has(:is(a, input)[tabindex='0'])")
    expect(stops).to_have_count(1)


def test_enter_opens_the_row_and_so_does_a_click_anywhere_on_it(page):
    page.goto("/list")
    press(page, "j", "Enter")
    page.wait_for_url("**/record")

    page.goto("/list")
    row(page, "Jana").locator("td").nth(2).click(force=True)  # What is hit there is the link.

    page.wait_for_url("**/record")


def test_x_checks_and_shift_x_checks_up_to_here(page):
    page.goto("/list")

    press(page, "j", "j", "x", "j", "j", "Shift+X")

    expect(page.locator("#rows .check:checked")).to_have_count(3)
    expect(page.locator(".bulk output")).to_have_text("3 selected")
    expect(page.locator("[data-every]")).to_have_js_property("indeterminate", True)


def test_escape_clears_what_is_checked_and_keeps_the_row(page):
    page.goto("/list")

    press(page, "j", "j", "x", "Escape")

    expect(page.locator(".bulk")).to_be_hidden()
    expect(row(page, "نگار").locator(".who")).to_be_focused()


def test_what_is_checked_is_posted_with_what_is_asked(page):
    page.goto("/list")
    press(page, "j", "x", "j", "x", "a")
    page.get_by_label("To", exact=True).select_option("Sam Okafor")

    page.get_by_role("button", name="Assign", exact=True).click()
    page.wait_for_load_state()

    [asked] = gallery.world.asked
    assert (asked["id"], asked["do"], asked["to"]) == (["0", "1"], ["assign"], ["Sam Okafor"])
    expect(page.locator(".toast")).to_contain_text("assign: 2 contacts.")


def test_a_row_that_is_in_hand_need_not_be_checked_first(page):
    page.goto("/list")

    press(page, "j", "j", "m")
    page.wait_for_load_state()

    expect(page.locator(".toast")).to_contain_text("merge: 1 contacts.")
    assert gallery.world.asked[0]["id"] == ["1"]


def test_a_digit_opens_a_view_and_f_the_filters(page):
    page.goto("/list")
    press(page, "f")
    expect(page.locator("#filter a").first).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#filter")).to_be_hidden()

    press(page, "3")

    page.wait_for_url("**view=cold")


def test_a_filter_asks_for_its_value_where_it_was_chosen(page):
    page.goto("/list")
    press(page, "f", "Enter")

    page.locator("#filter").get_by_label("Owner").select_option("Sam Okafor")
    page.locator("#filter").get_by_role("button", name="Show").click()

    page.wait_for_url("**/list?field=owner&op=is&value=Sam+Okafor")


def test_letters_that_are_off_do_nothing_here_either(page):
    page.goto("/list")
    page.evaluate("localStorage.setItem('inlay.keys', 'off')")
    page.reload()

    press(page, "j", "x", "e")

    expect(page.locator("#rows .check:checked")).to_have_count(0)
    expect(page.locator("[data-editor]")).to_have_count(0)


def test_fifty_more_come_below_and_the_first_of_them_has_the_focus(page):
    page.goto("/list")
    press(page, "j", "x")

    page.locator("[data-more-rows]").click()

    expect(page.locator("#rows > tr")).to_have_count(36)
    expect(page.locator("#rows > tr").nth(18).locator(".who")).to_be_focused()
    expect(page.locator("#more a")).to_have_count(0)
    expect(page.locator("#rows .check:checked")).to_have_count(1)


# --- A value in its place -------------------------------------------------------------------------


def test_e_changes_a_choice_by_its_digit(page):
    page.goto("/list")

    press(page, "j", "e")
    expect(row(page, "Jana").locator("[type=radio]:checked")).to_be_focused()
    press(page, "2")

    expect(cell(page, "Jana", "rating")).to_contain_text("Warm")
    expect(cell(page, "Jana", "rating")).to_be_focused()
    assert gallery.world.ratings[0] == "warm"


def test_arrows_choose_and_enter_saves(page):
    page.goto("/list")
    press(page, "j", "e")
    expect(row(page, "Jana").locator("[type=radio]:checked")).to_be_focused()

    press(page, "ArrowDown", "ArrowDown")
    expect(row(page, "Jana").locator("[data-chosen]")).to_have_text("Junk")
    press(page, "Enter")

    expect(cell(page, "Jana", "rating")).to_contain_text("Junk")


def test_escape_keeps_what_was_and_says_what_that_is(page):
    page.goto("/list")
    cell(page, "Jana", "amount").click()
    expect(page.locator("[data-editor=amount] input.input")).to_be_focused()
    page.keyboard.type("12")
    expect(page.locator(".ed-keys")).to_contain_text("keep €48,000")

    press(page, "Escape")

    expect(cell(page, "Jana", "amount")).to_contain_text("€48,000")
    expect(cell(page, "Jana", "amount")).to_be_focused()
    assert gallery.world.asked == []


def test_tab_saves_and_goes_on_to_the_next_value(page):
    page.goto("/list")
    cell(page, "Jana", "amount").click()
    expect(page.locator("[data-editor=amount] input.input")).to_be_focused()
    page.keyboard.type("50,000")

    press(page, "Tab")

    expect(page.locator("[data-editor=owner] select")).to_be_focused()
    expect(cell(page, "Jana", "amount")).to_contain_text("50,000")


def test_what_was_not_changed_is_not_saved(page):
    page.goto("/list")
    cell(page, "Jana", "amount").click()
    expect(page.locator("[data-editor=amount] input.input")).to_be_focused()

    press(page, "Enter")

    expect(cell(page, "Jana", "amount")).to_be_focused()
    assert gallery.world.asked == []


def test_what_is_refused_stays_as_it_was_typed_with_the_reason_beside_it(page):
    typed("/list", "[data-cell=amount]", "x")(page)

    field = page.locator("[data-editor=amount] input.input")
    expect(field).to_have_value("x")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    said = page.locator(f"#{field.get_attribute('aria-describedby')}")
    expect(said).to_contain_text("Open deals is a number, like 48,000.50.")

    field.fill("7,000")
    press(page, "Enter")

    expect(cell(page, "Jana", "amount")).to_contain_text("7,000")


def test_what_fails_is_told_over_the_list_and_what_was_typed_stays(page):
    page.goto("/list")
    cell(page, "Jana", "amount").click()
    field = page.locator("[data-editor=amount] input.input")
    field.fill("boom")

    field.press("Enter")

    expect(page.locator("#dialog")).to_contain_text("The database did not answer.")
    press(page, "Escape")
    expect(field).to_have_value("boom")


@pytest.mark.parametrize(("way", "left"), [("Keep €52,000", "€52,000"), ("Use €66", "€66")])
def test_somebody_elses_change_is_told_with_both_ways_out(page, way, left):
    typed("/list", "[data-cell=amount]", "€66")(page)
    said = page.locator("[data-editor] [role=alert]")
    expect(said).to_contain_text("Sam changed this to €52,000 2 minutes ago.")

    page.get_by_text(way, exact=True).click()

    expect(cell(page, "Jana", "amount")).to_contain_text(left)
    assert gallery.world.amounts[0] == left


def test_another_value_of_the_row_is_opened_once_the_first_is_saved(page):
    page.goto("/list")
    cell(page, "Jana", "amount").click()
    expect(page.locator("[data-editor=amount] input.input")).to_be_focused()
    page.keyboard.type("51,000")

    cell(page, "Jana", "owner").click()

    expect(page.locator("[data-editor=owner] select")).to_be_focused()
    assert gallery.world.amounts[0] == "51,000"


def test_a_fact_is_changed_beside_the_timeline(page):
    page.goto("/record")
    page.locator("[data-cell=title]").click()
    expect(page.locator("[data-editor=title] input.input")).to_be_focused()
    page.keyboard.type("Head of operations")

    press(page, "Enter")

    expect(page.locator("[data-cell=title]")).to_contain_text("Head of operations")
    expect(page.locator("[data-cell=title]")).to_be_focused()


# --- A record -------------------------------------------------------------------------------------


def test_a_stage_is_chosen_beside_the_timeline(page):
    page.goto("/record")

    page.get_by_label("Stage of").select_option("Demo")

    settled(page)
    assert gallery.world.asked[0]["stage"] == ["Demo"]
    expect(page.get_by_label("Stage of")).to_have_value("Demo")


def test_a_task_is_done_by_its_check_and_open_by_another_press(page):
    page.goto("/record")
    check = page.get_by_role("checkbox", name="Done: ").first
    check.click()
    expect(check).to_have_attribute("aria-checked", "true")

    check.click()

    expect(check).to_have_attribute("aria-checked", "false")


def test_j_leads_to_the_next_record_and_escape_back_to_the_list(page):
    page.goto("/record")
    press(page, "j")
    page.wait_for_url("**at=4")

    press(page, "Escape")

    page.wait_for_url("**/list")


def test_the_facts_are_a_drawer_where_there_is_no_room_for_them(browser, url):
    with opened(browser, url, viewport={"width": 390, "height": 844}) as page:
        page.goto("/record")
        page.locator(".peek").click()
        expect(page.locator(".rec-facts")).to_be_visible()
        expect(page.locator(".rec-head")).to_be_hidden()

        page.locator(".rec-facts .bar a").click()

        expect(page.locator(".rec-head")).to_be_visible()


# --- Forms and dialogs ----------------------------------------------------------------------------


def test_a_form_opens_over_the_page_and_keeps_what_was_refused(page):
    page.goto("/list")
    press(page, "n")
    form = page.locator("#dialog")
    expect(form.get_by_label("Name")).to_be_focused()
    form.get_by_label("Title", exact=True).fill("Director")
    form.get_by_label("Name").evaluate("it => it.required = false")

    form.get_by_role("button", name="Add the contact").click()

    expect(form.locator("#f-name-said")).to_contain_text("Name is needed")
    expect(form.get_by_label("Name")).to_be_focused()
    assert page.url.endswith("/list")


def test_what_a_dialog_has_done_is_told_by_the_page_behind_it_and_undone_by_z(page):
    page.goto("/list")
    press(page, "n")
    page.locator("#dialog").get_by_label("Name").fill("Petra Malá")
    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("Petra Malá is a contact now.")
    page.wait_for_load_state()

    press(page, "z")

    expect(page.locator(".toast")).to_contain_text("It is as it was.")
    assert gallery.world.said == ["undone"]


def test_a_dialog_that_is_closed_gives_the_focus_back(page):
    page.goto("/record")
    press(page, "t")
    expect(page.locator("#dialog")).to_be_visible()

    press(page, "Escape")

    expect(page.locator("#dialog")).to_be_hidden()
    expect(page.locator("[data-key=T]")).to_be_focused()


def test_rows_of_a_field_come_and_go(page):
    page.goto("/form")
    page.get_by_role("button", name="Add another address").click()
    expect(page.get_by_label("Addresses 3")).to_be_focused()

    page.get_by_role("button", name="Remove 2").click()

    expect(page.locator(".entry")).to_have_count(2)


# --- The board ------------------------------------------------------------------------------------


def deal(page: Page, name: str) -> Locator:
    return page.locator(".deal", has_text=name)


def stage(page: Page, name: str) -> Locator:
    return page.locator(f".col[data-stage='{name}']")


def test_arrows_choose_a_deal(page):
    page.goto("/board")

    press(page, "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp")

    expect(deal(page, "چاپگرهای")).to_be_focused()
    expect(page.locator("[data-chosen-deal]")).to_have_text("چاپگرهای لیبل")


def test_arrows_follow_the_eye_from_the_right_and_letters_the_stages(browser, url):
    gallery.begin()
    with opened(browser, url, "fa") as page:
        page.goto("/board")
        press(page, "ArrowDown", "ArrowLeft")
        expect(deal(page, "چاپگرهای")).to_be_focused()

        press(page, "l")

        expect(stage(page, "Demo").locator(".deal", has_text="چاپگرهای")).to_be_focused()


def test_h_and_l_carry_a_deal_and_both_stages_count_anew(page):
    page.goto("/board")
    deal(page, "Brno rollout").focus()

    press(page, "h")

    expect(stage(page, "Demo").locator(".deal", has_text="Brno rollout")).to_be_focused()
    expect(stage(page, "Demo").locator("h2")).to_have_text("Demo3")
    expect(stage(page, "Proposal").locator("h2")).to_have_text("Proposal1")
    expect(page.locator("#toasts")).to_contain_text("Brno rollout moved to Demo.")
    assert [asked["stage"] for asked in gallery.world.asked] == [["Demo"]]


def test_a_deal_is_carried_by_hand(page):
    page.goto("/board")
    start, end = deal(page, "Brno rollout").bounding_box(), stage(page, "Qualified").bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + 20)
    page.mouse.down()

    page.mouse.move(end["x"] + 60, end["y"] + 200, steps=8)
    expect(stage(page, "Qualified")).to_have_class("col drop")
    page.mouse.up()

    expect(stage(page, "Qualified").locator(".deal", has_text="Brno rollout")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Brno rollout moved to Qualified.")
    assert page.url.endswith("/board")
    assert len(gallery.world.asked) == 1


def test_a_click_on_a_deal_opens_it_and_escape_lets_it_go(page):
    page.goto("/board")
    box = deal(page, "Brno rollout").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] - 300, box["y"] + 60, steps=4)
    press(page, "Escape")
    page.mouse.up()
    assert gallery.world.asked == []
    expect(stage(page, "Proposal").locator(".deal", has_text="Brno rollout")).to_be_visible()

    deal(page, "Care labels").click()

    page.wait_for_url("**/record")


def test_a_stage_that_asks_for_something_asks_and_then_moves(page):
    page.goto("/board")
    deal(page, "Brno rollout").focus()
    press(page, "l")
    form = page.locator("#dialog")
    expect(form).to_contain_text("This stage asks when the deal closes.")
    expect(stage(page, "Proposal").locator(".deal", has_text="Brno rollout")).to_have_count(1)

    form.get_by_label("Closes on").fill("2026-12-12")
    form.get_by_role("button", name="Move", exact=True).click()

    expect(form).to_be_hidden()
    expect(stage(page, "Negotiation").locator(".deal", has_text="Brno rollout")).to_be_focused()


def test_a_deal_that_cannot_be_moved_is_where_it_was(page):
    gallery.world.stages[1] = "Qualified"
    page.goto("/board")
    deal(page, "Three warehouses").focus()

    press(page, "l")

    expect(page.locator("#dialog")).to_contain_text("It is gone.")
    press(page, "Escape")
    expect(stage(page, "Qualified").locator(".deal", has_text="Three warehouses")).to_be_focused()


def test_w_asks_whether_it_was_won(page):
    page.goto("/board")
    deal(page, "Brno rollout").focus()

    press(page, "w")

    expect(page.locator("#dialog")).to_contain_text("Move Brno rollout")


# --- The palette ----------------------------------------------------------------------------------


def test_the_palette_is_walked_by_arrows_and_left_as_it_was_found(page):
    page.goto("/record")
    page.locator("[data-key=T]").focus()
    press(page, "Control+k")
    page.keyboard.type("mo")
    expect(page.locator("#palette mark").first).to_have_text("Mo")
    press(page, "ArrowDown", "ArrowDown")
    chosen = page.locator("#palette [aria-selected=true]")
    expect(chosen).to_contain_text("Maya Fischer")
    assert page.locator("#palette [role=combobox]").get_attribute(
        "aria-activedescendant"
    ) == chosen.get_attribute("id")

    press(page, "Escape")

    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("[data-key=T]")).to_be_focused()
    assert gallery.world.said[-1] == "mo at /record"


def test_enter_does_what_is_chosen(page):
    page.goto("/board")
    press(page, "Control+k")
    expect(page.locator("#palette [aria-selected=true]")).to_be_visible()

    press(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("It is as it was.")
    page.wait_for_load_state()

    press(page, "Control+k")
    expect(page.locator("#palette [aria-selected=true]")).to_be_visible()
    press(page, "ArrowUp", "Enter")
    page.wait_for_url("**/board")


def test_an_answer_to_what_is_no_longer_asked_is_dropped(page):
    page.goto("/list")
    press(page, "Control+k")
    page.keyboard.type("slow")
    page.wait_for_timeout(300)  # It is asked by now, and answered in as long again.

    page.locator("#palette [name=q]").fill("zzz")

    expect(page.locator("#palette .found-none")).to_be_visible()
    page.wait_for_timeout(700)
    expect(page.locator("#palette .found-none")).to_be_visible()


def test_letters_in_quick_succession_are_asked_once(page):
    page.goto("/list")
    press(page, "Control+k")
    expect(page.locator("#palette .found-group").first).to_be_visible()
    before = len(gallery.world.said)

    page.keyboard.type("moravska", delay=10)
    expect(page.locator("#palette mark").first).to_have_text("Moravská")

    assert gallery.world.said[before:] == ["moravska at /list"]


def test_a_palette_line_opens_beside_the_page(page):
    page.goto("/list")
    press(page, "Control+k")
    page.keyboard.type("morav")
    expect(page.locator("#palette mark").first).to_be_visible()
    press(page, "ArrowDown", "ArrowDown", "ArrowDown")

    with page.context.expect_page() as opened:
        press(page, "Control+Enter")

    assert opened.value.url.endswith("/record")
    assert page.url.endswith("/list")


# --- Without script -------------------------------------------------------------------------------


def test_without_script_a_value_is_changed_on_a_page(bare):
    bare.goto("/list")
    bare.locator("[data-cell=rating]").first.click()
    bare.get_by_label("Rating", exact=True).select_option("junk")

    bare.get_by_role("button", name="Save").click()

    bare.wait_for_url("**/list")
    assert gallery.world.ratings[0] == "junk"


def test_without_script_many_are_checked_and_something_is_done_to_them(bare):
    bare.goto("/list")
    bare.locator("#rows .check").nth(2).check()
    bare.locator("#rows .check").nth(4).check()
    expect(bare.locator(".bulk")).to_be_visible()

    bare.locator("[popovertarget=tag]").click()
    bare.get_by_label("Tag", exact=True).fill("Expo")
    bare.get_by_role("button", name="Add the tag").click()

    expect(bare.locator(".toast")).to_contain_text("tag: 2 contacts.")
    assert gallery.world.asked[0]["tag"] == ["Expo"]


def test_without_script_one_more_row_is_another_page(bare):
    bare.goto("/form")
    bare.get_by_label("Name").fill("Petra Malá")

    bare.get_by_role("button", name="Add another address").click()

    expect(bare.locator(".entry")).to_have_count(2)
    expect(bare.get_by_label("Name")).to_have_value("Petra Malá")
    expect(bare.locator(".err")).to_have_count(0)


def test_without_script_a_deal_is_moved_by_a_form(bare):
    bare.goto("/board")
    bare.locator(".deal-line", has_text="Brno rollout").locator(".deal-move").click()
    bare.get_by_label("Stage", exact=True).select_option("Demo")

    bare.get_by_role("button", name="Move", exact=True).click()

    bare.wait_for_url("**/board")
    expect(stage(bare, "Demo").locator(".deal")).to_have_count(3)


def test_without_script_filters_and_the_palette_are_pages(bare):
    bare.goto("/list")
    bare.locator("[popovertarget=filter]").click()
    bare.locator("#filter a").first.click()
    bare.locator("#filter-form").get_by_label("Owner").select_option("Sam Okafor")
    bare.locator("#filter-form").get_by_role("button", name="Show").click()
    bare.wait_for_url("**field=owner&op=is&value=Sam+Okafor")

    bare.get_by_role("link", name="Search or jump to").click()
    bare.locator("main [name=q]").fill("morav")
    bare.locator("main [name=q]").press("Enter")

    bare.locator("main .opt", has_text="Moravská").click()
    bare.wait_for_url("**/record")
