"""The first reader, where it must be guarded."""

import pytest

from sync.reading import fast
from sync.reading.headers import scan
from sync.reading.mime import DEEPEST, ReaderError
from tests.sync.reading import hostile
from tests.sync.reading.samples import letter, multipart


def open_tree(raw: bytes) -> fast.Tree:
    return fast.open_tree(raw, scan(raw))


def test_leaves_are_decoded_when_they_are_asked_for():
    body = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJ"

    (leaf,) = open_tree(multipart("multipart/mixed", body)).leaves

    with pytest.raises(ReaderError, match="a broken encoding"):
        leaf.content()


def test_what_is_nested_too_deeply_is_cut_off():
    tree = open_tree(hostile.messages_1000_deep())

    assert len(tree.leaves) <= DEEPEST + 1
    assert tree.notes == ("nested too deeply",)
    assert tree.more == 1


def test_too_many_encoded_words_are_refused_before_they_cost():
    with pytest.raises(ReaderError, match="too many encoded words"):
        open_tree(hostile.encoded_words_in_a_part())


def test_alternatives_know_their_place():
    raw = multipart("multipart/alternative", "Content-Type: text/plain\r\n\r\na")

    assert [leaf.alternative for leaf in open_tree(raw).leaves] == ["."]
    assert [leaf.alternative for leaf in open_tree(letter("From: a@acme.test")).leaves] == [""]
