"""Two colleagues who decide of one contact in one moment: the second sees what the first did."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from crm.base import db
from crm.base.errors import ConflictError
from crm.filing import suggestions
from crm.mail import visibility
from crm.mail.meaning import Details
from crm.mail.models import Shares
from crm.people import contacts
from crm.people.models import Contact, ContactDetail, DetailKind, DetailState
from crm.workspace.models import User
from tests import make
from tests.crm.filing.telling import JANA, told

_WAIT = 30


@pytest.fixture
def two(house):
    """Commit Jana, of whom two letters tell, and two colleagues; return their ids and hers."""
    with db.transaction() as session:
        workspace = make.workspace(session)
        ana = make.user(session, workspace, "ana@halden.test", role="admin")
        bo = make.user(session, workspace, "bo@halden.test")
        mailbox = make.mailbox(session, ana, shares=Shares.EVERYTHING)
        make.filed(session, mailbox, make.raw("Ana <ana@halden.test>", f"Jana <{JANA}>"))
        contact = contacts.find_by_email(session, ana, JANA)
        contact.title = "Sales rep"
        for title in ("Head", "Director"):
            told(session, mailbox, Details(title=title))
        return workspace.id, contact.id, (ana.id, bo.id)


def decide(two, titles):
    """Let both look, then both press Use; return what became of it, and what stands there now."""
    workspace_id, contact_id, users = two
    looked, became = threading.Barrier(2, timeout=_WAIT), []

    def press(user_id, title):
        with db.sessions(info={"workspace": workspace_id}) as session:
            user = session.get_one(User, (workspace_id, user_id))
            viewer = visibility.viewer(session, user)
            contact = contacts.get(session, user, contact_id)
            assert suggestions.about(session, viewer, contact)
            looked.wait()
            key = suggestions.key_of(DetailKind.TITLE, title)
            try:
                suggestions.use(session, viewer, contact, key, at=make.NOW)
            except ConflictError:
                became.append("refused")
            else:
                session.commit()
                became.append("used")

    hands = [threading.Thread(target=press, args=one) for one in zip(users, titles, strict=True)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(_WAIT)
    with db.sessions(info={"workspace": workspace_id}) as session:
        rows = session.scalars(select(ContactDetail)).all()
        stands = {row.value: DetailState(row.state) for row in rows}
        return sorted(became), session.scalars(select(Contact.title)).one(), stands


def test_of_two_who_use_the_same_value_the_second_is_told_so(two):
    became, title, stands = decide(two, ("Head", "Head"))

    assert became == ["refused", "used"]
    assert title == "Head"
    assert stands == {"Head": DetailState.CURRENT, "Sales rep": DetailState.FORMER}


def test_of_two_who_use_different_values_the_second_follows_the_first(two):
    became, title, stands = decide(two, ("Head", "Director"))

    [before] = {"Head", "Director"} - {title}
    assert became == ["used", "used"]
    assert stands == {
        title: DetailState.CURRENT,
        before: DetailState.FORMER,
        "Sales rep": DetailState.FORMER,
    }
