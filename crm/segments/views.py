"""Saved views: a filter with its columns and order, kept by one, or shared with everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from crm.base import formulas, ids
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.base.formulas import Kind
from crm.base.i18n import gettext as _
from crm.segments.listing import Asked
from crm.segments.models import SavedView
from crm.workspace import audit, permissions
from crm.workspace.audit import Done
from crm.workspace.models import AuditVerb
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.segments.terms import Sort
    from crm.workspace.models import User

#: So many views of one sort somebody keeps, and so many columns one has.
MOST, MOST_COLUMNS = 50, 20


def of_user(session: Session, user: User, subject: str) -> list[SavedView]:
    """List the views of a sort that somebody sees: shared ones and their own, in their order."""
    return list(
        session.scalars(
            select(SavedView)
            .where(
                SavedView.workspace_id == user.workspace_id,
                SavedView.subject == subject,
                or_(SavedView.shared, SavedView.owner_id == user.id),
            )
            .order_by(SavedView.position, SavedView.id)
        )
    )


def get(session: Session, user: User, view_id: UUID) -> SavedView:
    """Return a view that somebody sees. Raises NotFoundError."""
    view = session.scalar(
        select(SavedView).where(
            SavedView.workspace_id == user.workspace_id, SavedView.id == view_id
        )
    )
    if view is None or not (view.shared or view.owner_id == user.id):
        raise NotFoundError(_("There is no such view."))
    return view


def save(
    session: Session,
    sort: Sort,
    name: str,
    asked: Asked,
    *,
    by: User,
    at: datetime,
    shared: bool = False,
) -> SavedView:
    """Keep a view. Raises FormulaError, InvalidError or ConflictError."""
    mine = [v for v in of_user(session, by, sort.subject) if v.owner_id == by.id]
    if len(mine) >= MOST:
        problem = _("You have {most} views of this already. Delete one first.")
        raise ConflictError(problem.format(most=MOST))
    view = SavedView(
        workspace_id=by.workspace_id,
        id=ids.new(),
        subject=sort.subject,
        owner_id=by.id,
        position=len(mine),
        made_at=at,
    )
    _write(sort, view, name, asked, by=by, shared=shared)
    session.add(view)
    done = Done("view", view.id, AuditVerb.MADE, "name", "", view.name)
    audit.record(session, by.workspace_id, [done], by=by, at=at)
    return view


def change(
    session: Session,
    sort: Sort,
    view: SavedView,
    name: str,
    asked: Asked,
    *,
    by: User,
    at: datetime,
    shared: bool,
) -> None:
    """Keep a view otherwise. Only its maker may, and for shared ones whoever manages."""
    _check_own(view, by)
    before = f"{view.name}: {view.filter}"
    _write(sort, view, name, asked, by=by, shared=shared)
    after = f"{view.name}: {view.filter}"
    done = Done("view", view.id, AuditVerb.CHANGED, "filter", before, after)
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def delete(session: Session, view: SavedView, *, by: User, at: datetime) -> None:
    """Keep a view no more. Nothing of what it lists is touched."""
    _check_own(view, by)
    session.delete(view)
    done = Done("view", view.id, AuditVerb.DELETED, "name", f"{view.name}: {view.filter}")
    audit.record(session, by.workspace_id, [done], by=by, at=at)


def asked_by(view: SavedView) -> Asked:
    """Return what a view asks for."""
    return Asked(view.filter, tuple(view.columns), view.sort or "name", view.descending)


def _write(sort: Sort, view: SavedView, name: str, asked: Asked, *, by: User, shared: bool) -> None:
    tidy = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(tidy) <= 60:
        raise InvalidError(_("A view's name has between 1 and 60 characters."))
    if asked.filter.strip():
        node = formulas.check(formulas.parse(asked.filter), sort.known, Kind.TRUTH).node
        view.filter = formulas.write(node)
    else:
        view.filter = ""
    columns = list(dict.fromkeys(asked.columns))
    for key in (*columns, asked.sort):
        sort.term(key)
    if len(columns) > MOST_COLUMNS:
        problem = _("A list has at most {most} columns.")
        raise InvalidError(problem.format(most=MOST_COLUMNS))
    if shared and not permissions.allowed(by, May.EDIT_RECORDS):
        raise permissions.refusal(by)
    view.name, view.shared = tidy, shared
    view.columns, view.sort, view.descending = columns, asked.sort, asked.descending


def _check_own(view: SavedView, by: User) -> None:
    if view.owner_id != by.id and not permissions.allowed(by, May.MANAGE):
        problem = _("This view is a colleague’s. Save it under a name of your own to change it.")
        raise ForbiddenError(problem)
