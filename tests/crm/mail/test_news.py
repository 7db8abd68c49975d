"""News: of what happened a viewer learns that their inbox changed, and which threads they see."""

from __future__ import annotations

from uuid import UUID

import pytest

from crm.base import bulk, ids
from crm.base.db import Session
from crm.base.events import EventKind, Happened
from crm.mail import news, visibility
from crm.mail.models import Shares
from crm.mail.news import News
from crm.workspace.models import User, Workspace
from tests import make

FILED, FLAGGED, CHANGED = EventKind.FILED, EventKind.FLAGGED, EventKind.CHANGED


class Town:
    """Ana's thread, and one of a colleague who shows nothing of it."""

    def __init__(self, session: Session, workspace: Workspace, ana: User) -> None:
        self.session, self.ana = session, ana
        bo = make.user(session, workspace, "bo@halden.test")
        self.mine, self.theirs = make.mailbox(session, ana), make.mailbox(session, bo)
        self.theirs.shares = Shares.NOTHING
        self.thread = self._thread(make.filed(session, self.mine, make.raw()).new[0])
        hidden = make.raw("Eve <eve@elsewhere.test>", "bo@halden.test")
        self.hidden = self._thread(make.filed(session, self.theirs, hidden).new[0])

    def _thread(self, message_id: UUID) -> UUID:
        found = bulk.run(
            self.session, "select thread_id from message where id = %s", (message_id,)
        ).scalar_one()
        assert isinstance(found, UUID)
        return found

    def told(self, *happened: Happened) -> News:
        """Return what Ana is told of it."""
        viewer = visibility.viewer(self.session, self.ana)
        return news.of(self.session, viewer, happened)


@pytest.fixture
def town(session: Session, workspace: Workspace, ana: User) -> Town:
    return Town(session, workspace, ana)


def test_a_letter_of_ones_own_is_news_of_the_inbox_and_of_its_thread(town: Town) -> None:
    told = town.told(Happened(FILED, town.mine.id, (town.thread,)))

    assert told == News(inbox=True, threads=(town.thread,))


def test_of_a_hidden_thread_not_even_its_existence_is_told(town: Town) -> None:
    told = town.told(Happened(FILED, town.theirs.id, (town.hidden,)))

    assert told == News()
    assert not told
    assert not town.told(Happened(CHANGED, None, (town.hidden,)))


def test_what_a_colleague_receives_of_a_shared_thread_is_news_for_whoever_has_it(
    town: Town,
) -> None:
    told = town.told(Happened(FILED, town.theirs.id, (town.thread, town.hidden)))

    assert told == News(inbox=True, threads=(town.thread,))


def test_what_was_read_elsewhere_is_news_of_the_list_alone(town: Town) -> None:
    assert town.told(Happened(FLAGGED, town.mine.id, (town.thread,))) == News(inbox=True)


def test_a_batch_that_names_no_thread_is_news_for_its_owner_alone(town: Town) -> None:
    assert town.told(Happened(FILED, town.mine.id, ())) == News(inbox=True, anything=True)
    assert not town.told(Happened(FILED, town.theirs.id, ()))


def test_what_was_changed_beside_no_thread_may_show_beside_any(town: Town) -> None:
    assert town.told(Happened(CHANGED, None, ())) == News(inbox=True, anything=True)


def test_a_thread_that_is_gone_is_no_news(town: Town) -> None:
    assert not town.told(Happened(CHANGED, None, (ids.new(),)))


def test_of_a_thread_that_went_into_a_seen_one_it_is_told_that_anything_may_have_changed(
    town: Town,
) -> None:
    """Its id is not told: before it went it may have been hidden."""
    gone = town._thread(make.filed(town.session, town.mine, make.raw(subject="Gone")).new[0])
    move = "update message set thread_id = %s where thread_id = %s"
    bulk.run(town.session, move, (town.thread, gone))
    end = "update thread set merged_into = %s where id = %s"
    bulk.run(town.session, end, (town.thread, gone))

    told = town.told(Happened(FILED, town.theirs.id, (town.thread, gone)))

    assert told == News(inbox=True, anything=True)
    assert town.told(Happened(FILED, town.theirs.id, (town.hidden, gone))) == News(inbox=True)
