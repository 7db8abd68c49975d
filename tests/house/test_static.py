"""What the pages are made of keeps its rules: one list of colours, no sides, no inline code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from addon.panel import SIGNS

SERVER = Path(__file__).parents[2] / "server"
STATIC, TEMPLATES = SERVER / "static", SERVER / "templates"
VENDOR = STATIC / "vendor"
PANEL = SERVER.parent / "addon" / "panel"

SHEETS = sorted(STATIC.glob("*.css"))
PAGES = [*sorted(TEMPLATES.rglob("*.html")), *sorted(PANEL.glob("*.html"))]
SPRITE = TEMPLATES / "_icons.svg"
OURS = [*SHEETS, *sorted(STATIC.glob("*.js")), *sorted(STATIC.glob("*.svg")), *PAGES, SPRITE]

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(", re.IGNORECASE)
SIDE = re.compile(r"(?<![\w-])(?:[a-z]+-)*(?:left|right)(?:-[a-z]+)*(?![\w-])")
#: Sides that are meant, by sheet. The mark of `attr` and names of icons never come into a sheet.
SIDES_ALLOWED: dict[str, set[str]] = {}
#: Colours that are meant: the icon of a browser's tab cannot read tokens.
COLOURS_ALLOWED = {"tokens.css", "favicon.svg"}
#: Hosts that are named and not asked.
NAMES_OF_FORMATS = {"www.w3.org"}


def test_there_is_something_to_look_at():
    assert len(SHEETS) > 5
    assert len(PAGES) > 10
    assert SPRITE.exists()


@pytest.mark.parametrize("file", [*SHEETS, STATIC / "favicon.svg"], ids=lambda file: file.name)
def test_colours_have_their_values_in_tokens_only(file):
    if file.name not in COLOURS_ALLOWED:
        assert COLOUR.findall(_rules(file)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_no_colour(page):
    inside = re.sub(r"&#\w+;|#[\w-]+(?=[\"'}])", "", page.read_text())  # Entities, places, ids.
    assert COLOUR.findall(inside) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_know_no_left_and_right(sheet):
    sides = set(SIDE.findall(_rules(sheet)))
    assert sides <= SIDES_ALLOWED.get(sheet.name, set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_hold_no_code_and_no_style(page):
    text = page.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"javascript:|hx-on|hx-vals\s*=\s*[\"']js:", text)
    assert all("src=" in tag for tag in re.findall(r"<script\b[^>]*>", text))
    if page.name != "mail.html":  # Its few rules stand in the policy by their hash.
        assert "<style" not in text


def test_what_is_vendored_has_its_licence_beside_it():
    folders = {file.parent for file in VENDOR.rglob("*") if file.is_file()} - {VENDOR}
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE.txt").is_file()] == []
    named = (VENDOR / "versions.txt").read_text().splitlines()
    assert len(named) == len(folders)


def test_every_icon_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', SPRITE.read_text()))
    used = set(SIGNS)
    for page in PAGES:
        text = page.read_text()
        used |= set(re.findall(r'#i-([a-z0-9-]+)"', text))
        for call in re.findall(r"\b(?:icon|sign)\(([^()]*)\)", text):
            used |= set(re.findall(r'"([a-z0-9-]{2,})"', call)) - {"s", "svg", "failed", "private"}
    parts = (TEMPLATES / "parts.html").read_text()
    pointing = re.search(r"set pointing = \[(.*?)\]", parts)
    signs = re.search(r"set signs = \{(.*?)\}", parts)
    assert pointing is not None
    assert signs is not None
    used |= set(re.findall(r'"([a-z0-9-]+)"', pointing[1]))
    used |= set(re.findall(r': "([a-z0-9-]+)"', signs[1]))
    assert used - drawn == set()


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_no_page_asks_another_host(file):
    hosts = set(re.findall(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)+)", file.read_text()))
    assert hosts <= NAMES_OF_FORMATS


def test_htmx_asks_no_other_host():
    assert "://" not in (VENDOR / "htmx" / "htmx.min.js").read_text()


def test_what_sheets_and_pages_load_is_there():
    for sheet in SHEETS:
        for url in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (STATIC / url).is_file(), url
    for page in PAGES:
        for name in re.findall(r"filename='([\w./-]+)'\)", page.read_text()):
            assert (STATIC / name).is_file(), name
    sheets = re.search(r"for sheet in \[(.*?)\]", (TEMPLATES / "base.html").read_text())
    assert sheets is not None
    linked = set(re.findall(r'"(\w+)"', sheets[1]))
    assert linked == {sheet.stem for sheet in SHEETS} - {"mail"}  # mail.css stands in its frame.


def _rules(file: Path) -> str:
    """Return what a sheet says, without its comments and without what its strings say."""
    return re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", file.read_text(), flags=re.DOTALL)
