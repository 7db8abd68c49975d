"""What of a page is a quote or a signature, by the marks of mail programs in their HTML: data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.reading.quote_marks import ANNOUNCE, CLOSE, OPEN, REST, SIGN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode


class Sign(NamedTuple):
    """An element by which a program marks something; looked for where the word is in the page."""

    word: str
    selector: str


#: What holds a quote.
QUOTES = (
    Sign("yahoo_quoted", '[class*="yahoo_quoted"]'),  # Yahoo
    Sign("protonmail_quote", ".protonmail_quote"),  # Proton
    Sign("tutanota_quote", ".tutanota_quote"),  # Tuta
    Sign("zmail_extra", ".zmail_extra"),  # Zoho
    Sign("OLK_SRC", "#OLK_SRC_BODY_SECTION"),  # Outlook for Mac
    Sign("moz-forward", "div.moz-forward-container"),  # Thunderbird
    Sign("messageReplySection", '[name="messageReplySection"]'),  # Spark
    Sign('name="quote"', 'div[name="quote"]'),  # GMX and web.de
    Sign("mail-quote-collapse", ".mail-quote-collapse"),  # Mail.ru
    Sign("missive_quote", ".missive_quote"),  # Missive
    Sign("hs_reply", ".hs_reply"),  # HubSpot
    Sign("freshdesk_quote", ".freshdesk_quote"),  # Freshdesk
    Sign("cm_replymail", '[class^="cm_replymail_content"]'),  # Newton
    Sign("gmail_quote", "div.gmail_quote"),  # Gmail; see _holds_answers
)

#: What says who wrote the quote that follows.
ANNOUNCEMENTS = (
    Sign("gmail_attr", ".gmail_attr"),  # Gmail
    Sign("gmail_quote_attribution", ".gmail_quote_attribution"),  # Mailspring
    Sign("moz-cite-prefix", ".moz-cite-prefix"),  # Thunderbird
    Sign("reply-intro", "#reply-intro"),  # Roundcube
    Sign("airmail_on", ".airmail_on"),  # Airmail
)

#: What holds the signature.
SIGNATURES = (
    Sign("gmail_signature", ".gmail_signature"),  # Gmail
    Sign("moz-signature", ".moz-signature"),  # Thunderbird
    Sign('id="Signature"', "#Signature"),  # Outlook on the web
    Sign("ms-outlook-mobile-signature", "#ms-outlook-mobile-signature"),  # Outlook on phones
    Sign("data-signatureblock", "[data-signatureblock]"),  # Windows Mail
    Sign("ymail_android_signature", "#ymail_android_signature"),  # Yahoo on Android
    Sign("protonmail_signature_block", ".protonmail_signature_block"),  # Proton
    Sign("Zm-_Id_-Sgn", '[id="Zm-_Id_-Sgn"]'),  # Zoho
    Sign("messageSignatureSection", '[name="messageSignatureSection"]'),  # Spark
    Sign("__SIG_PRE__", '[data-marker="__SIG_PRE__"]'),  # Zimbra
    Sign("composer_signature", "#composer_signature"),  # Samsung
    Sign("cm_signature", "#cm_signature"),  # Newton
)

#: From this element on everything is quote.
ENDINGS = (
    Sign("divRplyFwdMsg", "#divRplyFwdMsg"),  # Outlook on the web
    Sign("appendonsend", "#appendonsend"),  # Outlook on the web and on phones
    Sign("reference-message", "#mail-editor-reference-message-container"),  # Outlook on phones
    Sign("body-separator", "#ms-outlook-mobile-body-separator-line"),
    Sign("OutlookMessageHeader", ".OutlookMessageHeader"),  # Outlook 2003
    Sign("stopSpelling", "#stopSpelling"),  # Hotmail, Outlook.com
    Sign("zwchr", "#zwchr"),  # Zimbra
    Sign("__DIVIDER__", 'hr[data-marker="__DIVIDER__"]'),
    # Lotus Notes: who and when on the left, to whom and about what on the right
    Sign("59%", 'table:has(> tbody > tr > td[width="40%"] + td[width="59%"] table)'),
)

#: The same where header lines stand in it.
HEADS = (
    # Outlook for Windows and Mac since 2007, Foxmail
    Sign("border-top:solid", 'div[style*="border-top:solid"][style*="padding:3.0pt 0"]'),
    # Windows Mail
    Sign("rgb(229, 229, 229)", 'div[style*="border-top-color: rgb(229, 229, 229)"]'),
)
#: So many colons stand in them at least: From, Sent, Subject.
_LABELS = 3
#: So many of each are looked at: a letter has one, and more would be inside of it.
_MOST = 20

#: How blockquotes look that only indent: Gmail's and Outlook's buttons, an embedded tweet.
_MOST_ABOVE = 30
_INDENTS = ("0 0 0 40px", "0px 0px 0px 40px")
_NO_QUOTES = ("twitter-tweet", "instagram-media")


def mark(body: LexborNode, html: str) -> bool:
    """Put marks around what of a page is quoted or signature; tell whether there is any."""
    found = False
    if "lockquote" in html or "LOCKQUOTE" in html:
        quotes = [node for node in body.css("blockquote") if not _is_layout(node)]
        found = _wrap(quotes, OPEN)
    for word, selector in QUOTES:
        if word in html:
            held = body.css(selector)[:_MOST]
            found |= _wrap([node for node in held if not _holds_answers(node)], OPEN)
    for word, selector in ANNOUNCEMENTS:
        if word in html:
            found |= _wrap(body.css(selector)[:_MOST], ANNOUNCE)
    for word, selector in SIGNATURES:
        if word in html:
            found |= _wrap(body.css(selector)[:_MOST], SIGN)
    for word, selector in ENDINGS:
        if word in html:
            found |= _end(body.css(selector))
    for word, selector in HEADS:
        if word in html:
            found |= _end([node for node in body.css(selector)[:_MOST] if _has_labels(node)])
    return found


def _wrap(nodes: Sequence[LexborNode], opening: str) -> bool:
    for node in nodes:
        node.insert_before(f"\n{opening}\n")
        node.insert_after(f"\n{CLOSE}\n")
    return bool(nodes)


def _end(nodes: Sequence[LexborNode]) -> bool:
    if nodes:
        nodes[0].insert_before(f"\n{REST}\n")
    return bool(nodes)


def _holds_answers(node: LexborNode) -> bool:
    """Tell whether answers may stand in an element beside quotes, as in Gmail's outer one."""
    return "gmail_quote" in (node.attributes.get("class") or "") and bool(node.css("blockquote"))


def _is_layout(node: LexborNode) -> bool:
    """Tell whether a blockquote only indents, or stands in a table as pages are laid out."""
    attributes = node.attributes
    named = attributes.get("class") or ""
    if any(name in named for name in _NO_QUOTES):
        return True
    style = attributes.get("style") or ""
    if "border" in style:
        return "none" in style and any(indent in style for indent in _INDENTS)
    return not (named or attributes.get("type") or attributes.get("id")) and _is_in_cell(node)


def _is_in_cell(node: LexborNode) -> bool:
    above = node.parent
    for _ in range(_MOST_ABOVE):
        if above is None:
            break
        if above.tag == "td":
            return True
        above = above.parent
    return False


def _has_labels(node: LexborNode) -> bool:
    return (node.text() or "")[:1000].count(":") >= _LABELS
