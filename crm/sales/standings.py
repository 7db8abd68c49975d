"""Where deals stand: in each stage how many and what they come to, and which go on with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from crm.base.db import among
from crm.base.money import Money
from crm.people.models import Company
from crm.sales import pipelines
from crm.sales.models import Deal, DealContact, Outcome, Stage
from crm.workspace import permissions
from crm.workspace.permissions import May

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from crm.base.db import Session
    from crm.workspace.models import User


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage, how many open deals stand in it and what they come to, and the first of them."""

    stage: Stage
    count: int
    sums: tuple[Money, ...]  # one a currency
    deals: tuple[tuple[Deal, str], ...]  # with the company's name


def of_open_deals(session: Session, user: User, most: int = 50) -> list[Standing]:
    """Say where the open deals of the first pipeline stand; in each stage the largest first."""
    permissions.check(user, May.SEE_DEALS)
    here = (Deal.workspace_id == user.workspace_id, Deal.outcome == Outcome.OPEN)
    sums: dict[UUID, list[tuple[int, Money]]] = {}
    of_all = select(Deal.stage_id, Deal.currency, func.count(), func.sum(Deal.amount))
    grouped = of_all.where(*here).group_by(Deal.stage_id, Deal.currency).order_by(Deal.currency)
    for stage_id, code, count, total in session.execute(grouped):
        sums.setdefault(stage_id, []).append((count, Money(int(total), code)))
    found: list[Standing] = []
    for stage in pipelines.stages(session, user.workspace_id):
        if stage.outcome == Outcome.OPEN:
            rows = session.execute(
                select(Deal, Company.name)
                .outerjoin(
                    Company,
                    (Company.workspace_id == Deal.workspace_id) & (Company.id == Deal.company_id),
                )
                .where(*here, Deal.stage_id == stage.id)
                .order_by(Deal.amount.desc(), Deal.id)
                .limit(most)
            )
            several = sums.get(stage.id, [])
            shown = tuple((deal, company or "") for deal, company in rows)
            number = sum(count for count, _total in several)
            found.append(Standing(stage, number, tuple(total for _, total in several), shown))
    return found


def open_of_contacts(
    session: Session, user: User, contact_ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """Return the ids of the open deals that contacts have a part in; who has none is left out."""
    permissions.check(user, May.SEE_DEALS)
    rows = session.execute(
        select(DealContact.contact_id, Deal.id)
        .join(
            Deal,
            (Deal.workspace_id == DealContact.workspace_id) & (Deal.id == DealContact.deal_id),
        )
        .where(
            DealContact.workspace_id == user.workspace_id,
            among(DealContact.contact_id, contact_ids),
            Deal.outcome == Outcome.OPEN,
        )
    )
    found: dict[UUID, list[UUID]] = {}
    for contact_id, deal_id in rows:
        found.setdefault(contact_id, []).append(deal_id)
    return found
