"""Tasks: promised, listed where they belong, done once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.errors import InvalidError, NotFoundError
from crm.base.money import Money
from crm.filing import adding
from crm.mail import visibility
from crm.mail.models import Message
from crm.people.models import Contact
from crm.sales import deals
from crm.sales.models import Deal
from crm.work import tasks, timeline
from crm.work.models import Priority, Task
from crm.work.tasks import About
from crm.workspace.models import User, Workspace
from tests import make

TODAY = date(2026, 11, 20)


@pytest.fixture
def jana(session: Session, ana: User) -> Contact:
    return adding.add_contact(session, "jana@severka.test", by=ana, at=make.NOW)


@pytest.fixture
def deal(session: Session, ana: User) -> Deal:
    return deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)


def promise(session: Session, by: User, title: str, days: int | None = 0, **about: object) -> Task:
    due_on = None if days is None else TODAY + timedelta(days=days)
    return tasks.make(
        session,
        title,
        by=by,
        at=make.NOW,
        about=About(**about),
        due_on=due_on,  # type: ignore[arg-type]
    )


def test_a_task_is_ones_own_unless_it_is_said_whose(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")

    mine = promise(session, ana, "  Call\n Jana ")
    his = tasks.make(
        session,
        "Answer",
        by=ana,
        at=make.NOW,
        about=About(),
        assignee_id=sam.id,
        priority=Priority.HIGH,
    )

    assert (mine.title, mine.assignee_id, mine.made_by_id) == ("Call Jana", ana.id, ana.id)
    assert (mine.priority, mine.done_at) == (Priority.NORMAL, None)
    assert (his.assignee_id, his.made_by_id, his.priority) == (sam.id, ana.id, Priority.HIGH)
    assert tasks.get(session, sam, mine.id) is mine


@pytest.mark.parametrize("title", ["", " \n ", "\x00", "x" * 201])
def test_a_title_is_neither_empty_nor_endless(session: Session, ana: User, title: str) -> None:
    with pytest.raises(InvalidError):
        promise(session, ana, title)

    assert session.scalars(select(Task)).all() == []


def test_nobody_from_elsewhere_is_promised_anything(
    session: Session, workspace: Workspace, ana: User
) -> None:
    with pytest.raises(NotFoundError):
        tasks.make(session, "Call", by=ana, at=make.NOW, about=About(), assignee_id=ids.new())
    with pytest.raises(NotFoundError):
        tasks.get(session, ana, ids.new())


def test_open_tasks_are_those_of_the_contact_the_thread_and_the_deals_and_no_others(
    session: Session, ana: User, jana: Contact, deal: Deal
) -> None:
    make.filed(session, make.mailbox(session, ana), make.raw())
    thread_id = session.scalars(select(Message.thread_id)).one()
    promise(session, ana, "undated", None, contact_id=jana.id)
    promise(session, ana, "contact", 2, contact_id=jana.id)
    promise(session, ana, "thread", 1, thread_id=thread_id)
    promise(session, ana, "deal", 0, deal_id=deal.id)
    promise(session, ana, "nothing", 0)
    done = promise(session, ana, "done", 0, contact_id=jana.id)
    tasks.finish(session, done, by=ana, at=make.NOW)

    def about(**what: object) -> list[str]:
        values = {"contact_id": None, "thread_id": None} | what
        return [t.title for t in tasks.open_about(session, ana, **values)]  # type: ignore[arg-type]

    assert about(contact_id=jana.id) == ["contact", "undated"]
    assert about(thread_id=thread_id) == ["thread"]
    assert about(deal_ids=[deal.id]) == ["deal"]
    everything = about(contact_id=jana.id, thread_id=thread_id, deal_ids=[deal.id])
    assert everything == ["deal", "thread", "contact", "undated"]
    assert about() == []


def test_what_is_due_is_ones_own_and_the_oldest_first(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    promise(session, sam, "his", -1)
    for title, days in (("today", 0), ("late", -3), ("tomorrow", 1), ("undated", None)):
        promise(session, ana, title, days)
    tasks.finish(session, promise(session, ana, "done", -9), by=ana, at=make.NOW)

    assert [t.title for t in tasks.due(session, ana, TODAY)] == ["late", "today"]


def test_a_task_is_done_once_and_says_so_on_its_timelines(
    session: Session, workspace: Workspace, ana: User, jana: Contact, deal: Deal
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    task = promise(session, ana, "Call", contact_id=jana.id, deal_id=deal.id)

    tasks.finish(session, task, by=sam, at=make.NOW)
    tasks.finish(session, task, by=ana, at=make.NOW + timedelta(hours=1))

    assert task.done_at == make.NOW
    for record in (jana.id, deal.id):
        entries = timeline.page(session, visibility.viewer(session, ana), record).entries
        said = [(e.kind.word, e.summary, e.who) for e in entries if e.summary == "Call"]
        assert said == [("task_done", "Call", "Sam")]


def test_a_task_that_is_opened_again_is_listed_again(
    session: Session, ana: User, jana: Contact
) -> None:
    task = promise(session, ana, "Call", contact_id=jana.id)
    tasks.finish(session, task, by=ana, at=make.NOW)

    tasks.reopen(session, task, by=ana)

    assert tasks.due(session, ana, TODAY) == [task]
    assert tasks.open_about(session, ana, contact_id=jana.id, thread_id=None) == [task]


def test_opening_an_open_task_takes_nothing_off_a_timeline(session: Session, ana: User) -> None:
    make.filed(session, make.mailbox(session, ana), make.raw("jana@severka.test"))
    viewer, message = visibility.viewer(session, ana), session.scalars(select(Message)).one()
    contact = session.scalars(select(Contact)).one()
    task = tasks.make(session, "x", by=ana, at=make.NOW, about=About(), task_id=message.id)

    tasks.reopen(session, task, by=ana)
    task.done_at = make.NOW
    tasks.reopen(session, task, by=ana)

    assert [e.id for e in timeline.page(session, viewer, contact.id).entries] == [message.id]


def test_open_tasks_of_contacts_and_deals_are_each_told_once(session, ana, jana, deal):
    promise(session, ana, "Both", contact_id=jana.id, deal_id=deal.id)
    promise(session, ana, "Deal", deal_id=deal.id)
    promise(session, ana, "Nobody's")
    done = promise(session, ana, "Done", contact_id=jana.id)
    tasks.finish(session, done, by=ana, at=make.NOW)

    found = tasks.open_on(session, ana, [jana.id], [deal.id])

    assert sorted(found, key=lambda about: about.contact_id is None) == [
        About(contact_id=jana.id, deal_id=deal.id),
        About(deal_id=deal.id),
    ]
    assert tasks.open_on(session, ana, [], []) == []
