"""Whatever a person or a program sends as a text: stored, not found or refused, never a crash."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from crm.base import directory
from crm.base.db import Session
from crm.base.directory import Key
from crm.base.errors import CRMError
from crm.base.money import Money
from crm.filing import adding
from crm.mail import inbox, mailboxes, messages, visibility
from crm.mail.models import Message
from crm.people import contacts
from crm.people.models import Contact
from crm.sales import deals
from crm.work import links, notes, tasks
from crm.work.models import Record
from crm.workspace import sign_ins, users, workspaces
from crm.workspace.models import User, Workspace
from tests import make

TEXTS = (
    "\x00",
    "a\x00b",
    "\ud800",
    "jana\ud83d@severka.test",
    "jana\x00@severka.test",
    "'; drop table message; --",
    "' or '1'='1",
    "%s %(ws)s {0} %",
    "\\x00 \\ud800 \\",
    "\u202e\u200b\ufeff\U000e0001",
    "x" * 100_000,
    "ř" * 100_000,
    "\U0010ffff",
    "00000000-0000-0000-0000-000000000000",
    "{'a': [1]}",
    "<script>alert(1)</script>",
)


class Room:
    """Somebody with a mailbox, a contact and a message, and what they may say."""

    def __init__(self, session: Session, workspace: Workspace, ana: User) -> None:
        make.filed(session, make.mailbox(session, ana), make.raw("Jana <jana@severka.test>"))
        self.session, self.ana, self.workspace_id = session, ana, workspace.id
        self.viewer = visibility.viewer(session, ana)
        self.message_id = session.scalars(select(Message.id)).one()
        self.contact_id = session.scalars(select(Contact.id)).one()
        self.deal = deals.make(session, "Steel", Money(1, "EUR"), by=ana, at=make.NOW)


Verb = Callable[[Room, str], object]
VERBS: dict[str, Verb] = {
    "write a note": lambda r, t: notes.write(
        r.session, t, by=r.ana, at=make.NOW, on=[(Record.CONTACT, r.contact_id)]
    ),
    "make a task": lambda r, t: tasks.make(
        r.session, t, by=r.ana, at=make.NOW, about=tasks.About()
    ),
    "make a deal": lambda r, t: deals.make(r.session, t, Money(1, "EUR"), by=r.ana, at=make.NOW),
    "give a role": lambda r, t: deals.add_contact(
        r.session, r.deal, r.contact_id, by=r.ana, role=t
    ),
    "found a workspace": lambda r, t: workspaces.found(r.session, t, at=make.NOW),
    "add a user": lambda r, t: make.user(r.session, workspaces.get(r.session, r.workspace_id), t),
    "name a user": lambda r, t: make.user(
        r.session, workspaces.get(r.session, r.workspace_id), "bo@halden.test", name=t
    ),
    "find a user": lambda r, t: users.get_named(r.session, r.workspace_id, t),
    "connect a mailbox": lambda r, t: make.mailbox(r.session, r.ana, t),
    "find a mailbox": lambda r, t: mailboxes.get_named(r.session, r.workspace_id, t),
    "add a contact": lambda r, t: adding.add_contact(r.session, t, by=r.ana, at=make.NOW),
    "name a contact and a company": lambda r, t: adding.add_contact(
        r.session, "bo@zinc.test", name=t, company=t, by=r.ana, at=make.NOW
    ),
    "find a contact": lambda r, t: contacts.get_named(r.session, r.ana, t),
    "find a message": lambda r, t: messages.named(r.session, r.viewer, t),
    "search": lambda r, t: inbox.search(r.session, r.viewer, t),
    "take off for an address": lambda r, t: links.take_off(
        r.session, r.message_id, Record.CONTACT, r.contact_id, by=r.ana, at=make.NOW, email=t
    ),
    "put back for an address": lambda r, t: links.put_back(
        r.session, r.message_id, Record.CONTACT, r.contact_id, by=r.ana, email=t
    ),
    "sign in with a browser": lambda r, t: sign_ins.begin(r.session, r.ana, agent=t, at=make.NOW),
    "come with a token": lambda r, t: sign_ins.find(r.session, t, at=make.NOW),
    "sign out with a token": lambda r, t: sign_ins.end(r.session, t),
    "look in the directory": lambda r, t: directory.find(r.session, Key.USER, t),
}


@pytest.mark.parametrize("name", VERBS)
def test_no_text_is_too_much_for_a_verb(
    session: Session, workspace: Workspace, ana: User, name: str
) -> None:
    room = Room(session, workspace, ana)
    broken = {}

    for text in TEXTS:
        savepoint = session.begin_nested()
        try:
            VERBS[name](room, text)
            session.flush()
        except CRMError:
            pass
        except Exception as error:  # noqa: BLE001 - every other error is what we look for
            broken[text[:40]] = type(error).__name__
        savepoint.rollback()
        session.expire_all()

    assert broken == {}
