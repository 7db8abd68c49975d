"""The directory: from a key to a workspace, without a word of a customer's text."""

from __future__ import annotations

from sqlalchemy import select

from crm.base import db, directory, ids
from crm.base.db import Session
from crm.base.directory import DirectoryEntry, Key, Way
from crm.workspace.models import Workspace
from tests import make


def test_a_key_leads_to_where_it_was_said_to_lead(session: Session, workspace: Workspace) -> None:
    id_ = ids.new()

    directory.add(session, Key.USER, "ana@halden.test", workspace.id, id_)

    assert directory.find(session, Key.USER, "ana@halden.test") == [Way(workspace.id, id_)]
    assert directory.find(session, Key.MAILBOX, "ana@halden.test") == []
    assert directory.find(session, Key.USER, "Ana@halden.test") == []


def test_adding_a_way_twice_is_the_same_as_once(session: Session, workspace: Workspace) -> None:
    id_ = ids.new()

    directory.add(session, Key.USER, "ana@halden.test", workspace.id, id_)
    directory.add(session, Key.USER, "ana@halden.test", workspace.id, id_)

    assert len(directory.find(session, Key.USER, "ana@halden.test")) == 1


def test_an_address_may_lead_to_several_workspaces_and_is_forgotten_in_one(
    session: Session, workspace: Workspace
) -> None:
    other = make.workspace(session, "Other")
    directory.add(session, Key.USER, "ana@halden.test", workspace.id, ids.new())
    directory.add(session, Key.USER, "ana@halden.test", other.id, ids.new())

    directory.remove(session, Key.USER, "ana@halden.test", workspace.id)

    ways = directory.find(session, Key.USER, "ana@halden.test")
    assert [way.workspace_id for way in ways] == [other.id]


def test_all_keys_of_a_thing_are_forgotten_together_and_nobody_else_s(
    session: Session, workspace: Workspace
) -> None:
    mine, beside = ids.new(), ids.new()
    for key, id_ in (("ana@halden.test", mine), ("a@halden.test", mine), ("a@halden.test", beside)):
        directory.add(session, Key.MAILBOX, key, workspace.id, id_)
    directory.add(session, Key.USER, "ana@halden.test", workspace.id, mine)

    directory.remove_all(session, Key.MAILBOX, Way(workspace.id, mine))

    assert directory.find(session, Key.MAILBOX, "ana@halden.test") == []
    assert directory.find(session, Key.MAILBOX, "a@halden.test") == [Way(workspace.id, beside)]
    assert directory.find(session, Key.USER, "ana@halden.test") == [Way(workspace.id, mine)]


def test_a_key_in_another_workspace_is_seen_and_one_beside_it_is_not(
    session: Session, workspace: Workspace
) -> None:
    mine, other = ids.new(), make.workspace(session, "Other")
    for key in ("ana@halden.test", "a@halden.test"):
        directory.add(session, Key.MAILBOX, key, workspace.id, mine)
    directory.add(session, Key.MAILBOX, "a@halden.test", workspace.id, ids.new())
    directory.add(session, Key.USER, "a@halden.test", other.id, ids.new())
    assert not directory.is_shared(session, Key.MAILBOX, Way(workspace.id, mine))

    directory.add(session, Key.MAILBOX, "a@halden.test", other.id, ids.new())

    assert directory.is_shared(session, Key.MAILBOX, Way(workspace.id, mine))
    assert not directory.is_shared(session, Key.MAILBOX, Way(workspace.id, ids.new()))


def test_a_way_is_found_before_any_workspace_is_known(
    session: Session, workspace: Workspace
) -> None:
    directory.add(session, Key.USER, "ana@halden.test", workspace.id, ids.new())
    session.commit()

    with db.transaction() as nowhere:
        assert len(directory.find(nowhere, Key.USER, "ana@halden.test")) == 1


def test_the_directory_holds_no_text_of_a_customer(session: Session, workspace: Workspace) -> None:
    directory.add(session, Key.USER, "ana@halden.test", workspace.id, ids.new())
    session.flush()

    keys = session.scalars(select(DirectoryEntry.key)).all()
    assert {len(key) for key in keys} == {32}
    assert not any(b"ana" in key or b"halden" in key for key in keys)


def test_every_text_has_a_hash_of_its_own() -> None:
    assert directory.hashed("a") == directory.hashed("a") != directory.hashed("b")
