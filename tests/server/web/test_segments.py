"""A plain letter in the order it was written in."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.web import segments
from server.web.segments import Part, Segment

QUOTE = "\n".join(f"> line {n}" for n in range(5))


def parts(text, new, signature=""):
    return [(one.part.value, one.text) for one in segments.of(text, new, signature)]


def test_a_quote_below_is_apart():
    text = f"Yes.\n\nBo wrote:\n{QUOTE}"

    assert parts(text, "Yes.") == [("new", "Yes."), ("quote", f"Bo wrote:\n{QUOTE}")]


def test_an_answer_stays_between_the_lines_that_it_answers():
    text = "> Red?\nYes.\n> Blue?\nNo."

    assert parts(text, "Yes.\nNo.") == [
        ("quote", "> Red?"),
        ("new", "Yes."),
        ("quote", "> Blue?"),
        ("new", "No."),
    ]


def test_what_stays_of_a_quote_between_answers_is_a_quote_as_well():
    text = "> Red?\nYes.\n> Blue?\nNo."

    assert parts(text, text) == parts(text, "Yes.\nNo.")


def test_a_signature_is_apart_above_the_quote():
    text = f"Yes.\n\nAnn Berg\nSales\n\n{QUOTE}"

    found = parts(text, "Yes.\n\nAnn Berg\nSales", "Ann Berg\nSales")

    assert found == [("new", "Yes."), ("signature", "Ann Berg\nSales"), ("quote", QUOTE)]


def test_a_signature_below_the_quote_is_apart_as_well():
    found = parts(f"Yes.\n{QUOTE}\n-- \nAnn Berg", "Yes.", "-- \nAnn Berg")

    assert found == [("new", "Yes."), ("quote", QUOTE), ("signature", "-- \nAnn Berg")]


def test_a_short_quote_stays_in_sight_and_a_long_one_folds():
    short = Segment(Part.QUOTE, "> one\n> two")
    wide = Segment(Part.QUOTE, "> " + "word " * 60)

    assert not short.folds
    assert replace(short, last=True).folds
    assert Segment(Part.QUOTE, QUOTE).folds
    assert wide.folds
    assert not Segment(Part.NEW, QUOTE).folds


def test_where_the_new_part_is_written_otherwise_the_whole_text_is_kept_behind_it():
    text = "Yes, of\ncourse.\n> No?"

    assert parts(text, "Yes, of course.") == [("new", "Yes, of course."), ("quote", text)]


def test_a_signature_in_the_middle_is_no_end():
    assert parts("Ann\nYes.", "Ann\nYes.", "Ann") == [("new", "Ann\nYes.")]


@given(st.lists(st.tuples(st.booleans(), st.text("ab >", max_size=4)), max_size=20))
def test_no_line_is_lost(lines):
    text = "\n".join(line for _new, line in lines)
    new = "\n".join(line for is_new, line in lines if is_new)

    shown = "\n".join(one.text for one in segments.of(text, new, ""))

    assert [w for w in text.split() if w not in shown.split()] == []
