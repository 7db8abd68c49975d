"""A request as it was read from the wire, and the answer with the way it shall end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from server.demo.gmail.errors import ApiError

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


class Ending(StrEnum):
    """How the answer leaves: whole, broken off in its middle, or not at all."""

    WHOLE = "whole"
    CUT = "cut"
    NOTHING = "nothing"
    HANG = "hang"


@dataclass(slots=True)
class Request:
    """One HTTP request, or one part of a batch; names of headers are in small letters."""

    verb: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path, still as it was encoded."""
        return self.target.partition("?")[0]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the query, in their order."""
        query = self.target.partition("?")[2]
        return parse_qsl(query, keep_blank_values=True) if query else []

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was posted; of a repeated one, the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def segments(self) -> list[str]:
        """The decoded parts of the path."""
        return [unquote(part) for part in self.path.split("/")[1:]]


@dataclass(slots=True)
class Answer:
    """What goes back, when, and how it ends."""

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: list[tuple[str, str]] = field(default_factory=list)
    ending: Ending = Ending.WHOLE
    wait: float = 0.0


def answer_json(shape: Any, status: int = 200, *headers: tuple[str, str]) -> Answer:
    """Make an answer of JSON; of nothing, an empty one, as Google does after a deletion."""
    if shape is None:
        return Answer(204)
    return Answer(status, _json(shape).encode(), headers=list(headers))


def answer_error(error: ApiError) -> Answer:
    """Make an answer of a refusal."""
    return answer_json(error.shape(), error.code, *error.headers)


def answer_html(page: str, status: int = 200) -> Answer:
    """Make an answer of a page."""
    return Answer(status, page.encode(), HTML)


def _json(shape: Any) -> str:
    """Write JSON. A letter's base64, nearly all of its answer, has nothing that is escaped."""
    raw = shape.get("raw") if isinstance(shape, dict) else None
    if not isinstance(raw, str):
        return json.dumps(shape)
    rest = {name: value for name, value in shape.items() if name != "raw"}
    return f'{json.dumps({**rest, "raw": ""})[:-2]}{raw}"}}'
