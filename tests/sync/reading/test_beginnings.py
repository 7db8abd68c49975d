"""How lines begin."""

from hypothesis import given
from hypothesis import strategies as st

from sync.reading import beginnings

PHRASES = ["sent from my ", "sent by ", "get ", "下载"]


@given(st.sampled_from([*PHRASES, "s", "", "se", "sent"]), st.text(max_size=5))
def test_what_begins_with_one_of_them_is_found_and_nothing_else(start, rest):
    text = start + rest

    assert beginnings.has(beginnings.sort(PHRASES), text) == text.startswith(tuple(PHRASES))
