"""Batches as Google answers them, and as nobody should: written and read as bytes."""

from __future__ import annotations

from typing import Any

import pytest
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest, HttpRequest
from httplib2 import Response

from sync.sources.gmail.batching import Batch

URI = "https://gmail.googleapis.com/batch/gmail/v1"
#: As Google writes it: developers.google.com/workspace/gmail/api/guides/batch, "Example".
PART = (
    "--batch_x\r\nContent-Type: application/http\r\nContent-ID: <response-{id}>\r\n\r\n"
    "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=UTF-8\r\nVary: Origin\r\n"
    "Content-Length: 10\r\n\r\n{body}\r\n"
)


class Line:
    """A connection that notes what is asked, and answers as it was told to."""

    def __init__(self, answer: str, status: str = "200") -> None:
        self.asked: list[tuple[bytes, dict[str, str]]] = []
        self._answer = answer
        self._status = status

    def request(
        self, uri: str, method: str, body: bytes, headers: dict[str, str]
    ) -> tuple[Response, bytes]:
        """Answer as Http does."""
        assert (uri, method) == (URI, "POST")
        self.asked.append((body, headers))
        head = {"status": self._status, "content-type": "multipart/mixed; boundary=batch_x"}
        return Response(head), self._answer.encode()


def ask(line: Line, kind: type[BatchHttpRequest] = Batch, *names: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    batch = kind(
        callback=lambda name, answer, error: found.update({name: error or answer}), batch_uri=URI
    )
    batch._base_id = "base"
    for name in names or ("a", "b"):
        uri = f"https://gmail.googleapis.com/gmail/v1/users/me/messages/{name}?format=raw&alt=json"
        batch.add(HttpRequest(line, lambda _said, content: content, uri), request_id=name)
    batch.execute(http=line)
    return found


def answer(*parts: tuple[str, str, str], end: str = "--batch_x--\r\n") -> str:
    written = [PART.format(id=f"base + {id_}", status=s, body=b) for id_, s, b in parts]
    return "".join(written) + end


def test_each_answer_comes_to_its_question_whatever_the_order() -> None:
    line = Line(answer(("b", "404 Not Found", "{}"), ("a", "200 OK", '{"id": 1}')))

    found = ask(line)

    assert found["a"] == b'{"id": 1}'
    assert isinstance(found["b"], HttpError)
    assert (found["b"].status_code, found["b"].reason) == (404, "Not Found")
    ((body, headers),) = line.asked
    assert headers["content-type"].startswith('multipart/mixed; boundary="')
    assert body.count(b"GET /gmail/v1/users/me/messages/") == 2
    assert b"/messages/a?format=raw&alt=json HTTP/1.1\r\nHost: gmail.googleapis.com\r\n" in body


@pytest.mark.parametrize(
    "body",
    [
        '{"raw": "SGVsbG8="}',
        '{\n  "a": "\\r\\n\\r\\n",\n\n  "b": "--batch_x"\n}',
        "Bad Gateway",
        "",
    ],
)
def test_it_reads_what_the_library_reads(body: str) -> None:
    told = answer(("a", "200 OK", body))

    assert ask(Line(told), Batch, "a") == {"a": body.encode()}
    (theirs,) = ask(Line(told), BatchHttpRequest, "a").values()
    assert theirs.strip() == body.encode()


@pytest.mark.parametrize(
    "told",
    [
        "",
        "<html>",
        answer(("a", "200 OK", "{}"), end=""),
        answer(("a", "200 OK", "{}"))[:120],
        "--batch_x\r\n\r\nnothing\r\n--batch_x--",
    ],
)
def test_what_breaks_off_is_no_answer(told: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        ask(Line(told))


def test_a_batch_that_is_refused_says_so() -> None:
    with pytest.raises(HttpError):
        ask(Line('{"error": {"code": 503}}', status="503"))
