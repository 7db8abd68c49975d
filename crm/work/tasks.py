"""Promises: make a task, list what is open, call it done or open again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, func, select, union

from crm.base import ids, once
from crm.base.db import among
from crm.base.errors import InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.work import timeline
from crm.work.models import ActivityKind, Priority, Record, Task
from crm.workspace import permissions, users
from crm.workspace.models import User
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from crm.base.db import Session

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class About:
    """What a task hangs on."""

    contact_id: UUID | None = None
    deal_id: UUID | None = None
    thread_id: UUID | None = None
    message_id: UUID | None = None

    @property
    def records(self) -> list[tuple[Record, UUID]]:
        """Return the records on whose timelines it will stand once it is done."""
        pairs = ((Record.CONTACT, self.contact_id), (Record.DEAL, self.deal_id))
        return [(record, id_) for record, id_ in pairs if id_ is not None]


def make(
    session: Session,
    title: str,
    *,
    by: User,
    at: datetime,
    about: About,
    due_on: date | None = None,
    assignee_id: UUID | None = None,
    priority: Priority = Priority.NORMAL,
    task_id: UUID | None = None,
) -> Task:
    """Promise something: by default oneself, in a fortnight or whenever is said.

    Under an id that is given it is promised once, however often this is asked: see `once.insert`.
    """
    permissions.check(by, May.WRITE)
    title = " ".join(title.replace("\x00", "").split())
    if not 1 <= len(title) <= 200:
        raise InvalidError(_("A task's title has between 1 and 200 characters."))
    if assignee_id is not None:
        users.get(session, by.workspace_id, assignee_id)
    task = Task(
        workspace_id=by.workspace_id,
        id=task_id or ids.new(),
        title=title,
        due_on=due_on,
        priority=priority,
        assignee_id=assignee_id or by.id,
        made_by_id=by.id,
        contact_id=about.contact_id,
        deal_id=about.deal_id,
        thread_id=about.thread_id,
        message_id=about.message_id,
        made_at=at,
    )
    made = once.insert(session, task, same=("title", "made_by_id"))
    return made or get(session, by, task.id)


def get(session: Session, user: User, task_id: UUID) -> Task:
    """Return a task of the workspace. Raises NotFoundError."""
    permissions.check(user, May.SEE_RECORDS)
    task = session.scalar(
        select(Task).where(Task.workspace_id == user.workspace_id, Task.id == task_id)
    )
    if task is None:
        raise NotFoundError(_("There is no such task."))
    return task


def _open(condition: ColumnElement[bool]) -> Select[UUID]:
    here = Task.workspace_id == bindparam("workspace_id")
    return select(Task.id).where(here, Task.done_at.is_(None), condition)


_OPEN_ABOUT = (
    select(Task)
    .where(
        Task.workspace_id == bindparam("workspace_id"),
        # One look-up by an index for each: joined by `or`, they read whatever else is open.
        Task.id
        == any_(
            func.array(
                union(
                    _open(Task.deal_id == any_(bindparam("deal_ids", type_=ARRAY(Uuid())))),
                    _open(Task.contact_id == bindparam("contact_id")),
                    _open(Task.thread_id == bindparam("thread_id")),
                ).scalar_subquery()
            )
        ),
    )
    .order_by(Task.due_on.asc().nulls_last(), Task.id)
    .limit(_SHOWN)
)


def open_about(
    session: Session,
    user: User,
    *,
    contact_id: UUID | None,
    thread_id: UUID | None,
    deal_ids: Sequence[UUID] = (),
) -> list[Task]:
    """List open tasks of a contact, a thread or some deals, the most urgent first."""
    permissions.check(user, May.SEE_RECORDS)
    asked = {
        "workspace_id": user.workspace_id,
        "deal_ids": list(deal_ids),
        "contact_id": contact_id,
        "thread_id": thread_id,
    }
    return list(session.scalars(_OPEN_ABOUT, asked))


def open_on(
    session: Session, user: User, contact_ids: Sequence[UUID], deal_ids: Sequence[UUID]
) -> list[About]:
    """Return what the open tasks of contacts and deals hang on, one for each task."""
    permissions.check(user, May.SEE_RECORDS)
    here = (Task.workspace_id == user.workspace_id, Task.done_at.is_(None))
    task = select(Task.id, Task.contact_id, Task.deal_id).where(*here)
    rows = session.execute(
        # One look-up by an index for each: joined by `or`, they read whatever else is open.
        union(
            task.where(among(Task.contact_id, contact_ids)),
            task.where(among(Task.deal_id, deal_ids)),
        )
    )
    return [About(contact_id, deal_id) for _task_id, contact_id, deal_id in rows]


def due(session: Session, user: User, until: date) -> list[Task]:
    """List a user's own open tasks that are due until a day, the oldest first."""
    query = (
        select(Task)
        .where(
            Task.workspace_id == user.workspace_id,
            Task.assignee_id == user.id,
            Task.done_at.is_(None),
            Task.due_on <= until,
        )
        .order_by(Task.due_on, Task.id)
    )
    return list(session.scalars(query.limit(_SHOWN)))


def finish(session: Session, task: Task, *, by: User, at: datetime) -> None:
    """Call a task done, and say so on the timelines. Doing it again changes nothing."""
    permissions.check(by, May.WRITE)
    _hold(session, task)
    if task.done_at is not None:
        return
    task.done_at = at
    about = About(task.contact_id, task.deal_id)
    timeline.record(
        session,
        ActivityKind.TASK_DONE,
        by=by,
        at=at,
        summary=task.title,
        on=about.records,
        activity_id=task.id,
    )


def reopen(session: Session, task: Task, *, by: User) -> None:
    """Take back that a task is done, and what the timelines say of it. An open one stays so."""
    permissions.check(by, May.WRITE)
    _hold(session, task)
    if task.done_at is not None:
        task.done_at = None
        timeline.forget(session, task.workspace_id, task.id, ActivityKind.TASK_DONE)


def _hold(session: Session, task: Task) -> None:
    """Let whoever else is at this task wait, and see how it stands now."""
    session.flush()
    session.refresh(task, with_for_update=True)
