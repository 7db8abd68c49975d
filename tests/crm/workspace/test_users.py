"""Users: added once, found by address or id, let in by their own password alone."""

from __future__ import annotations

import pytest

from crm.base import directory, ids
from crm.base.db import Session
from crm.base.directory import Key, Way
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.workspace import users
from crm.workspace.models import User, Workspace
from tests import make


def test_a_new_user_is_found_by_address_by_id_and_in_the_directory(
    session: Session, workspace: Workspace
) -> None:
    ana = make.user(session, workspace, " Ana@Halden.TEST ")

    assert users.get(session, workspace.id, ana.id) is ana
    assert users.get_named(session, workspace.id, str(ana.id)) is ana
    assert users.get_named(session, workspace.id, "ANA@halden.test ") is ana
    ways = directory.find(session, Key.USER, "ana@halden.test")
    assert ways == [Way(workspace.id, ana.id)]


@pytest.mark.parametrize(
    ("given", "email", "name"),
    [
        ("", "ana.kovac@halden.test", "Ana Kovac"),
        ("  Ana \u202eKovač ", "ana@halden.test", "Ana Kovač"),
        ("", "ana@halden.test", "Ana"),
    ],
)
def test_a_user_has_a_name_even_when_none_was_given(
    session: Session, workspace: Workspace, given: str, email: str, name: str
) -> None:
    assert make.user(session, workspace, email, name=given).name == name


def test_an_address_is_one_user_in_a_workspace_and_may_be_another_elsewhere(
    session: Session, workspace: Workspace
) -> None:
    make.user(session, workspace, "ana@halden.test")
    with pytest.raises(ConflictError):
        make.user(session, workspace, "ANA@halden.test")

    other = make.workspace(session, "Other")
    make.user(session, other, "ana@halden.test")

    ways = directory.find(session, Key.USER, "ana@halden.test")
    assert {way.workspace_id for way in ways} == {workspace.id, other.id}


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a na@halden.test"])
def test_a_user_needs_an_address(session: Session, workspace: Workspace, email: str) -> None:
    with pytest.raises(InvalidError):
        make.user(session, workspace, email)


def test_a_stranger_is_not_found(session: Session, workspace: Workspace, ana: User) -> None:
    other = make.workspace(session, "Other")

    with pytest.raises(NotFoundError):
        users.get(session, other.id, ana.id)
    with pytest.raises(NotFoundError):
        users.get(session, workspace.id, ids.new())
    with pytest.raises(NotFoundError):
        users.get_named(session, other.id, "ana@halden.test")
    assert users.find_by_email(session, other.id, "ana@halden.test") is None


def test_everyone_who_may_sign_in_is_listed_by_name(session: Session, workspace: Workspace) -> None:
    for email, name in (("c@halden.test", "Cyril"), ("a@halden.test", "Ana")):
        make.user(session, workspace, email, name=name)
    gone = make.user(session, workspace, "b@halden.test", name="Bo")
    gone.active = False
    session.flush()

    assert [user.name for user in users.everyone(session, workspace.id)] == ["Ana", "Cyril"]


@pytest.mark.parametrize(
    ("password", "fits"),
    [("x" * 7, False), ("x" * 8, True), ("x" * 128, True), ("x" * 129, False)],
)
def test_a_password_is_neither_short_nor_endless(password: str, fits: bool) -> None:
    if fits:
        users.check_password(password)
        return
    with pytest.raises(InvalidError):
        users.check_password(password)


def test_a_short_password_adds_nobody(session: Session, workspace: Workspace) -> None:
    with pytest.raises(InvalidError):
        make.user(session, workspace, password="short")

    assert users.everyone(session, workspace.id) == []
    assert directory.find(session, Key.USER, "ana@halden.test") == []


def test_only_the_right_password_of_somebody_active_fits(
    session: Session, workspace: Workspace
) -> None:
    ana = make.user(session, workspace, password="correct horse")
    without = make.user(session, workspace, "bo@halden.test")

    assert users.fits(ana, "correct horse")
    assert not users.fits(ana, "Correct horse")
    assert not users.fits(without, "")
    assert not users.fits(without, "nobody has this password")
    assert not users.fits(None, "nobody has this password")
    ana.active = False
    assert not users.fits(ana, "correct horse")


@pytest.mark.parametrize("password", ["", "\x00", "\ud800", "x" * 100_000])
def test_whatever_is_tried_as_a_password_is_wrong_and_no_crash(password: str) -> None:
    assert not users.fits(None, password)


def test_a_password_is_kept_as_a_hash_and_a_weak_hash_is_renewed(
    session: Session, workspace: Workspace
) -> None:
    from argon2 import PasswordHasher

    ana = make.user(session, workspace, password="correct horse")
    assert "correct horse" not in (ana.password or "")
    weak = PasswordHasher(time_cost=1, memory_cost=64).hash("correct horse")
    ana.password = weak

    assert not users.fits(ana, "wrong horse")
    assert ana.password == weak
    assert users.fits(ana, "correct horse")
    assert ana.password != weak
    assert users.fits(ana, "correct horse")


def test_a_hash_that_is_none_lets_nobody_in(session: Session, workspace: Workspace) -> None:
    ana = make.user(session, workspace)
    ana.password = "plain text from an old dump"

    assert not users.fits(ana, "plain text from an old dump")
