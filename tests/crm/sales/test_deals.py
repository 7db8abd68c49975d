"""Deals: made in a stage, moved with their history, linked to mail and to people."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from crm.base.money import Money
from crm.filing import adding
from crm.mail import visibility
from crm.mail.models import Message, Thread
from crm.people.models import Contact
from crm.sales import deals, pipelines
from crm.sales.models import Deal, DealMove, DealThread, Outcome, Pipeline, Stage
from crm.work import tasks, timeline
from crm.work.models import LinkRule
from crm.workspace.models import User, Workspace
from tests import make

HOUR = timedelta(hours=1)


def new(session: Session, by: User, name: str = "Steel", **values: object) -> Deal:
    return deals.make(session, name, Money(4_800_050, "CZK"), by=by, at=make.NOW, **values)  # type: ignore[arg-type]


def stage(session: Session, by: User, name: str) -> Stage:
    return next(s for s in pipelines.stages(session, by.workspace_id) if s.name == name)


def thread(session: Session, ana: User) -> UUID:
    box = make.mailbox(session, ana, f"{ids.new().hex}@halden.test")
    message = make.filed(session, box, make.raw()).new[0]
    return session.scalars(select(Message.thread_id).where(Message.id == message)).one()


@pytest.fixture
def jana(session: Session, ana: User) -> Contact:
    return adding.add_contact(session, "jana@severka.test", name="Jana", by=ana, at=make.NOW)


def test_a_deal_begins_in_the_first_stage_with_its_money_and_its_maker(
    session: Session, ana: User, jana: Contact
) -> None:
    deal = new(
        session,
        ana,
        "  Steel\n for Severka ",
        company_id=jana.company_id,
        closes_on=date(2026, 12, 1),
    )

    session.expire_all()
    found = deals.get(session, ana, deal.id)
    assert (found.name, found.amount, found.currency) == ("Steel for Severka", 4_800_050, "CZK")
    assert found.stage_id == stage(session, ana, "New").id
    assert (found.outcome, found.owner_id, found.company_id) == (0, ana.id, jana.company_id)
    assert (found.made_at, found.stage_since) == (make.NOW, make.NOW)
    assert found.closes_on == date(2026, 12, 1)


def test_a_deal_made_in_a_last_stage_is_won_at_once(session: Session, ana: User) -> None:
    assert new(session, ana, stage_id=stage(session, ana, "Won").id).outcome == Outcome.WON


@pytest.mark.parametrize("name", ["", " \n", "\x00", "x" * 201])
def test_a_name_is_neither_empty_nor_endless(session: Session, ana: User, name: str) -> None:
    with pytest.raises(InvalidError):
        new(session, ana, name)

    assert session.scalars(select(Deal)).all() == []


def test_a_stage_of_nobody_makes_no_deal(session: Session, ana: User) -> None:
    with pytest.raises(NotFoundError):
        new(session, ana, stage_id=ids.new())
    with pytest.raises(NotFoundError):
        deals.get(session, ana, ids.new())

    assert session.scalars(select(Deal)).all() == []


def test_a_company_of_nobody_has_no_deal(session: Session, ana: User) -> None:
    with pytest.raises(NotFoundError):
        deals.make(session, "Pilot", Money(0, "EUR"), by=ana, at=make.NOW, company_id=ids.new())


def test_a_move_is_written_in_the_history_and_on_the_timeline(session: Session, ana: User) -> None:
    deal = new(session, ana)

    for hours, name in enumerate(("Demo", "Won", "Lost", "New"), 1):
        deals.move(session, deal, to=stage(session, ana, name), by=ana, at=make.NOW + hours * HOUR)

    names = {s.id: s.name for s in pipelines.stages(session, ana.workspace_id)}
    moves = session.scalars(select(DealMove).order_by(DealMove.at))
    history = [(names.get(m.from_stage_id), names[m.stage_id]) for m in moves]  # type: ignore[arg-type]
    assert history == [
        (None, "New"),
        ("New", "Demo"),
        ("Demo", "Won"),
        ("Won", "Lost"),
        ("Lost", "New"),
    ]
    page = timeline.page(session, visibility.viewer(session, ana), deal.id)
    assert [entry.summary for entry in page.entries] == [
        "Steel: Lost → New",
        "Steel: Won → Lost",
        "Steel: Demo → Won",
        "Steel: New → Demo",
        "Steel",
    ]


@pytest.mark.parametrize(("name", "outcome"), [("Won", 1), ("Lost", 2), ("Demo", 0)])
def test_a_move_says_what_it_means_and_since_when(
    session: Session, ana: User, name: str, outcome: int
) -> None:
    deal = new(session, ana)

    left = stage(session, ana, "New")
    made = deals.move(session, deal, to=stage(session, ana, name), by=ana, at=make.NOW + HOUR)

    assert made.from_stage_id == left.id
    assert (deal.outcome, deal.stage_since) == (outcome, make.NOW + HOUR)
    deals.move(session, deal, to=left, by=ana, at=make.NOW + 2 * HOUR)
    assert (deal.outcome, deal.stage_id) == (Outcome.OPEN, left.id)


def test_a_move_is_taken_back_once_and_no_other_with_it(session: Session, ana: User) -> None:
    """The button may be pressed twice, or come late: it names one move."""
    deal = new(session, ana)
    moved = [
        deals.move(session, deal, to=stage(session, ana, name), by=ana, at=make.NOW + hours * HOUR)
        for hours, name in ((1, "Qualified"), (2, "Demo"))
    ]

    with pytest.raises(ConflictError, match="moved on"):
        deals.move_back(session, deal, moved[0].id, by=ana)
    for _ in range(2):
        deals.move_back(session, deal, moved[1].id, by=ana)

    assert deal.stage_id == stage(session, ana, "Qualified").id
    assert deal.stage_since == make.NOW + HOUR
    assert len(session.scalars(select(DealMove)).all()) == 2


def test_that_a_deal_was_made_is_not_taken_back(session: Session, ana: User) -> None:
    deal = new(session, ana)
    first = session.scalars(select(DealMove)).one()

    with pytest.raises(ConflictError):
        deals.move_back(session, deal, first.id, by=ana)


def test_moving_a_deal_to_where_it_stands_changes_nothing(session: Session, ana: User) -> None:
    deal = new(session, ana)

    deals.move(session, deal, to=stage(session, ana, "New"), by=ana, at=make.NOW + HOUR)

    assert deal.stage_since == make.NOW
    assert len(session.scalars(select(DealMove)).all()) == 1
    assert timeline.count(session, visibility.viewer(session, ana), deal.id) == 1


def test_a_deal_stays_in_its_pipeline(session: Session, workspace: Workspace, ana: User) -> None:
    other = Pipeline(workspace_id=workspace.id, id=ids.new(), name="Other", position=1)
    session.add(other)
    elsewhere = Stage(
        workspace_id=workspace.id,
        id=ids.new(),
        pipeline_id=other.id,
        name="Won",
        position=0,
        probability=100,
        outcome=Outcome.WON,
    )
    session.add(elsewhere)
    deal = new(session, ana)

    with pytest.raises(InvalidError):
        deals.move(session, deal, to=elsewhere, by=ana, at=make.NOW)

    assert (deal.stage_id, deal.outcome) == (stage(session, ana, "New").id, Outcome.OPEN)


def test_who_may_not_edit_deals_moves_none(
    session: Session, workspace: Workspace, ana: User
) -> None:
    support = make.user(session, workspace, "s@halden.test", role="support")
    deal = new(session, ana)

    with pytest.raises(ForbiddenError):
        deals.move(session, deal, to=stage(session, ana, "Won"), by=support, at=make.NOW)

    assert deals.get(session, support, deal.id).outcome == Outcome.OPEN


def test_a_contact_has_a_part_in_a_deal_once_and_its_role_can_change(
    session: Session, ana: User, jana: Contact
) -> None:
    deal = new(session, ana)
    bo = adding.add_contact(session, "bo@severka.test", name="Bo", by=ana, at=make.NOW)

    for contact_id, role in (
        (jana.id, "user"),
        (bo.id, "x" * 99),
        (jana.id, "decides"),
        (jana.id, ""),
    ):
        deals.add_contact(session, deal, contact_id, by=ana, role=role)

    found = deals.contacts_of(session, ana, deal)
    assert [(contact.name, role) for contact, role in found] == [
        ("Bo", "x" * 50),
        ("Jana", "decides"),
    ]


def test_deals_of_a_contact_are_the_open_ones_first_and_then_the_newest(
    session: Session, ana: User, jana: Contact
) -> None:
    made = [new(session, ana, str(n)) for n in range(4)]
    for number, deal in enumerate(made):
        deals.add_contact(session, deal, jana.id, by=ana)
        if number % 2:
            deals.move(session, deal, to=stage(session, ana, "Won"), by=ana, at=make.NOW)
    new(session, ana, "of nobody")

    found = deals.beside(session, ana, contact_id=jana.id)

    assert [deal.outcome for deal in found] == [0, 0, 1, 1]
    assert {deal.name for deal in found} == {"0", "1", "2", "3"}
    assert [deal.id for deal in found[:2]] == sorted((d.id for d in found[:2]), reverse=True)


def test_deals_of_a_thread_come_before_those_of_a_contact_and_none_comes_twice(
    session: Session, ana: User, jana: Contact
) -> None:
    both, hers, won, of_thread = (new(session, ana, name) for name in ("b", "h", "w", "t"))
    for deal in (both, hers, won):
        deals.add_contact(session, deal, jana.id, by=ana)
    deals.move(session, won, to=stage(session, ana, "Won"), by=ana, at=make.NOW)
    thread_id = thread(session, ana)
    for deal in (both, of_thread):
        deals.link_thread(session, deal, thread_id, by=ana, at=make.NOW)

    found = deals.beside(session, ana, thread_id=thread_id, contact_id=jana.id)

    assert [deal.name for deal in found] == ["t", "b", "h", "w"]
    assert deals.beside(session, ana) == []


def test_a_thread_is_linked_to_a_deal_once_by_the_first_rule(session: Session, ana: User) -> None:
    one, two = new(session, ana, "1"), new(session, ana, "2")
    thread_id = thread(session, ana)

    deals.link_thread(session, one, thread_id, by=ana, at=make.NOW)
    deals.link_thread(session, one, thread_id, by=ana, at=make.NOW + HOUR, rule=LinkRule.THREAD)
    deals.link_thread(session, two, thread_id, by=ana, at=make.NOW)

    assert {deal.name for deal in deals.of_thread(session, ana, thread_id)} == {"1", "2"}
    row = session.scalars(select(DealThread).where(DealThread.deal_id == one.id)).one()
    assert (row.rule, row.since) == (LinkRule.MANUAL, make.NOW)
    assert deals.of_thread(session, ana, ids.new()) == []


def test_a_thread_that_is_unlinked_says_since_when_it_was_linked(
    session: Session, ana: User
) -> None:
    one, two = new(session, ana, "1"), new(session, ana, "2")
    thread_id = thread(session, ana)
    for deal in (one, two):
        deals.link_thread(session, deal, thread_id, by=ana, at=make.NOW)

    assert deals.unlink_thread(session, one, thread_id, by=ana) == make.NOW
    assert deals.unlink_thread(session, one, thread_id, by=ana) is None
    assert [deal.id for deal in deals.of_thread(session, ana, thread_id)] == [two.id]


def test_each_thread_of_a_list_has_its_newest_deal_and_stage(session: Session, ana: User) -> None:
    threads = [thread(session, ana) for _ in range(3)]
    made = sorted((new(session, ana, str(n)) for n in range(2)), key=lambda deal: deal.id)
    for deal in made:
        deals.link_thread(session, deal, threads[0], by=ana, at=make.NOW)
    deals.link_thread(session, made[0], threads[1], by=ana, at=make.NOW)

    found = deals.of_threads(session, ana, threads)

    assert {t: (d.id, s.name) for t, (d, s) in found.items()} == {
        threads[0]: (made[1].id, "New"),
        threads[1]: (made[0].id, "New"),
    }
    assert session.scalars(select(Thread.messages)).all() == [1, 1, 1]


def test_a_deal_without_a_next_step_is_ones_own_and_open_and_nothing_is_promised(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    new(session, sam, "his")
    named = {name: new(session, ana, name) for name in ("idle", "old", "done", "promised", "won")}
    for name in ("done", "promised"):
        about = tasks.About(deal_id=named[name].id)
        task = tasks.make(session, name, by=sam, at=make.NOW, about=about)
        if name == "done":
            tasks.finish(session, task, by=sam, at=make.NOW)
    deals.move(session, named["won"], to=stage(session, ana, "Won"), by=ana, at=make.NOW)
    for name, hours in (("idle", 2), ("done", 1)):
        moved = make.NOW + hours * HOUR
        deals.move(session, named[name], to=stage(session, ana, "Demo"), by=ana, at=moved)

    found = deals.without_next_step(session, ana)

    assert [deal.name for deal in found] == ["old", "done", "idle"]
