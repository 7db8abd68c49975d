"""A letter's base64 is cut out of its answer, and everything else is read as the library does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from googleapiclient.model import JsonModel
from httplib2 import Response
from hypothesis import given
from hypothesis import strategies as st

from sync.sources.gmail.answers import Answers

_WORDS = st.sampled_from(["raw", '"raw": "', '\\"raw\\":"x', '"', "\\", "ř", "=", "", "id"])
_VALUES = st.recursive(
    _WORDS | st.text(max_size=8) | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=8,
)


def read(content: bytes) -> Any:
    return Answers().response(Response({"status": "200"}), content)


def test_the_base64_of_a_letter_stays_bytes_and_nothing_else_does() -> None:
    content = b'{\n  "id": "1f",\n  "raw": "SGVs-_8=",\n  "labelIds": [\n "INBOX"]}'

    assert read(content) == {"id": "1f", "raw": b"SGVs-_8=", "labelIds": ["INBOX"]}


@given(said=_VALUES, indent=st.sampled_from([None, 2]), plain=st.booleans())
def test_nothing_is_read_otherwise_than_the_library_reads_it(
    said: Any, indent: int | None, *, plain: bool
) -> None:
    content = json.dumps(said, indent=indent, ensure_ascii=plain).encode("utf-8", "replace")

    found = read(content)

    if isinstance(found, dict) and isinstance(found.get("raw"), bytes):
        found["raw"] = found["raw"].decode()
    assert found == JsonModel().deserialize(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"raw": "SGVsbG8\\u003d", "id": "1f"}',
        b'{"message": {"raw": "SGVsbG8="}, "id": "d1"}',
        b'{"raw": "SGVs", "raw": 7}',
        b'{"raw": "SGVs',
        b'{"raw": "SGVs"',
        b"Bad Gateway",
    ],
)
def test_what_is_written_otherwise_is_left_to_the_library(content: bytes) -> None:
    assert read(content) == JsonModel().deserialize(content)


def test_what_is_no_utf_8_is_read_with_a_mark_in_its_place() -> None:
    content = b'{"id": "1f", "snippet": "Hi \xed\xa0\xbd", "raw": "SGVs-_8="}'

    found = read(content)

    assert (found["id"], found["raw"]) == ("1f", b"SGVs-_8=")
    assert found["snippet"].startswith("Hi \ufffd")
    assert read(b"Bad \xff Gateway") == "Bad \ufffd Gateway"
