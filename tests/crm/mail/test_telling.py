"""Whom to tell by mail that a mailbox is read no more: its owner, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.mail import mailboxes, retrying, telling
from crm.mail.models import MailboxState
from crm.workspace.models import Workspace
from tests import make


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana)


def refuse(session, box, times=retrying.LOGINS):
    """Refuse a login so often, each after the time that is left to it."""
    for _ in range(times):
        at = max(box.due_at, make.NOW)
        mailboxes.note_trouble(session, box, "login_refused", "No.", at=at, jitter=0.0)
        session.refresh(box)


def claimed(session, box, *, at=make.NOW + timedelta(days=1)):
    return telling.claim(session, box.workspace_id, box.id, at=at)


def test_when_we_stop_knocking_its_owner_is_told_once(session, ana, box):
    refuse(session, box, retrying.LOGINS - 1)
    assert claimed(session, box) is None

    refuse(session, box, 1)
    notice = claimed(session, box)

    assert box.state == MailboxState.NEEDS_LOGIN
    assert notice == telling.Notice(ana.email, ana.name, ana.language, box.address)
    assert claimed(session, box) is None


def test_who_has_mended_it_meanwhile_is_told_nothing(session, ana, box):
    refuse(session, box)
    mailboxes.resume(session, box, by=ana, at=make.NOW)

    assert claimed(session, box) is None
    refuse(session, box)
    assert claimed(session, box) is not None  # It is another time.


def test_what_has_not_left_is_told_an_hour_later(session, box):
    refuse(session, box)
    at = make.NOW + timedelta(days=1)
    assert claimed(session, box, at=at) is not None

    telling.put_back(session, box.workspace_id, box.id, at=at)

    assert claimed(session, box, at=at + timedelta(minutes=59)) is None
    assert claimed(session, box, at=at + telling.AGAIN) is not None


def test_nothing_leaves_a_sandbox_and_nobody_is_told_who_works_here_no_more(
    session, workspace, ana, box
):
    refuse(session, box)
    here = session.get_one(Workspace, workspace.id)
    here.sandbox = True
    session.flush()
    assert claimed(session, box) is None

    here.sandbox = False
    ana.active = False
    telling.put_back(session, box.workspace_id, box.id, at=make.NOW)
    assert claimed(session, box) is None
