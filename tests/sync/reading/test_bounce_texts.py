"""What mail servers tell in their own words."""

import pytest

from sync.reading import bounce_texts
from sync.reading.bounce_texts import parted

ME = {"bo@inlay.test"}


def recipients_of(text, others=ME, domain="acme.test"):
    told = bounce_texts.read(parted(text), others, domain, late=False)
    return [each.recipient for each in told]


@pytest.mark.parametrize(
    "line",
    [
        "--- Below this line is a copy of the message.",
        "------ This is a copy of the message, including all the headers. ------",
        "   ----- Unsent message follows -----",
        "----- Original message -----",
        "Message headers follow:",
        "Original message follows.",
        "Message headers follow.",
        "-------- Původní zpráva --------",
        "Received: from mx.test by mx.inlay.test; Tue, 6 May 2025",
        "Return-Path: <bo@inlay.test>",
        "Message-ID: <1@inlay.test>",
    ],
)
def test_the_letter_that_came_back_is_parted(line):
    notice = parted(f"Sorry.\n\n{line}\nTo: eva@acme.test\n")

    assert list(notice.lines) == ["Sorry.", ""]
    assert notice.returned.startswith(line)


@pytest.mark.parametrize(
    "line",
    [
        "The first attempt was made at noon.",
        "A copy of it was not kept.",
        "Your message to <eva@acme.test> follows a bad road:",
        "  Message-id: <1@inlay.test>",
        "The original message was received at Tue, 6 May 2025",
    ],
)
def test_a_sentence_of_the_notice_parts_nothing(line):
    assert parted(f"Sorry.\n{line}\nMore.").returned == ""


@pytest.mark.parametrize(
    "line",
    [
        "eva@acme.test",
        "<eva@acme.test>:",
        "  * eva@acme.test",
        '"eva@acme.test":',
        "eva@acme.test: 550 no",
        "\tRecipient: [SMTP:eva@acme.test]",
        "Unknown user: eva@acme.test",
        "eva@acme.test [User unknown]",
        "550 <eva@acme.test>... User unknown",
        "550 5.1.1 <eva@acme.test>: no",
        ">>> RCPT To:<eva@acme.test>",
        "There was an error delivering your mail to <eva@acme.test>.",
        "undeliverable to eva@acme.test",
        "Quota violation for eva@acme.test",
        "an undisclosed address (generated from eva@acme.test)",
        "Final-Recipient: rfc822; eva@acme.test",
    ],
)
def test_a_recipient_is_named_in_many_ways(line):
    text = f"Sorry, bo@inlay.test.\nFor help contact help@mx.test.\n\n{line}\n"

    assert recipients_of(text) == ["eva@acme.test"]


def test_whom_to_ask_and_who_wrote_are_no_recipients():
    text = "For help contact <help@mx.test>\n\n<help@mx.test>\nThe letter was from ann@inlay.test\n"

    assert recipients_of(text) == []


def test_a_word_that_only_ends_as_one_that_names_the_sender_does_not():
    assert recipients_of("We could not find the code <eva@acme.test>\n") == ["eva@acme.test"]


def test_the_header_that_exchange_quotes_names_nobody():
    quoted = "  To: sales@inlay.test\n  Subject: Offer\n"
    text = f"Your message\n\n{quoted}\ndid not reach:\n\neva@acme.test\n"

    assert recipients_of(text) == ["eva@acme.test"]


def test_aol_names_people_without_their_domain():
    assert recipients_of("The following recipients are full:\n\teva\n", domain="aol.test") == [
        "eva@aol.test"
    ]


def test_a_report_may_stand_below_the_letter_that_came_back():
    text = "Sorry.\n\nReturn-Path: <>\n\nFinal-Recipient: rfc822; eva@acme.test\nAction: failed\n"

    assert recipients_of(text) == ["eva@acme.test"]


def test_each_recipient_has_what_is_said_of_them():
    text = "<eva@acme.test>:\n550 5.1.1 no\n\n<karl@acme.test>:\nhost said: 552 5.2.2 full\n"

    told = bounce_texts.read(parted(text), (), "", late=False)

    assert [(each.status, each.diagnostic) for each in told] == [
        ("5.1.1", "550 5.1.1 no"),
        ("5.2.2", "552 5.2.2 full"),
    ]


def test_words_tell_what_happened():
    assert bounce_texts.failed("it could not be delivered")
    assert bounce_texts.delayed("this is a warning message only")
    assert bounce_texts.unmistakable("hi. this is the qmail-send program at mx")
    assert bounce_texts.quotes_a_reply("host said: 550 5.1.1 no")
    assert not any(
        told("see you at noon")
        for told in (
            bounce_texts.failed,
            bounce_texts.delayed,
            bounce_texts.unmistakable,
            bounce_texts.quotes_a_reply,
        )
    )


def test_a_notice_in_an_unknown_language_is_told_by_its_code_and_address():
    assert bounce_texts.is_technical("<eva@acme.test> 550 ei ole", said=False)
    assert not bounce_texts.is_technical("550 ei ole", said=False)
    assert bounce_texts.is_technical("eva@acme.test", said=True)
    assert not bounce_texts.is_technical("sorry", said=True)


def test_what_the_other_server_said_begins_with_its_code():
    assert bounce_texts.spoken(["host mx said:", "  550 no", "user"]) == "550 no user"
    assert bounce_texts.spoken(["no", "code"]) == "no code"
