"""Where deals stand: counted whole, shown from the largest on."""

from __future__ import annotations

import pytest

from crm.base.db import Session
from crm.base.money import Money
from crm.filing import adding
from crm.sales import deals, pipelines, standings
from crm.workspace.models import User, Workspace
from tests import make


def test_of_many_the_largest_are_shown_and_all_are_counted(session: Session, ana: User) -> None:
    for n in range(7):
        deals.make(session, str(n), Money(n, "EUR"), by=ana, at=make.NOW)

    first = standings.of_open_deals(session, ana, most=3)[0]

    assert (first.count, first.sums) == (7, (Money(21, "EUR"),))
    assert [deal.name for deal, _company in first.deals] == ["6", "5", "4"]


@pytest.mark.parametrize("codes", [("EUR",), ("CZK", "EUR", "USD")])
def test_each_currency_has_a_sum_of_its_own(
    session: Session, ana: User, codes: tuple[str, ...]
) -> None:
    for code in codes * 2:
        deals.make(session, code, Money(5, code), by=ana, at=make.NOW)

    first = standings.of_open_deals(session, ana)[0]

    assert first.sums == tuple(Money(10, code) for code in codes)


def test_what_is_closed_stands_nowhere(session: Session, workspace: Workspace, ana: User) -> None:
    for stage in pipelines.stages(session, workspace.id):
        deals.make(session, stage.name, Money(1, "EUR"), by=ana, at=make.NOW, stage_id=stage.id)

    found = standings.of_open_deals(session, ana)

    assert [s.stage.name for s in found] == ["New", "Qualified", "Demo", "Proposal", "Negotiation"]
    assert [s.count for s in found] == [1] * 5


def test_open_deals_are_named_by_those_who_have_a_part_in_them(session: Session, ana: User) -> None:
    jana = adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)
    eva = adding.add_contact(session, "eva@nova.test", by=ana, at=make.NOW)
    going, over = (
        deals.make(session, name, Money(1, "EUR"), by=ana, at=make.NOW) for name in ("Go", "Over")
    )
    for deal in (going, over):
        deals.add_contact(session, deal, jana.id, by=ana)
    (*_, lost) = pipelines.stages(session, ana.workspace_id)
    deals.move(session, over, to=lost, by=ana, at=make.NOW)

    assert standings.open_of_contacts(session, ana, [jana.id, eva.id]) == {jana.id: [going.id]}
    assert standings.open_of_contacts(session, ana, []) == {}
