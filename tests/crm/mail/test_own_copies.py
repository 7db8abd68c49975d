"""A copy that comes in settles what became of the message that it is a copy of."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from crm.base.db import Session
from crm.mail import outbox, outgoing, own_copies
from crm.mail.models import Mailbox, Outgoing
from crm.workspace.models import User
from tests import make
from tests.sync.sending import draft

SOON = make.NOW + timedelta(seconds=1)


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


@pytest.fixture
def made(session: Session, box: Mailbox, ana: User) -> Outgoing:
    return outgoing.write(session, box, draft(), by=ana, at=make.NOW)


@pytest.fixture
def message_id(session: Session, box: Mailbox) -> UUID:
    [new] = make.filed_arrivals(session, box, [make.arrival(make.raw(), uid=7)]).new
    return new


def leave(session: Session, made: Outgoing, *, doubted: bool) -> None:
    """Let a message be on its way; or nobody can tell."""
    claim = outbox.claim(session, made.workspace_id, made.id, at=SOON)
    assert claim is not None
    assert outbox.leave(session, claim)
    if doubted:
        assert outbox.note_doubt(session, claim, "no answer", at=SOON)


def test_what_was_in_doubt_has_left_when_its_copy_comes(
    session: Session, box: Mailbox, made: Outgoing, message_id: UUID
) -> None:
    leave(session, made, doubted=True)

    own_copies.settle(session, box, {message_id: made.rfc_id}, at=SOON)

    session.expire(made)
    assert (made.state, made.message_id, made.sent_at) == ("sent", message_id, SOON)


def test_what_was_left_at_a_doubt_has_left_when_its_copy_comes(
    session: Session, box: Mailbox, ana: User, made: Outgoing, message_id: UUID
) -> None:
    leave(session, made, doubted=True)
    outgoing.drop(session, made, by=ana, at=SOON)

    own_copies.settle(session, box, {message_id: made.rfc_id}, at=SOON)

    session.expire(made)
    assert (made.state, made.message_id, made.sent_at) == ("sent", message_id, SOON)


def test_what_is_on_its_way_gets_its_place_and_stays_on_its_way(
    session: Session, box: Mailbox, made: Outgoing, message_id: UUID
) -> None:
    leave(session, made, doubted=False)

    own_copies.settle(session, box, {message_id: made.rfc_id}, at=SOON)

    session.expire(made)
    assert (made.state, made.message_id) == ("sending", message_id)


def test_a_copy_of_something_else_or_in_another_mailbox_settles_nothing(
    session: Session, box: Mailbox, made: Outgoing, message_id: UUID, ana: User
) -> None:
    leave(session, made, doubted=True)
    other = make.mailbox(session, ana, "ana@elsewhere.test")

    own_copies.settle(session, box, {message_id: "other@severka.test"}, at=SOON)
    own_copies.settle(session, other, {message_id: made.rfc_id}, at=SOON)
    own_copies.settle(session, box, {}, at=SOON)

    session.expire(made)
    assert (made.state, made.message_id) == ("unknown", None)
