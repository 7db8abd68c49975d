"""Lines and subjects that speak of passing on."""

import pytest

from sync.reading import forward_lines
from sync.reading.forward_lines import Intent, Mark


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Fwd: Offer", "Offer"),
        ("FW: Re: Offer", "Re: Offer"),
        ("Fwd: FW: Offer", "Offer"),
        ("[Fwd: Offer]", "Offer"),
        ("Fwd[2]: Offer", "Offer"),
        ("TR : Offer", "Offer"),
        ("转发：Offer", "Offer"),
        ("Пересл.: Offer", "Offer"),
        ("İLT: Offer", "Offer"),
        ("I: Offer", "Offer"),
    ],
)
def test_a_subject_that_passes_on_is_bared(text, bare):
    subject = forward_lines.subject_of(text)
    assert subject.intent is Intent.FORWARD
    assert subject.bare == bare


@pytest.mark.parametrize("text", ["Re: Offer", "Re[2]: Offer", "AW: WG: Offer", "回复：Fwd: Offer"])
def test_a_subject_that_answers_is_known(text):
    subject = forward_lines.subject_of(text)
    assert subject.intent is Intent.REPLY
    assert subject.bare == "Offer"


@pytest.mark.parametrize("text", ["", "Offer", "Offer: the last", ":", "Forward planning: 2026"])
def test_another_subject_stays(text):
    assert forward_lines.subject_of(text) == (Intent.UNSAID, "", text)


def test_a_separator_says_what_it_is():
    marks = {
        "---------- Forwarded message ---------": Mark.FORWARD,
        "> Begin forwarded message:": Mark.FORWARD,
        "-----Original Message-----": Mark.PLAIN,
        "---------- Ursprüngliche Nachricht ----------": Mark.PLAIN,
        "----- End forwarded message -----": Mark.END,
    }
    for line, mark in marks.items():
        assert forward_lines.separator([line], 0).mark is mark


@pytest.mark.parametrize(
    "line", ["", "--", "-----", "- a point", "-- ", "I forward this", "Please note:", "___ 12 ___"]
)
def test_other_lines_are_no_separators(line):
    assert forward_lines.separator([line], 0) is None


def test_a_folded_separator_takes_two_lines():
    lines = ["------ Forwarded by Ann Novak/ACME on 05/06/2025 ", "09:14 AM --------"]
    assert forward_lines.separator(lines, 0).lines == 2


def test_what_stands_behind_a_separator_is_kept():
    found = forward_lines.separator(["--- Forwarded Message --- From: Cy <c@x.test>"], 0)
    assert found.rest == "From: Cy <c@x.test>"


def test_forwarding_is_known_by_its_stem():
    assert forward_lines.is_forward_word("Anfang der weitergeleiteten Nachricht")
    assert not forward_lines.is_forward_word("Původní zpráva")
