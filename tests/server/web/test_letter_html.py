"""A letter's HTML is harmless before anybody sees it, and stays so when it is read again."""

from __future__ import annotations

import re
import time
from pathlib import Path

import nh3
import pytest
from markupsafe import Markup

from server.web import letter_html, quotes
from tests.server.pages.vectors import VECTORS

#: A tag that may stay, with attributes that may stay; anything else in < > is a fault.
ALLOWED = re.compile(r"</?(?P<tag>[a-z0-9]+)(?P<rest>(?:\s+[a-z]+=\"[^\"<>]*\")*)\s*/?>")
DANGER = re.compile(
    r"(?i)\bon\w+\s*=|javascript:|vbscript:|data:|blob:|<(?:script|style|svg|math|iframe|object|"
    r"embed|form|input|button|link|meta|base|video|audio|source|template|noscript|textarea)\b|"
    r"\b(?:srcset|background|poster|ping|formaction|style|id|name|class|cite)="
)


def none(_content_id):
    return ""


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_or_loads_survives(vector):
    shown = letter_html.harmless(f"<p>before</p>{vector}<p>after</p>", none)

    tags = "".join(re.findall(r"<[^>]*>", shown.html))
    assert isinstance(shown.html, Markup)
    assert not DANGER.search(tags), shown.html
    for tag in re.findall(r"<[^>]*>", shown.html):
        assert ALLOWED.fullmatch(tag), tag
    assert "src=" not in tags


@pytest.mark.parametrize("vector", VECTORS)
def test_what_was_made_harmless_stays_as_it_is_when_read_again(vector):
    once = letter_html.harmless(vector, none).html

    assert letter_html.harmless(once, none).html == once


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://halden.test/a?b=1&amp;c=2#d", True),
        ("http://halden.test", True),
        ("mailto:jana@severka.test", True),
        ("ftp://halden.test", False),
        ("file:///etc/passwd", False),
        ("tel:+420", False),
        ("/sign-out", False),
        ("//evil.test", False),
    ],
)
def test_a_link_leads_to_the_web_or_to_a_letter(href, kept):
    shown = letter_html.harmless(f'<a href="{href}">a</a>', none)

    assert (f'href="{href}"' in shown.html) is kept
    assert 'rel="noopener noreferrer nofollow"' in shown.html
    assert 'target="_blank"' in shown.html


def test_a_remote_image_is_left_out_and_counted():
    html = '<img src="https://a.test/1.png"><img src="http://a.test/2.png"><img src="cid:none">'

    shown = letter_html.harmless(html, none)

    assert "src" not in shown.html
    assert shown.blocked == 2


def test_an_inline_image_of_ours_is_shown():
    shown = letter_html.harmless('<img src="CID: logo@x " alt="Logo">', lambda cid: f"/i/{cid}")

    assert shown.html == '<img src="/i/logo@x" alt="Logo">'
    assert shown.blocked == 0


def test_what_a_letter_means_to_say_is_kept():
    html = (
        '<table border="1"><tr><td bgcolor="#eee" colspan="2">a</td></tr></table>'
        '<p dir="rtl" lang="fa">سلام</p><ol start="3"><li>b</li></ol><font color="red">c</font>'
    )

    shown = letter_html.harmless(html, none)

    assert nh3.clean_text("") == ""
    for part in ("<table", 'colspan="2"', 'dir="rtl"', "سلام", 'start="3"', 'color="red"'):
        assert part in shown.html


@pytest.mark.parametrize(
    "html",
    ["x" * 1_000_001, "<div>" * 50_000, "<table><tr><td>" * 2_000, "< div>" * 3_001],
)
def test_too_much_is_not_even_begun(html):
    began = time.thread_time()

    assert letter_html.harmless(html, none) is None
    assert time.thread_time() - began < 1


@pytest.mark.parametrize(
    "html",
    [
        "<p" + " a" * 400_000,
        "<b>" * 200_000,
        "<a href='" * 80_000,
        "<!--" * 200_000,
        "&" * 900_000,
        "<p title='" + "&quot;" * 150_000 + "'>",
        "<i><b>" * 50_000 + "</i></b>" * 10_000,
        "<svg><p><style>" * 30_000,
    ],
    ids=range(8),
)
def test_a_bomb_takes_no_longer_than_a_letter_may(html):
    """The promise is 5 s at 2 MB; here it is half of that, on whatever runs the tests."""
    began = time.process_time()

    letter_html.harmless(html[: letter_html.LARGEST], none)

    assert time.process_time() - began < 5


def test_a_frame_is_as_tall_as_its_letter_about():
    def height(html):
        return letter_html.extent(html).height

    assert height("") == 140
    assert height("<p>a</p>" * 20) > height("<p>a</p>" * 5)
    assert height("<br>" * 10_000) == 1200
    assert letter_html.extent("<p>Hello<br>Jana</p>") == letter_html.Extent(2, 9)


@pytest.mark.parametrize(
    "html",
    [
        "<center>x" * 100_000,
        "<p " + " ".join(f"a{n}" for n in range(100_000)) + ">",
        ("<p " + " ".join(f"a{n}" for n in range(990)) + ">") * 190,
        "<center><table></center></table>" * 2_990,
        "<b><p>" * 999 + "x<br>" * 9_900,
        "<p>x" * 240_000,
        "<i>" * 990 + "<p>x</p>" * 5_000,
        "<table><tr><td>x" * 990,
        "<a href=http://x>x" * 50_000,
        "<" * 990_000,
        "<p a='" * 150_000,
        "hi<br>-----Original Message-----<br>" + "<b>x</b><br>" * 3_900,
        "From: a<br>" * 11_000,
    ],
    ids=range(13),
)
def test_what_somebody_crafted_costs_half_a_second_at_most(html):
    began = time.process_time()

    shown = letter_html.harmless(html, none)
    if shown is not None:
        letter_html.extent(quotes.fold(shown.html).open)

    assert time.process_time() - began < 0.5


def test_the_words_of_a_frame_begin_as_low_as_those_of_a_plain_letter():
    static = Path(letter_html.__file__).parents[1] / "static"
    within = re.search(r"body \{ margin: 0; padding: (\d+)px", (static / "mail.css").read_text())
    around = re.search(
        r"\.paper:first-child \{ margin-block-start: -(\d+)px", (static / "inbox.css").read_text()
    )

    assert within
    assert around
    assert within[1] == around[1]
