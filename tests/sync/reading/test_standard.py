"""The last reader, and what it forgives."""

import pytest

from sync.reading import standard
from sync.reading.headers import scan
from sync.reading.mime import DEEPEST, ReaderError
from tests.sync.reading import hostile
from tests.sync.reading.samples import multipart, sample


def test_it_finds_what_the_others_find():
    raw = sample("forwarded-as-an-attachment-with-an-attachment")

    tree = standard.open_tree(raw, scan(raw))

    assert [leaf.section for leaf in tree.leaves] == [
        "1.1.1",
        "1.1.2",
        "1.2",
        "2",
        "2.1",
        "2.2",
        "3",
    ]
    assert tree.leaves[6].filename == "Přehled 2025.xls"
    assert tree.leaves[2].content() == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        (b"QUJD", b"ABC"),
        (b"QU\r\nJD", b"ABC"),
        (b"QUI=", b"AB"),
        (b"QUI", b"AB"),
        (b"QUJDR", b"ABC"),
        (b"QU!JD", b"ABC"),
        (b"QUI=\r\n-- \r\nfooter of a list", b"AB"),
        (b"", b""),
    ],
)
def test_damaged_base64_gives_what_is_there(raw, decoded):
    assert standard.forgiving_base64(raw) == decoded


def test_what_would_take_long_is_refused():
    raw = hostile.multiparts_90_deep_with_many_lines()

    assert standard.tangle(raw) > standard.MOST_COMPARISONS
    with pytest.raises(ReaderError, match="too tangled"):
        standard.open_tree(raw, scan(raw))


def test_what_is_nested_too_deeply_is_counted():
    part = "Content-Type: text/plain\r\n\r\nx"
    for n in range(DEEPEST + 5):
        part = f'Content-Type: multipart/mixed; boundary="c{n}"\r\n\r\n--c{n}\r\n{part}\r\n--c{n}--'
    raw = multipart("multipart/mixed", part)

    tree = standard.open_tree(raw, scan(raw))

    assert (tree.leaves, tree.more) == ((), 1)
