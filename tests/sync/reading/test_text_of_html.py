"""What an eye would read of a page."""

import pytest

from sync.reading import text_of_html
from sync.reading.quote_marks import QUOTED


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("Hello <b>dear</b>\n  <i>Ann</i>", "Hello dear Ann"),
        (
            "<table><tr><td>Shoes</td><td>20</td></tr><tr><td>Hats</td></tr></table>",
            "Shoes 20\nHats",
        ),
        ("<ul><li>one<li>two</ul>after", "one\ntwo\nafter"),
        ("<title>no</title><style>p{}</style><script>no()</script>yes", "yes"),
        ('<div style="display:none">no</div><p hidden>no</p>yes', "yes"),
        ("a &amp; b &lt;c&gt; &eacute;", "a & b <c> é"),
        ("<pre>one\n  two</pre>three", "one\ntwo\nthree"),
        ("<PRE>one\ntwo</PRE>", "one\ntwo"),
        ("<!-- no --><p>yes", "yes"),
        ("plain < text", "plain < text"),
        ("", ""),
    ],
)
def test_a_page_becomes_lines(html, text):
    assert text_of_html.read(html).text == text


def test_an_answer_between_quotes_is_not_marked():
    page = text_of_html.read(
        '<div class="gmail_quote"><blockquote class="gmail_quote">one?</blockquote>'
        '<div>yes</div><blockquote class="gmail_quote">two?</blockquote><div>no</div></div>'
    )

    assert page.text == "one?\nyes\ntwo?\nno"
    assert page.marked == f"{QUOTED}one?\nyes\n{QUOTED}two?\nno"


def test_a_page_that_is_only_quote_is_marked_whole():
    page = text_of_html.read('<blockquote type="cite">old</blockquote>')

    assert (page.text, page.marked) == ("old", f"{QUOTED}old")


def test_a_page_of_too_many_tags_is_read_all_the_same():
    page = text_of_html.read("<style>no</style>" + "<div>x</div>" * (text_of_html.MOST_TAGS + 1))

    assert page.text.startswith("x\nx\n")
    assert "no" not in page.text


def test_a_long_tag_loses_its_attributes_and_nothing_else():
    image = f'<img alt="x" src="data:image/png;base64,{"A" * 50_000}">'

    assert text_of_html.read(f"<p>before {image} after</p>").text == "before after"
    assert text_of_html.read(f"<!-- {'<a ' * 1000}--><p>after</p>").text == "after"
