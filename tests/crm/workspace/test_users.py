"""Users: added once, found by address or id, let in by their own password alone."""

from __future__ import annotations

import pytest

from crm.base import db, directory, ids
from crm.base.db import Session, transaction
from crm.base.directory import Key, Way
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.settings import Settings
from crm.workspace import sign_ins, users
from crm.workspace.models import User, UserRole, Workspace
from tests import make

PASSWORD = "a long password"


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
    with pytest.raises(ConflictError, match="already, and has no password yet"):
        make.user(session, workspace, "ANA@halden.test")
    users.get_named(session, workspace.id, "ana@halden.test").password = "hashed"
    with pytest.raises(ConflictError, match=r"already\.$"):
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
    session.flush()

    assert not users.fits(ana, "wrong horse")
    assert users.fits(ana, "correct horse")
    assert ana.password == weak
    assert users.hold(session, ana, "correct horse")
    assert ana.password != weak
    assert users.fits(ana, "correct horse")


@pytest.mark.parametrize("change", ["password", "active"])
def test_what_changed_since_a_password_fitted_lets_nobody_in(house: Settings, change: str) -> None:
    with transaction() as session:
        workspace = make.workspace(session)
    with transaction(workspace.id) as session:
        ana_id = make.user(session, workspace, password="correct horse").id

    with transaction(workspace.id) as session:
        ana = users.get(session, workspace.id, ana_id)
        assert users.fits(ana, "correct horse")
        with transaction(workspace.id) as other:
            same = users.get(other, workspace.id, ana_id)
            if change == "password":
                users.set_password(same, "another horse")
            else:
                same.active = False

        assert not users.hold(session, ana, "correct horse")
        assert not users.fits(ana, "correct horse")


def test_a_hash_that_is_none_lets_nobody_in(session: Session, workspace: Workspace) -> None:
    ana = make.user(session, workspace)
    ana.password = "plain text from an old dump"

    assert not users.fits(ana, "plain text from an old dump")


def test_the_last_admin_stays_one(session: Session, workspace: Workspace, ana: User) -> None:
    eva = make.user(session, workspace, "eva@halden.test", role="admin")
    users.change_role(session, ana, UserRole.REP, by=eva)
    assert ana.role == UserRole.REP

    with pytest.raises(ConflictError, match="only admin"):
        users.change_role(session, eva, UserRole.REP, by=eva)
    ana.role = UserRole.ADMIN
    ana.active = False
    session.flush()
    with pytest.raises(ConflictError, match="only admin"):
        users.change_role(session, eva, UserRole.REP, by=eva)
    assert eva.role == UserRole.ADMIN


def test_who_is_deactivated_is_in_nowhere_and_may_come_back(
    session: Session, workspace: Workspace, ana: User
) -> None:
    ben = make.user(session, workspace, "ben@halden.test", password=PASSWORD)
    token = sign_ins.begin(session, ben, agent="", at=make.NOW)

    users.deactivate(session, ben, by=ana)
    assert not users.fits(ben, PASSWORD)
    assert users.of_workspace(session, ana) == [ana, ben]
    assert sign_ins.find(session, token, at=make.NOW) is None
    db.enter(session, workspace.id)

    ana, ben = (users.get(session, workspace.id, user.id) for user in (ana, ben))
    users.activate(session, ben, by=ana)
    assert users.fits(ben, PASSWORD)
    with pytest.raises(InvalidError):
        users.deactivate(session, ana, by=ana)


def test_a_password_is_changed_by_who_knows_the_one_before(
    session: Session, workspace: Workspace
) -> None:
    ben = make.user(session, workspace, "ben@halden.test", password=PASSWORD)

    with pytest.raises(InvalidError):
        users.change_password(ben, "another password", "a newer password")
    with pytest.raises(InvalidError):
        users.change_password(ben, PASSWORD, "short")
    assert users.fits(ben, PASSWORD)
    users.change_password(ben, PASSWORD, "a newer password")

    assert users.fits(ben, "a newer password")
    assert not users.fits(ben, PASSWORD)


def test_one_lives_in_a_zone_and_a_language_that_there_are(session: Session, ana: User) -> None:
    users.settle(ana, language="cs", time_zone="Europe/Prague", offered=("en", "cs"))
    assert (ana.language, ana.time_zone) == ("cs", "Europe/Prague")

    for language, zone in (("fa", "Europe/Prague"), ("en", "Mars/Olympus"), ("en", "../etc")):
        with pytest.raises(InvalidError):
            users.settle(ana, language=language, time_zone=zone, offered=("en", "cs"))
    assert (ana.language, ana.time_zone) == ("cs", "Europe/Prague")
