"""A letter of ours is known at Gmail by all that it says, and nobody's is by a part of that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.base.addresses import Address
from crm.mail.draft import File
from server.demo.gmail import Fault
from sync.errors import SyncError
from sync.transports import Verdict
from sync.transports.gmail import GmailTransport
from tests import make
from tests.sync.sending import JANA, Received, in_gmail
from tests.sync.transports.drafting import ADDRESS, Steps, named, parcel, send


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Good evening."},
        {"to": (Address("petr@severka.test"),)},
        {"subject": "Other"},
        {"at": make.NOW - timedelta(seconds=1), "rfc_id": "2@halden.test"},
        {"files": (File("a.txt", "text/plain", b"x"),)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_draft_is_not_taken_for_it(login, google, other):
    google.plan(Fault("500", method="users.drafts.send", times=None))
    with pytest.raises(SyncError):
        GmailTransport(login).send(parcel(**other), Steps())
    google.heal()

    send(login, parcel({"began": True}))

    assert named(google, "drafts.create") == 2
    assert len(in_gmail(google, "DRAFT")) == 1


@pytest.mark.parametrize("renames", [True, False])
def test_its_copy_in_sent_says_that_it_left_whatever_its_id_is(login, google, account, renames):
    account.renames = renames
    _departure, steps = send(login)

    for remote in (steps.remote, {}, {"draft": "r-1"}):
        assert GmailTransport(login).look(parcel(remote)) is Verdict.LEFT
    other = parcel(steps.remote, text="Good evening.", rfc_id="2@halden.test")
    assert GmailTransport(login).look(other) is Verdict.CANNOT_TELL


def test_an_answer_stands_in_its_thread_where_its_subject_fits(login, account):
    id_ = account.deliver(make.raw(subject="Hello", message_id="first@severka.test"))

    send(login, parcel(subject="Re: Hello", references=("first@severka.test",)))
    send(login, parcel(subject="Other", references=("first@severka.test",)))
    send(login, parcel(subject="Re: Hello", references=("nobody@severka.test",)))

    threads = [copy.thread for copy in account.copies if "SENT" in copy.labels]
    assert [thread == account.copies.get(id_).thread for thread in threads] == [True, False, False]


def test_a_draft_that_its_owner_has_changed_is_theirs(login, google, account):
    google.plan(Fault("429", method="users.drafts.send"))
    _error, steps = send(login)
    [(id_, message)] = account.drafts.items()
    account.delete(message)
    changed = make.raw(ADDRESS, JANA.email, "Hello", "Something else.")
    account.drafts[id_] = account.put(changed, labels=("DRAFT",)).id

    send(login, parcel(steps.remote))

    [letter] = Received(google).letters
    assert b"Good morning." in letter
    assert id_ in account.drafts
