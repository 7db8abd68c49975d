"""Password links: for one user, once, for 72 hours, and the newest alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base import directory
from crm.base.db import Session
from crm.base.errors import ForbiddenError, InvalidError
from crm.workspace import password_links, sign_ins, users
from crm.workspace.models import User, UserRole, Workspace
from tests import make

WORDS = "a long password"


@pytest.fixture
def ben(session: Session, ana: User) -> User:
    return users.invite(session, "ben@halden.test", role=UserRole.REP, by=ana, at=make.NOW)


def test_a_link_lets_its_user_set_a_password_once(session: Session, ana: User, ben: User) -> None:
    token = password_links.make(session, ben, by=ana, at=make.NOW)
    assert password_links.find(session, token, at=make.NOW) is ben

    password_links.use(session, ben, WORDS)

    assert users.fits(ben, WORDS)
    assert password_links.find(session, token, at=make.NOW) is None
    assert directory.find(session, directory.Key.LINK, token) == []


def test_a_link_is_over_after_72_hours(session: Session, ana: User, ben: User) -> None:
    token = password_links.make(session, ben, by=ana, at=make.NOW)
    end = make.NOW + timedelta(hours=72)

    assert password_links.waiting(session, ana, at=make.NOW) == {ben.id: end}
    assert password_links.waiting(session, ana, at=end) == {}
    assert password_links.find(session, token, at=end - timedelta(seconds=1)) is ben
    assert password_links.find(session, token, at=end) is None


def test_a_newer_link_ends_the_one_before(session: Session, ana: User, ben: User) -> None:
    first = password_links.make(session, ben, by=ana, at=make.NOW)
    second = password_links.make(session, ben, by=ana, at=make.NOW)

    assert password_links.find(session, first, at=make.NOW) is None
    assert password_links.find(session, second, at=make.NOW) is ben


def test_whoever_was_signed_in_is_out_when_a_link_was_used(
    session: Session, ana: User, ben: User
) -> None:
    token = sign_ins.begin(session, ben, agent="", at=make.NOW)
    mine = sign_ins.begin(session, ana, agent="", at=make.NOW)
    password_links.make(session, ben, by=ana, at=make.NOW)

    password_links.use(session, ben, WORDS)

    assert sign_ins.find(session, token, at=make.NOW) is None
    assert sign_ins.find(session, mine, at=make.NOW) is ana


def test_a_password_that_is_none_leaves_the_link(session: Session, ana: User, ben: User) -> None:
    token = password_links.make(session, ben, by=ana, at=make.NOW)

    with pytest.raises(InvalidError):
        password_links.use(session, ben, "short")

    assert password_links.find(session, token, at=make.NOW) is ben


def test_who_is_deactivated_has_no_way_in(session: Session, ana: User, ben: User) -> None:
    token = password_links.make(session, ben, by=ana, at=make.NOW)
    users.deactivate(session, ben, by=ana)

    assert password_links.find(session, token, at=make.NOW) is None
    with pytest.raises(InvalidError):
        password_links.make(session, ben, by=ana, at=make.NOW)


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "\udcff"])
def test_what_is_no_link_leads_nowhere(session: Session, workspace: Workspace, token: str) -> None:
    assert password_links.find(session, token, at=make.NOW) is None


@pytest.mark.parametrize("role", [role for role in UserRole if role != UserRole.ADMIN])
def test_only_admins_make_them(
    session: Session, workspace: Workspace, ana: User, role: str
) -> None:
    ben = make.user(session, workspace, "ben@halden.test", role=role)

    for attempt in (
        lambda: password_links.make(session, ana, by=ben, at=make.NOW),
        lambda: password_links.waiting(session, ben, at=make.NOW),
        lambda: users.invite(session, "x@x.test", role=UserRole.REP, by=ben, at=make.NOW),
        lambda: users.change_role(session, ben, UserRole.ADMIN, by=ben),
        lambda: users.deactivate(session, ana, by=ben),
        lambda: users.activate(session, ana, by=ben),
        lambda: users.of_workspace(session, ben),
    ):
        with pytest.raises(ForbiddenError):
            attempt()
    assert (ben.role, ana.active) == (role, True)
