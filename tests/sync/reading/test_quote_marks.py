"""The marks of quotes in the text of a page."""

from hypothesis import given
from hypothesis import strategies as st

from sync.reading import quote_marks
from sync.reading.quote_marks import (
    ANNOUNCE,
    ANNOUNCING,
    CLOSE,
    OPEN,
    QUOTED,
    REST,
    SIGN,
    SIGNED,
)


def test_each_line_of_a_quote_is_marked():
    text = f"New.\n{OPEN}\nold\n{OPEN}\nolder\n{CLOSE}\nold\n{CLOSE}\nnewer"

    assert quote_marks.marked_lines(text) == (
        "New.\nold\nolder\nold\nnewer",
        f"New.\n{QUOTED}old\n{QUOTED}older\n{QUOTED}old\nnewer",
    )


def test_what_announces_a_quote_is_marked_as_such_outside_of_quotes():
    text = f"{ANNOUNCE}\nOn Monday\n{CLOSE}\n{OPEN}\n{ANNOUNCE}\nOn Sunday\n{CLOSE}\n{CLOSE}"

    assert quote_marks.marked_lines(text)[1] == f"{ANNOUNCING}On Monday\n{QUOTED}On Sunday"


def test_from_the_mark_of_the_rest_on_all_is_quoted():
    text = f"New.\n{OPEN}\n{REST}\nold\n{CLOSE}\nolder"

    assert quote_marks.marked_lines(text)[1] == f"New.\n{QUOTED}old\n{QUOTED}older"


def test_a_signature_is_marked_outside_of_quotes():
    text = f"{SIGN}\nAnn\n{SIGN}\nAcme\n{CLOSE}\n{CLOSE}\n{OPEN}\n{SIGN}\nBo\n{CLOSE}\n{CLOSE}"

    assert quote_marks.marked_lines(text)[1] == f"{SIGNED}Ann\n{SIGNED}Acme\n{QUOTED}Bo"


def test_a_quote_inside_of_a_signature_is_none():
    text = f"{SIGN}\nAnn\n{OPEN}\nold\n{CLOSE}\n{CLOSE}\n{CLOSE}\nnew"

    assert quote_marks.marked_lines(text)[1] == f"{SIGNED}Ann\n{QUOTED}old\nnew"


def test_gaps_that_only_a_mark_parted_are_one():
    text = f"New.\n\n{OPEN}\n\nold\n{CLOSE}"

    assert quote_marks.marked_lines(text)[0] == "New.\n\nold"


@given(st.text(alphabet=f"a\n{OPEN}{CLOSE}{ANNOUNCE}{REST}{QUOTED}{SIGN}"))
def test_the_plain_lines_have_no_mark_left(text):
    plain, marked = quote_marks.marked_lines(text)

    assert quote_marks.unmarked(plain) == plain
    assert quote_marks.unmarked(marked).strip("\n") == plain
