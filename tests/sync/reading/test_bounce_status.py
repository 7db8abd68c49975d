"""Codes of RFC 3463 and of RFC 5321, and words instead."""

import pytest

from sync.reading import bounce_status


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("550 5.1.1 no such user", "5.1.1"),
        ("550-5.7.26 Unauthenticated", "5.7.26"),
        ("550: 5.2.2 full", "5.2.2"),
        ("550 #5.1.0 rejected", "5.1.0"),
        ("550 4.1.1 another class", ""),
        ("from 1.550 5.1.1.7", ""),
        ("no code", ""),
    ],
)
def test_an_enhanced_code_stands_behind_a_reply(text, code):
    assert bounce_status.in_reply(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sorry. (#5.1.1)", "5.1.1"),
        ("Sendmail 8.5.1.2 at 5.1.1.1", ""),
        ("5.0.0 and 5.2.2", "5.2.2"),
        ("4.4.7 and 4.4.1", "4.4.1"),
    ],
)
def test_versions_and_places_are_no_codes(text, code):
    assert bounce_status.anywhere(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("said: 550 no", "550"),
        ("421-wait", "421"),
        ("192.0.2.550 no", ""),
        ("[mx:550 no", ""),
        ("at 450:22 h", ""),
        ("port 5500", ""),
    ],
)
def test_a_reply_begins_with_its_code(text, code):
    assert bounce_status.reply_code(text) == code
    assert bounce_status.has_code(text) == bool(code)


def test_what_was_said_begins_with_the_reply():
    text = "host mx.test said: 550 no"

    assert text[bounce_status.reply_at(text) :] == "550 no"


@pytest.mark.parametrize(
    ("text", "code", "delayed", "status"),
    [
        ("Mailbox is\n full", "552", False, "5.2.2"),
        ("user unknown", "", False, "5.1.1"),
        ("connection timed out", "", True, "4.4.1"),
        ("sorry", "550", False, "5.0.0"),
        ("sorry", "", False, ""),
        ("poštovní schránka je plná", "", False, "5.2.2"),
    ],
)
def test_words_tell_what_no_code_does(text, code, delayed, status):
    assert bounce_status.by_words(text, code, delayed=delayed) == status


def test_a_general_code_tells_little():
    assert bounce_status.is_telling("5.1.1")
    assert not bounce_status.is_telling("5.1.0")
    assert not bounce_status.is_telling("4.4.7")
    assert bounce_status.best("", "5.0.0", "5.1.0", "5.1.1", "5.2.2") == "5.1.1"
    assert bounce_status.best() == ""


def test_a_report_begins_with_its_code():
    assert bounce_status.first("5.1.1 (bad mailbox)") == "5.1.1"
    assert bounce_status.first("553 Too large") == ""
