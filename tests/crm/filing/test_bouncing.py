"""What comes back is held against what went out, in whichever order both are met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.mail import inbox, visibility
from crm.mail.letter import Role
from crm.mail.models import BounceRow, Message, Participant, Shares, Turn
from crm.people.models import Contact
from crm.work import timeline
from crm.work.models import ActivityLink, LinkRule, Record
from tests import make
from tests.statements import counted

LATER = make.NOW + timedelta(minutes=5)


def sent(to="Bo Ek <bo@kovar.test>", **headers):
    return make.arrival(make.raw("Ana <ana@halden.test>", to, message_id="offer@h.test", **headers))


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana)


def about(session):
    return [row.about_id for row in session.scalars(select(BounceRow))]


def stands_on(session, message_id):
    found = session.execute(
        select(Contact.name, ActivityLink.rule)
        .join(ActivityLink, ActivityLink.record_id == Contact.id)
        .where(ActivityLink.activity_id == message_id, ActivityLink.record == Record.CONTACT)
    )
    return [tuple(row) for row in found]


def test_a_bounce_of_what_we_sent_counts_and_stands_on_whom_it_did_not_reach(session, box):
    ours = make.filed_arrivals(session, box, [sent()]).new[0]
    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)

    bounce = make.filed_arrivals(session, box, [back]).new[0]

    assert about(session) == [ours]
    assert stands_on(session, bounce) == [("Bo Ek", LinkRule.BOUNCE)]
    message = session.get_one(Message, (box.workspace_id, bounce))
    assert message.unfiled == ""
    assert message.thread_id == session.get_one(Message, (box.workspace_id, ours)).thread_id


@pytest.mark.parametrize("at_once", [True, False])
def test_a_bounce_that_is_met_before_its_message_counts_once_that_is_here(session, box, at_once):
    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)
    found = []
    for batch in [[back, sent()]] if at_once else [[back], [sent()]]:
        found += make.filed_arrivals(session, box, batch).new

    bounce, ours = found
    assert about(session) == [ours]
    assert stands_on(session, bounce) == [("Bo Ek", LinkRule.BOUNCE)]
    assert session.get_one(Message, (box.workspace_id, bounce)).unfiled == ""


@pytest.mark.parametrize(
    ("recipients", "named"),
    [
        (("else@kovar.test",), "offer@h.test"),  # It never went there.
        (("bo@kovar.test",), "other@h.test"),  # No message of ours.
        (("bo@kovar.test",), ""),
        (("bo@kovar.test",), "theirs@kovar.test"),  # Not ours, but one that came in.
    ],
)
def test_a_forged_bounce_changes_nothing(session, ana, box, recipients, named):
    came = make.arrival(make.raw("Bo Ek <bo@kovar.test>", message_id="theirs@kovar.test"))
    make.filed_arrivals(session, box, [sent(), came])
    viewer = visibility.viewer(session, ana)
    turns = {row.thread_id: row.turn for row in inbox.page(session, viewer).rows}
    back = make.bounce(*recipients, about=named, at=LATER)

    bounce = make.filed_arrivals(session, box, [back]).new[0]

    assert about(session) == [None]
    assert stands_on(session, bounce) == []
    assert session.get_one(Message, (box.workspace_id, bounce)).unfiled == "machine"
    after = {row.thread_id: row.turn for row in inbox.page(session, viewer).rows}
    assert {thread_id: after[thread_id] for thread_id in turns} == turns


def test_a_bounce_that_names_nobody_is_about_the_only_one_it_went_to(session, box):
    ours = make.filed_arrivals(session, box, [sent()]).new[0]

    make.filed_arrivals(session, box, [make.bounce(about="offer@h.test", at=LATER)])

    row = session.scalars(select(BounceRow)).one()
    assert (row.about_id, row.recipient) == (ours, "bo@kovar.test")


def test_a_bounce_that_names_nobody_is_about_none_of_two(session, box):
    make.filed_arrivals(session, box, [sent("bo@kovar.test, ann@kovar.test")])

    make.filed_arrivals(session, box, [make.bounce(about="offer@h.test", at=LATER)])

    assert about(session) == [None]


def test_a_bounce_is_no_answer(session, ana, box):
    make.filed_arrivals(session, box, [sent()])

    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)
    make.filed_arrivals(session, box, [back])

    bo = session.scalars(select(Contact)).one()
    assert bo.last_in_at is None
    (row,) = inbox.page(session, visibility.viewer(session, ana)).rows
    assert (row.turn, row.messages) == (Turn.THEIRS, 2)


def test_a_bounce_of_our_own_server_counts_as_any_other(session, box):
    ours = make.filed_arrivals(session, box, [sent()]).new[0]
    own_server = "mailer-daemon@mx.halden.test"
    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER, sender=own_server)

    bounce = make.filed_arrivals(session, box, [back]).new[0]

    assert about(session) == [ours]
    assert stands_on(session, bounce) == [("Bo Ek", LinkRule.BOUNCE)]


def test_a_bounce_makes_no_contact(session, ana):
    box = make.mailbox(session, ana, meets="nobody")
    make.filed_arrivals(session, box, [sent()])

    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)
    bounce = make.filed_arrivals(session, box, [back]).new[0]

    assert session.scalars(select(Contact)).all() == []
    assert session.get_one(Message, (ana.workspace_id, bounce)).unfiled == "machine"


def test_whom_a_blind_copy_did_not_reach_stands_on_no_timeline(session, box):
    blind = make.raw(
        "Ana <ana@halden.test>", "Ann <ann@kovar.test>", message_id="offer@h.test", Bcc="bo@x.test"
    )
    ours = make.filed(session, box, blind, folder_name="Sent").new[0]

    back = make.bounce("bo@x.test", about="offer@h.test", at=LATER)
    bounce = make.filed_arrivals(session, box, [back]).new[0]

    assert about(session) == [ours]
    assert stands_on(session, bounce) == []
    roles = select(Participant.role).where(Participant.message_id == bounce)
    assert Role.RETURNED not in session.scalars(roles).all()


def test_the_timeline_of_whom_it_did_not_reach_has_the_bounce(session, ana, box):
    box.shares = Shares.EVERYTHING
    make.filed_arrivals(session, box, [sent()])
    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)
    bounce = make.filed_arrivals(session, box, [back]).new[0]
    bo = session.scalars(select(Contact)).one()

    entries = timeline.page(session, visibility.viewer(session, ana), bo.id).entries

    assert entries[0].message_id == bounce
    assert entries[0].automatic


def test_a_contact_that_is_met_later_pulls_in_what_came_back(session, ana):
    box = make.mailbox(session, ana, meets="nobody")
    make.filed_arrivals(session, box, [sent()])
    back = make.bounce("bo@kovar.test", about="offer@h.test", at=LATER)
    bounce = make.filed_arrivals(session, box, [back]).new[0]
    box.meets = "written"

    again = make.raw("Ana <ana@halden.test>", "Bo Ek <bo@kovar.test>", at=LATER)
    make.filed(session, box, again)

    assert stands_on(session, bounce) == [("Bo Ek", LinkRule.BOUNCE)]


def test_what_is_no_address_is_nobody(session, box):
    make.filed_arrivals(session, box, [sent()])

    back = make.bounce("x" * 9000, "no address", about="offer@h.test", status="5" * 900)
    make.filed_arrivals(session, box, [back])

    assert session.scalars(select(BounceRow)).all() == []


def test_plain_letters_cost_no_statement_more(session, connection, box):
    plain = [make.arrival(make.raw(), uid=n) for n in (1, 2)]
    make.filed_arrivals(session, box, [sent(), plain[0]])

    with counted(connection.engine) as statements:
        make.filed_arrivals(session, box, [plain[1]])

    asked = " ".join(statements)
    assert statements
    assert not [word for word in ("from bounce", "forward", "meeting") if word in asked]
