"""Browsers in which a user is signed in: open, look up, close."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from crm.base import db, directory, ids
from crm.workspace.models import SignIn, User

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from crm.base.db import Session

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
_REMEMBERED_EVERY = timedelta(minutes=5)


def begin(session: Session, user: User, *, agent: str, at: datetime) -> str:
    """Sign a user in and return the token for the browser; only its hash is kept.

    What of the workspace's sign-ins is over goes.
    """
    _forget_over(session, user.workspace_id, at)
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        workspace_id=user.workspace_id,
        id=ids.new(),
        user_id=user.id,
        token=directory.hashed(token),
        agent=agent[:200],
        created_at=at,
        seen_at=at,
        expires_at=at + LONGEST,
    )
    session.add(sign_in)
    directory.add(session, directory.Key.SESSION, token, user.workspace_id, sign_in.id)
    return token


def find(session: Session, token: str, *, at: datetime, used: bool = True) -> User | None:
    """Return who is signed in with a token, and go on in their workspace. None when nobody is.

    Unless it is `used`, the time goes on after which a sign-in that nobody uses is over.
    """
    ways = directory.find(session, directory.Key.SESSION, token)
    if len(ways) != 1:
        return None
    db.enter(session, ways[0].workspace_id)
    row = session.execute(
        select(SignIn, User)
        .join(User, (User.workspace_id == SignIn.workspace_id) & (User.id == SignIn.user_id))
        .where(SignIn.workspace_id == ways[0].workspace_id, SignIn.id == ways[0].id)
    ).one_or_none()
    sign_in, user = row if row is not None else (None, None)
    if user is None or sign_in is None or _is_over(sign_in, user, at):
        db.leave(session)
        return None
    if used and at >= sign_in.seen_at + _REMEMBERED_EVERY:
        sign_in.seen_at = at
    return user


def _is_over(sign_in: SignIn, user: User, at: datetime) -> bool:
    return not user.active or at >= sign_in.expires_at or at >= sign_in.seen_at + IDLE


def _forget_over(session: Session, workspace_id: UUID, at: datetime) -> None:
    over = session.scalars(
        delete(SignIn)
        .where(
            SignIn.workspace_id == workspace_id,
            or_(SignIn.expires_at <= at, SignIn.seen_at <= at - IDLE),
        )
        .returning(SignIn.token)
    ).all()
    directory.remove_hashed(session, directory.Key.SESSION, over, workspace_id)


def of_user(session: Session, user: User, *, at: datetime) -> list[SignIn]:
    """List the browsers in which a user is signed in, the one used last first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(
                SignIn.workspace_id == user.workspace_id,
                SignIn.user_id == user.id,
                SignIn.expires_at > at,
                SignIn.seen_at > at - IDLE,
            )
            .order_by(SignIn.seen_at.desc(), SignIn.id)
        )
    )


def is_of(sign_in: SignIn, token: str) -> bool:
    """Tell whether this is the browser that bears a token."""
    return secrets.compare_digest(sign_in.token, directory.hashed(token))


def end_one(session: Session, user: User, sign_in_id: UUID) -> None:
    """Sign a user out of one browser. Somebody else's stays, and ending it again is no error."""
    _end(session, user, SignIn.id == sign_in_id)


def end_all(session: Session, user: User, *, but: str = "") -> None:
    """Sign a user out everywhere, but for the browser that bears a token."""
    _end(session, user, SignIn.token != directory.hashed(but))


def _end(session: Session, user: User, which: ColumnElement[bool]) -> None:
    over = session.scalars(
        delete(SignIn)
        .where(SignIn.workspace_id == user.workspace_id, SignIn.user_id == user.id, which)
        .returning(SignIn.token)
    ).all()
    directory.remove_hashed(session, directory.Key.SESSION, over, user.workspace_id)


def end(session: Session, token: str) -> None:
    """Sign out. Ending what has ended is no error."""
    for way in directory.find(session, directory.Key.SESSION, token):
        db.enter(session, way.workspace_id)
        session.execute(
            delete(SignIn).where(SignIn.workspace_id == way.workspace_id, SignIn.id == way.id)
        )
        directory.remove(session, directory.Key.SESSION, token, way.workspace_id)
