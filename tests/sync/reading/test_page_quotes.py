"""What a page marks as a quote, by the program that wrote it."""

import pytest

from sync.reading import page_quotes, text_of_html
from sync.reading.quote_marks import ANNOUNCING, QUOTED, SIGNED, unmarked

HEAD = "<b>From:</b> Bo<br><b>Sent:</b> Monday<br><b>To:</b> Ann"
QUOTES = {
    "Gmail": '<div class="gmail_quote"><blockquote class="gmail_quote">old</blockquote></div>',
    "Gmail, without a blockquote": '<div class="gmail_quote">old</div>',
    "Apple Mail": '<blockquote type="cite">old</blockquote>',
    "Outlook Express": "<BLOCKQUOTE style='BORDER-LEFT: #000000 2px solid'>old</BLOCKQUOTE>",
    "Yahoo": '<div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>old</div></div>',
    "Proton": '<div class="protonmail_quote">old</div>',
    "Tuta": '<div class="tutanota_quote">old</div>',
    "Zoho": '<div class="zmail_extra">old</div>',
    "Outlook for Mac": '<span id="OLK_SRC_BODY_SECTION"><div>old</div></span>',
    "Thunderbird": '<div class="moz-forward-container">old</div>',
    "Spark": '<div name="messageReplySection">old</div>',
    "GMX": '<div name="quote"><div name="quoted-content">old</div></div>',
    "Mail.ru": '<div class="mail-quote-collapse">old</div>',
    "Missive": '<div class="missive_quote">old</div>',
    "HubSpot": '<div class="hs_reply">old</div>',
    "Front": '<blockquote type="cite" class="front-blockquote">old</blockquote>',
    "Outlook on the web": '<div id="divRplyFwdMsg"></div><div>old</div>',
    "Outlook on phones": '<div id="appendonsend"></div><div>old</div>',
    "Outlook for Android": '<div id="mail-editor-reference-message-container">old</div>',
    "Outlook 2003": '<div class="OutlookMessageHeader"></div><div>old</div>',
    "Hotmail": '<hr id="stopSpelling"><p>old</p>',
    "Lotus Notes": "<table width=100%><tr valign=top><td width=40%><b>old</b><td width=59%>"
    "<table width=100%><tr><td><td></table></table>",
    "Zimbra": '<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="x">old</div>',
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)
def test_the_quote_of_a_program_is_marked(quote):
    page = text_of_html.read(f"<p>new</p>{quote}")
    lines = [line for line in page.marked.split("\n") if unmarked(line)]

    assert page.text.split() == ["new", "old"]
    assert lines == ["new", f"{QUOTED}old"]


@pytest.mark.parametrize(
    "style",
    [
        "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm",
        "border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in",
        "padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px",
    ],
)
def test_below_the_head_that_outlook_draws_all_is_marked(style):
    page = text_of_html.read(f'<p>new</p><div style="{style}"><p>{HEAD}</p></div><p>old</p>')

    assert page.marked.split("\n")[0] == "new"
    assert page.marked.endswith(f"{QUOTED}old")


def test_a_line_above_a_price_is_no_head():
    style = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    page = text_of_html.read(f'<p>Seats</p><div style="{style}">Sum: 20 EUR</div>')

    assert page.marked == page.text


@pytest.mark.parametrize(
    "element",
    [
        '<div class="gmail_attr">On 1 May Bo wrote:<br></div>',
        '<div class="moz-cite-prefix">On 1 May Bo wrote:<br></div>',
        '<p id="reply-intro">On 1 May Bo wrote:</p>',
    ],
)
def test_what_announces_a_quote_is_marked(element):
    page = text_of_html.read(f"{element}<blockquote>old</blockquote>")

    assert page.marked.split("\n")[0] == f"{ANNOUNCING}On 1 May Bo wrote:"


@pytest.mark.parametrize(
    "element",
    [
        '<div class="gmail_signature" data-smartmail="gmail_signature"><b>Ann</b></div>',
        '<div class="moz-signature">Ann</div>',
        '<div id="Signature">Ann</div>',
        '<div id="ms-outlook-mobile-signature">Ann</div>',
        '<div class="protonmail_signature_block">Ann</div>',
        '<div name="messageSignatureSection">Ann</div>',
    ],
)
def test_a_signature_is_marked(element):
    page = text_of_html.read(f"<div>new</div>{element}")

    assert (page.text, page.marked) == ("new\nAnn", f"new\n{SIGNED}Ann")


@pytest.mark.parametrize(
    "indent",
    [
        '<blockquote style="margin:0 0 0 40px;border:none;padding:0px">',
        '<blockquote style="margin: 0px 0px 0px 40px; border: none; padding: 0px;">',
        '<blockquote class="twitter-tweet">',
        "<table><tr><td><blockquote>",
    ],
)
def test_a_blockquote_that_only_indents_is_no_quote(indent):
    page = text_of_html.read(f"<p>new</p>{indent}one</blockquote>")

    assert page.marked == page.text


def test_a_field_of_a_form_is_no_quote():
    page = text_of_html.read('<p>Offer</p><p name="quote">40 chairs</p>')

    assert page.marked == page.text


def test_a_page_without_a_sign_is_left_alone():
    assert [sign.word for sign in page_quotes.QUOTES if sign.word in "<p>new</p>"] == []
    assert text_of_html.read("<p>new</p>").marked == "new"
