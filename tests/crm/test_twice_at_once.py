"""Two hands on one button: what is pressed twice at the same moment happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base import bulk, db, ids
from crm.base.db import Session
from crm.base.money import Money
from crm.base.settings import Settings
from crm.filing import adding, by_hand
from crm.mail.models import Message
from crm.sales import deals, pipelines
from crm.work import notes, tasks
from crm.work.models import Record
from crm.workspace import password_links, users
from crm.workspace.models import User, UserRole, Workspace
from tests import make

HANDS = 4
JANA = "jana@severka.test"
#: What stands on the timelines beside mail.
OURS = "activity where not exists (select from message m where m.id = activity.id)"
T = TypeVar("T")
Press = Callable[[Session, User], object]


@pytest.fixture
def ana(house: Settings) -> User:
    """Found a workspace with a rep, a letter of Jana's, a deal and a task."""
    with db.transaction() as session:
        ana = make.user(session, make.workspace(session))
        make.filed(session, make.mailbox(session, ana), make.raw(JANA))
        return ana


def together(ana: User, press: Press) -> None:
    """Press at the same moment, each in a transaction of its own; none may fail."""
    ready, failed = threading.Barrier(HANDS), []

    def hand() -> None:
        try:
            with db.transaction(ana.workspace_id) as session:
                by = users.get(session, ana.workspace_id, ana.id)
                ready.wait(10)
                press(session, by)
        except Exception as error:  # noqa: BLE001 - told to the test below
            failed.append(error)

    hands = [threading.Thread(target=hand) for _ in range(HANDS)]
    for one in hands:
        one.start()
    for one in hands:
        one.join(30)
    assert failed == []


def count(ana: User, statement: str) -> int:
    with db.transaction(ana.workspace_id) as session:
        found = bulk.run(session, f"select count(*) from {statement}", ())
        return int(found.scalar_one())


def in_one(ana: User, work: Callable[[Session, User], T]) -> T:
    with db.transaction(ana.workspace_id) as session:
        return work(session, users.get(session, ana.workspace_id, ana.id))


def new_deal(session: Session, by: User, deal_id: UUID | None = None) -> UUID:
    money = Money(100, "EUR")
    return deals.make(session, "Pilot", money, by=by, at=make.NOW, deal_id=deal_id).id


def new_task(session: Session, by: User, task_id: UUID | None = None) -> UUID:
    about, due = tasks.About(), date(2026, 12, 1)
    made = tasks.make(session, "Call", by=by, at=make.NOW, about=about, due_on=due, task_id=task_id)
    return made.id


def test_a_deal_is_made_once(ana: User) -> None:
    together(ana, partial(new_deal, deal_id=ids.new()))

    assert (count(ana, "deal"), count(ana, "deal_move"), count(ana, OURS)) == (1, 1, 1)


def test_a_task_is_promised_once(ana: User) -> None:
    together(ana, partial(new_task, task_id=ids.new()))

    assert count(ana, "task") == 1


def test_a_task_is_done_once(ana: User) -> None:
    task_id = in_one(ana, new_task)

    together(ana, lambda s, by: tasks.finish(s, tasks.get(s, by, task_id), by=by, at=make.NOW))

    assert (count(ana, "task where done_at is not null"), count(ana, OURS)) == (1, 1)


def test_a_deal_moves_once(ana: User) -> None:
    deal_id = in_one(ana, new_deal)

    def move(session: Session, by: User) -> None:
        stage = pipelines.stages(session, by.workspace_id)[1]
        deals.move(session, deals.get(session, by, deal_id), to=stage, by=by, at=make.NOW)

    together(ana, move)

    assert (count(ana, "deal_move"), count(ana, OURS)) == (2, 2)


def test_a_move_is_taken_back_once(ana: User) -> None:
    deal_id = in_one(ana, new_deal)

    def move(session: Session, by: User) -> UUID:
        stage = pipelines.stages(session, by.workspace_id)[1]
        made = deals.move(session, deals.get(session, by, deal_id), to=stage, by=by, at=make.NOW)
        assert made is not None
        return made.id

    move_id = in_one(ana, move)
    together(ana, lambda s, by: deals.move_back(s, deals.get(s, by, deal_id), move_id, by=by))

    assert (count(ana, "deal_move"), count(ana, OURS)) == (1, 1)


def test_a_contact_is_added_once(ana: User) -> None:
    together(ana, lambda s, by: adding.add_contact(s, "new@else.test", by=by, at=make.NOW))

    assert count(ana, "contact_address where email = 'new@else.test'") == 1
    assert count(ana, "company where domain = 'else.test'") == 1


def test_a_note_is_written_once(ana: User) -> None:
    note_id, on = ids.new(), [(Record.DEAL, in_one(ana, new_deal))]
    together(ana, lambda s, by: notes.write(s, "Yes", by=by, at=make.NOW, on=on, note_id=note_id))

    assert (count(ana, "note"), count(ana, OURS)) == (1, 2)


def test_a_message_is_taken_off_and_put_back_once(ana: User) -> None:
    def jana(session: Session, by: User) -> UUID:
        return adding.add_contact(session, JANA, by=by, at=make.NOW).id

    contact_id = in_one(ana, jana)
    message_id = in_one(ana, lambda s, _by: s.scalars(select(Message.id)).one())
    visible = f"activity_link where record_id = '{contact_id}' and audience <> '{ids.NOBODY}'"
    before = count(ana, visible)

    def press(way: Callable[..., None]) -> Press:
        return lambda s, by: way(s, message_id, Record.CONTACT, contact_id, by=by, at=make.NOW)

    together(ana, press(by_hand.take_off))
    off = count(ana, visible)
    together(ana, press(by_hand.put_back))

    assert before > 0
    assert (off, count(ana, visible)) == (0, before)
    assert count(ana, "refusal") == 0


def test_of_those_who_come_by_one_link_at_once_one_is_let_in(ana: User) -> None:
    def invite(session: Session, by: User) -> str:
        admin = make.user(session, session.get_one(Workspace, ana.workspace_id), "eva@halden.test")
        admin.role = UserRole.ADMIN
        return password_links.make(session, by, by=admin, at=make.NOW)

    token = in_one(ana, invite)
    came: list[bool] = []

    def come(session: Session, _by: User) -> None:
        with db.transaction() as stranger:
            found = password_links.find(stranger, token, at=make.NOW, to_use=True)
            if found is not None:
                password_links.use(stranger, found, "a long password")
            came.append(found is not None)

    together(ana, come)

    assert sorted(came) == [False] * (HANDS - 1) + [True]
