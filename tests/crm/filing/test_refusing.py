"""What is refused leaves a record, and comes back as it was; a company's line goes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import by_hand, linking
from crm.mail.models import Mailbox
from crm.work.models import ActivityLink, Record
from crm.workspace.models import User
from tests import make
from tests.crm.filing.standing import JANA, contact, lines, message, said


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def test_a_companys_line_through_its_contact_goes_and_comes_with_it(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"), make.raw(JANA, subject="2"))
    jana, one = contact(session, ana), message(session, "1")
    before = every(session)

    by_hand.take_off(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW)
    assert lines(session, ana, jana.company_id) == ["2"]
    assert said(session) == {"1": "taken_off", "2": ""}
    linking.link(session, ana.workspace_id, [one], since=make.NOW + timedelta(days=1))
    assert lines(session, ana, jana.company_id) == ["2"]

    by_hand.put_back(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW + timedelta(days=2))
    assert every(session) == before
    assert said(session) == {"1": "", "2": ""}


def test_a_companys_line_stays_while_a_colleague_of_the_contact_holds_it(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw("eva@severka.test"), make.raw(JANA, subject="1"))
    make.filed(session, box, make.raw(JANA, subject="2", Cc="eva@severka.test"))
    jana = contact(session, ana)

    by_hand.take_off(session, message(session, "2"), Record.CONTACT, jana.id, by=ana, at=make.NOW)

    assert "2" in lines(session, ana, jana.company_id)
    assert said(session)["2"] == ""


def test_a_company_that_refused_a_message_itself_does_not_get_it_back(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(JANA, subject="1"))
    jana, one = contact(session, ana), message(session, "1")
    assert jana.company_id is not None
    for record, record_id in ((Record.COMPANY, jana.company_id), (Record.CONTACT, jana.id)):
        by_hand.take_off(session, one, record, record_id, by=ana, at=make.NOW)

    by_hand.put_back(session, one, Record.CONTACT, jana.id, by=ana, at=make.NOW)

    assert lines(session, ana, jana.id) == ["1"]
    assert lines(session, ana, jana.company_id) == []


def every(session: Session) -> set[tuple[object, ...]]:
    session.expire_all()
    return {tuple(row) for row in session.execute(select(*ActivityLink.__table__.columns))}
