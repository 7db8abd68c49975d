"""Whose records somebody's role reaches: a condition for queries, and a check of one record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, or_, select, true
from sqlalchemy.orm import aliased

from crm.workspace import permissions
from crm.workspace.models import TeamUser
from crm.workspace.permissions import Deed, Scope

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import InstrumentedAttribute

    from crm.base.db import Session
    from crm.workspace.models import User

_Theirs = aliased(TeamUser)


def colleagues(session: Session, user: User) -> list[UUID]:
    """Return the ids of those who are in a team with somebody, theirs first."""
    mine = select(TeamUser.team_id).where(
        TeamUser.workspace_id == user.workspace_id, TeamUser.user_id == user.id
    )
    found = session.scalars(
        select(_Theirs.user_id)
        .where(_Theirs.workspace_id == user.workspace_id, _Theirs.team_id.in_(mine))
        .distinct()
    )
    return [user.id, *(other for other in found if other != user.id)]


def owners(session: Session, user: User, subject: str, deed: Deed = Deed.SEE) -> list[UUID] | None:
    """Return whose records somebody's deed reaches, beside nobody's; None where everybody's.

    Raises ForbiddenError where it reaches none at all.
    """
    permissions.check_reach(user, subject, deed)
    far = permissions.scope(user, subject, deed)
    if far is Scope.ALL:
        return None
    return colleagues(session, user) if far is Scope.TEAM else [user.id]


def within(
    session: Session,
    user: User,
    subject: str,
    owner_id: InstrumentedAttribute[Any],
    deed: Deed = Deed.SEE,
) -> ColumnElement[bool]:
    """Give the condition that a record is within the reach of somebody's deed."""
    whose = owners(session, user, subject, deed)
    if whose is None:
        return true()
    return or_(owner_id.is_(None), owner_id == any_(literal(whose, ARRAY(Uuid()))))


def reaches(
    session: Session, user: User, subject: str, owner_id: UUID | None, deed: Deed = Deed.SEE
) -> bool:
    """Tell whether somebody's deed reaches a record with this owner."""
    far = permissions.scope(user, subject, deed)
    if far is Scope.NONE:
        return False
    if far is Scope.ALL or owner_id is None or owner_id == user.id:
        return True
    return far is Scope.TEAM and owner_id in colleagues(session, user)


def check(session: Session, user: User, subject: str, owner_id: UUID | None, deed: Deed) -> None:
    """Refuse with ForbiddenError a deed to a record that it does not reach."""
    if not reaches(session, user, subject, owner_id, deed):
        raise permissions.refusal(user)
