"""What is handed in with a call: JSON, a letter, both in one body, or a letter piece by piece.

https://developers.google.com/workspace/gmail/api/guides/uploads
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import ApiError, invalid

if TYPE_CHECKING:
    from server.demo.gmail.exchange import Request

_BOUNDARY = re.compile(rb'boundary="?([^";\s]+)"?')
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(slots=True)
class Upload:
    """A letter that comes piece by piece: the call that began it, and what has come."""

    request: Request
    pieces: bytearray = field(default_factory=bytearray)


class Uploads:
    """The uploads that have begun and not ended."""

    def __init__(self) -> None:
        self._open: dict[str, Upload] = {}
        self._lock = threading.Lock()
        self._begun = 0

    def begin(self, request: Request) -> str:
        """Keep the call that begins an upload, and return the id under which pieces come."""
        with self._lock:
            self._begun += 1
            id_ = f"upload-{self._begun}"
            self._open[id_] = Upload(request)
            return id_

    def take(self, id_: str, request: Request) -> Upload | int:
        """Take in a piece; return the upload once it is whole, else how much has come.

        Raises ApiError where nobody began it, or a piece does not follow on the last one.
        """
        upload = self._open.get(id_)
        if upload is None:
            raise ApiError(404, "notFound", "Not Found")
        said = request.headers.get("content-range", "")
        told = _RANGE.fullmatch(said)
        if said and told is None:
            raise invalid("Failed to parse Content-Range header.", "badRequest")
        if told is not None and told[1] is not None and int(told[1]) != len(upload.pieces):
            raise invalid("Invalid request.  The pieces do not follow on each other.")
        upload.pieces += request.body
        if told is not None and told[3] in ("*", None):
            return len(upload.pieces)
        if told is not None and len(upload.pieces) < int(told[3]):
            return len(upload.pieces)
        with self._lock:
            self._open.pop(id_, None)
        return upload


def read(request: Request, kind: str | None) -> tuple[dict[str, Any], bytes | None]:
    """Return the JSON and the letter that are handed in. Raises ApiError."""
    if kind == "media":
        return {}, request.body
    if kind == "multipart":
        return _both(request)
    return read_json(request.body), None


def read_json(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds; of no body, an empty one. Raises ApiError."""
    if not body.strip():
        return {}
    try:
        shape = json.loads(body)
    except ValueError:
        raise invalid("Invalid JSON payload received.", "parseError") from None
    if not isinstance(shape, dict):
        raise invalid("Invalid JSON payload received. Expected an object.", "parseError")
    return shape


def _both(request: Request) -> tuple[dict[str, Any], bytes]:
    found = _BOUNDARY.search(request.headers.get("content-type", "").encode())
    if found is None:
        raise invalid("Missing boundary", "badContent")
    pieces = (b"\n" + request.body).split(b"\n--" + found[1])[1:-1]
    parts = [_behind_head(piece) for piece in pieces]
    if len(parts) != 2:
        raise invalid("Multipart must have two parts", "badContent")
    return read_json(parts[0]), parts[1]


def _behind_head(piece: bytes) -> bytes:
    blank = re.search(rb"\r?\n\r?\n", piece)
    body = piece[blank.end() :] if blank else b""
    return body.removesuffix(b"\r")
