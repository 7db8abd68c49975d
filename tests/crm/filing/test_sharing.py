"""A mailbox's owner chooses what colleagues see of it, and what is here already follows."""

from __future__ import annotations

import pytest

from crm.base import events
from crm.base.errors import ForbiddenError
from crm.filing import sharing
from crm.mail import news, visibility
from crm.mail.models import Shares
from crm.people import contacts
from crm.work import timeline
from tests import make


@pytest.fixture
def bo(session, workspace):
    return make.user(session, workspace, "bo@halden.test", role="admin")


def test_what_is_here_already_follows_the_choice(session, ana, bo):
    box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    [_message] = make.filed(session, box, make.raw()).new
    jana = contacts.get_named(session, bo, "jana@severka.test")
    viewer = visibility.viewer(session, bo)

    def lines():
        return len(timeline.page(session, viewer, jana.id).entries)

    assert lines() == 1

    sharing.share(session, box, Shares.NOTHING, by=ana, at=make.NOW)
    assert (box.shares, lines()) == (Shares.NOTHING, 0)

    sharing.share(session, box, Shares.HAPPENED, by=ana, at=make.NOW)
    assert lines() == 1


def test_what_comes_later_follows_too(session, ana, bo):
    box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    sharing.share(session, box, Shares.NOTHING, by=ana, at=make.NOW)

    make.filed(session, box, make.raw())

    jana = contacts.get_named(session, bo, "jana@severka.test")
    viewer = visibility.viewer(session, bo)
    assert timeline.page(session, viewer, jana.id).entries == ()


def test_who_sees_more_or_less_is_told_to_look_again(session, ana, bo):
    box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    make.filed(session, box, make.raw())
    before = make.mark(session)

    sharing.share(session, box, Shares.NOTHING, by=ana, at=make.NOW)

    heard = events.after(session, ana.workspace_id, before)
    told = news.of(session, visibility.viewer(session, bo), heard.events)
    assert (told.anything, told.threads) == (True, ())


def test_nobody_but_the_owner_chooses(session, ana, bo):
    box = make.mailbox(session, ana, shares=Shares.NOTHING)

    with pytest.raises(ForbiddenError):
        sharing.share(session, box, Shares.EVERYTHING, by=bo, at=make.NOW)

    assert box.shares == Shares.NOTHING
