"""Teams: who works together. A role may reach as far as the teams that one is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from crm.base import ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.workspace import audit, permissions, users
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb, Team, TeamUser, User
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session


def make(session: Session, name: str, *, by: User, at: datetime) -> Team:
    """Make a team of nobody. Raises InvalidError, or ConflictError where the name is taken."""
    permissions.check(by, May.MANAGE)
    team = Team(workspace_id=by.workspace_id, id=ids.new(), name=_name(session, by, name))
    session.add(team)
    done = Done("team", team.id, AuditVerb.MADE, "name", "", team.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)
    return team


def get(session: Session, workspace_id: UUID, team_id: UUID) -> Team:
    """Return a team. Raises NotFoundError."""
    team = session.scalar(select(Team).where(Team.workspace_id == workspace_id, Team.id == team_id))
    if team is None:
        raise NotFoundError(_("There is no such team."))
    return team


def everything(session: Session, workspace_id: UUID) -> list[tuple[Team, list[User]]]:
    """List the teams by name, each with those in it who may sign in."""
    teams = session.scalars(
        select(Team).where(Team.workspace_id == workspace_id).order_by(Team.name)
    ).all()
    rows = session.execute(
        select(TeamUser.team_id, User)
        .join(User, (User.workspace_id == TeamUser.workspace_id) & (User.id == TeamUser.user_id))
        .where(TeamUser.workspace_id == workspace_id, User.active)
        .order_by(User.name, User.id)
    )
    users_of: dict[UUID, list[User]] = {team.id: [] for team in teams}
    for team_id, user in rows:
        users_of[team_id].append(user)
    return [(team, users_of[team.id]) for team in teams]


def rename(session: Session, team: Team, name: str, *, by: User, at: datetime) -> None:
    """Call a team otherwise."""
    permissions.check(by, May.MANAGE)
    before, team.name = team.name, _name(session, by, name, but=team)
    done = Done("team", team.id, AuditVerb.CHANGED, "name", before, team.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def add(session: Session, team: Team, user_id: UUID, *, by: User, at: datetime) -> None:
    """Let somebody be in a team. Doing it twice is once."""
    permissions.check(by, May.MANAGE)
    user = users.get(session, by.workspace_id, user_id)
    place = {"workspace_id": team.workspace_id, "team_id": team.id, "user_id": user.id}
    statement = insert(TeamUser).values(place).on_conflict_do_nothing()
    if session.scalar(statement.returning(TeamUser.user_id)) is not None:
        done = Done("team", team.id, AuditVerb.CHANGED, "users", "", str(user.id))
        audit.record(session, by.workspace_id, [done], by=by, at=at)


def remove(session: Session, team: Team, user_id: UUID, *, by: User, at: datetime) -> None:
    """Let somebody be in a team no more."""
    permissions.check(by, May.MANAGE)
    place = (
        TeamUser.workspace_id == team.workspace_id,
        TeamUser.team_id == team.id,
        TeamUser.user_id == user_id,
    )
    if session.scalar(delete(TeamUser).where(*place).returning(TeamUser.user_id)) is not None:
        done = Done("team", team.id, AuditVerb.CHANGED, "users", str(user_id), "")
        audit.record(session, by.workspace_id, [done], by=by, at=at)


def dissolve(session: Session, team: Team, *, by: User, at: datetime) -> None:
    """Let there be no such team any more; nobody is removed but from it."""
    permissions.check(by, May.MANAGE)
    session.delete(team)
    done = Done("team", team.id, AuditVerb.DELETED, "name", team.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def _name(session: Session, by: User, name: str, but: Team | None = None) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(tidy) <= 60:
        raise InvalidError(_("A team's name has between 1 and 60 characters."))
    same = (Team.workspace_id == by.workspace_id, Team.name == tidy)
    known = session.scalar(select(Team).where(*same))
    if known is not None and (but is None or known.id != but.id):
        raise ConflictError(_("There is a team “{name}” already.").format(name=tidy))
    return tidy
