"""A letter that somebody writes on the server's page arrives, and none from another page."""

from __future__ import annotations

from email import message_from_bytes, policy
from urllib.parse import urlencode

import pytest

from server.demo.gmail import GmailServer, Mailbox
from tests.server.demo.gmail.asking import ANA, ask

TYPED = {"from": "Bo <bo@acme.example>", "to": ANA, "subject": "Prosíme", "text": "Dvě krabice."}


def post(google: GmailServer, typed: dict[str, str], **headers: str) -> tuple[int, str]:
    return ask(google.post_office_url, "POST", urlencode(typed), **headers)


def test_what_is_written_there_arrives(google: GmailServer, ana: Mailbox) -> None:
    _, page = ask(google.post_office_url)
    assert ANA in page
    assert "This is not Google" in page

    status, said = post(google, TYPED, Origin=google.url)

    assert (status, "It has arrived" in said) == (200, True)
    (copy,) = ana.copies
    assert copy.labels == {"INBOX", "UNREAD"}
    read = message_from_bytes(copy.raw, policy=policy.default)
    assert (read["subject"], read["from"]) == (TYPED["subject"], TYPED["from"])
    assert read.get_content().strip() == TYPED["text"]


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_another_page_s_form_is_refused(google, ana, headers) -> None:
    assert post(google, TYPED, **headers)[0] == 403
    assert len(ana) == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"from": "nobody"},
        {"from": ""},
        {"to": "other@halden.example"},
        {"subject": "One\r\nBcc: bo@acme.example"},
        {"from": "a@b.example\r\nBcc: bo@acme.example"},
    ],
)
def test_what_is_no_letter_does_not_arrive(google, ana, typed) -> None:
    status, said = post(google, {**TYPED, **typed})

    assert (status, "did not arrive" in said) == (200, True)
    assert len(ana) == 0
