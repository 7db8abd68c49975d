"""Sections, types and sizes."""

import pytest

from sync.reading import mime


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Text/HTML; charset=x", "text/html"),
        ("application/vnd.ms-excel", "application/vnd.ms-excel"),
        ("text", "text/plain"),
        ("", "text/plain"),
        ("text/pl\x00ain", "text/plain"),
        ("a/b/c", "text/plain"),
    ],
)
def test_a_type_that_is_none_is_plain_text(text, kind):
    assert mime.content_type(text) == kind


def test_sections_are_joined_by_dots():
    assert mime.below("", 2) == "2"
    assert mime.below("2.1", 3) == "2.1.3"


def test_a_size_is_estimated_from_base64_alone():
    assert mime.estimated(78 * 10, "base64") == 570
    assert mime.estimated(780, "quoted-printable") == 780


def test_a_small_message_is_never_too_folded():
    assert not mime.is_folded(b"\n " * 1000)
    assert mime.is_folded(b"\n " * 600_000)
