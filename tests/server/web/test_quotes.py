"""Quotes in a letter's HTML are folded where they are long, and nothing is lost or broken."""

from __future__ import annotations

import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from server.web import letter_html, quotes

LONG = "<div>One.</div><div>Two.</div><div>Three.</div><div>Four.</div>"
HEAD = "<b>From:</b> Jana<br><b>Sent:</b> Monday<br><b>To:</b> Ana<br><b>Subject:</b> Labels"
OURS = re.compile(r'<details><summary dir="ltr">[^<]*</summary>|</details>')


WROTE = "On Mon, 5 May 2025 at 10:00, Ana &lt;ana@halden.test&gt; wrote:"


def fold(html):
    shown = letter_html.harmless(html, lambda _content_id: "")
    assert shown is not None
    return shown.html, quotes.fold(shown.html)


def words(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", OURS.sub(" ", html))).split()


def in_sight(html):
    """Return the words that stand outside of every fold."""
    rest = re.sub(r"(?s)<details>.*?</details>", " ", html)
    return " ".join(words(rest))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f"<p>Yes.</p><blockquote>{LONG}</blockquote>", "Yes."),
        (
            f'<div dir="ltr">Yes.</div><br><div class="gmail_quote"><div>On Monday Ana wrote:<br>'
            f"</div><blockquote>{LONG}<blockquote>{LONG}</blockquote></blockquote></div>",
            "Yes.",
        ),
        (f"<div><p>Yes.</p><div><p>{HEAD}</p></div>{LONG}</div>", "Yes."),
        (f"<p>Yes.</p><p>-----Original Message-----</p>{LONG}", "Yes."),
        (f"<p>Да.</p><p>-----Исходное сообщение-----<br>От: Яна</p>{LONG}", "Да."),
        (
            f"<table><tr><td><p>Yes.</p><p>{HEAD}</p>{LONG}</td><td>Beside</td></tr></table>",
            "Yes. Beside",
        ),
    ],
    ids=["a quote", "Gmail", "Outlook", "a rule of dashes", "Russian", "inside a table"],
)
def test_what_is_quoted_is_folded_and_what_is_new_is_not(html, shown):
    before, after = fold(html)

    assert isinstance(after.html, Markup)
    assert str(after.html).count("<details>") == 1
    assert in_sight(str(after.html)) == shown
    assert " ".join(words(after.open)) == shown
    assert words(str(after.html)) == words(str(before))
    assert is_nested(str(after.html))


def test_an_answer_between_quotes_stays_in_sight():
    html = f"<blockquote>{LONG}</blockquote><p>No.</p><blockquote>{LONG}</blockquote><p>Yes.</p>"

    _before, after = fold(html)

    assert in_sight(str(after.html)) == "No. Yes."
    assert str(after.html).count('<summary dir="ltr">4 quoted lines</summary>') == 2


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hello</p>",
        "",
        "words alone",
        "<p>See:</p><blockquote>One line.</blockquote><p>That one.</p>",
        f"<blockquote>{LONG}</blockquote>",
        f"<p>{HEAD}</p>{LONG}",
        f"<p>Look.</p><p>---------- Forwarded message ---------</p><p>{HEAD}</p>{LONG}",
        f"<p>Look.</p><blockquote><p>Begin forwarded message:</p><p>{HEAD}</p>{LONG}</blockquote>",
        "<p>From: Prague to Brno</p><p>From here on: nothing.</p>",
    ],
    ids=range(9),
)
def test_what_is_short_or_new_or_passed_on_is_not_folded(html):
    before, after = fold(html)

    assert str(after.html) == str(before) == after.open


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<pre>", "</pre>", "<font>", "<br>", "Hello"),
        *("<blockquote>", "</blockquote>", "<ul><li>", "</li></ul>", LONG, f"<p>{HEAD}</p>"),
        *("<table><tr><td>", "</td></tr></table>", '<a href="https://a.test/?x=%3E">', "</a>"),
        "<p>-----Original Message-----</p>",
        *(f"<p>{WROTE}</p>", f"{WROTE}<br>", f"<ul><li>{WROTE}", f"<b>{WROTE}</b>"),
    ]
)


@given(st.lists(PIECES, max_size=25))
def test_folding_loses_no_word_and_breaks_no_element(pieces):
    before, after = fold("".join(pieces))

    assert words(str(after.html)) == words(str(before))
    assert str(after.html).count("<details>") == str(after.html).count("</details>")
    assert is_nested(str(after.html))


def is_nested(html):
    """Tell whether every element ends in the one that it began in."""
    stack = []
    for end, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
        if name in ("br", "hr", "img", "col", "wbr"):
            continue
        if not end:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return stack == []


def again(html):
    """Clean a folded letter once more, folds allowed."""
    return nh3.clean(
        str(html),
        tags={*letter_html._TAGS, "details", "summary"},
        attributes={tag: set(names) for tag, names in letter_html._ATTRIBUTES.items()},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


PIECES = (
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<table>", "</table>", "<tr>", "<td>",
    "</td>", "<blockquote>", "</blockquote>", "<ul>", "<li>", "</ul>", "<a href='https://a.test'>",
    "</a>", "<details>", "<summary>", "<h1>", "<pre>", "\n", "One.", f"<p>{HEAD}</p>", LONG,
    "<p>-----Original Message-----</p>", "<center>", "<font color=red>", "</font>", "<i>",
    f"<p>{WROTE}</p>", f"{WROTE}<br>", f"<ul><li>{WROTE}",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_a_fold_leaves_nothing_that_a_cleaner_would_change(pieces):
    _before, after = fold("".join(pieces))

    assert again(after.html) == str(after.html)
