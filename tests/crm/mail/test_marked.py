"""A text as HTML says the same, and nothing of it becomes HTML."""

from __future__ import annotations

import re

import pytest

from crm.mail.marked import as_html


def said(html: str) -> str:
    """Return what somebody reads."""
    return re.sub(r"<[^>]*>", "", html.replace("<br>\n", "\n"))


def test_lines_stay_lines():
    assert (
        as_html("Good morning.\n\nAna\n") == '<div dir="auto">Good morning.<br>\n<br>\nAna</div>\n'
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "&lt;b&gt; & <!-- -->",
        'https://x.test/"onmouseover=alert(1)',
        "https://x.test/<script>",
        "javascript:alert(1) data:text/html,x",
        "> </blockquote><script>",
    ],
)
def test_nothing_of_a_text_becomes_html(hostile):
    tags = set(re.findall(r"<\s*/?\s*([a-z!]+)", as_html(hostile)))

    assert tags <= {"div", "a", "blockquote", "br"}
    assert not re.search(r'href="(?!https?://[^"]*")', as_html(hostile))
    assert not re.search(r"<[^>]*\son", as_html(hostile))


def test_quotes_stand_in_each_other_and_are_closed():
    html = as_html("Yes.\n\nOn Monday Jana wrote:\n> How much?\n>> What?\n> \n> Jana\nBye")

    assert html.count("<blockquote") == html.count("</blockquote>") == 2
    assert ">How much?</div>" in html
    assert ">What?</div>\n</blockquote>" in html
    assert html.endswith('</blockquote><div dir="auto">Bye</div>\n')


def test_what_is_quoted_a_thousand_times_is_no_deeper_than_some():
    assert as_html(">" * 1_000 + "deep").count("<blockquote") == 8


def test_a_page_can_be_opened_and_the_sentence_goes_on():
    html = as_html("See https://halden.test/a?b=1&c=2, or (http://x.test/y).")

    assert (
        '<a href="https://halden.test/a?b=1&amp;c=2">https://halden.test/a?b=1&amp;c=2</a>,' in html
    )
    assert '<a href="http://x.test/y">http://x.test/y</a>).' in html


def test_no_blank_is_lost():
    assert said(as_html(" a  b\tc")) == "&nbsp;a&nbsp; b&nbsp; &nbsp; c\n"
