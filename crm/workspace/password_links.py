"""Links by which somebody sets their password once: an invitation, or a way back in.

Who makes one hands it over; only its hash is kept. A newer one ends the one before.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from crm.base import db, directory
from crm.base.errors import InvalidError
from crm.base.i18n import gettext as _
from crm.workspace import permissions, sign_ins, users
from crm.workspace.models import PasswordLink, User
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session

#: A link works for so long (OWASP ASVS 6.4.1 wants a bound).
LONGEST = timedelta(hours=72)


def make(session: Session, user: User, *, by: User, at: datetime) -> str:
    """Return the token of a new link for a user; those before it are over."""
    permissions.check(by, May.MANAGE)
    if not user.active:
        raise InvalidError(_("{name} is deactivated. Nothing was changed.").format(name=user.name))
    end(session, user)
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordLink(
            workspace_id=user.workspace_id,
            user_id=user.id,
            token=directory.hashed(token),
            expires_at=at + LONGEST,
        )
    )
    session.flush()
    directory.add(session, directory.Key.LINK, token, user.workspace_id, user.id)
    return token


def find(session: Session, token: str, *, at: datetime, to_use: bool = False) -> User | None:
    """Return whose link this is, and go on in their workspace. None for one that is over.

    `to_use` keeps it for this transaction: of two who come by it at once, one waits and finds none.
    """
    for way in directory.find(session, directory.Key.LINK, token):
        db.enter(session, way.workspace_id)
        asked = (
            select(User)
            .join(
                PasswordLink,
                (PasswordLink.workspace_id == User.workspace_id)
                & (PasswordLink.user_id == User.id),
            )
            .where(
                PasswordLink.workspace_id == way.workspace_id,
                PasswordLink.user_id == way.id,
                PasswordLink.token == directory.hashed(token),
                PasswordLink.expires_at > at,
                User.active,
            )
        )
        if to_use:
            asked = asked.with_for_update(of=PasswordLink)
        found: User | None = session.scalar(asked)
        if found is not None:
            return found
        db.leave(session)
    return None


def use(session: Session, user: User, password: str) -> None:
    """Set the password that a link was for. It works once, and whoever was signed in is out."""
    users.set_password(user, password)
    end(session, user)
    sign_ins.end_all(session, user)


def end(session: Session, user: User) -> None:
    """End a user's link, if there is one."""
    over = session.scalars(
        delete(PasswordLink)
        .where(PasswordLink.workspace_id == user.workspace_id, PasswordLink.user_id == user.id)
        .returning(PasswordLink.token)
    ).all()
    directory.remove_hashed(session, directory.Key.LINK, over, user.workspace_id)


def waiting(session: Session, by: User, *, at: datetime) -> dict[UUID, datetime]:
    """Return until when each user's link works, by the user's id."""
    permissions.check(by, May.MANAGE)
    rows = session.execute(
        select(PasswordLink.user_id, PasswordLink.expires_at).where(
            PasswordLink.workspace_id == by.workspace_id, PasswordLink.expires_at > at
        )
    )
    return {row.user_id: row.expires_at for row in rows}
