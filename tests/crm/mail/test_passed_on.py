"""What is passed on inside of a message is told to whoever may read all of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.filing import adding
from crm.mail import messages, passed_on, visibility
from crm.mail.letter import Role
from crm.mail.meaning import Meaning, Named
from crm.mail.models import Message, Participant, Shares
from crm.work.models import ActivityLink
from tests import make


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, shares=Shares.HEADERS)


def filed(session, box, forward, author="Jana <jana@severka.test>", to="ana@halden.test"):
    raw = make.raw(author, to, subject="Fwd: Offer")
    meant = Meaning(forward=forward)
    return make.filed_arrivals(session, box, [make.arrival(raw, meaning=meant)]).new[0]


def roles(session, viewer, message_id):
    seen = messages.get(session, viewer, message_id)
    one = [(p.role, p.email) for p in messages.participants_of(session, viewer, seen)]
    several = [(p.role, p.email) for p in messages.participants(session, viewer, [message_id])]
    assert one == several
    return one


def test_whoever_may_read_all_is_told(session, workspace, ana, box):
    message_id = filed(session, box, make.forward())
    sam = visibility.viewer(session, make.user(session, workspace, "sam@halden.test"))
    own = visibility.viewer(session, ana)

    row = passed_on.of_messages(session, own, [message_id])[message_id]
    assert (row.name, row.email, row.subject) == ("Ann Berg", "ann@berg.test", "Offer")
    assert (Role.ORIGINAL, "ann@berg.test") in roles(session, own, message_id)
    assert passed_on.of_messages(session, sam, [message_id]) == {}
    assert Role.ORIGINAL not in dict(roles(session, sam, message_id))


@pytest.mark.parametrize("author", [None, Named("Ann Berg", ""), Named("Ann", "no address")])
def test_an_author_without_an_address_is_nobody_in_the_message(session, ana, box, author):
    forward = make.forward()
    message_id = filed(session, box, type(forward)("", author, (), (), "Offer", "", ""))

    viewer = visibility.viewer(session, ana)
    assert Role.ORIGINAL not in dict(roles(session, viewer, message_id))
    assert message_id in passed_on.of_messages(session, viewer, [message_id])


def test_the_original_author_is_never_linked_and_has_neither_written_nor_been_written_to(
    session, ana, box
):
    came = filed(session, box, make.forward())
    went = filed(session, box, make.forward(), "Ana <ana@halden.test>", "jana@severka.test")

    ann = adding.add_contact(session, "ann@berg.test", by=ana, at=make.NOW)

    session.refresh(ann)
    assert (ann.last_in_at, ann.last_out_at) == (None, None)
    linked = select(ActivityLink.activity_id).where(ActivityLink.record_id == ann.id)
    assert session.scalars(linked).all() == []
    known = select(Participant.contact_id).where(Participant.role == Role.ORIGINAL)
    assert session.scalars(known).all() == [ann.id, ann.id]
    anew = filed(session, box, make.forward())
    assert session.scalars(linked).all() == []
    kept = select(Message.unfiled).where(Message.id.in_([came, went, anew]))
    assert set(session.scalars(kept)) == {""}
