"""Messages that hang on another."""

from crm.mail.meaning import Named
from sync.reading import enclosed_forwards, read
from tests.sync.reading.samples import multipart, sample

INNER = (
    "Content-Type: message/rfc822\r\n\r\nFrom: Cy Berg <cy@globe.test>\r\nTo: ann@acme.test\r\n"
    "Date: Mon, 5 May 2025 16:02:00 +0200\r\nSubject: Offer\r\n\r\nHere it is.\r\n"
)


def found(text, inner=INNER, subject=""):
    raw = multipart("multipart/mixed", f"\r\n{text}\r\n", inner)
    return read(f"Subject: {subject}\r\n".encode() + raw).meaning.forward


def test_a_message_that_hangs_on_few_words_is_passed_on():
    forward = found("For you.")
    assert forward.message == "For you."
    assert forward.author == Named("Cy Berg", "cy@globe.test")
    assert forward.to == (Named("", "ann@acme.test"),)
    assert (forward.subject, forward.body) == ("Offer", "Here it is.")
    assert forward.date_text == "Mon, 5 May 2025 16:02:00 +0200"


def test_a_message_that_hangs_on_a_long_letter_needs_a_subject_that_says_so():
    text = "A long letter. " * enclosed_forwards.SHORT
    assert found(text) is None
    assert found(text, subject="Fwd: Offer").body == "Here it is."


def test_what_hangs_on_the_enclosed_message_is_left_to_it():
    forward = read(sample("forwarded-as-an-attachment-with-an-attachment")).meaning.forward
    assert (forward.message, forward.body) == ("Look at this.", "See the contract.")


def test_an_empty_message_passes_nothing_on():
    assert found("For you.", "Content-Type: message/rfc822\r\n\r\n") is None


def test_an_answer_with_what_it_answers_attached_passes_nothing_on():
    assert found("Yes.", subject="Re: Offer") is None


def test_a_report_passes_nothing_on():
    raw = multipart(
        "multipart/report", "\r\nRead.\r\n", INNER, extra="; report-type=disposition-notification"
    )
    assert read(raw).meaning.forward is None
