"""Message-IDs and the line of ancestors."""

import time

import pytest

from sync.reading import ids
from sync.reading.headers import scan
from tests.sync.reading.samples import letter


def message_id(value: str) -> str:
    return ids.message_id(scan(letter(f"Message-ID: {value}")))


def test_brackets_and_white_space_go_and_case_stays():
    assert message_id("<Ab.C@X.test>") == "Ab.C@X.test"
    assert message_id(" < a b@x.test > (note)") == "ab@x.test"
    assert message_id("naked@x.test") == "naked@x.test"
    assert message_id("") == ""


def test_a_very_long_id_keeps_its_beginning_and_stays_itself():
    one, other = message_id(f"<{'a' * 70_000}1@x>"), message_id(f"<{'a' * 70_000}2@x>")

    assert one.startswith("a" * 1000)
    assert len(one) < ids.LONGEST
    assert one != other


def test_references_come_before_in_reply_to_and_each_once():
    fields = scan(
        letter("In-Reply-To: <c@x> (yours of Monday)", "References: <a@x> <b@x>", "\t<a@x>")
    )

    assert ids.references(fields) == ("a@x", "b@x", "c@x")


def test_what_is_answered_comes_last_wherever_references_name_it():
    fields = scan(letter("References: <a@x> <b@x> <c@x>", "In-Reply-To: <a@x>"))

    assert ids.references(fields) == ("b@x", "c@x", "a@x")


def test_references_without_brackets_are_read():
    assert ids.references(scan(letter("References: a@x b@x nonsense"))) == ("a@x", "b@x")


def test_the_newest_hundred_are_kept():
    many = " ".join(f"<{n}@x>" for n in range(300))

    found = ids.references(scan(letter(f"References: {many}", "In-Reply-To: <parent@x>")))

    assert len(found) == ids.MOST
    assert (found[0], found[-1]) == ("201@x", "parent@x")


def test_normal_is_one_spelling():
    assert ids.normal("<a\r\n b@x>") == ids.normal("ab@x") == "ab@x"


def in_reply_to(value: str) -> tuple[str, ...]:
    return ids.references(scan(letter(f"In-Reply-To: {value}")))


def test_a_person_in_the_sentence_of_in_reply_to_is_no_message():
    """MH, exmh and Mutt say whose message is answered: all answers to Ann would be one thread."""
    monday = '"Mon, 5 May 2025 09:14:00 +0200."'

    assert in_reply_to(f"Message from Ann <ann@acme.test> of {monday} <1@x>") == ("1@x",)
    assert in_reply_to(f'Message from "A. Novak" <ann@acme.test>\r\n of{monday}<1@x>') == ("1@x",)
    assert in_reply_to(f"Message from ann@acme.test of {monday} <1@x>") == ("1@x",)
    assert in_reply_to(f"Message from Ann <ann@acme.test> of {monday}") == ()
    assert in_reply_to(f"Your message of {monday} <1@x>") == ("1@x",)
    assert in_reply_to("<1@x>; from ann@acme.test on Mon, May 05, 2025 at 09:14:00AM") == ("1@x",)
    assert in_reply_to("<1@x> from Ann <ann@acme.test>") == ("1@x",)
    assert in_reply_to("message-id <1@x> of Mon, May 5 09:14:00 2025") == ("1@x",)
    assert in_reply_to(f"ann@acme.test's message of {monday}") == ()
    assert in_reply_to("Ann Novak's message of Monday") == ()


def test_ids_between_commas_are_read():
    assert in_reply_to("<1@x>, <2@x>,<3@x>") == ("1@x", "2@x", "3@x")
    assert in_reply_to("1@x, 2@x") == ("1@x", "2@x")


def test_an_id_in_an_encoded_word_is_read():
    """Python wrote ids that were too long for a line so (bugs.python.org/issue35805)."""
    assert in_reply_to("=?utf-8?q?=3C1=40acme=2Etest=3E?=") == ("1@acme.test",)
    assert in_reply_to("=?utf-8?q?=3C1-?=\r\n =?utf-8?q?2=40acme=2Etest=3E?=") == ("1-2@acme.test",)
    assert message_id("=?utf-8?q?=3C1=40acme=2Etest=3E?=") == "1@acme.test"
    assert message_id("<=?1?=@acme.test>") == "=?1?=@acme.test"


def test_what_is_too_short_for_an_id_is_none():
    """Whoever answers "yes" to git send-email's question for an id has it written down."""
    assert in_reply_to("<yes>") == in_reply_to("<n>") == in_reply_to("<>") == ()
    assert in_reply_to("<OF1A2B3C4D-ON80256E>") == ("OF1A2B3C4D-ON80256E",)


def test_an_id_that_is_cut_off_is_none():
    assert ids.references(scan(letter("References: <a@x> <b@x> <c"))) == ("a@x", "b@x")


@pytest.mark.parametrize(
    "value", ["from " * 200_000, "<a@x> from b " * 80_000, "<" * 900_000, "=?" * 400_000]
)
def test_a_sentence_of_any_length_is_read_in_no_time(value: str):
    began = time.process_time()
    in_reply_to(value)

    assert time.process_time() - began < 0.5
