"""Lotus Notes' manner of passing on."""

import pytest

from sync.reading import forward_notes


@pytest.mark.parametrize(
    "head",
    [
        ["Cy Berg on 05/05/2025 04:02:00 PM", "Please respond to cy@globe.test"],
        ["Cy Berg on 05/05/2025 ", "04:02:00 PM"],
        ["Cy Berg", "05/05/2025 04:02:00 PM", "", "Sent by: Dee"],
        ["From: Cy Berg on 05/05/2025 04:02:00 PM", ""],
    ],
)
@pytest.mark.parametrize(
    "rest",
    [
        ["To: Ann", "cc:", "Subject: Offer"],
        ["To", "Ann", "cc", "Subject", "Offer"],
        ["To Ann", "cc", "", "Subject Offer"],
    ],
)
def test_the_author_and_the_day_stand_without_labels(head, rest):
    told = forward_notes.read(["---", *head, *rest, "", "Hello."], 1)

    author, day = told.fields["from"], told.fields.get("date")
    author, day = (author, day) if day else forward_notes.author_and_day(author)
    assert (author, day) == ("Cy Berg", "05/05/2025 04:02:00 PM")
    assert (told.fields["to"], told.fields["cc"], told.fields["subject"]) == ("Ann", "", "Offer")
    assert told.end == 1 + len(head) + len(rest)


def test_without_labels_there_is_nothing_to_read():
    assert forward_notes.read(["Hello.", "", "How are you?"], 0) is None
    assert forward_notes.read([], 0) is None


def test_a_name_without_a_day_stays():
    assert forward_notes.author_and_day("Cy Berg/GLOBE") == ("Cy Berg/GLOBE", "")
