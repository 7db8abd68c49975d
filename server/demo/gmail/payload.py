"""A message as messages.get tells it, in each of its four formats.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
"""

from __future__ import annotations

import base64
import binascii
import itertools
import zlib
from typing import TYPE_CHECKING, Any

import pybase64

from server.demo.gmail import mime
from server.demo.gmail.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Collection

    from server.demo.gmail.copies import Copy
    from server.demo.gmail.mime import Part

#: How many seconds an attachment's id is good for. Google says no number; it is not for keeping.
ATTACHMENT_SECONDS = 3600
#: A body that is longer than this is told by an id, though it is no attachment.
_LONGEST_BODY = 1024 * 1024
_asked = itertools.count()


def shape(
    copy: Copy, form: str = "full", names: Collection[str] = (), *, at: float = 0
) -> dict[str, Any]:
    """Return the JSON of a message; `names` are the only headers that `metadata` shall tell."""
    told: dict[str, Any] = {
        "id": copy.id,
        "threadId": copy.thread,
        "labelIds": sorted(copy.labels),
        "snippet": copy.snippet,
        "historyId": str(copy.history),
        "internalDate": str(copy.ms),
        "sizeEstimate": copy.size,
    }
    if form == "raw":
        told["raw"] = base64url(copy.raw)
    elif form == "full":
        told["payload"] = _part(copy, mime.read(copy.raw), "", at)
    elif form == "metadata":
        part = mime.read(copy.raw)
        wanted = {name.lower() for name in names}
        headers = [pair for pair in part.headers if not wanted or pair[0].lower() in wanted]
        told["payload"] = {"mimeType": part.kind, "headers": _headers(headers)}
    return told


def attachment(copy: Copy, id_: str, *, at: float) -> dict[str, Any]:
    """Return the bytes behind an attachment's id. Raises ApiError for an old or foreign one."""
    body = _body_of(mime.read(copy.raw), _part_id(copy, id_, at))
    return {"size": len(body), "data": base64url(body)}


def base64url(body: bytes) -> str:
    """Return bytes as Gmail writes them in JSON: without padding."""
    return pybase64.b64encode(body, b"-_").rstrip(b"=").decode()


def _part(copy: Copy, part: Part, place: str, at: float) -> dict[str, Any]:
    told: dict[str, Any] = {
        "partId": place,
        "mimeType": part.kind,
        "filename": part.filename,
        "headers": _headers(part.headers),
    }
    if part.parts and part.kind.startswith("multipart/"):
        told["body"] = {"size": 0}
    else:
        body = part.content()
        told["body"] = {"size": len(body)}
        if part.filename or len(body) > _LONGEST_BODY or part.kind == "message/rfc822":
            told["body"]["attachmentId"] = _attachment_id(copy, place, at)
        else:
            told["body"]["data"] = base64url(body)
    if part.parts:
        told["parts"] = [
            _part(copy, inner, f"{place}.{index}".lstrip("."), at)
            for index, inner in enumerate(part.parts)
        ]
    return told


def _headers(headers: Collection[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


def _attachment_id(copy: Copy, place: str, at: float) -> str:
    """Return an id that is another one each time, and knows what it is for."""
    text = f"{next(_asked)}|{int(at)}|{place}"
    check = zlib.crc32(f"{copy.id}|{text}".encode())
    return "ANGjdJ" + base64url(f"{check:08x}|{text}".encode())


def _part_id(copy: Copy, id_: str, at: float) -> str:
    bare = id_.removeprefix("ANGjdJ")
    try:
        read = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode()
        check, text = read.split("|", 1)
        _, given, place = text.split("|")
        genuine = int(check, 16) == zlib.crc32(f"{copy.id}|{text}".encode())
        fresh = at - int(given) <= ATTACHMENT_SECONDS
    except (binascii.Error, ValueError):
        genuine = fresh = False
        place = ""
    if not genuine or not fresh:
        raise invalid("Invalid attachment token")
    return place


def _body_of(part: Part, place: str) -> bytes:
    for index in place.split(".") if place else ():
        part = part.parts[int(index)]
    return part.content()
