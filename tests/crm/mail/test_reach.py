"""Who is reached: not where mail comes back for good, and later where somebody is away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.mail import reach, visibility
from crm.mail.meaning import Meaning
from crm.mail.models import Direction, Message, Shares
from tests import make

HOUR = timedelta(hours=1)
TODAY = make.NOW.date()


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.EVERYTHING)


@pytest.fixture
def sam(session, workspace):
    return visibility.viewer(session, make.user(session, workspace, "sam@halden.test"))


def send(session, box, to="bo@kovar.test", **headers):
    raw = make.raw("Ana <ana@halden.test>", to, message_id="offer@h.test", **headers)
    return make.filed(session, box, raw, folder_name="Sent").new[0]


def back(session, box, hours=1, recipient="bo@kovar.test", **values):
    arrival = make.bounce(recipient, about="offer@h.test", at=make.NOW + hours * HOUR, **values)
    return make.filed_arrivals(session, box, [arrival]).new[0]


def lost(session, viewer, *emails):
    return reach.of_addresses(session, viewer, emails or ["bo@kovar.test"], today=TODAY).lost


def says(session, box, day: date, hours=0):
    raw = make.raw("Bo <bo@kovar.test>", at=make.NOW + timedelta(hours=hours))
    letter = make.arrival(raw, meaning=Meaning(returns_on=day))
    make.filed_arrivals(session, box, [letter])


def back_on(session, viewer, *emails):
    return reach.of_addresses(session, viewer, emails or ["bo@kovar.test"], today=TODAY).back_on


def test_whom_a_blind_copy_did_not_reach_is_told_to_nobody_here(session, box, sam):
    send(session, box, "ann@kovar.test", Bcc="bo@kovar.test")
    back(session, box)

    assert lost(session, sam) == {}


@pytest.mark.parametrize("shares", [Shares.HAPPENED, Shares.HEADERS])
def test_whoever_may_not_read_the_bounce_is_not_told(session, ana, sam, shares):
    closed = make.mailbox(session, ana, shares=shares)
    send(session, closed)
    back(session, closed)

    assert lost(session, sam) == {}
    assert lost(session, visibility.viewer(session, ana)) == {"bo@kovar.test": make.NOW + HOUR}


def test_an_address_comes_back_since_the_first_of_its_last_failures(session, box, sam):
    send(session, box)
    for hours in (1, 2, 3):
        back(session, box, hours)

    found = lost(session, sam, "bo@kovar.test", "ann@kovar.test")

    assert found == {"bo@kovar.test": make.NOW + HOUR}


def test_an_address_from_which_mail_has_come_since_works_again(session, box, sam):
    send(session, box)
    back(session, box)
    make.filed(session, box, make.raw("bo@kovar.test", at=make.NOW + 2 * HOUR))

    assert lost(session, sam) == {}
    back(session, box, 3)
    assert lost(session, sam) == {"bo@kovar.test": make.NOW + 3 * HOUR}


def test_each_of_several_addresses_is_asked_about_by_itself(session, box, sam):
    send(session, box, "bo@kovar.test, ann@kovar.test")
    back(session, box)
    back(session, box, 2, "ann@kovar.test")
    for _letter in range(3):
        make.filed(session, box, make.raw("bo@kovar.test", at=make.NOW + 3 * HOUR))

    found = lost(session, sam, "bo@kovar.test", "ann@kovar.test")

    assert found == {"ann@kovar.test": make.NOW + 2 * HOUR}


def test_what_went_out_under_an_address_is_no_letter_of_theirs(session, ana, box, sam):
    send(session, box)
    back(session, box)
    (sent,) = make.filed(session, box, make.raw("bo@kovar.test", at=make.NOW + 2 * HOUR)).new
    session.get_one(Message, (ana.workspace_id, sent)).direction = Direction.OUT
    session.flush()

    assert lost(session, sam) == {"bo@kovar.test": make.NOW + HOUR}


@pytest.mark.parametrize("permanent", [False, None])
def test_what_is_tried_again_is_no_reason_to_give_an_address_up(session, box, sam, permanent):
    send(session, box)
    back(session, box, 1)
    back(session, box, 2, permanent=permanent)

    assert lost(session, sam) == {}


def test_a_forged_bounce_says_nothing_of_an_address(session, box, sam):
    back(session, box)

    assert lost(session, sam) == {}


def test_the_newest_answer_counts(session, box, sam):
    says(session, box, TODAY + timedelta(days=9), hours=1)
    says(session, box, TODAY + timedelta(days=20))

    assert back_on(session, sam) == TODAY + timedelta(days=9)
    assert back_on(session, sam, "ann@kovar.test") is None


def test_whose_day_has_come_is_back(session, box, sam):
    says(session, box, TODAY)

    assert back_on(session, sam) is None


def test_nobody_is_told_of_an_absence_who_may_not_read_it(session, ana, box, sam):
    says(session, box, TODAY + timedelta(days=9))
    closed = make.mailbox(session, ana, "other@halden.test", shares=Shares.HEADERS)
    says(session, closed, TODAY + timedelta(days=20), hours=2)

    assert back_on(session, sam) == TODAY + timedelta(days=9)


def test_both_are_told_at_once(session, box, sam):
    send(session, box)
    says(session, box, TODAY + timedelta(days=9))
    back(session, box)

    found = reach.of_addresses(session, sam, ["bo@kovar.test"], today=TODAY)

    assert found == reach.Reach({"bo@kovar.test": make.NOW + HOUR}, TODAY + timedelta(days=9))
