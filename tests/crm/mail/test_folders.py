"""Folders: noted once a name, started anew when the server renumbers."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from crm.base.db import Session
from crm.mail import copies, folders, stretches
from crm.mail.models import Folder, Mailbox
from crm.mail.stretches import Piece
from crm.workspace.models import User, Workspace
from tests import make


def test_folders_are_known_by_their_names_on_the_server(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    names = ["INBOX", 'a" NOOP', "Odesláno/2026", "{5+}"]

    made = [folders.add(session, box, n, role="", uidvalidity=1, skips="") for n in names]

    assert folders.of_mailbox(session, box) == dict(zip(names, made, strict=True))
    assert folders.get(session, workspace.id, made[0].id) is made[0]
    assert folders.of_mailbox(session, make.mailbox(session, ana, "other@halden.test")) == {}


def test_a_name_stands_once_in_a_mailbox(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    make.folder(session, box)

    with pytest.raises(IntegrityError), session.begin_nested():
        folders.add(session, box, "INBOX", role="", uidvalidity=1, skips="")


def test_a_renumbered_folder_starts_anew(session: Session, workspace: Workspace, ana: User) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box)
    other = make.folder(session, box, "Sent")
    for each in (folder, other):
        stretches.cut(session, each, [Piece(1, 10, 0)])
    copies.note_compared(session, folder, server=0, pending=0, stray=0, at=make.NOW)

    folders.renumber(session, folder, 7)
    folders.renumber(session, folder, 8)

    assert (folder.uidvalidity, folder.resets, folder.compared_at) == (8, 2, None)
    assert stretches.open_ranges(session, folder) == []
    assert stretches.open_ranges(session, other) == [(0, 10)]


def test_what_a_worker_had_of_the_old_numbering_cannot_commit(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folder = make.folder(session, box)
    stretches.cut(session, folder, [Piece(1, 10, 0)])
    [stretch] = stretches.unfinished(session, workspace.id, box.id)
    claim = stretches.claim(session, workspace.id, stretch)
    assert claim is not None
    assert stretches.holds(session, claim, 0)

    folders.renumber(session, folder, 7)

    assert not stretches.holds(session, claim, 0)


def number(session: Session, box: Mailbox, uidvalidity: int, role: str = "") -> Folder:
    return folders.number(
        session, box, "INBOX", role=role, uidvalidity=uidvalidity, skips="spam" if role else ""
    )


def test_a_folder_gets_its_number_once_and_starts_anew_with_another(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folder = number(session, box, 5)
    stretches.cut(session, folder, [Piece(1, None, 0)])

    assert number(session, box, 5) is folder
    assert (folder.resets, stretches.is_taken_up(session, folder)) == (0, True)
    assert number(session, box, 6) is folder
    assert (folder.resets, stretches.is_taken_up(session, folder)) == (1, False)


def test_a_folder_that_could_never_be_opened_stands_in_the_ledger_with_its_trouble(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)

    folders.note_troubles(session, box, {"INBOX": "the server refuses"})

    (line,) = copies.ledger(session, box)
    assert (line.folder.name, line.folder.trouble) == ("INBOX", "the server refuses")
    assert not line.balanced


def test_a_folder_that_is_opened_at_last_is_told_what_it_is_for(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    folders.note_troubles(session, box, {"INBOX": "the server refuses"})

    folder = number(session, box, 5, role="spam")

    assert (folder.uidvalidity, folder.role, folder.skips) == (5, "spam", "spam")


def test_troubles_are_noted_together_and_what_is_well_is_forgotten(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    for name in ("INBOX", "Sent"):
        make.folder(session, box, name)

    folders.note_trouble(session, box, "INBOX", "closed")
    folders.note_troubles(session, box, {"Sent": "closed"})

    known = folders.of_mailbox(session, box)
    assert {name: folder.trouble for name, folder in known.items()} == {
        "INBOX": "",
        "Sent": "closed",
    }
    assert folders.lock(session, box.workspace_id, known["Sent"].id) is known["Sent"]


def test_whoever_begins_to_ask_is_seen_by_whoever_began_before(
    session: Session, workspace: Workspace, ana: User
) -> None:
    folder = make.folder(session, make.mailbox(session, ana))
    session.commit()
    began = folders.begin(session, workspace.id, folder.id).written_by
    session.commit()
    assert folders.lock(session, workspace.id, folder.id).written_by == began
    session.commit()

    assert folders.begin(session, workspace.id, folder.id).written_by != began
    assert folders.lock(session, workspace.id, folder.id).written_by != began
