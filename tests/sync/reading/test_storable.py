"""Text for the database, the screen and the disk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.reading import storable

ANY = st.text(st.characters(codec=None, categories=None), max_size=40)


@given(ANY)
def test_any_text_becomes_storable(text):
    assert "\x00" not in storable.storable(text)
    storable.storable(text).encode()


@given(ANY, st.integers(1, 30))
def test_one_line_is_one_line(text, limit):
    line = storable.one_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@given(ANY, st.integers(0, 60))
def test_a_cut_text_is_its_beginning(text, limit):
    text = storable.storable(text)

    found = storable.cut(text, limit)

    assert text.startswith(found)
    assert len(found.encode()) <= limit


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\offer.pdf", "offer.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("..", ""),
        (".htaccess", ".htaccess"),
        ("  my   offer .pdf ", "my offer .pdf"),
        ("x" * 300, "x" * 255),
        ("\ud800.txt", "\ufffd.txt"),
        ("پیش‌فاکتور.pdf", "پیش‌فاکتور.pdf"),
    ],
)
def test_a_filename_misleads_nobody(name, safe):
    assert storable.safe_filename(name) == safe
