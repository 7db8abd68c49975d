"""Which method of Gmail a request calls: read from Google's own discovery document.

The document lies in google-api-python-client, beside its code; it is found without importing that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.demo.gmail.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ANY = "{}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query."""

    name: str
    kind: str
    repeated: bool
    choices: frozenset[str]

    def parse(self, text: str) -> Any:
        """Return the value that a text stands for. Raises ApiError."""
        try:
            if self.kind == "integer":
                return int(text)
            if self.kind == "boolean":
                return {"true": True, "false": False}[text.lower()]
        except (ValueError, KeyError):
            raise invalid(f"Invalid value at '{self.name}': \"{text}\"") from None
        if self.choices and text not in self.choices:
            raise invalid(f"Invalid value at '{self.name}': \"{text}\"")
        return text


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name without "gmail.", who may call it, and what it takes."""

    name: str
    scopes: frozenset[str]
    parameters: Mapping[str, Parameter]
    body_names: frozenset[str]
    upload_bytes: int

    def values(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the parameters of a query by name. Raises ApiError for one that it lacks."""
        found: dict[str, Any] = {}
        for name, text in pairs:
            parameter = self.parameters.get(name)
            if parameter is None:
                if name not in _common():
                    raise _unknown(name)
                found[name] = text
            elif parameter.repeated:
                found.setdefault(name, []).append(parameter.parse(text))
            else:
                found[name] = parameter.parse(text)
        return found

    def check_body(self, body: Mapping[str, Any]) -> None:
        """Raise ApiError where a body has a name that the method does not know."""
        for name in body:
            if name not in self.body_names:
                raise _unknown(name)


class Routes:
    """The methods of Gmail by verb and path."""

    def __init__(self) -> None:
        self._trees: dict[str, dict[str, Any]] = {}
        self._names: dict[tuple[str, str], tuple[str, ...]] = {}
        for rough in _methods(document()["resources"]):
            self._plant(rough)

    def find(self, verb: str, segments: Sequence[str]) -> tuple[Method, dict[str, str]]:
        """Return the method at a path, and what stands in the path. Raises ApiError."""
        upload = "upload" in segments[:2]
        parts = segments[segments.index("upload") + 1 :] if upload else segments
        node: Any = self._trees.get(verb, {})
        values: list[str] = []
        for part in parts:
            if part in node:
                node = node[part]
            elif _ANY in node and part:
                values.append(part)
                node = node[_ANY]
            else:
                raise _no_such_path()
        found: tuple[Method, tuple[str, ...]] | None = node.get("")
        if found is None or (upload and not found[0].upload_bytes):
            raise _no_such_path()
        return found[0], dict(zip(found[1], values, strict=True))

    def _plant(self, rough: Mapping[str, Any]) -> None:
        node = self._trees.setdefault(rough["httpMethod"], {})
        names = []
        for part in rough["path"].split("/"):
            if part.startswith("{"):
                names.append(part.strip("{}"))
                part = _ANY if part.endswith("}") else part  # noqa: PLW2901 - its name is kept
            node = node.setdefault(part, {})
        node[""] = (_method(rough), tuple(names))


@cache
def document() -> dict[str, Any]:
    """Return Google's description of the Gmail API."""
    spec = find_spec("googleapiclient")
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise LookupError("google-api-python-client is not installed: it describes the Gmail API")
    path = Path(places[0]) / "discovery_cache" / "documents" / "gmail.v1.json"
    described: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return described


@cache
def _common() -> frozenset[str]:
    return frozenset(document()["parameters"]) | {"upload_id"}


def _methods(resources: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


def _method(rough: Mapping[str, Any]) -> Method:
    schemas = document()["schemas"]
    body = rough.get("request", {}).get("$ref")
    return Method(
        name=rough["id"].removeprefix("gmail."),
        scopes=frozenset(rough["scopes"]),
        parameters={
            name: Parameter(
                name, told["type"], told.get("repeated", False), frozenset(told.get("enum", ()))
            )
            for name, told in rough["parameters"].items()
            if told["location"] == "query"
        },
        body_names=frozenset(schemas[body]["properties"]) if body else frozenset(),
        upload_bytes=int(rough.get("mediaUpload", {}).get("maxSize", 0)),
    )


def _unknown(name: str) -> ApiError:
    return invalid(
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message.",
        "invalid",
    )


def _no_such_path() -> ApiError:
    return ApiError(404, "notFound", "The requested URL was not found on this server.")
