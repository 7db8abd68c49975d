"""Everybody sends from their own mailboxes, colleagues from support's, and readers from none."""

from __future__ import annotations

import pytest

from crm.base.errors import ForbiddenError, NotFoundError
from crm.mail import senders
from crm.mail.models import MailboxState
from tests import make


def test_one_sends_from_ones_own_and_from_supports(session, ana, workspace):
    bo = make.user(session, workspace, "bo@halden.test")
    own = make.mailbox(session, ana)
    shared = make.mailbox(session, bo, "help@halden.test", purpose="support")
    other = make.mailbox(session, bo)

    assert [box.address for box in senders.mailboxes(session, ana)] == [own.address, shared.address]
    senders.check(shared, ana)
    with pytest.raises(NotFoundError):
        senders.check(other, ana)


def test_an_address_stays_ones_own_once_its_mailbox_is_disconnected(session, ana, workspace):
    bo = make.user(session, workspace, "bo@halden.test")
    own, _other = make.mailbox(session, ana), make.mailbox(session, bo)
    own.place = own.place | {"aliases": ["sales@halden.test"]}
    own.state = MailboxState.DISCONNECTED
    session.flush()

    assert senders.mailboxes(session, ana) == []
    assert senders.ever(session, ana) == {"ana@halden.test", "sales@halden.test"}


def test_a_reader_sends_nothing(session, ana):
    box = make.mailbox(session, ana)
    ana.role = "reader"

    assert senders.mailboxes(session, ana) == []
    with pytest.raises(ForbiddenError):
        senders.check(box, ana)


def test_a_mailbox_sends_under_its_own_address_and_its_verified_ones(session, ana):
    box = make.mailbox(session, ana)
    assert senders.addresses(box) == ("ana@halden.test",)

    box.place = box.place | {"aliases": ["sales@halden.test", "ana@halden.test"]}

    assert senders.addresses(box) == ("ana@halden.test", "sales@halden.test")
