"""Found a workspace, find it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from crm.base import db, ids
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.workspace.models import Workspace

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session


#: Whoever founds a workspace holds this lock of PostgreSQL's; migrations have the one before.
_FOUNDING = 4012


def found(session: Session, name: str, *, at: datetime, sandbox: bool = False) -> Workspace:
    """Found a workspace, and go on inside it. Out of a sandbox no mail ever leaves."""
    name = _tidy(name)
    if not 1 <= len(name) <= 100:
        raise InvalidError(_("A workspace's name has between 1 and 100 characters."))
    workspace = Workspace(id=ids.new(), name=name, sandbox=sandbox, created_at=at)
    db.enter(session, workspace.id)
    session.add(workspace)
    session.flush()
    return workspace


def get(session: Session, workspace_id: UUID) -> Workspace:
    """Return the workspace that the session stands in."""
    workspace = session.scalar(select(Workspace).where(Workspace.id == workspace_id))
    if workspace is None:
        raise NotFoundError(_("There is no such workspace."))
    return workspace


def everywhere(session: Session) -> list[Workspace]:
    """List all workspaces, for the scheduler's role alone: others see none or their own."""
    return list(session.scalars(select(Workspace).order_by(Workspace.created_at)))


def refuse_taken(session: Session, name: str) -> None:
    """Refuse a name that a workspace bears, in whatever case; for the scheduler's role alone.

    Until the session ends everybody else who asks waits: of two at once, one gets the name.
    Raises ConflictError.
    """
    session.execute(select(func.pg_advisory_xact_lock(_FOUNDING)))
    wanted = _tidy(name).casefold()
    for workspace in everywhere(session):
        if workspace.name.casefold() == wanted:
            problem = _("There is a workspace {name} already: {id}. Nothing was changed.")
            raise ConflictError(problem.format(name=workspace.name, id=workspace.id))


def _tidy(name: str) -> str:
    return " ".join(name.split())
