"""When two copies are one message, and when they are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.mail import identity
from crm.mail.identity import BANNER

ANYTHING = st.text(st.characters(), max_size=40)
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEAD = ("jana@severka.test", AT, "Fri, 20 Nov 2026 12:00:00 +0000", "Hello", "1@severka.test")
WORDS = "Dear Ana, the price of the steel is as we said. Jana. "
LONG = WORDS * 30


def test_a_fingerprint_is_the_same_whatever_the_folding_on_the_way() -> None:
    text = "Dear Ana,\r\n\r\nthe price  of the steel\tis as we said."
    folded = "Dear Ana, the price of the\n steel is as\xa0we said. "

    assert identity.fingerprint(*HEAD, text, [10]) == identity.fingerprint(*HEAD, folded, [10])


@pytest.mark.parametrize("position", range(7))
def test_each_value_of_a_letter_makes_its_fingerprint_another(position: int) -> None:
    values = [*HEAD, WORDS, (10, 20)]
    others = ["bo@x.test", AT + timedelta(seconds=1), "", "Hallo", "2@x.test", "Else", (20, 10)]
    changed = [*values[:position], others[position], *values[position + 1 :]]

    same = identity.fingerprint(*values) == identity.fingerprint(*changed)  # type: ignore[arg-type]

    assert same is (position == 2)  # The text of a date counts only where there is no date.


def test_a_date_that_cannot_be_read_counts_as_it_is_written() -> None:
    one = identity.headprint(HEAD[0], None, "yesterday", *HEAD[3:])
    other = identity.headprint(HEAD[0], None, "tomorrow", *HEAD[3:])

    assert one == identity.headprint(HEAD[0], None, " yesterday ", *HEAD[3:])
    assert one != other


def test_the_head_of_a_letter_is_the_same_whatever_its_text() -> None:
    assert identity.headprint(*HEAD) == identity.headprint(*HEAD)
    assert identity.headprint(*HEAD) != identity.fingerprint(*HEAD, "", [])
    folded = (*HEAD[:3], " Hello\t", HEAD[4])
    assert identity.headprint(*HEAD) == identity.headprint(*folded)


@given(ANYTHING, ANYTHING, ANYTHING)
@example("\ud800", "\x00", "\udfff")
def test_any_text_has_a_fingerprint_and_a_reference(author: str, subject: str, id_: str) -> None:
    assert len(identity.fingerprint(author, None, "", subject, id_, subject, [])) == 32
    assert len(identity.headprint(author, None, "", subject, id_)) == 32
    assert len(identity.ref(id_)) == 16


def test_a_message_id_of_64_kilobytes_fits_in_a_key() -> None:
    long = "x" * 65_536

    assert len(identity.ref(long)) == 16
    assert identity.ref(long) != identity.ref(long + "x")


def test_the_digest_is_that_of_the_bytes_as_served() -> None:
    assert identity.digest(b"a\r\n") != identity.digest(b"a\n")
    assert len(identity.digest(b"")) == 32


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (WORDS, True),
        (WORDS + "--\nThis list is for members.", True),
        ("[EXTERNAL] Be careful. " + WORDS, True),
        (WORDS.replace("price", "cost"), False),
        ("Something else", False),
        ("", False),
        ("D", False),
        (WORDS + WORDS.replace(" ", ""), True),
        (WORDS + WORDS + "x", False),
    ],
)
def test_a_banner_before_or_behind_makes_no_other_message(other: str, same: bool) -> None:
    assert identity.differ_by_banner(WORDS, other) is same
    assert identity.differ_by_banner(other, WORDS) is same


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LONG + "x" * BANNER, True),
        (LONG + "x" * (BANNER + 1), False),
        ("x" * (BANNER + 1) + LONG, False),
    ],
)
def test_a_banner_has_at_most_so_many_characters(other: str, same: bool) -> None:
    assert identity.differ_by_banner(LONG, other) is same


def test_white_space_is_no_part_of_a_banner() -> None:
    assert identity.differ_by_banner(WORDS, WORDS + " \n" * BANNER + "x")


@given(ANYTHING)
def test_a_squashed_text_has_no_white_space_left(text: str) -> None:
    squashed = identity.squash(text)

    assert squashed == "".join(c for c in text if not c.isspace())


def test_all_white_space_of_ascii_is_squashed() -> None:
    every = "".join(map(chr, range(128)))

    assert identity.squash(every) == "".join(c for c in every if not c.isspace())


def test_a_quoted_message_id_is_the_one_without_quotes() -> None:
    assert identity.ref('"1"@acme.test') == identity.ref("1@acme.test")
    assert identity.ref('"a\\"b"@acme.test') == identity.ref('a"b@acme.test')
    assert identity.ref('"1@acme.test') != identity.ref("1@acme.test")
    assert identity.ref("1@ACME.test") != identity.ref("1@acme.test")
