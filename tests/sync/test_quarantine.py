"""Quarantine: what cannot be read is kept whole, and comes in once after an upgrade."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from crm.base import db
from crm.base.settings import Settings
from crm.mail import copies
from crm.mail.letter import Flag
from crm.mail.models import Copy, CopyState, Message
from sync import ingest, quarantine
from sync.source import Place, RawMessage
from tests import make


def kept(town: Settings, *raws: bytes, trouble: str = "a reader of last year") -> UUID:
    """File letters that could not be read then; return their workspace."""
    with db.transaction() as session:
        box = make.mailbox(session, make.user(session, make.workspace(session)))
        folder = make.folder(session, box)
        arrivals = [
            ingest.read_one(
                RawMessage(
                    Place(folder.name, 1, uid, len(raw), make.NOW),
                    raw,
                    frozenset({Flag.SEEN}),
                    trouble=trouble,
                )
            )
            for uid, raw in enumerate(raws, start=1)
        ]
        assert ingest.take_places(session, box, folder, arrivals).failed == len(raws)
        return box.workspace_id


def copies_of(workspace_id: UUID) -> list[Copy]:
    with db.transaction(workspace_id) as session:
        return list(session.scalars(select(Copy).order_by(Copy.uid)))


def test_a_letter_that_cannot_be_read_is_kept_byte_for_byte_with_its_error(town: Settings) -> None:
    letter = make.raw() + b"\x00\xff\xed\xa0\x80"
    workspace_id = kept(town, letter)

    with db.transaction(workspace_id) as session:
        (copy,) = copies.failed(session, workspace_id)
        assert quarantine.raw(session, copy) == letter
    assert (copy.state, copy.error) == (CopyState.FAILED, "a reader of last year")
    assert (copy.size, copy.attempts) == (len(letter), 1)


def test_a_retry_after_an_upgrade_brings_a_letter_in_once(town: Settings) -> None:
    letter = make.raw(subject="Late")
    workspace_id = kept(town, letter, make.raw(subject="Later"))

    first, second = quarantine.retry(workspace_id), quarantine.retry(workspace_id)

    assert (first, second) == ((2, 0), (0, 0))
    assert [copy.state for copy in copies_of(workspace_id)] == [CopyState.STORED] * 2
    assert copies_of(workspace_id)[0].flags == "seen"
    with db.transaction(workspace_id) as session:
        subjects = session.scalars(select(Message.subject).order_by(Message.subject)).all()
        assert subjects == ["Late", "Later"]


def test_a_letter_whose_bytes_never_came_stays_until_its_mailbox_gives_them(
    town: Settings,
) -> None:
    workspace_id = kept(town, b"")

    assert quarantine.retry(workspace_id) == (0, 1)
    with db.transaction(workspace_id) as session:
        assert quarantine.raw(session, copies.failed(session, workspace_id)[0]) == b""


def test_the_same_bytes_in_two_places_are_kept_once(town: Settings) -> None:
    letter = make.raw()
    workspace_id = kept(town, letter, letter)

    with db.transaction(workspace_id) as session:
        raws = session.execute(select(func.count()).select_from(quarantine.RawLetter)).scalar_one()
    assert raws == 1
    assert quarantine.retry(workspace_id) == (2, 0)
    with db.transaction(workspace_id) as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_a_retry_tries_all_of_them_and_not_only_the_newest(town: Settings) -> None:
    workspace_id = kept(town, *[b""] * 520)

    assert quarantine.retry(workspace_id) == (0, 520)
