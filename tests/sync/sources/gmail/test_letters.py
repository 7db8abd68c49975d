"""What Gmail hands over becomes bytes that read as the letter does."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from crm.base import clock
from crm.mail.letter import Flag
from server.demo.gmail import Mailbox
from sync import reading
from sync.sources.gmail import letters
from sync.sources.gmail.client import Client


def got(client: Client, id_: str, form: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ask(
        client.users.messages().get(userId="me", id=id_, format=form), 20
    )
    return found


def nested() -> bytes:
    """Write a letter of texts in two alternatives, a picture and a letter in a letter."""
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("Inside.\n")
    made = EmailMessage()
    made["From"], made["To"] = "Jana Nováková <jana@severka.test>", "ana@halden.test"
    made["Subject"] = "Příloha"
    made["Message-ID"] = "<nested@severka.test>"
    made.set_content("Dobrý den, v příloze.\n", charset="iso-8859-2")
    made.add_alternative("<p>Dobrý den, <b>v příloze</b>.</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="nabídka.pdf")
    made.add_attachment(inner)
    return made.as_bytes(policy=made.policy.clone(linesep="\r\n"))


def test_a_letter_that_came_whole_is_as_it_was_sent(client: Client, account: Mailbox) -> None:
    raw = nested()
    id_ = account.deliver(raw, labels=["INBOX", "STARRED"])

    said = got(client, id_, "raw")
    found = letters.whole(said)

    assert found.raw == raw
    assert found.flags == {Flag.SEEN, Flag.FLAGGED}
    assert (found.labels, found.rule) == (("INBOX", "STARRED"), "")
    assert found.thread == said["threadId"] != ""


def test_a_letter_by_its_parts_reads_as_the_whole_one_does(
    client: Client, account: Mailbox
) -> None:
    id_ = account.deliver(nested())
    asked: list[str] = []

    found = letters.by_parts(got(client, id_, "full"), lambda name: asked.append(name) or b"")  # type: ignore[func-returns-value]

    whole, parts = reading.read(nested()), reading.read(found.raw, left=found.left, size=99)
    assert (parts.subject, parts.text, parts.headprint) == (
        whole.subject,
        whole.text,
        whole.headprint,
    )
    assert [party.address for party in parts.parties] == [party.address for party in whole.parties]
    assert [part.filename for part in parts.parts] == [part.filename for part in whole.parts]
    assert [part.section for part in found.left] == [part.section for part in whole.parts]
    assert asked == []


def test_a_long_text_behind_an_id_is_fetched_and_a_longer_one_is_left() -> None:
    def part(size: int) -> dict[str, Any]:
        return {
            "id": "1a",
            "payload": {
                "mimeType": "text/plain",
                "headers": [{"name": "Subject", "value": "Long"}],
                "body": {"attachmentId": "x", "size": size},
            },
        }

    near = letters.by_parts(part(900_000), lambda _name: b"Fetched text.\n")
    far = letters.by_parts(part(50_000_000), lambda _name: b"never")

    assert "Fetched text." in reading.read(near.raw).text
    assert reading.read(far.raw).text.strip() == ""
    assert [left.section for left in far.left] == ["1"]


def test_a_text_that_is_not_in_utf_8_keeps_the_charset_of_its_header() -> None:
    said = {
        "id": "1a",
        "payload": {
            "mimeType": "text/plain",
            "headers": [{"name": "Content-Type", "value": "text/plain; charset=windows-1250"}],
            "body": {"data": base64.urlsafe_b64encode("příloha".encode("cp1250")).decode()},
        },
    }

    assert "příloha" in reading.read(letters.by_parts(said, lambda _: b"").raw).text


def test_a_header_cannot_bring_another() -> None:
    said = {
        "id": "1a",
        "payload": {"headers": [{"name": "Subject", "value": "One\r\nBcc: eve@else.test"}]},
    }

    found = reading.read(letters.head(said).raw)

    assert found.subject == "One Bcc: eve@else.test"
    assert found.parties == ()


@pytest.mark.parametrize("date", ["0", "-5", "999999999999999999"])
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    assert letters.place_of({"id": "1a", "internalDate": date}).received_at == clock.EPOCH


def test_bytes_may_come_without_their_padding_and_not_cut() -> None:
    assert letters.unwrapped("YQ") == b"a"
    with pytest.raises(letters.UNREADABLE, match="cut"):
        letters.unwrapped("YQYQ1")


@pytest.mark.parametrize("text", ["_-8", "_-8=", "_-\r\n8=\n", "_ -8="])
def test_what_stands_between_the_letters_of_base64_is_passed_over(text: str) -> None:
    assert letters.unwrapped(text) == letters.unwrapped(text.encode()) == b"\xff\xef"


@pytest.mark.parametrize("text", ["YWFhř", "YWFh\ud800"])
def test_what_is_no_base64_at_all_is_an_error(text: str) -> None:
    with pytest.raises(letters.UNREADABLE):
        letters.unwrapped(text)
    with pytest.raises(letters.UNREADABLE):
        letters.unwrapped(text.encode("utf-8", "surrogatepass"))


def test_a_long_text_is_cut_between_two_characters() -> None:
    text = "x" + "ř" * 600_000

    assert letters._cut(text.encode()).decode() == "x" + "ř" * 499_999
