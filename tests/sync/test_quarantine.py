"""Quarantine: what cannot be read is kept whole, and comes in once after an upgrade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from crm.base import db
from crm.base.db import Session
from crm.base.settings import Settings
from crm.filing import Filed
from crm.mail import copies, mailboxes
from crm.mail.letter import Arrival, Flag, LeftPart
from crm.mail.models import Attachment, Copy, CopyState, Folder, Mailbox, Message, RawLetter
from sync import ingest, ledger, quarantine, trial
from sync.source import Place, RawMessage
from tests import make
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault, Proxy
from tests.sync import rig


def kept(
    town: Settings,
    *raws: bytes,
    trouble: str = "a reader of last year",
    left: tuple[LeftPart, ...] = (),
    size: int | None = None,
) -> UUID:
    """File letters that could not be read then; return their workspace."""
    with db.transaction() as session:
        box = make.mailbox(session, make.user(session, make.workspace(session)))
        folder = make.folder(session, box)
        arrivals = [
            ingest.read_one(
                RawMessage(
                    Place(folder.name, 1, uid, size or len(raw), make.NOW),
                    raw,
                    frozenset({Flag.SEEN}),
                    left,
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


def test_a_letter_that_the_database_refuses_holds_up_no_other(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace_id = kept(town, *(make.raw(message_id=f"<{n}@severka.test>") for n in range(3)))
    take_places = ingest.take_places

    def refuse(session: Session, box: Mailbox, folder: Folder, some: Sequence[Arrival]) -> Filed:
        if any(arrival.uid == 2 for arrival in some):
            session.execute(text("insert into directory select * from directory"))
        return take_places(session, box, folder, some)

    monkeypatch.setattr(ingest, "take_places", refuse)

    assert quarantine.retry(workspace_id) == (2, 1)
    assert [copy.state for copy in copies_of(workspace_id)] == [
        CopyState.STORED,
        CopyState.FAILED,
        CopyState.STORED,
    ]


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


def test_a_retry_lets_the_server_be_asked_again_for_what_it_never_gave(
    town: Settings, dovecot: Dovecot, liar: Proxy
) -> None:
    rig.deliver(dovecot, "askagain", rig.letters(3))
    box = rig.connect(town, liar.port, "askagain")
    liar.plan(Fault("nil_body", uid=2, times=None))
    for _ in range(ledger.ATTEMPTS + 1):
        rig.bring(box)
    liar.plan()
    assert rig.bring(box).stored == 0

    assert quarantine.retry(box.workspace_id) == (0, 1)

    assert rig.bring(box).stored == 1
    rig.assert_exact(box, rig.served(dovecot, "askagain"))


def kept_bytes(workspace_id: UUID) -> int:
    with db.transaction(workspace_id) as session:
        return session.scalar(select(func.count()).select_from(RawLetter)) or 0


def test_the_bytes_of_a_letter_that_is_read_at_last_go_and_those_of_others_stay(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine, odd = make.raw(subject="Fine"), make.raw(subject="Odd")
    workspace_id = kept(town, fine, odd)
    read = ingest.read_one
    monkeypatch.setattr(
        ingest,
        "read_one",
        lambda one: ingest.keep(one, "unreadable") if b"Odd" in one.raw else read(one),
    )

    assert quarantine.retry(workspace_id) == (1, 1)

    assert kept_bytes(workspace_id) == 1
    with db.transaction(workspace_id) as session:
        (failed,) = copies.failed(session, workspace_id)
        assert quarantine.raw(session, failed) == odd


def test_bytes_that_another_letter_in_quarantine_bears_too_stay(town: Settings) -> None:
    letter = make.raw()
    workspace_id = kept(town, letter, letter)
    with db.transaction(workspace_id) as session:
        folder = session.scalars(select(Folder)).one()
        copies.mark_gone(session, folder, [1])

    quarantine.tidy(workspace_id)
    assert kept_bytes(workspace_id) == 1
    with db.transaction(workspace_id) as session:
        copies.mark_gone(session, folder, [2])

    quarantine.tidy(workspace_id)
    assert kept_bytes(workspace_id) == 0


def test_the_bytes_of_a_letter_that_is_gone_from_its_server_go(
    town: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").mkdir()
    for n, raw in enumerate(rig.letters(2)):
        (tmp_path / "mail" / f"{n}.eml").write_bytes(raw)
    box = rig.connect_files(town, tmp_path / "mail")
    monkeypatch.setattr(ingest, "read_one", lambda one: ingest.keep(one, "unreadable"))
    rig.bring(box)
    assert kept_bytes(box.workspace_id) == 2

    (tmp_path / "mail" / "0.eml").unlink()
    rig.bring(box)

    assert kept_bytes(box.workspace_id) == 1


def test_a_letter_that_came_by_its_parts_keeps_what_was_left_on_the_server(
    town: Settings,
) -> None:
    left = LeftPart("2", "application/pdf", "offer.pdf", 78_000, "BASE64", "c@x", inline=True)
    workspace_id = kept(town, make.raw(), left=(left,), size=80_000)

    assert quarantine.retry(workspace_id) == (1, 0)

    with db.transaction(workspace_id) as session:
        (attachment,) = session.scalars(select(Attachment))
        (copy,) = session.scalars(select(Copy))
    assert (attachment.section, attachment.filename, attachment.inline) == ("2", "offer.pdf", True)
    assert (copy.state, copy.size) == (CopyState.STORED, 80_000)


def test_a_retry_takes_many_letters_in_few_transactions(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace_id = kept(town, *[make.raw(message_id=f"{n}@many") for n in range(60)])
    filed: list[int] = []
    take_places = ingest.take_places

    def counted(*args: Any) -> Any:
        filed.append(len(args[-1]))
        return take_places(*args)

    monkeypatch.setattr(ingest, "take_places", counted)

    assert quarantine.retry(workspace_id) == (60, 0)
    assert filed == [50, 10]


def test_what_ended_workers_is_read_last_and_alone(
    town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace_id = kept(town, make.raw(subject="Poison"), trouble=trial.DEADLY)
    with db.transaction(workspace_id) as session:
        (box,) = mailboxes.everyone(session, workspace_id)
        folder = make.folder(session, box)
        message = RawMessage(Place(folder.name, 1, 9, 1, make.NOW - timedelta(days=9)), make.raw())
        ingest.take_places(session, box, folder, [ingest.keep(message, "a reader of last year")])
    read_one = ingest.read_one

    def deadly(message: RawMessage) -> Any:
        if b"Poison" in message.raw:
            raise MemoryError
        return read_one(message)

    monkeypatch.setattr(ingest, "read_one", deadly)

    with pytest.raises(MemoryError):
        quarantine.retry(workspace_id)

    assert [copy.state for copy in copies_of(workspace_id)] == [CopyState.FAILED, CopyState.STORED]
