"""Letters that a mail server gives back, and those that only look like them."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.base.addresses import Address
from crm.mail.letter import Kind
from sync.reading import bounces, headers, read
from sync.reading.bounce_words import SUBJECT_STEMS, SUBJECTS
from sync.reading.clues import Clues
from tests.sync.reading.samples import letter, multipart, sample

SERVER = "From: MAILER-DAEMON@mx.inlay.test"
POSTMASTER = "From: postmaster@acme.test"


def bounce_of(*lines, body):
    return read(letter(*lines, "To: bo@inlay.test", body=body)).meaning.bounce


@pytest.mark.parametrize(
    ("name", "recipients", "status", "permanent", "returned_id"),
    [
        ("bounce-of-postfix", ["nobody@acme.test"], "5.1.1", True, ""),
        (
            "bounce-of-qmail-to-two-recipients",
            ["eva@acme.test", "karl@acme.test"],
            "5.2.2",
            True,
            "offer-7@inlay.test",
        ),
        (
            "bounce-of-exim-with-the-letter-below",
            ["eva@acme.test", "karl@acme.test"],
            "5.1.1",
            True,
            "offer-8@inlay.test",
        ),
        (
            "warning-of-sendmail-that-it-still-tries",
            ["eva@acme.test"],
            "4.4.1",
            False,
            "offer-9@inlay.test",
        ),
        (
            "bounce-of-exchange-that-quotes-the-header",
            ["eva@acme.test"],
            "5.1.1",
            True,
            "offer-10@inlay.test",
        ),
        ("bounce-of-office-365-in-html", ["eva@acme.test"], "5.1.10", True, "offer-11@inlay.test"),
        (
            "bounce-with-a-recipient-beyond-ascii",
            ["jörg@acme.test"],
            "5.6.7",
            True,
            "offer-12@inlay.test",
        ),
        (
            "bounce-told-as-json-amazon-ses",
            ["eva@acme.test"],
            "5.1.1",
            True,
            "offer-13@inlay.test",
        ),
    ],
)
def test_a_bounce_tells_to_whom_a_letter_did_not_go(
    name, recipients, status, permanent, returned_id
):
    found = read(sample(name))
    bounce = found.meaning.bounce

    assert found.kind is Kind.BOUNCE
    assert list(bounce.recipients) == recipients
    assert (bounce.status, bounce.permanent) == (status, permanent)
    assert bounce.returned_id == returned_id


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("report-of-a-delivery-that-succeeded", Kind.REPORT),
        ("challenge-that-looks-like-a-bounce", Kind.REPORT),
        ("bounce-that-somebody-passes-on", Kind.PERSON),
    ],
)
def test_what_only_looks_like_a_bounce_is_none(name, kind):
    found = read(sample(name))

    assert found.meaning.bounce is None
    assert found.kind is kind


@pytest.mark.parametrize(
    ("author", "subject", "body", "recipient", "status"),
    [
        (
            "MAILER-DAEMON@mx.inlay.test",
            "Nedoručitelná zpráva",
            "Vaše zpráva nemohla být doručena:\n\n<eva@acme.test>: 550 5.1.1 neexistuje\n",
            "eva@acme.test",
            "5.1.1",
        ),
        (
            "postmaster@acme.test",
            "Niedostarczalne: Oferta",
            "Dostarczenie do następujących odbiorców nie powiodło się:\n\njan@acme.test\n"
            "Skrzynka jest pełna.\n\n#554 5.2.2 mailbox full ##",
            "jan@acme.test",
            "5.2.2",
        ),
        (
            "postmaster@acme.test",
            "Недоставленное сообщение: Счёт",
            "Не удалось доставить сообщение следующим получателям:\n\nivan@acme.test\n\n"
            "Указанный адрес не существует.\n",
            "ivan@acme.test",
            "5.1.1",
        ),
        (
            "postmaster@acme.test",
            "Није испоручено: Понуда",
            "Испорука следећим примаоцима није успела:\n\nmika@acme.test\n\n550 5.1.1 not found",
            "mika@acme.test",
            "5.1.1",
        ),
        (
            "postmaster@acme.test",
            "Unzustellbar: Angebot",
            "Ihre Nachricht an karl@acme.test konnte nicht zugestellt werden.\n\n"
            "Absenderadresse: bo@inlay.test\nGemeldeter Fehler: 550 5.1.10 nicht gefunden\n",
            "karl@acme.test",
            "5.1.10",
        ),
        (
            "postmaster@acme.test",
            "配信不能: 見積",
            "以下の受信者に配信できませんでした。\n\ntaro@acme.test\n\n550 5.1.1 User unknown",
            "taro@acme.test",
            "5.1.1",
        ),
        (
            "MAILER-DAEMON@aol.com",
            "Mail Delivery Problem",
            "Your mail to the following recipients could not be delivered:\n\tscreenname\n",
            "screenname@aol.com",
            "",
        ),
        (
            "mailer-daemon@googlemail.com",
            "Delivery Status Notification (Failure)",
            "Address not found\n\nYour message wasn't delivered to eva@acme.test because the "
            "address couldn't be found.\n",
            "eva@acme.test",
            "5.1.1",
        ),
        (
            "MAILER-DAEMON@mx.inlay.test",
            "Returned mail: User unknown",
            "   ----- Transcript of session follows -----\n>>> RCPT To:<eva@acme.test>\n"
            "<<< 550 <eva@acme.test>... User unknown\n\n   ----- Unsent message follows -----\n"
            "Message-Id: <1@inlay.test>\n",
            "eva@acme.test",
            "5.1.1",
        ),
        (
            "postmaster@acme.test",
            "DELIVERY FAILURE: User eva not listed",
            "Your message\n\n  Subject: Offer\n\nwas not delivered to:\n\n  eva@acme.test\n\n"
            "because:\n\n  User eva (eva@acme.test) not listed in Domino Directory\n",
            "eva@acme.test",
            "5.1.1",
        ),
    ],
)
def test_servers_write_in_many_words(author, subject, body, recipient, status):
    found = bounce_of(f"From: {author}", f"Subject: {subject}", body=body)

    assert found.recipients == (recipient,)
    assert found.status == status
    assert found.permanent


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (["From: ann@acme.test", "Subject: Re: Undeliverable: Offer"], "> 550 5.1.1 user unknown"),
        (
            ["From: ann@acme.test", "Subject: Mail delivery failed, why?"],
            'I get "550 5.1.1 user unknown" when I write to you.',
        ),
        (
            ["From: shop@acme.test", "Subject: Delivery of your order has failed"],
            "The parcel could not be delivered. We will try again.",
        ),
        (
            ["From: shop@acme.test", "Return-Path: <>", "Subject: Your delivery is delayed"],
            "The parcel is delayed. Write to help@acme.test.",
        ),
        ([POSTMASTER, "Subject: Out of office"], "I am out of the office until Monday."),
        ([POSTMASTER, "Subject: New rules"], "Mail without a sender was rejected until now."),
        (["Subject: Ticket by unknown user"], "unknown user"),
        (["From: ann@acme.test"], '{"notificationType":"Bounce"}'),
    ],
)
def test_what_people_write_of_bounces_is_none(lines, body):
    assert bounce_of(*lines, body=body) is None


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Problems with mail to Bo",
            "Hello,\n\nmy letter to Bo came back. Our provider said: 550 5.1.1 User unknown. "
            "Has he left? The offer in it is valid until Friday.\n\nAnn",
        ),
        (
            "Mail delivery problem",
            "Hello,\n\nwhen I write to sales I get this:\n\nThis message was created "
            "automatically by mail delivery software.\n\nWe want to order 40 chairs.\n\nAnn",
        ),
        ("Problems with the chairs", "Your driver said: 550 5.1.1 is no valid order number.\n"),
        (
            "Mail delivery failed: offer for Bo",
            "I tried to write to sales@inlay.test and got:\n\n<sales@inlay.test>: host mx said: "
            "550 5.1.1 user unknown (in reply to RCPT TO command)\n\nPlease call me.\n",
        ),
        (
            "Mail error",
            "Hello Bo,\nyour server said: 550 5.1.1 not a valid user. Please call me.\nAnn",
        ),
        (
            "Undeliverable: offer",
            "This is the mail system at host mx.acme.test.\n\nI get that from you. Has he left?",
        ),
        (
            "Nelze doručit vaši poštu",
            "Dobrý den,\n\nserver napsal: mx said: 550 5.1.1 User unknown. Máte novou adresu?",
        ),
        (
            "Zwrot wiadomości od Państwa",
            "Dzień dobry,\n\nserwer odpowiedział: mx said: 550 5.1.1 User unknown.\n\nAnna",
        ),
        (
            "Не доставлено: счёт",
            "Здравствуйте,\n\nмне пришло: mx said: 550 5.1.1 User unknown. Какой адрес верный?",
        ),
        (
            "Unzustellbar: Angebot",
            "Guten Tag,\n\nich bekomme das:\n\nmx said: 550 5.1.1 User unknown\n\nStimmt sie?",
        ),
        (
            "Échec de l'envoi à Bo",
            "Bonjour,\n\nvoici la réponse : mx said: 550 5.1.1 User unknown. Est-il parti ?",
        ),
        (
            "Bo への送信エラー",
            "お世話になっております。\n\nmx said: 550 5.1.1 User unknown と出ました。\n",
        ),
    ],
)
def test_a_customer_who_tells_of_a_bounce_is_a_person(subject, body):
    found = read(letter("From: Ann <ann@acme.test>", f"Subject: {subject}", body=body))

    assert (found.kind, found.meaning.bounce) == (Kind.PERSON, None)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        (
            "Problem with an address",
            "Hello,\n\nI run the mail server of acme.test. Your address sales@inlay.test bounced: "
            "550 5.1.1. Please call me.\n\nAnn",
        ),
        (
            "Problems with mail to you",
            "Hello,\n\nour server said that sales@inlay.test was rejected by yours: 550 5.7.1.\n",
        ),
    ],
)
def test_a_person_may_write_as_the_postmaster(subject, body):
    def kind_by(author):
        return read(letter(f"From: {author}", f"Subject: {subject}", body=body)).kind

    assert kind_by("Ann Novak <postmaster@acme.test>") is Kind.PERSON
    assert kind_by("Mail Delivery System <postmaster@acme.test>") is Kind.BOUNCE
    assert kind_by("Microsoft Outlook <MicrosoftExchange3a@acme.test>") is Kind.BOUNCE


def test_an_answer_to_a_person_is_none_even_if_it_begins_with_a_servers_words():
    words = "This is the qmail-send program at mx.test.\n\n<bo@inlay.test>: 550 5.1.1 no\n"
    lines = "From: ann@acme.test", "Subject: failure notice"

    assert read(letter(*lines, "In-Reply-To: <1@inlay.test>", body=words)).kind is Kind.PERSON
    assert read(letter(*lines, body=words)).kind is Kind.BOUNCE


@pytest.mark.parametrize(
    ("author", "subject", "kind"),
    [
        ("Ann <ann@acme.test>", "Fwd: Undelivered Mail Returned to Sender", Kind.PERSON),
        ("Ann <ann@acme.test>", "What is this", Kind.PERSON),
        ("MAILER-DAEMON@acme.test", "What is this", Kind.BOUNCE),
    ],
)
def test_a_report_that_a_person_hangs_on_a_letter_makes_no_bounce(author, subject, kind):
    report = (
        'Content-Type: message/delivery-status; name="details.txt"\r\n'
        'Content-Disposition: attachment; filename="details.txt"\r\n\r\n'
        "Final-Recipient: rfc822; eva@acme.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    raw = multipart("multipart/mixed", "\r\nHello Bo, I got this.\r\n", report)
    raw = raw.replace(b"From: a@acme.test", f"From: {author}\r\nSubject: {subject}".encode())

    assert read(raw).kind is kind


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("amazonaws.com", Kind.BOUNCE),
        ("sns.amazonaws.com", Kind.BOUNCE),
        ("notamazonaws.com", Kind.PERSON),
    ],
)
def test_an_event_is_believed_from_amazon_alone(domain, kind):
    raw = sample("bounce-told-as-json-amazon-ses")
    author = re.sub(rb"(?m)^From:.*$", f"From: a@{domain}".encode(), raw)

    assert read(author).kind is kind


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_other_reports_are_no_bounces(kind):
    part = f"Content-Type: message/{kind}\r\n\r\nFinal-Recipient: rfc822; eva@acme.test\r\n"
    raw = multipart("multipart/report", part, extra=f"; report-type={kind}")

    assert read(raw).meaning.bounce is None


def test_a_list_is_told_of_its_member_by_the_return_path():
    raw = letter(
        SERVER,
        "To: list-bounces+eva=acme.test@inlay.test",
        "Subject: Undelivered Mail Returned to Sender",
        body="Sorry.",
    )

    assert read(raw).meaning.bounce.recipients == ("eva@acme.test",)


def test_the_letter_that_came_back_tells_the_recipient_where_nothing_else_does():
    body = "Sorry.\n\n--- Below this line is a copy of the message.\n\nTo: eva@acme.test\n"

    found = bounce_of(SERVER, "Subject: failure notice", body=body)

    assert found.recipients == ("eva@acme.test",)


def test_a_server_that_has_given_up_will_not_try_again_whatever_its_code_says():
    body = (
        "I've given up.\n\n<eva@acme.test>:\nSorry, I wasn't able to establish an SMTP "
        "connection. (#4.4.1)\n"
    )

    found = bounce_of(SERVER, "Subject: failure notice", body=body)

    assert (found.status, found.permanent) == ("4.4.1", True)


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "5.1.1", True),
        ("failed", "4.2.2", False),
        ("failed", "4.4.1", True),
        ("failed", "4.4.7", True),
        ("delayed", "4.4.1", False),
        ("delayed", "5.1.1", False),
        ("failed", "", True),
    ],
)
def test_a_report_tells_whether_it_is_for_good(action, status, permanent):
    report = (
        "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; eva@acme.test\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n"
    )
    raw = multipart("multipart/report", report, extra="; report-type=delivery-status")

    assert read(raw).meaning.bounce.permanent is permanent


def test_only_those_are_named_to_whom_it_did_not_go():
    report = (
        "Content-Type: message/delivery-status\r\n\r\n"
        "Final-Recipient: rfc822; eva@acme.test\r\nAction: relayed\r\nStatus: 2.0.0\r\n\r\n"
        "Final-Recipient: rfc822; karl@acme.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "Final-Recipient: rfc822; mia@acme.test\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
    )
    raw = multipart("multipart/report", report, extra="; report-type=delivery-status")

    assert read(raw).meaning.bounce.recipients == ("karl@acme.test",)


def test_a_report_may_have_become_a_file():
    report = (
        'Content-Type: text/plain; name="ATT00001.txt"\r\n'
        'Content-Disposition: attachment; filename="ATT00001.txt"\r\n\r\n'
        "Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; eva@acme.test\r\n"
        "Action: failed\r\nStatus: 5.2.2\r\n"
    )
    raw = multipart("multipart/mixed", "\r\nSorry.\r\n", report)
    raw = raw.replace(b"From: a@acme.test", b"From: postmaster@acme.test")
    bounce = read(b"Subject: Undeliverable: Offer\r\n" + raw).meaning.bounce

    assert (bounce.recipients, bounce.status) == (("eva@acme.test",), "5.2.2")


def test_the_bounce_of_a_bounce_is_not_read_for_the_inner_one():
    inner = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=c\r\n\r\n--c\r\n"
        "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; eva@acme.test\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n\r\n--c--\r\n"
    )
    raw = multipart(
        "multipart/mixed", "\r\nLook.\r\n", f"Content-Type: message/rfc822\r\n\r\n{inner}"
    )

    assert read(b"Subject: Look at this\r\n" + raw).meaning.bounce is None


def test_the_diagnostic_is_one_short_line():
    said = "no such user\r\n  " * 200
    found = bounce_of(SERVER, "Subject: failure notice", body=f"<eva@acme.test>:\r\n550 {said}")

    assert found.diagnostic.startswith("550 no such user no such user")
    assert len(found.diagnostic) <= 500


def test_every_subject_in_ascii_is_found_by_a_stem():
    without = [
        word
        for word in SUBJECTS
        if word.isascii() and not any(stem in word for stem in SUBJECT_STEMS)
    ]

    assert without == []


@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_a_server_writes_is_borne(body, subject):
    fields = headers.scan(b"Return-Path: <>\r\nTo: bo@inlay.test\r\n\r\n")
    author = Address("mailer-daemon@mx.inlay.test", "")

    found = bounces.find(Clues(fields, author, f"failure notice {subject}", body, (), ""))

    assert found is None or all("@" in each for each in found.bounce.recipients)
    assert found is None or len(found.bounce.diagnostic) <= 500


@pytest.mark.parametrize(
    "body",
    [
        "@" * 1_000_000,
        "a@b.test " * 110_000,
        "550 " * 250_000,
        "<a@b.test>:\n550 5.1.1 no\n" * 40_000,
        "To: a@b.test\n" * 80_000,
        "message-id:\n" * 80_000,
        " " * 1_000_000,
        "Final-Recipient: rfc822; a@b.test\nAction: failed\n" * 20_000,
    ],
)
def test_a_megabyte_of_anything_is_read_in_time(body):
    fields = headers.scan(b"To: bo@inlay.test\r\n\r\n")
    author = Address("mailer-daemon@mx.inlay.test", "")
    began = time.process_time()

    bounces.find(Clues(fields, author, "failure notice", body, (), ""))

    assert time.process_time() - began < 0.5
