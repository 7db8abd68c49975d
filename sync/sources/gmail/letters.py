"""What Gmail hands over, as bytes: whole, or put together of its parts where it is large.

`format=raw` gives the letter as it came. `format=full` gives its parts, the attachments behind ids
that hold for minutes; its texts are in UTF-8 whatever their header says, as a rule
(developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages).
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pybase64

from crm.base import clock
from crm.mail.letter import Flag
from sync.reading.attachments import name_of_letter
from sync.source import Place, RawMessage
from sync.sources.gmail.listing import number, rule_of
from sync.sources.letters import TEXT_MOST, Node, Text, choose, put_together

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

#: The one folder of a mailbox of Gmail, and the number under which its ids stand for ever.
FOLDER: Final = "All Mail"
NUMBERED: Final = 1
#: What an answer raises that is not what Gmail describes.
UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError)
#: The largest text that is asked for where it did not come with its letter.
_ASKED_MOST: Final = 5 * TEXT_MOST
#: What says how a body is written, which is written anew with it.
_REWRITTEN: Final = frozenset({"content-type", "content-transfer-encoding"})


def place_of(said: dict[str, Any]) -> Place:
    """Return where a message is, its size and when Gmail got it."""
    at = int(said.get("internalDate", 0))
    when = datetime.fromtimestamp(at / 1000, UTC) if 0 < at < 253_402_300_799_000 else clock.EPOCH
    return Place(FOLDER, NUMBERED, number(said["id"]), int(said.get("sizeEstimate", 0)), when)


def flags_of(labels: frozenset[str]) -> frozenset[Flag]:
    """Return what labels say of a copy in our words."""
    found = set() if "UNREAD" in labels else {Flag.SEEN}
    return frozenset(found | ({Flag.FLAGGED} if "STARRED" in labels else set()))


def whole(said: dict[str, Any]) -> RawMessage:
    """Return a message as it came. Raises one of UNREADABLE."""
    return _message(said, unwrapped(said["raw"]))


def by_parts(said: dict[str, Any], fetch: Callable[[str], bytes]) -> RawMessage:
    """Return a large message without its attachments; `fetch` brings in a text by its id."""
    payload = said.get("payload", {})
    root, bodies = tree(payload)
    choice = choose(root)
    texts = {}
    for leaf in choice.taken:
        part = bodies[leaf.section]
        body = part.get("body", {})
        if "data" in body:
            texts[leaf.section] = _text(part, unwrapped(body["data"]))
        elif "attachmentId" in body and leaf.size <= _ASKED_MOST:
            texts[leaf.section] = _text(part, _cut(fetch(body["attachmentId"])))
    if root.multipart:
        raw = put_together(_header(payload), root, texts)
    else:
        alone = texts.get(root.section, _text(payload, b""))
        raw = _header(payload, without=_REWRITTEN) + alone.mime + b"\r\n" + alone.body
    return _message(said, raw, left=choice.left)


def head(said: dict[str, Any]) -> RawMessage:
    """Return a message's header block alone."""
    return _message(said, _header(said.get("payload", {})) + b"\r\n")


def tree(payload: dict[str, Any]) -> tuple[Node, dict[str, dict[str, Any]]]:
    """Return what a letter is made of, and what Gmail says of each leaf, by section.

    Gmail counts parts from 0, and IMAP from 1 (RFC 3501, section 6.4.5).
    """
    bodies: dict[str, dict[str, Any]] = {}

    def node(part: dict[str, Any], section: str) -> Node:
        inner = part.get("parts", ())
        kind = str(part.get("mimeType", "text/plain")).lower()
        if kind.startswith("multipart/"):
            start = f"{section}." if section else ""
            children = tuple(node(one, f"{start}{n}") for n, one in enumerate(inner, 1))
            return Node(section, kind, children=children)
        bodies[section or "1"] = part
        shown = _named(part, "content-disposition").lower()
        named = str(part.get("filename", ""))
        if kind == "message/rfc822" and inner and shown.startswith("attachment"):
            named = named or name_of_letter(_named(inner[0], "subject"))
        return Node(
            section or "1",
            kind,
            size=int(part.get("body", {}).get("size", 0)),
            filename=named,
            content_id=_named(part, "content-id").strip("<> "),
            inline=shown.startswith("inline"),
            attached=shown.startswith("attachment"),
        )

    return node(payload, ""), bodies


def unwrapped(text: str | bytes) -> bytes:
    """Return the bytes of base64url, which may come without its padding."""
    said = text.encode() if isinstance(text, str) else text
    said += b"=" * (-len(said) % 4)
    try:
        return pybase64.b64decode(said, b"-_", validate=True)
    except binascii.Error:
        return _forgiving(said)


def _forgiving(said: bytes) -> bytes:
    """Return the bytes of base64 with anything of ASCII in between: a line's end, as a rule."""
    try:
        return base64.urlsafe_b64decode(said.decode("ascii"))
    except binascii.Error as error:
        raise ValueError("what Gmail sent is cut") from error


def _cut(body: bytes) -> bytes:
    """Cut a long text between two characters, so that its letters stay what they are."""
    end = min(len(body), TEXT_MOST)
    while 0 < end < len(body) and body[end] & 0xC0 == 0x80:
        end -= 1
    return body[:end]


def _message(said: dict[str, Any], raw: bytes, **more: Any) -> RawMessage:
    labels = frozenset(said.get("labelIds", ()))
    return RawMessage(
        place_of(said),
        raw,
        flags_of(labels),
        labels=tuple(sorted(labels)),
        rule=rule_of(labels),
        thread=str(said.get("threadId", "")),
        **more,
    )


def _header(part: dict[str, Any], without: Collection[str] = ()) -> bytes:
    """Write a header block of what Gmail has read of it; a value has no line of its own."""
    lines = (
        f"{' '.join(str(one['name']).split())}: {' '.join(str(one['value']).split())}\r\n"
        for one in part.get("headers", ())
        if str(one["name"]).strip().lower() not in without
    )
    return "".join(lines).encode("utf-8", "replace")


def _text(part: dict[str, Any], body: bytes) -> Text:
    """Return a text with a header that says how its bytes are written here."""
    kind = str(part.get("mimeType", "text/plain"))
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        kind = _named(part, "content-type") or kind
    else:
        kind += "; charset=utf-8"
    mime = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
    return Text(mime.encode("utf-8", "replace"), base64.encodebytes(body).replace(b"\n", b"\r\n"))


def _named(part: dict[str, Any], name: str) -> str:
    """Return a header by its name, whose case varies."""
    for one in part.get("headers", ()):
        if str(one.get("name", "")).lower() == name:
            return " ".join(str(one.get("value", "")).split())
    return ""
