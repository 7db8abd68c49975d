"""Permissions: what each role may do, and that a refused verb has changed nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from crm.base import bulk
from crm.base.db import Session
from crm.base.errors import ForbiddenError
from crm.base.money import Money
from crm.mail import mailboxes, senders
from crm.mail.models import MailboxKind, Thread
from crm.migrations.tables import metadata
from crm.people import contacts
from crm.people.models import Contact
from crm.sales import deals, pipelines
from crm.sales.models import Deal
from crm.work import links, notes, tasks
from crm.work.models import Record, Task
from crm.workspace import permissions
from crm.workspace.models import User, UserRole, Workspace
from crm.workspace.permissions import May
from tests import make

#: Who may do what: rows are rights, columns are roles.
TABLE = """
                admin  manager  rep  support  reader
SEE_RECORDS     yes    yes      yes  yes      yes
EDIT_RECORDS    yes    yes      yes  yes      no
SEE_DEALS       yes    yes      yes  yes      yes
EDIT_DEALS      yes    yes      yes  no       no
WRITE           yes    yes      yes  yes      no
SEND            yes    yes      yes  yes      no
CONNECT         yes    yes      yes  yes      no
CONNECT_OTHERS  yes    no       no   no       no
SEE_LEDGERS     yes    yes      no   no       no
MANAGE          yes    no       no   no       no
"""
_ROLES, *_LINES = TABLE.strip().splitlines()
MATRIX = {
    (role, line.split()[0]): answer == "yes"
    for line in _LINES
    for role, answer in zip(_ROLES.split(), line.split()[1:], strict=True)
}


def test_the_table_speaks_of_every_role_and_every_right() -> None:
    assert {role for role, _ in MATRIX} == {role.value for role in UserRole}
    assert {right for _, right in MATRIX} == {right.name for right in May}


@pytest.mark.parametrize(("role", "right"), MATRIX)
def test_a_role_may_do_what_the_table_says(role: str, right: str) -> None:
    user = User(role=role, active=True)

    assert permissions.allowed(user, May[right]) is MATRIX[role, right]


@pytest.mark.parametrize("role", [role.value for role in UserRole])
def test_who_is_no_longer_active_may_do_nothing(role: str) -> None:
    user = User(role=role, active=False)

    assert not any(permissions.allowed(user, right) for right in May)


def test_a_refusal_says_which_role_and_that_nothing_was_changed() -> None:
    reader = User(role="reader", active=True)

    with pytest.raises(ForbiddenError, match=r"Reader.*Nothing was changed"):
        permissions.check(reader, May.WRITE)


class Room:
    """What the verbs below are tried on."""

    def __init__(self, session: Session, workspace: Workspace) -> None:
        self.session = session
        self.admin = make.user(session, workspace, "admin@halden.test", role="admin")
        box = make.mailbox(session, self.admin)
        self.support = make.mailbox(session, self.admin, "help@halden.test", purpose="support")
        make.filed(session, box, make.raw("Jana <jana@severka.test>", to="admin@halden.test"))
        self.contact = session.scalars(select(Contact)).one()
        self.thread = session.scalars(select(Thread)).one()
        money = Money(100, "EUR")
        self.deal = deals.make(session, "Deal", money, by=self.admin, at=make.NOW)
        about = tasks.About(contact_id=self.contact.id)
        self.task = tasks.make(session, "Call", by=self.admin, at=make.NOW, about=about)
        self.stage = pipelines.stages(session, workspace.id)[1]


def connect(room: Room, user: User, whose: User) -> None:
    mailboxes.connect(
        room.session,
        whose,
        "new@halden.test",
        kind=MailboxKind.FILES,
        place={},
        secret=None,
        by=user,
        at=make.NOW,
    )


VERBS: dict[str, tuple[May, Callable[[Room, User], object]]] = {
    "connect": (May.CONNECT, lambda r, u: connect(r, u, u)),
    "connect for another": (May.CONNECT_OTHERS, lambda r, u: connect(r, u, r.admin)),
    "read a contact": (May.SEE_RECORDS, lambda r, u: contacts.get(r.session, u, r.contact.id)),
    "find a contact": (
        May.SEE_RECORDS,
        lambda r, u: contacts.find_by_email(r.session, u, "jana@severka.test"),
    ),
    "page contacts": (May.SEE_RECORDS, lambda r, u: contacts.page(r.session, u)),
    "write a note": (
        May.WRITE,
        lambda r, u: notes.write(
            r.session, "A note", by=u, at=make.NOW, on=[(Record.CONTACT, r.contact.id)]
        ),
    ),
    "send a message": (May.SEND, lambda r, u: senders.check(r.support, u)),
    "make a task": (
        May.WRITE,
        lambda r, u: tasks.make(
            r.session, "Call", by=u, at=make.NOW, about=tasks.About(contact_id=r.contact.id)
        ),
    ),
    "finish a task": (May.WRITE, lambda r, u: tasks.finish(r.session, r.task, by=u, at=make.NOW)),
    "reopen a task": (May.WRITE, lambda r, u: tasks.reopen(r.session, r.task, by=u)),
    "read a task": (May.SEE_RECORDS, lambda r, u: tasks.get(r.session, u, r.task.id)),
    "read a deal": (May.SEE_DEALS, lambda r, u: deals.get(r.session, u, r.deal.id)),
    "make a deal": (
        May.EDIT_DEALS,
        lambda r, u: deals.make(r.session, "New", Money(1, "EUR"), by=u, at=make.NOW),
    ),
    "move a deal": (
        May.EDIT_DEALS,
        lambda r, u: deals.move(r.session, r.deal, to=r.stage, by=u, at=make.NOW),
    ),
    "add a contact to a deal": (
        May.EDIT_DEALS,
        lambda r, u: deals.add_contact(r.session, r.deal, r.contact.id, by=u),
    ),
    "link a thread to a deal": (
        May.EDIT_DEALS,
        lambda r, u: deals.link_thread(r.session, r.deal, r.thread.id, by=u, at=make.NOW),
    ),
    "take a message off": (
        May.EDIT_RECORDS,
        lambda r, u: links.take_off(
            r.session, r.thread.id, Record.CONTACT, r.contact.id, by=u, at=make.NOW
        ),
    ),
    "put a message back": (
        May.EDIT_RECORDS,
        lambda r, u: links.put_back(r.session, r.thread.id, Record.CONTACT, r.contact.id, by=u),
    ),
    "take a message off a deal": (
        May.EDIT_DEALS,
        lambda r, u: links.take_off(
            r.session, r.thread.id, Record.DEAL, r.deal.id, by=u, at=make.NOW
        ),
    ),
    "put a message back on a deal": (
        May.EDIT_DEALS,
        lambda r, u: links.put_back(r.session, r.thread.id, Record.DEAL, r.deal.id, by=u),
    ),
}


def everything(session: Session) -> dict[str, int]:
    """Return a sum over the content of every table."""
    session.flush()
    return {
        t.name: bulk.run(
            session, f'select coalesce(sum(hashtext(t::text)), 0) from "{t.name}" t', ()
        ).scalar_one()
        for t in metadata.sorted_tables
    }


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


@pytest.mark.parametrize("role", [role.value for role in UserRole])
def test_each_verb_is_refused_before_it_writes(
    session: Session, workspace: Workspace, role: str
) -> None:
    room = Room(session, workspace)
    user = make.user(session, workspace, "somebody@halden.test", role=role)
    before = everything(session)

    for name, (right, verb) in VERBS.items():
        with taken_back(session):
            if MATRIX[role, right.name]:
                verb(room, user)
            else:
                with pytest.raises(ForbiddenError):
                    verb(room, user)
                assert everything(session) == before, name


def test_nobody_who_was_removed_reads_or_writes_anything(
    session: Session, workspace: Workspace
) -> None:
    room = Room(session, workspace)
    gone = make.user(session, workspace, "gone@halden.test", role="admin")
    gone.active = False
    before = everything(session)

    for _, verb in VERBS.values():
        with pytest.raises(ForbiddenError):
            verb(room, gone)

    assert everything(session) == before
    assert session.scalars(select(Deal)).one().name == "Deal"
    assert session.scalars(select(Task)).one().done_at is None
