"""Many calls in one request: its parts are read, and their answers come back in any order.

https://developers.google.com/workspace/gmail/api/guides/batch
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from server.demo.gmail.errors import invalid
from server.demo.gmail.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from server.demo.gmail.exchange import Answer

LARGEST = 100
PATHS = frozenset(("/batch", "/batch/gmail/v1"))
_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?')
_MARK = b"batch_inlay_demo_0a1b2c3d"
_TYPE = "multipart/mixed; boundary=" + _MARK.decode()


class Inner(NamedTuple):
    """A part of a batch: its name, and the request in it."""

    content_id: str
    request: Request


def read(request: Request) -> list[Inner]:
    """Return the parts of a batch. Raises ApiError for one that cannot be read, or is too long."""
    found = _BOUNDARY.search(request.headers.get("content-type", ""))
    if found is None:
        raise invalid("Failed to parse batch request, error: missing boundary", "badRequest")
    pieces = (b"\r\n" + request.body).split(b"\n--" + found[1].encode())
    parts = [piece for piece in pieces[1:] if not piece.startswith(b"--")]
    if not parts:
        raise invalid("Failed to parse batch request, error: 0 items", "badRequest")
    if len(parts) > LARGEST:
        raise invalid("Inner request count exceeds the limit", "badRequest")
    return [_inner(part, request.headers) for part in parts]


def shape(answers: Iterable[tuple[str, Answer]]) -> tuple[bytes, str]:
    """Return the body of a batch's answer, and its type."""
    said = []
    for content_id, answer in answers:
        phrase = HTTPStatus(answer.status).phrase
        head = [
            f"--{_MARK.decode()}",
            "Content-Type: application/http",
            f"Content-ID: {content_id}",
            "",
            f"HTTP/1.1 {answer.status} {phrase}",
            f"Content-Type: {answer.kind}",
            *(f"{name}: {value}" for name, value in answer.headers),
            f"Content-Length: {len(answer.body)}",
            "",
            "",
        ]
        said += ["\r\n".join(head).encode(), answer.body, b"\r\n"]
    return b"".join([*said, b"--", _MARK, b"--\r\n"]), _TYPE


def _inner(part: bytes, outer: Mapping[str, str]) -> Inner:
    outside, _, rest = part.replace(b"\r\n", b"\n").partition(b"\n\n")
    head, _, body = rest.partition(b"\n\n")
    line, *fields = head.strip().decode("utf-8", "replace").split("\n")
    words = line.split(" ")
    if len(words) < 2:
        raise invalid("Failed to parse batch request, error: no request line", "badRequest")
    headers = _fields(fields)
    headers.setdefault("authorization", outer.get("authorization", ""))
    named = _fields(outside.decode("utf-8", "replace").split("\n"))
    return Inner(
        _reply_id(named.get("content-id", "")),
        Request(words[0].upper(), _path(words[1]), headers, body.strip(b"\n")),
    )


def _fields(lines: list[str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _reply_id(content_id: str) -> str:
    return f"<response-{content_id.strip('<>')}>" if content_id else "<response->"


def _path(target: str) -> str:
    """Return the path of a request line, which may name the host too."""
    return "/" + target.split("/", 3)[3] if target.startswith("http") else target
