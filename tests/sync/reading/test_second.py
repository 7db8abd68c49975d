"""The second reader, and its limits."""

import logging

import pytest

from sync.reading import second
from sync.reading.headers import scan
from sync.reading.mime import ReaderError
from tests.sync.reading import hostile
from tests.sync.reading.samples import multipart, sample


def test_it_finds_the_parts_that_the_first_finds():
    raw = sample("bounce-of-postfix")

    tree = second.open_tree(raw, scan(raw))

    assert [(leaf.section, leaf.content_type) for leaf in tree.leaves] == [
        ("1", "text/plain"),
        ("2", "message/delivery-status"),
        ("3", "message/rfc822"),
        ("3.1", "text/plain"),
    ]
    assert b"Action: failed" in tree.leaves[1].content()


def test_text_behind_a_multipart_without_parts_is_text():
    raw = multipart("multipart/mixed").replace(b"--b--", b"hello")

    tree = second.open_tree(raw, scan(raw))

    assert b"".join(leaf.content() for leaf in tree.leaves).strip() == b"hello"


@pytest.mark.parametrize(
    "made",
    [
        hostile.ten_thousand_parts,
        hostile.fifty_thousand_recipients,
        hostile.encoded_words_in_a_part,
        hostile.multiparts_90_deep_with_many_lines,
        hostile.ten_megabytes_in_base64,
    ],
)
def test_it_is_not_asked_for_what_would_take_long(made):
    raw = made()

    with pytest.raises(ReaderError, match="too large for the second reader"):
        second.open_tree(raw, scan(raw))


def test_it_writes_nothing_into_the_log(caplog):
    raw = sample("forwarded-as-an-attachment-with-an-attachment")

    with caplog.at_level(logging.DEBUG):
        second.open_tree(raw, scan(raw))

    assert [record for record in caplog.records if record.name.startswith("mailparser")] == []
