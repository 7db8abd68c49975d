"""Message-IDs and the line of ancestors."""

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
