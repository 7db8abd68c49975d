"""Sign-ins: a token opens one workspace, for as long as it may, and for nobody who was removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import db, directory
from crm.base.db import Session
from crm.base.directory import Key
from crm.workspace import sign_ins
from crm.workspace.models import SignIn, User, Workspace
from crm.workspace.sign_ins import IDLE, LONGEST
from tests import make


@pytest.fixture
def token(session: Session, ana: User) -> str:
    token = sign_ins.begin(session, ana, agent="Firefox " * 50, at=make.NOW)
    session.commit()
    return token


@pytest.fixture
def outside(session: Session) -> Iterator[Session]:
    """Open the session of a door that does not know yet who is there."""
    session.commit()
    with db.transaction() as outside:
        yield outside


def who(outside: Session, token: str, at: datetime) -> UUID | None:
    user = sign_ins.find(outside, token, at=at)
    return user.id if user is not None else None


def test_a_token_says_who_is_there_and_opens_their_workspace(
    outside: Session, workspace: Workspace, ana: User, token: str
) -> None:
    assert who(outside, token, make.NOW) == ana.id
    assert outside.scalars(select(Workspace.id)).all() == [workspace.id]


def test_the_token_itself_is_kept_nowhere(session: Session, token: str) -> None:
    sign_in = session.scalars(select(SignIn)).one()

    assert token.encode() not in sign_in.token
    assert len(sign_in.token) == 32
    assert len(sign_in.agent) == 200
    assert len(token) >= 43  # 256 bits as base64


@pytest.mark.parametrize("wrong", ["", "x", "\x00", "ž" * 1000])
def test_a_token_that_nobody_was_given_opens_nothing(
    outside: Session, token: str, wrong: str
) -> None:
    assert who(outside, wrong, make.NOW) is None
    assert who(outside, token + wrong + "x", make.NOW) is None
    assert outside.scalars(select(Workspace)).all() == []


@pytest.mark.parametrize(
    ("after", "there"),
    [(IDLE - timedelta(seconds=1), True), (IDLE, False), (LONGEST, False)],
)
def test_who_is_idle_too_long_is_signed_out(
    outside: Session, token: str, after: timedelta, there: bool
) -> None:
    assert (who(outside, token, make.NOW + after) is not None) is there


def test_who_comes_back_in_time_stays_until_the_very_end(outside: Session, token: str) -> None:
    at = make.NOW
    while at + IDLE / 2 < make.NOW + LONGEST:
        at += IDLE / 2
        assert who(outside, token, at) is not None

    assert who(outside, token, make.NOW + LONGEST - timedelta(seconds=1)) is not None
    assert who(outside, token, make.NOW + LONGEST) is None


def test_a_clock_that_jumps_back_throws_nobody_out(outside: Session, token: str) -> None:
    assert who(outside, token, make.NOW + timedelta(hours=1)) is not None
    assert who(outside, token, make.NOW - timedelta(hours=1)) is not None
    assert who(outside, token, make.NOW + timedelta(hours=2)) is not None


def test_who_was_removed_is_out_at_the_next_request(
    session: Session, ana: User, token: str
) -> None:
    ana.active = False
    session.commit()

    with db.transaction() as outside:
        assert who(outside, token, make.NOW) is None


def test_who_was_deleted_is_nobody(session: Session, ana: User, token: str) -> None:
    session.delete(ana)
    session.commit()

    with db.transaction() as outside:
        assert who(outside, token, make.NOW) is None


def test_a_token_that_has_run_out_leaves_the_session_in_no_workspace(
    outside: Session, token: str
) -> None:
    assert who(outside, token, make.NOW + LONGEST) is None

    assert outside.scalars(select(User)).all() == []


def test_a_token_of_one_workspace_opens_no_other(
    session: Session, workspace: Workspace, ana: User, token: str
) -> None:
    other = make.workspace(session, "Other")
    same = make.user(session, other, ana.email)
    theirs = sign_ins.begin(session, same, agent="", at=make.NOW)
    session.commit()

    for given, user, place in ((token, ana, workspace), (theirs, same, other)):
        with db.transaction() as outside:
            assert who(outside, given, make.NOW) == user.id
            assert outside.scalars(select(Workspace.id)).all() == [place.id]


def test_a_forged_way_into_another_workspace_leads_nowhere(
    session: Session, workspace: Workspace, ana: User, token: str
) -> None:
    other = make.workspace(session, "Other")
    [way] = directory.find(session, Key.SESSION, token)
    directory.add(session, Key.SESSION, "forged", other.id, way.id)
    session.commit()

    with db.transaction() as outside:
        assert who(outside, "forged", make.NOW) is None


def test_who_signs_out_is_out_and_may_do_so_twice(session: Session, token: str) -> None:
    for _ in range(2):
        with db.transaction() as outside:
            sign_ins.end(outside, token)

    with db.transaction() as outside:
        assert who(outside, token, make.NOW) is None
    session.expire_all()
    assert session.scalars(select(SignIn)).all() == []
    assert directory.find(session, Key.SESSION, token) == []


def test_signing_out_of_one_browser_leaves_the_other(
    session: Session, ana: User, token: str
) -> None:
    other = sign_ins.begin(session, ana, agent="", at=make.NOW)
    session.commit()

    with db.transaction() as outside:
        sign_ins.end(outside, token)

    with db.transaction() as outside:
        assert who(outside, other, make.NOW) == ana.id


@pytest.mark.parametrize("later", [IDLE, LONGEST])
def test_what_is_over_goes_with_its_key_when_somebody_signs_in(
    session: Session, ana: User, token: str, later: timedelta
) -> None:
    at = make.NOW + later - timedelta(seconds=1)
    seen = session.scalars(select(SignIn)).one()
    seen.seen_at = make.NOW if later == IDLE else at
    other = sign_ins.begin(session, ana, agent="", at=at)
    assert len(directory.find(session, Key.SESSION, token)) == 1

    sign_ins.begin(session, ana, agent="", at=make.NOW + later)

    assert directory.find(session, Key.SESSION, token) == []
    assert len(directory.find(session, Key.SESSION, other)) == 1
    assert len(session.scalars(select(SignIn)).all()) == 2


def test_nobody_is_signed_out_by_another_workspaces_sign_ins(
    session: Session, ana: User, token: str
) -> None:
    other = make.user(session, make.workspace(session, "Other"), "bo@other.test")

    sign_ins.begin(session, other, agent="", at=make.NOW + LONGEST)

    assert len(directory.find(session, Key.SESSION, token)) == 1


def test_one_sees_where_one_is_signed_in_and_ends_it(session: Session, ana: User) -> None:
    this = sign_ins.begin(session, ana, agent="Firefox", at=make.NOW)
    other = sign_ins.begin(session, ana, agent="Safari", at=make.NOW + timedelta(hours=1))
    at = make.NOW + timedelta(hours=2)
    safari, firefox = sign_ins.of_user(session, ana, at=at)
    assert [s.agent for s in (safari, firefox)] == ["Safari", "Firefox"]
    assert (sign_ins.is_of(firefox, this), sign_ins.is_of(safari, this)) == (True, False)

    sign_ins.end_one(session, ana, safari.id)
    sign_ins.end_one(session, ana, safari.id)

    assert sign_ins.find(session, other, at=at) is None
    assert sign_ins.find(session, this, at=at) is ana
    assert sign_ins.of_user(session, ana, at=at + timedelta(days=8)) == []


def test_nobody_ends_what_is_somebody_elses(
    session: Session, workspace: Workspace, ana: User
) -> None:
    ben = make.user(session, workspace, "ben@halden.test")
    token = sign_ins.begin(session, ana, agent="", at=make.NOW)
    [mine] = sign_ins.of_user(session, ana, at=make.NOW)

    sign_ins.end_one(session, ben, mine.id)
    sign_ins.end_all(session, ben)

    assert sign_ins.find(session, token, at=make.NOW) is ana


def test_all_are_ended_but_the_one_that_asks(session: Session, ana: User) -> None:
    tokens = [sign_ins.begin(session, ana, agent="", at=make.NOW) for _ in range(3)]

    sign_ins.end_all(session, ana, but=tokens[1])

    still = [sign_ins.find(session, token, at=make.NOW) is not None for token in tokens]
    assert still == [False, True, False]
