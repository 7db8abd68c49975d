"""Gmail lets a letter leave once, and says what is certain about one that did not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from crm.base.addresses import Address
from crm.mail.draft import File
from crm.mail.models import OutgoingTrouble
from server.demo.gmail import Fault, Quota
from sync.errors import QuotaError, SyncError
from sync.google import READING
from sync.transports import Departure, LaterError, NotSentError, RefusedError, Verdict
from sync.transports import gmail as transport
from sync.transports.gmail import GmailTransport
from tests.sync import rig
from tests.sync.sending import Received, gmail, in_gmail
from tests.sync.transports.drafting import ADDRESS, Steps, invited, named, parcel, send


def test_a_letter_leaves_once_and_the_id_that_gmail_gave_it_is_told(login, google):
    departure, steps = send(login)

    [letter] = Received(google).letters
    assert re.search(rb"(?m)^Message-ID: <(.+)>", letter)[1].decode() == departure.rfc_id
    assert departure.rfc_id.endswith("@mail.gmail.com")
    assert steps.left
    assert in_gmail(google, "DRAFT") == []
    assert (named(google, "drafts.create"), named(google, "drafts.send")) == (1, 1)


def test_an_id_that_gmail_has_left_as_it_was_is_ours(login, account):
    account.renames = False

    assert send(login)[0] == Departure()


@pytest.mark.parametrize("verb", ["drafts.create", "drafts.send"])
def test_what_the_server_did_before_it_closed_is_never_asked_for_again(login, google, verb):
    google.plan(Fault("cut_after", method=f"users.{verb}"))
    given, steps = parcel(), Steps()

    with pytest.raises(SyncError) as caught:
        GmailTransport(login).send(given, steps)

    assert not isinstance(caught.value, NotSentError)
    assert named(google, verb) == 1
    sent = verb == "drafts.send"
    assert steps.left is sent
    assert len(Received(google).letters) == int(sent)
    verdict = GmailTransport(login).look(parcel(steps.remote))
    assert verdict is (Verdict.LEFT if sent else Verdict.CANNOT_TELL)


def test_a_draft_that_an_earlier_try_has_left_is_found_and_sent(login, google, account):
    google.plan(Fault("cut_after", method="users.drafts.create"))
    steps = Steps()
    with pytest.raises(SyncError):
        GmailTransport(login).send(parcel(), steps)
    google.heal()

    send(login, parcel(steps.remote))

    assert named(google, "drafts.create") == 1
    assert len(Received(google).letters) == 1
    assert account.drafts == {}


def test_a_draft_that_is_remembered_is_sent_and_no_other_is_made(login, google):
    google.plan(Fault("429", method="users.drafts.send"))
    _error, steps = send(login)

    departure, _again = send(login, parcel(steps.remote))

    assert departure.rfc_id
    assert named(google, "drafts.create") == 1
    assert len(Received(google).letters) == 1


def test_a_draft_that_its_owner_has_sent_has_left(login, google, account):
    google.plan(Fault("429", method="users.drafts.send"))
    _error, steps = send(login)
    google.heal()
    phone = gmail(google)
    phone.users().drafts().send(userId="me", body={"id": steps.remote["draft"]}).execute()
    phone.close()

    departure, again = send(login, parcel(steps.remote))

    assert isinstance(departure, Departure)
    assert not again.left
    assert len(Received(google).letters) == 1


def test_a_draft_that_is_there_was_not_sent(login, google):
    google.plan(Fault("cut_before", method="users.drafts.send"))
    steps = Steps()
    with pytest.raises(SyncError):
        GmailTransport(login).send(parcel(), steps)

    assert steps.left
    assert GmailTransport(login).look(parcel(steps.remote)) is Verdict.NEVER_LEFT


def test_where_neither_draft_nor_copy_is_there_nobody_can_tell(login, account):
    looker = GmailTransport(login)

    assert looker.look(parcel({"draft": "r-1"})) is Verdict.CANNOT_TELL
    assert looker.look(parcel()) is Verdict.CANNOT_TELL


def test_a_blind_copy_arrives_and_is_not_told_of(login, google):
    boss = google.add("boss@kovar.test")

    send(login, parcel(bcc=(Address("boss@kovar.test"),)))

    [letter] = Received(google).letters
    assert b"boss" not in letter
    assert len(boss) == 1


@pytest.mark.parametrize("size", [1_000, 6_000_000])
def test_a_large_letter_goes_by_an_upload_and_none_of_it_is_altered(login, google, account, size):
    given = parcel(files=(File("a.bin", "application/octet-stream", b"\x00\xffx" * (size // 3)),))
    account.renames = False

    departure, _steps = send(login, given)

    assert isinstance(departure, Departure)
    assert Received(google).letters == [given.raw]
    uploaded = [call for call in google.calls if call.method == "users.drafts.create"]
    assert len(uploaded) == 1


def test_what_is_larger_than_gmail_takes_is_not_begun(login, google, monkeypatch):
    monkeypatch.setattr(transport, "LARGEST", 1_000)

    error, steps = send(login, parcel(text="x" * 2_000))

    assert (error.trouble, steps.left) == (OutgoingTrouble.TOO_LARGE, False)
    assert "Gmail takes letters of 1,000 bytes" in str(error)
    assert google.calls == []


def test_a_limit_of_the_day_is_waited_for_by_hours(login, google):
    google.plan(Fault("429", method="users.drafts.send", retry_after=2.0))
    error, _steps = send(login)
    assert isinstance(error, LaterError)
    assert (error.trouble, error.wait) == (OutgoingTrouble.QUOTA, timedelta(hours=1))

    google.plan(Fault("429", method="users.drafts.send", retry_after=3 * 3600.0))
    error, _steps = send(login)
    assert timedelta(hours=2, minutes=59) < error.wait <= timedelta(hours=3)


@pytest.mark.parametrize("kind", ["403_rate", "at once"])
def test_a_limit_of_the_minute_is_not_waited_for_by_hours(login, google, kind):
    if kind == "at once":
        assert transport._wait(QuotaError(), "Too many concurrent requests") == timedelta(0)
        return
    google.plan(Fault(kind, method="users.drafts.create"))

    error, _steps = send(login)

    assert (error.trouble, error.wait) == (OutgoingTrouble.QUOTA, timedelta(0))


@pytest.mark.parametrize("verb", ["drafts.create", "drafts.send"])
@pytest.mark.parametrize("kind", ["500", "503", "502_html", "truncated_json", "cut"])
def test_an_error_of_gmails_is_certain_before_the_letter_may_leave_and_never_after(
    login, google, verb, kind
):
    google.plan(Fault(kind, method=f"users.{verb}"))
    steps = Steps()

    with pytest.raises(SyncError) as caught:
        GmailTransport(login).send(parcel(), steps)

    assert not isinstance(caught.value, NotSentError)
    assert steps.left is (verb == "drafts.send")
    assert named(google, verb) == 1


def test_no_is_no_and_says_why(login, google):
    error, steps = send(login, parcel(to=()))

    assert isinstance(error, RefusedError)
    assert error.trouble is OutgoingTrouble.REFUSED
    assert "Recipient address required" in str(error)
    assert steps.left


def test_a_token_that_is_refused_is_made_anew_and_one_that_cannot_be_is_told(google, account):
    login = invited(google)
    google.plan(Fault("401", method="users.drafts.send"))
    assert isinstance(send(login)[0], Departure)

    google.revoke(ADDRESS)
    error, _steps = send(login, parcel(rfc_id="2@halden.test"))

    assert isinstance(error, RefusedError)
    assert error.trouble is OutgoingTrouble.CONSENT
    assert len(Received(google).letters) == 1


def test_without_the_consent_for_sending_it_is_said_which_is_missing(google, account):
    login = invited(google, READING)

    for way in (GmailTransport(login), GmailTransport(login, may_send=False)):
        with pytest.raises(RefusedError, match=r"gmail\.compose") as caught:
            way.send(parcel(), Steps())
        assert caught.value.trouble is OutgoingTrouble.SCOPE_MISSING
    assert named(google, "drafts.create") == 2  # A token may be older than its consent.


@pytest.mark.parametrize("verb", ["drafts.create", "drafts.send"])
@pytest.mark.parametrize("kind", ["403_domain", "403_off", "400_no_mail"])
def test_whom_an_admin_keeps_out_waits_an_hour_and_the_letter_is_not_blamed(
    login, google, kind, verb
):
    google.plan(Fault(kind, method=f"users.{verb}"))

    error, _steps = send(login)

    assert isinstance(error, LaterError)
    assert (error.trouble, error.wait) == (OutgoingTrouble.NOT_ADMITTED, timedelta(hours=1))
    assert ADDRESS in str(error)


def test_a_program_that_google_does_not_know_is_kept_out_too(google, account):
    login = invited(google)
    google.register(replace(rig.APP, client_secret="another"))

    error, _steps = send(login)

    assert isinstance(error, LaterError)
    assert error.trouble is OutgoingTrouble.NOT_ADMITTED
    assert "GOOGLE_CLIENT_ID" in str(error)


def test_every_question_is_counted_before_it_is_asked(login, google):
    spent: list[int] = []
    google.limit(Quota())

    send(replace(login, spend=spent.append))

    assert sum(spent) == google.units(ADDRESS)
    assert spent == [transport.CREATE_UNITS, transport.SEND_UNITS, 20]


def test_nothing_is_to_be_kept(login, google):
    assert GmailTransport(login).keep(parcel())
    assert google.calls == []
