"""format=flowed."""

from sync.reading.flowed import MOST_LINES, unflow


def test_flowed_lines_are_joined():
    assert unflow("one \ntwo \nthree\nfour") == "one two three\nfour"


def test_each_quote_level_is_joined_for_itself():
    assert unflow("> one \n> two\n>> deep \nmine") == "> one two\n>> deep \nmine"


def test_a_signature_line_is_not_joined():
    assert unflow("bye \n-- \nAnn") == "bye \n-- \nAnn"


def test_stuffed_spaces_go():
    assert unflow(" From here\n >not a quote") == "From here\n>not a quote"


def test_spaces_go_where_delsp_says_so():
    assert unflow("日本 \n語", delete_space=True) == "日本語"


def test_nobody_typed_a_hundred_thousand_lines():
    text = "a \n" * (MOST_LINES + 1)

    assert unflow(text) == text
