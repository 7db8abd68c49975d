"""What sort of message it is, and what says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from crm.mail.letter import Kind
from sync.reading import automatic, headers, machines, read
from sync.reading.clues import Clues
from tests.sync.reading.samples import letter, multipart, sample

REPORT = "multipart/report"


@pytest.mark.parametrize(
    ("lines", "kind", "reason"),
    [
        ([], Kind.PERSON, ""),
        (["Auto-Submitted: no"], Kind.PERSON, ""),
        (["Precedence: first-class"], Kind.PERSON, ""),
        (["Auto-Submitted: auto-replied (vacation)"], Kind.AUTO_REPLY, "Auto-Submitted"),
        (["X-Autoreply: yes"], Kind.AUTO_REPLY, "X-Autoreply"),
        (["X-Autoreply: no"], Kind.PERSON, ""),
        (["Precedence: auto_reply"], Kind.AUTO_REPLY, "Precedence"),
        (
            ["Subject: Automatic reply: Offer", "X-Auto-Response-Suppress: All"],
            Kind.AUTO_REPLY,
            "subject of an automatic answer",
        ),
        (["Subject: Automatic reply: how does it work?"], Kind.PERSON, ""),
        (["List-Id: <dev.acme.test>", "List-Unsubscribe: <x>"], Kind.LIST, "List-Id"),
        (["Precedence: list"], Kind.LIST, "Precedence"),
        (["List-Unsubscribe: <mailto:x>"], Kind.BULK, "List-Unsubscribe"),
        (["Precedence: bulk"], Kind.BULK, "Precedence"),
        (["Precedence: Junk"], Kind.BULK, "Precedence"),
        (["Auto-Submitted: auto-generated"], Kind.NOTIFICATION, "Auto-Submitted"),
        (["Return-Path: <>"], Kind.NOTIFICATION, "empty Return-Path"),
        (["Return-Path: <ann@acme.test>"], Kind.PERSON, ""),
        (["X-Failed-Recipients: a@x.test"], Kind.BOUNCE, "X-Failed-Recipients"),
        (
            ["Return-Path: <>", "Subject: Mail delivery failed: returning"],
            Kind.BOUNCE,
            "returned mail",
        ),
        (["Subject: Undeliverable goods"], Kind.PERSON, ""),
    ],
)
def test_headers_tell_the_kind(lines, kind, reason):
    found = read(letter("From: ann@acme.test", *lines))

    assert (found.kind, found.kind_reason) == (kind, reason)
    assert found.automatic == (kind is not Kind.PERSON)


@pytest.mark.parametrize(
    ("lines", "kind", "reason"),
    [
        (["X-GitHub-Reason: mention", "List-Id: <x>"], Kind.NOTIFICATION, "X-GitHub-Reason"),
        (["X-JIRA-FingerPrint: 9f"], Kind.NOTIFICATION, "X-JIRA-FingerPrint"),
        (["X-Cron-Env: <SHELL=/bin/sh>"], Kind.NOTIFICATION, "X-Cron-Env"),
        (["X-Mailer: Nagios 4"], Kind.NOTIFICATION, "X-Mailer"),
        (["X-Auto-Response-Suppress: All"], Kind.NOTIFICATION, "X-Auto-Response-Suppress"),
        (["X-Auto-Response-Suppress: DR, OOF, AutoReply"], Kind.PERSON, ""),
        (["Mailing-List: contact talk-owner@x.test; run by ezmlm"], Kind.LIST, "Mailing-List"),
        (["X-BeenThere: talk@x.test"], Kind.LIST, "X-BeenThere"),
        (["Delivered-To: mailing list talk@x.test"], Kind.LIST, "Delivered-To"),
        (["Delivered-To: ann@acme.test"], Kind.PERSON, ""),
        (["Sender: owner-talk@x.test"], Kind.LIST, "Sender"),
        (["Sender: <talk-bounces@x.test>"], Kind.LIST, "Sender"),
        (["Return-Path: <talk-return-77-bo=acme.test@x.test>"], Kind.LIST, "Return-Path"),
        (["Return-Path: <bounces+77-ab@mail.test>"], Kind.PERSON, ""),
        (["List-Id: <news.x.test>", "X-Campaign: 5"], Kind.BULK, "X-Campaign"),
        (["List-Id: <x>", "List-Post: <y>", "X-Campaign: 5"], Kind.LIST, "List-Id"),
        (["List-Id: <x>", "X-Mailer: MailChimp Mailer - 1"], Kind.BULK, "X-Mailer"),
        (["CSA-Complaints: whitelist@csa.test"], Kind.BULK, "CSA-Complaints"),
        (["X-Precedence: bulk"], Kind.BULK, "X-Precedence"),
        (["X-Mailer: The Bat! (v3)"], Kind.PERSON, ""),
        (["Feedback-ID: i1:Fastmail"], Kind.PERSON, ""),
        (["X-PHP-Originating-Script: 33:rcube.php"], Kind.PERSON, ""),
        (["X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent"], Kind.PERSON, ""),
        (
            ["X-MS-Exchange-Generated-Message-Source: Antispam Engine"],
            Kind.NOTIFICATION,
            "X-MS-Exchange-Generated-Message-Source",
        ),
        (["X-MS-Journal-Report: "], Kind.REPORT, "X-MS-Journal-Report"),
    ],
)
def test_a_program_is_known_by_its_header(lines, kind, reason):
    found = read(letter("From: ann@acme.test", *lines))

    assert (found.kind, found.kind_reason) == (kind, reason)


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        ("no-reply@shop.test", Kind.NOTIFICATION),
        ("noreply+77@shop.test", Kind.NOTIFICATION),
        ("do_not_reply@shop.test", Kind.NOTIFICATION),
        ("Mailer-Daemon@mx.test", Kind.NOTIFICATION),
        ("postmaster@mx.test", Kind.NOTIFICATION),
        ("neodpovidejte@banka.test", Kind.NOTIFICATION),
        ("nie-odpowiadac@sklep.test", Kind.NOTIFICATION),
        ("notifications@tracker.test", Kind.NOTIFICATION),
        ("unmonitored@shop.test", Kind.NOTIFICATION),
        ("svara-inte@bank.test", Kind.NOTIFICATION),
        ("nepoviedat@banka.test", Kind.NOTIFICATION),
        ("daemon@build.test", Kind.NOTIFICATION),
        ("unsubscribe@shop.test", Kind.NOTIFICATION),
        ("mailman.karel@acme.test", Kind.PERSON),
        ("Jenkins@build.test", Kind.NOTIFICATION),
        ("powiadomienia@bank.test", Kind.NOTIFICATION),
        ("somebody@facebookmail.com", Kind.NOTIFICATION),
        ("dse@docusign.net", Kind.NOTIFICATION),
        ("somebody@docusign.com", Kind.PERSON),
        ("newsletter@shop.test", Kind.BULK),
        ("norbert.reply@acme.test", Kind.PERSON),
        ("alerta.gomez@acme.test", Kind.PERSON),
        ("jira.novakova@acme.test", Kind.PERSON),
    ],
)
def test_some_addresses_are_nobody(author, kind):
    assert read(letter(f"From: {author}")).kind is kind


def test_a_failed_delivery_is_a_bounce():
    found = read(sample("bounce-of-postfix"))

    assert (found.kind, found.kind_reason) == (Kind.BOUNCE, "multipart/report")
    assert [part.content_type for part in found.parts] == [
        "message/delivery-status",
        "message/rfc822",
    ]


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("failed", Kind.BOUNCE),
        ("delayed", Kind.BOUNCE),
        ("delivered", Kind.REPORT),
        ("relayed", Kind.REPORT),
    ],
)
def test_the_action_of_a_delivery_status_decides(action, kind):
    status = f"Content-Type: message/delivery-status\r\n\r\nAction: {action}\r\n"

    assert read(multipart(REPORT, status, extra="; report-type=delivery-status")).kind is kind


def test_a_receipt_is_a_report():
    receipt = "Content-Type: message/disposition-notification\r\n\r\nDisposition: displayed"

    found = read(multipart(REPORT, receipt, extra="; report-type=disposition-notification"))

    assert (found.kind, found.kind_reason) == (Kind.REPORT, "multipart/report")


def test_an_invitation_of_a_person_is_no_robot():
    found = read(sample("invitation-from-a-person"))

    assert (found.kind, found.kind_reason) == (Kind.INVITATION, "text/calendar")
    assert not found.automatic
    assert [part.content_type for part in found.parts] == ["text/calendar"]


def test_an_invitation_of_a_robot_is_the_robots():
    raw = sample("invitation-from-a-person").replace(b"ann@", b"no-reply@")

    assert read(raw).kind is Kind.NOTIFICATION


def test_every_header_of_a_machine_is_read():
    assert headers.READ >= machines.NAMES


def test_a_calendar_programs_invitation_is_the_persons_whom_it_names():
    raw = sample("invitation-from-a-person")
    raw = raw.replace(b"MIME-Version", b"Auto-Submitted: auto-generated\r\nMIME-Version", 1)

    assert read(raw).kind is Kind.INVITATION


def test_a_file_of_dates_is_no_invitation():
    dates = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR"
    attached = "Content-Type: text/calendar\r\nContent-Disposition: attachment\r\n\r\n"

    assert read(multipart("multipart/mixed", attached + dates)).kind is Kind.PERSON


def test_a_report_in_a_plain_multipart_is_one():
    report = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse"

    found = read(multipart("multipart/mixed", report))

    assert (found.kind, found.kind_reason) == (Kind.REPORT, "message/feedback-report")


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(machines.NAMES | headers.READ)), st.text(max_size=30)),
        max_size=6,
    )
)
def test_whatever_the_headers_say_there_is_a_kind_and_a_reason(lines):
    raw = letter(*(f"{name}: {' '.join(value.split())}" for name, value in lines))

    found = read(raw)

    assert (found.kind is Kind.PERSON) == (found.kind_reason == "")


def test_a_person_needs_no_reason():
    fields = headers.scan(letter("From: ann@acme.test"))

    verdict = automatic.judge(Clues(fields, Address("ann@acme.test"), "", "", (), ""))

    assert verdict == (Kind.PERSON, "")


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("complaint about message from 192.0.2.7", Kind.REPORT),
        ("Email Feedback Report for IP 192.0.2.7", Kind.REPORT),
        ("Complaint about message from Bo", Kind.PERSON),
    ],
)
def test_a_complaint_names_a_server_or_somebody(subject, kind):
    raw = multipart("multipart/mixed", "\r\nSee below.\r\n", "Content-Type: image/png\r\n\r\nx")

    assert read(f"Subject: {subject}\r\n".encode() + raw).kind is kind
