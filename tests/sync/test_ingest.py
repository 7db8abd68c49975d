"""Ingest: a batch and its cursor move together, and nothing waits for what cannot be read."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import pytest

from crm.base import db
from crm.base.settings import Settings
from crm.mail import copies, folders, mailboxes, stretches
from crm.mail.letter import Flag, LeftPart, Letter, Unreadable
from crm.mail.models import Mailbox
from crm.mail.stretches import Claim, Piece
from sync import ingest, quarantine
from sync.ingest import StoppedError
from sync.reading import quoting
from sync.source import Batch, Place, RawMessage
from tests import make


def message(uid: int, raw: bytes = b"", **more: object) -> RawMessage:
    body = raw or make.raw(message_id=f"{uid}@ingest")
    return RawMessage(Place("INBOX", 1, uid, len(body), make.NOW), body, **more)  # type: ignore[arg-type]


def batch(since: int, until: int) -> Batch:
    return Batch(since, until, tuple(message(uid) for uid in range(since + 1, until + 1)))


@pytest.fixture
def claim(town: Settings) -> Claim:
    with db.transaction() as session:
        box = make.mailbox(session, make.user(session, make.workspace(session)))
        stretches.cut(session, make.folder(session, box), [Piece(1, 10, 0)])
        workspace_id, mailbox_id = box.workspace_id, box.id
    return claimed(workspace_id, mailbox_id)


def claimed(workspace_id: UUID, mailbox_id: UUID) -> Claim:
    with db.transaction(workspace_id) as session:
        (stretch_id,) = stretches.unfinished(session, workspace_id, mailbox_id)
        found = stretches.claim(session, workspace_id, stretch_id)
        assert found is not None
        return found


def taken(claim: Claim, what: Batch) -> int | None:
    with db.transaction(claim.workspace_id) as session:
        filed = ingest.take_in(session, claim, what, ingest.read_all(what.messages))
        return filed.stored if filed is not None else None


def cursor(claim: Claim) -> int:
    with db.transaction(claim.workspace_id) as session:
        row = session.get(stretches.StretchRow, (claim.workspace_id, claim.id))
        assert row is not None
        return row.cursor


def test_a_batch_moves_the_cursor_to_its_end(claim: Claim) -> None:
    assert taken(claim, batch(0, 4)) == 4
    assert cursor(claim) == 4
    assert taken(claim, batch(4, 10)) == 6
    assert cursor(claim) == 10


def test_a_batch_that_does_not_begin_at_the_cursor_is_refused(claim: Claim) -> None:
    taken(claim, batch(0, 4))

    assert taken(claim, batch(0, 4)) is None
    assert taken(claim, batch(6, 8)) is None
    assert cursor(claim) == 4


def test_a_claim_whose_epoch_has_passed_commits_nothing(claim: Claim) -> None:
    with db.transaction(claim.workspace_id) as session:
        stretches.release(session, claim)
    other = claimed(claim.workspace_id, claim.mailbox_id)

    assert taken(claim, batch(0, 4)) is None
    assert taken(other, batch(0, 4)) == 4


@pytest.mark.parametrize("state", mailboxes.BY_HAND)
def test_nothing_is_filed_for_a_mailbox_that_somebody_has_stopped(claim: Claim, state: str) -> None:
    with db.transaction(claim.workspace_id) as session:
        mailboxes.get(session, claim.workspace_id, claim.mailbox_id).state = state

    with pytest.raises(StoppedError):
        taken(claim, batch(0, 4))
    assert cursor(claim) == 0


def test_a_transaction_that_is_rolled_back_leaves_neither_rows_nor_cursor(claim: Claim) -> None:
    what = batch(0, 4)
    arrivals = ingest.read_all(what.messages)
    with db.transaction(claim.workspace_id) as session:
        ingest.take_in(session, claim, what, arrivals)
        session.rollback()

    assert cursor(claim) == 0
    assert taken(claim, batch(0, 4)) == 4


def test_an_empty_batch_moves_the_cursor_over_what_vanished(claim: Claim) -> None:
    assert taken(claim, Batch(0, 10, ())) == 0
    assert cursor(claim) == 10


def test_what_a_message_says_becomes_a_letter_with_the_digest_of_its_bytes() -> None:
    raw = make.raw(subject="Bytes")

    arrival = ingest.read_one(message(7, raw, flags=frozenset({Flag.SEEN})))

    assert isinstance(arrival.letter, Letter)
    assert arrival.letter.digest == hashlib.sha256(raw).digest()
    assert (arrival.uid, arrival.flags, arrival.received_at) == (7, {"seen"}, make.NOW)


def test_a_message_with_trouble_is_kept_and_not_read() -> None:
    arrival = ingest.read_one(message(7, b"half a let", trouble="server gives no text"))

    assert isinstance(arrival.letter, Unreadable)
    assert (arrival.letter.raw, arrival.letter.error) == (b"half a let", "server gives no text")


def test_a_letter_that_came_by_its_parts_has_the_size_that_the_server_told() -> None:
    left = LeftPart("2", "video/mp4", "film.mp4", 60_000_000, "base64")
    raw = make.raw()
    large = RawMessage(Place("INBOX", 1, 7, 60_000_500, make.NOW), raw, left=(left,))

    arrival = ingest.read_one(large)

    assert isinstance(arrival.letter, Letter)
    assert arrival.letter.size == 60_000_500
    assert not arrival.letter.whole
    assert [part.filename for part in arrival.letter.parts] == ["film.mp4"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 500,
        b"\xff\xfe" * 300,
        b"From: \xed\xa0\x80 <a@b.test>\r\n\r\n\xed\xa0\x80",
        b"Subject: =?utf-8?q?=00=ED=A0=80?=\r\n\r\nx",
        b"Content-Type: text/plain; charset=unheard-of\r\n\r\n\xe9",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Date: Mon, 1 Jan 0001 00:00:00 -2400\r\n\r\nx",
        b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\n\r\nx",
        b"Message-ID: <" + b"x" * 64_000 + b"@long.test>\r\n\r\nx",
        b"To: " + b",".join(b"p%d@x.test" % n for n in range(3_000)) + b"\r\n\r\nx",
        b"From: " + b"a" * 5_000 + b"@" + b"b" * 5_000 + b".test\r\n\r\nx",
    ],
    ids=lambda raw: repr(raw[:30]),
)
def test_whatever_comes_is_stored_or_kept_and_the_cursor_moves(claim: Claim, raw: bytes) -> None:
    what = Batch(0, 2, (message(1, raw or b"\r\n"), message(2)))

    with db.transaction(claim.workspace_id) as session:
        filed = ingest.take_in(session, claim, what, ingest.read_all(what.messages))

    assert filed is not None
    assert filed.stored + filed.failed == 2
    assert cursor(claim) == 2


@pytest.mark.parametrize(
    "fault",
    [
        IndexError("it breaks us"),
        RecursionError("it breaks us"),
        UnicodeEncodeError("utf-8", "it breaks us", 0, 1, "surrogates"),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_letter_that_our_own_fault_breaks_is_kept_and_its_neighbours_are_stored(
    claim: Claim,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
) -> None:
    split = quoting.split

    def broken(text: str, *given: Any, **more: Any) -> object:
        if "breaks us" in text:
            raise fault
        return split(text, *given, **more)

    deadly = make.raw(message_id="2@ingest", text="It breaks us.")
    monkeypatch.setattr(quoting, "split", broken)
    assert taken(claim, Batch(0, 3, (message(1), message(2, deadly), message(3)))) == 2
    monkeypatch.setattr(quoting, "split", split)

    assert cursor(claim) == 3
    with db.transaction(claim.workspace_id) as session:
        (copy,) = copies.failed(session, claim.workspace_id)
        assert (copy.uid, copy.error) == (2, "a fault of ours while the message was read")
        assert quarantine.raw(session, copy) == deadly
    assert type(fault).__name__ in caplog.text
    assert "breaks us" not in caplog.text
    assert quarantine.retry(claim.workspace_id) == (1, 0)


def test_what_a_rule_keeps_out_has_a_place_and_no_content() -> None:
    arrival = ingest.skipped(Place("Junk", 1, 3, 500, None), "spam")

    assert (arrival.uid, arrival.letter, arrival.skipped) == (3, None, "spam")


def test_single_letters_are_filed_beside_the_stretches(claim: Claim) -> None:
    with db.transaction(claim.workspace_id) as session:
        mailbox: Mailbox = mailboxes.get(session, claim.workspace_id, claim.mailbox_id)
        folder = folders.get(session, claim.workspace_id, claim.folder_id)
        arrivals = [ingest.read_one(message(5)), ingest.skipped(Place("INBOX", 1, 6), "spam")]
        once = ingest.take_places(session, mailbox, folder, arrivals)
        twice = ingest.take_places(session, mailbox, folder, arrivals)

    assert (once.stored, once.skipped, twice.stored, twice.skipped) == (1, 1, 0, 0)
    assert cursor(claim) == 0
    assert taken(claim, batch(0, 10)) == 8
