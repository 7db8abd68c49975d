"""Which way a first import goes, and for how long IMAP is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base.db import Session
from crm.mail import importing
from crm.mail.importing import Over, Why
from crm.mail.models import Mailbox
from crm.workspace.models import User
from tests import make


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    made = make.mailbox(session, ana)
    made.place = {"grant": "consent", **importing.choice(Over.IMAP)}
    made.synced_at = None
    session.flush()
    return made


def test_the_api_is_the_way_unless_another_was_chosen(session: Session, ana: User) -> None:
    made = make.mailbox(session, ana)
    made.place, made.synced_at = {"grant": "consent"}, None

    assert importing.chosen(made) is Over.API
    assert importing.left(made) is None
    assert not importing.is_over_imap(made, make.NOW)


def test_a_first_import_goes_over_imap_where_that_was_chosen_and_nothing_else_does(
    box: Mailbox,
) -> None:
    assert importing.is_over_imap(box, make.NOW)

    box.synced_at = make.NOW

    assert not importing.is_over_imap(box, make.NOW)


@pytest.mark.parametrize(("why", "hours"), [(Why.LIMIT, 1), (Why.BROKEN, 1), (Why.REFUSED, 999)])
def test_who_was_sent_away_comes_back_when_the_time_is_over(
    session: Session, box: Mailbox, why: Why, hours: int
) -> None:
    importing.leave(session, box, why, at=make.NOW)

    session.refresh(box)
    left = importing.left(box)
    assert left is not None
    assert left.why is why
    assert box.place["grant"] == "consent"
    assert importing.chosen(box) is Over.IMAP
    assert not importing.is_over_imap(box, make.NOW)
    back = make.NOW + timedelta(hours=hours)
    assert importing.is_over_imap(box, back) is (why is not Why.REFUSED)
