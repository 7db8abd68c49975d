"""Who of ours is whom at Google: known by the subject, which never changes as addresses do.

One subject leads to one user, in one workspace (OpenID Connect Core 1.0, section 5.7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm.base import db, directory, showing
from crm.workspace.models import User

if TYPE_CHECKING:
    from crm.base.db import Session


def find(session: Session, subject: str) -> User | None:
    """Return whose subject this is, and go on in their workspace. None when nobody's."""
    for way in directory.find(session, directory.Key.GOOGLE, subject):
        db.enter(session, way.workspace_id)
        user: User | None = session.scalar(
            select(User).where(
                User.workspace_id == way.workspace_id,
                User.id == way.id,
                User.google_key == directory.hashed(subject),
                User.active,
            )
        )
        if user is not None:
            return user
        db.leave(session)
    return None


def bind(session: Session, user: User, subject: str, email: str) -> None:
    """Let a subject lead to a user, and to nobody else; the one before it leads nowhere.

    `email` is how Google names them, for people to recognise it by.
    """
    unbind(session, user)
    directory.claim(session, directory.Key.GOOGLE, subject, user.workspace_id, user.id)
    user.google_key = directory.hashed(subject)
    user.google_email = showing.straight(email)[:254]
    session.flush()


def unbind(session: Session, user: User) -> None:
    """Let a user's subject lead nowhere."""
    if user.google_key is not None:
        keys = [user.google_key]
        directory.remove_hashed(session, directory.Key.GOOGLE, keys, user.workspace_id)
    user.google_key, user.google_email = None, ""
    session.flush()
