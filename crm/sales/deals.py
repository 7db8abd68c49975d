"""Deals: make one, move it, link threads and contacts to it, see where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import any_, bindparam, case, delete, func, select, union
from sqlalchemy.dialects.postgresql import insert

from crm.base import ids, once
from crm.base.db import among
from crm.base.errors import ConflictError, InvalidError, NotFoundError
from crm.base.i18n import gettext as _
from crm.base.money import Money
from crm.people.models import Company, Contact
from crm.sales import pipelines
from crm.sales.models import Deal, DealContact, DealMove, DealThread, Outcome, Stage
from crm.work import timeline
from crm.work.models import ActivityKind, LinkRule, Record, Task
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User

_SHOWN = 10


def make(
    session: Session,
    name: str,
    money: Money,
    *,
    by: User,
    at: datetime,
    company_id: UUID | None = None,
    stage_id: UUID | None = None,
    closes_on: date | None = None,
    deal_id: UUID | None = None,
) -> Deal:
    """Make a deal in a stage, or in the first one.

    Under an id that is given it is made once, however often this is asked: see `once.insert`.
    Raises InvalidError, NotFoundError or ForbiddenError.
    """
    permissions.check(by, May.EDIT_DEALS)
    name = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(name) <= 200:
        raise InvalidError(_("A deal's name has between 1 and 200 characters."))
    if company_id is not None and session.get(Company, (by.workspace_id, company_id)) is None:
        raise NotFoundError(_("There is no such company."))
    if stage_id is not None:
        stage = pipelines.get_stage(session, by.workspace_id, stage_id)
    else:
        stage = pipelines.first_stage(session, by.workspace_id)
    deal = Deal(
        workspace_id=by.workspace_id,
        id=deal_id or ids.new(),
        name=name,
        pipeline_id=stage.pipeline_id,
        stage_id=stage.id,
        outcome=stage.outcome,
        amount=money.minor,
        currency=money.currency,
        closes_on=closes_on,
        owner_id=by.id,
        company_id=company_id,
        made_at=at,
        stage_since=at,
    )
    made = once.insert(session, deal, same=("name", "owner_id"))
    if made is None:
        return get(session, by, deal.id)
    _note_move(session, made, None, stage, by=by, at=at)
    timeline.record(
        session, ActivityKind.DEAL_MADE, by=by, at=at, summary=name, on=[(Record.DEAL, made.id)]
    )
    return made


def get(session: Session, user: User, deal_id: UUID) -> Deal:
    """Return a deal of the workspace. Raises NotFoundError."""
    permissions.check(user, May.SEE_DEALS)
    deal = session.scalar(
        select(Deal).where(Deal.workspace_id == user.workspace_id, Deal.id == deal_id)
    )
    if deal is None:
        raise NotFoundError(_("There is no such deal."))
    return deal


def move(session: Session, deal: Deal, *, to: Stage, by: User, at: datetime) -> DealMove | None:
    """Move a deal to another stage of its pipeline; return the move, which `move_back` takes back.

    None where it stands there already, and nothing is changed.
    """
    permissions.check(by, May.EDIT_DEALS)
    _hold(session, deal)
    if to.pipeline_id != deal.pipeline_id:
        raise InvalidError(_("The stage belongs to another pipeline. Nothing was moved."))
    left = pipelines.get_stage(session, deal.workspace_id, deal.stage_id)
    if left.id == to.id:
        return None
    deal.stage_id, deal.outcome, deal.stage_since = to.id, to.outcome, at
    made = _note_move(session, deal, left, to, by=by, at=at)
    timeline.record(
        session,
        ActivityKind.STAGE,
        by=by,
        at=at,
        summary=f"{deal.name}: {left.name} → {to.name}",
        on=[(Record.DEAL, deal.id)],
        activity_id=made.id,
    )
    return made


def move_back(session: Session, deal: Deal, move_id: UUID, *, by: User) -> None:
    """Take a move back: the stage, since when, the history and the timeline.

    A move that is gone was taken back already, and nothing is changed. Raises ConflictError where
    the deal has moved on since then.
    """
    permissions.check(by, May.EDIT_DEALS)
    _hold(session, deal)
    if session.get(DealMove, (deal.workspace_id, move_id)) is None:
        return
    moves = session.scalars(
        select(DealMove)
        .where(DealMove.workspace_id == deal.workspace_id, DealMove.deal_id == deal.id)
        .order_by(DealMove.at.desc(), DealMove.id.desc())
        .limit(2)
    ).all()
    last = moves[0] if moves else None
    if last is None or last.id != move_id or last.from_stage_id is None:
        raise ConflictError(_("The deal has moved on since then. Nothing was changed."))
    stage = pipelines.get_stage(session, deal.workspace_id, last.from_stage_id)
    deal.stage_id, deal.outcome = stage.id, stage.outcome
    deal.stage_since = moves[1].at if len(moves) > 1 else deal.made_at
    timeline.forget(session, deal.workspace_id, last.id, ActivityKind.STAGE)
    session.delete(last)
    session.flush()


def add_contact(
    session: Session, deal: Deal, contact_id: UUID, *, by: User, role: str = ""
) -> None:
    """Give a contact a part in a deal. Doing it again with a role changes the role."""
    permissions.check(by, May.EDIT_DEALS)
    statement = insert(DealContact).values(
        workspace_id=deal.workspace_id, deal_id=deal.id, contact_id=contact_id, role=role[:50]
    )
    if not role:
        session.execute(statement.on_conflict_do_nothing())
        return
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "deal_id", "contact_id"],
            set_={"role": statement.excluded.role},
        )
    )


def link_thread(
    session: Session,
    deal: Deal,
    thread_id: UUID,
    *,
    by: User,
    at: datetime,
    rule: LinkRule = LinkRule.MANUAL,
) -> None:
    """Say that a thread is about a deal. `filing.by_hand.link_thread` brings its mail there too."""
    permissions.check(by, May.EDIT_DEALS)
    there = {"workspace_id": deal.workspace_id, "deal_id": deal.id, "thread_id": thread_id}
    statement = insert(DealThread).values(**there, rule=rule, since=at)
    session.execute(statement.on_conflict_do_nothing())


def unlink_thread(session: Session, deal: Deal, thread_id: UUID, *, by: User) -> datetime | None:
    """Say that a thread is not about a deal; return since when it was linked, None where it is not.

    `filing.by_hand.unlink_thread` takes its mail off.
    """
    permissions.check(by, May.EDIT_DEALS)
    there = {"workspace_id": deal.workspace_id, "deal_id": deal.id, "thread_id": thread_id}
    return session.scalar(delete(DealThread).filter_by(**there).returning(DealThread.since))


def of_thread(session: Session, user: User, thread_id: UUID) -> list[Deal]:
    """List the deals that a thread is linked to, the newest first."""
    permissions.check(user, May.SEE_DEALS)
    query = (
        select(Deal)
        .join(
            DealThread,
            (DealThread.workspace_id == Deal.workspace_id) & (DealThread.deal_id == Deal.id),
        )
        .where(DealThread.workspace_id == user.workspace_id, DealThread.thread_id == thread_id)
        .order_by(Deal.id.desc())
    )
    return list(session.scalars(query.limit(_SHOWN)))


def of_threads(
    session: Session, user: User, thread_ids: Sequence[UUID]
) -> dict[UUID, tuple[Deal, Stage]]:
    """Return for threads the newest deal that each is linked to, with its stage."""
    permissions.check(user, May.SEE_DEALS)
    rows = session.execute(
        select(DealThread.thread_id, Deal, Stage)
        .join(
            Deal,
            (Deal.workspace_id == DealThread.workspace_id) & (Deal.id == DealThread.deal_id),
        )
        .join(Stage, (Stage.workspace_id == Deal.workspace_id) & (Stage.id == Deal.stage_id))
        .where(
            DealThread.workspace_id == user.workspace_id, among(DealThread.thread_id, thread_ids)
        )
        .order_by(Deal.id)
    )
    return {thread_id: (deal, stage) for thread_id, deal, stage in rows}


_LINKED = select(DealThread.deal_id).where(
    DealThread.workspace_id == bindparam("workspace_id"),
    DealThread.thread_id == bindparam("thread_id"),
)
_TAKES_PART = select(DealContact.deal_id).where(
    DealContact.workspace_id == bindparam("workspace_id"),
    DealContact.contact_id == bindparam("contact_id"),
)
# As arrays: joined, a small table is read from its beginning to its end.
_BESIDE = (
    select(Deal)
    .where(
        Deal.workspace_id == bindparam("workspace_id"),
        Deal.id == any_(func.array(union(_LINKED, _TAKES_PART).scalar_subquery())),
    )
    .order_by(
        case((Deal.id == any_(func.array(_LINKED.scalar_subquery())), -1), else_=Deal.outcome),
        Deal.id.desc(),
    )
    .limit(_SHOWN)
)


def beside(
    session: Session, user: User, *, thread_id: UUID | None = None, contact_id: UUID | None = None
) -> list[Deal]:
    """List the deals of a thread, the newest first, and then those of a contact, open ones first.

    A deal of both stands once.
    """
    permissions.check(user, May.SEE_DEALS)
    asked = {"workspace_id": user.workspace_id, "thread_id": thread_id, "contact_id": contact_id}
    return list(session.scalars(_BESIDE, asked))


def contacts_of(session: Session, user: User, deal: Deal) -> list[tuple[Contact, str]]:
    """List who has a part in a deal, with their role."""
    permissions.check(user, May.SEE_DEALS)
    rows = session.execute(
        select(Contact, DealContact.role)
        .join(
            DealContact,
            (DealContact.workspace_id == Contact.workspace_id)
            & (DealContact.contact_id == Contact.id),
        )
        .where(DealContact.workspace_id == user.workspace_id, DealContact.deal_id == deal.id)
        .order_by(Contact.name)
        .limit(_SHOWN)
    )
    return [(contact, role) for contact, role in rows]


def without_next_step(session: Session, user: User) -> list[Deal]:
    """List a user's own open deals for which nothing is promised, the oldest first."""
    permissions.check(user, May.SEE_DEALS)
    promised = select(Task.deal_id).where(
        Task.workspace_id == user.workspace_id,
        Task.done_at.is_(None),
        Task.deal_id == Deal.id,
    )
    query = (
        select(Deal)
        .where(
            Deal.workspace_id == user.workspace_id,
            Deal.owner_id == user.id,
            Deal.outcome == Outcome.OPEN,
            ~promised.exists(),
        )
        .order_by(Deal.stage_since, Deal.id)
    )
    return list(session.scalars(query.limit(_SHOWN)))


def _hold(session: Session, deal: Deal) -> None:
    """Let whoever else moves this deal wait, and see where it stands now."""
    session.flush()
    session.refresh(deal, with_for_update=True)


def _note_move(
    session: Session, deal: Deal, left: Stage | None, to: Stage, *, by: User, at: datetime
) -> DealMove:
    before = left.id if left is not None else None
    made = DealMove(workspace_id=deal.workspace_id, id=ids.new(), deal_id=deal.id, at=at)
    made.from_stage_id, made.stage_id, made.user_id = before, to.id, by.id
    session.add(made)
    session.flush()
    return made
