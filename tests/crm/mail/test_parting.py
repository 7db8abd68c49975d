"""A mailbox is disconnected: nothing lets us in any more, its mail stays, and it can go on."""

from __future__ import annotations

import pytest

from crm.base import directory
from crm.base.errors import ConflictError, ForbiddenError, InvalidError
from crm.mail import mailboxes, parting, pushed, senders
from crm.mail.models import MailboxKind, MailboxState
from tests import make

NOW = make.NOW


@pytest.fixture
def box(session, ana):
    return make.mailbox(session, ana, kind="gmail", secret=b"sealed", state="live", synced_at=NOW)


def test_what_let_us_in_is_deleted_and_nobody_looks_any_more(session, box, ana):
    assert [way.id for way in pushed.ways(session, box.address)] == [box.id]

    for _twice in range(2):
        parting.disconnect(session, box, by=ana)

    assert (box.state, box.secret) == (MailboxState.DISCONNECTED, None)
    assert not mailboxes.is_due(box, NOW)
    assert pushed.ways(session, box.address) == []
    assert directory.find(session, directory.Key.USER, ana.email) != []


def test_a_push_under_gmail_s_own_name_finds_it_no_more(session, box, ana):
    pushed.note_watch(session, box, NOW + pushed.RENEWED, named="Ana.Kovac@halden.test", at=NOW)
    assert [way.id for way in pushed.ways(session, "ana.kovac@halden.test")] == [box.id]

    parting.disconnect(session, box, by=ana)

    assert pushed.ways(session, "ana.kovac@halden.test") == []


def test_a_watch_that_ends_after_it_was_disconnected_leaves_nothing_behind(session, box, ana):
    parting.disconnect(session, box, by=ana)

    pushed.note_watch(session, box, NOW + pushed.RENEWED, named=box.address, at=NOW)

    session.expire_all()
    assert pushed.ways(session, box.address) == []
    assert box.watched_until is None


def test_nothing_is_sent_from_it(session, box, ana):
    assert senders.may(box, ana)

    parting.disconnect(session, box, by=ana)

    assert not senders.may(box, ana)
    assert senders.mailboxes(session, ana) == []


def test_a_worker_that_was_at_it_does_not_bring_it_back(session, box, ana):
    asked = box.due_at
    parting.disconnect(session, box, by=ana)

    mailboxes.note_success(session, box, at=NOW, again=pushed.CALM, asked=asked)
    assert box.state == MailboxState.DISCONNECTED
    mailboxes.note_trouble(session, box, "consent_revoked", "Revoked.", at=NOW, jitter=0)
    assert box.state == MailboxState.DISCONNECTED
    mailboxes.pause(session, box, by=ana)
    assert box.state == MailboxState.DISCONNECTED


def test_with_another_login_it_goes_on_and_without_one_it_does_not(session, box, ana):
    parting.disconnect(session, box, by=ana)
    with pytest.raises(InvalidError, match="Connect it again"):
        mailboxes.resume(session, box, by=ana, at=NOW)
    assert box.state == MailboxState.DISCONNECTED

    place = {"grant": "delegation"}
    mailboxes.resume(session, box, secret=b"another", place=place, by=ana, at=NOW)

    assert (box.state, box.secret, box.due_at) == (MailboxState.LIVE, b"another", NOW)
    assert box.place["grant"] == "delegation"
    assert [way.id for way in pushed.ways(session, box.address)] == [box.id]
    assert senders.may(box, ana)


def test_a_folder_of_files_needs_no_login_to_go_on(session, ana):
    files = make.mailbox(session, ana, state="live", synced_at=NOW)
    parting.disconnect(session, files, by=ana)

    mailboxes.resume(session, files, by=ana, at=NOW)

    assert files.state == MailboxState.LIVE


def test_its_address_is_not_connected_a_second_time_beside_it(session, box, ana):
    parting.disconnect(session, box, by=ana)

    with pytest.raises(ConflictError, match="was disconnected"):
        mailboxes.connect(
            *(session, ana, box.address),
            kind=MailboxKind.IMAP,
            place={},
            secret=b"x",
            by=ana,
            at=NOW,
        )


def test_whoever_may_not_pause_it_may_not_disconnect_it(session, box, workspace):
    bo = make.user(session, workspace, "bo@halden.test", role="manager")

    with pytest.raises(ForbiddenError):
        parting.disconnect(session, box, by=bo)
    assert box.secret == b"sealed"
    assert not parting.is_taken_up_by(box, bo)


def test_another_workspace_that_reads_the_address_is_seen_and_nothing_else_of_it(session, box, ana):
    assert not parting.is_read_elsewhere(session, box)
    pushed.note_watch(session, box, NOW, named="ana.kovac@halden.test", at=NOW)
    other = make.workspace(session, "Elsewhere")
    directory.add(session, directory.Key.MAILBOX, "ana.kovac@halden.test", other.id, other.id)

    assert parting.is_read_elsewhere(session, box)
