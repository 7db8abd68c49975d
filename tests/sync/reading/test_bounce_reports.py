"""What delivery reports say of each recipient."""

import pytest

from sync.reading.bounce_reports import Told, read

EVA = "Final-Recipient: rfc822; eva@acme.test\n"


def test_each_recipient_is_told_in_order():
    text = (
        "Reporting-MTA: dns; mx.test\n\n"
        f"{EVA}Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such\n user\n\n"
        "Final-Recipient: rfc822; karl@acme.test\nAction: delayed\nStatus: 4.4.1\n"
    )

    assert read(text) == (
        Told("eva@acme.test", "failed", "5.1.1", "550 5.1.1 no such user"),
        Told("karl@acme.test", "delayed", "4.4.1", ""),
    )


def test_empty_lines_may_stand_astray():
    text = (
        f"Reporting-MTA: dns; mx.test\n{EVA}\nAction: failed\n\nStatus: 5.2.2\n{EVA}Action: failed"
    )

    assert [(each.action, each.status) for each in read(text)] == [
        ("failed", "5.2.2"),
        ("failed", ""),
    ]


@pytest.mark.parametrize(
    ("line", "recipient"),
    [
        ("Final-Recipient: rfc822; <eva@acme.test>", "eva@acme.test"),
        ("Final-Recipient: eva@acme.test", "eva@acme.test"),
        ("final-recipient:RFC822;Eva@Acme.Test", "eva@acme.test"),
        ("Original-Recipient: rfc822;eva+2Boffers@acme.test", "eva+2boffers@acme.test"),
        ("Original-Recipient: rfc822;eva+40acme.test", "eva@acme.test"),
        (r"Original-Recipient: utf-8;J\x{F6}rg@acme.test", "jörg@acme.test"),
        (r"Original-Recipient: utf-8;J\x{D800}rg@acme.test", "jrg@acme.test"),
        ("Final-Recipient: x400; /S=eva/", ""),
    ],
)
def test_recipients_are_written_in_many_ways(line, recipient):
    assert read(f"{line}\nAction: failed\n")[0].recipient == recipient


def test_the_recipient_is_whom_the_letter_was_written_to():
    text = f"{EVA}Original-Recipient: rfc822; sales@acme.test\nAction: failed\n"

    assert read(text)[0].recipient == "sales@acme.test"


@pytest.mark.parametrize(
    ("lines", "action"),
    [
        ("Action: failure", "failed"),
        ("Action: Delayed (4 hours)", "delayed"),
        ("Action: relayed", "good"),
        ("Status: 5.1.1", "failed"),
        ("Status: 4.1.1", "delayed"),
        ("Status: 2.0.0", "good"),
        ("Action: what?", ""),
    ],
)
def test_actions_are_told_by_their_beginning_or_by_the_status(lines, action):
    assert read(f"{EVA}{lines}\n")[0].action == action


@pytest.mark.parametrize(
    ("status", "diagnostic", "best"),
    [
        ("5.0.0", "smtp; 550 5.7.1 denied", "5.7.1"),
        ("5.0.0 (permanent failure)", "smtp; 5.1.0 - Unknown 550-'5.2.2 full'", "5.2.2"),
        ("5.1.1", "smtp; 550 5.0.0 no", "5.1.1"),
        ("4.4.7", "smtp; 450 4.7.1 denied", "4.7.1"),
        ("", "smtp; 550 5.1.1 no", "5.1.1"),
        ("5.1.1", "", "5.1.1"),
    ],
)
def test_the_more_telling_code_counts(status, diagnostic, best):
    text = f"{EVA}Action: failed\nStatus: {status}\nDiagnostic-Code: {diagnostic}\n"

    assert read(text)[0].status == best


def test_some_write_the_words_behind_the_code():
    assert read(f"{EVA}Status: 553 Too large\n")[0].diagnostic == "553 Too large"


def test_what_is_no_report_tells_nothing():
    assert read("Hello\n\nthere: is nothing\n") == ()
