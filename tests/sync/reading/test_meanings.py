"""What a letter is beside its words: one question does not get in the other's way."""

from __future__ import annotations

from crm.mail.letter import NOTHING, Kind
from sync.reading import read
from tests.sync.reading.samples import letter, sample


def test_most_letters_mean_no_more_than_their_words():
    assert read(letter("From: ann@acme.test", "Subject: Hello")).meaning is NOTHING


def test_a_bounce_passes_nothing_on():
    found = read(sample("bounce-of-postfix"))

    assert found.kind is Kind.BOUNCE
    assert found.meaning.bounce is not None
    assert found.meaning.forward is None


def test_only_an_automatic_answer_names_a_day_of_return():
    words = "Thank you for your message. I am out of the office and back on 20 May 2025."
    lines = "From: ann@acme.test", "Date: Tue, 6 May 2025 09:14:00 +0200"

    answered = read(letter(*lines, "Auto-Submitted: auto-replied", body=words))
    written = read(letter(*lines, body=words))

    assert str(answered.meaning.returns_on) == "2025-05-20"
    assert written.meaning.returns_on is None


def test_a_machine_signs_for_nobody():
    signed = "Hello\r\n\r\n-- \r\nAnn Novak\r\nHead of Sales\r\n+420 777 123 456"

    person = read(letter("From: Ann Novak <ann@acme.test>", body=signed))
    machine = read(letter("From: Ann <no-reply@acme.test>", body=signed))

    assert person.meaning.details is not None
    assert "+420777123456" in person.meaning.details.phones
    assert machine.meaning.details is None
