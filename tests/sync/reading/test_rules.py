"""Blank lines and drawn ones."""

from sync.reading import rules


def test_a_line_of_one_sign_is_drawn():
    assert all(map(rules.is_rule, ("--", "-- ", "____", "* * *", "=====")))
    assert not any(map(rules.is_rule, ("-", "—", "- a", "a--", "", "  ", "--- a ---")))
    assert rules.is_rule("*-*-*-*-*")
    assert not rules.is_rule("-_-")
    assert rules.is_rule(" - ", 1)
    assert not rules.is_rule("--", 3)


def test_the_rules_of_a_table_are_none():
    assert not rules.is_rule("------    ------    ------")


def test_blank_lines_at_the_end_are_skipped():
    assert rules.skip_blanks(["a", "", "  "], 3) == 1
    assert rules.skip_blanks(["", ""], 2) == 0
    assert rules.is_blank(["", " \t"])
    assert not rules.is_blank(["", "a"])
