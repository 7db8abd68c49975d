"""What a header alone says."""

import pytest

from sync.errors import UnreadableMessageError
from sync.reading import headprint, read, read_head
from sync.reading.headers import scan
from sync.reading.heads import head_of
from tests.sync.reading.samples import sample


def test_a_header_alone_has_the_headprint_of_the_letter():
    raw = sample("utf-8-that-calls-itself-latin-1")
    header, _, _ = raw.partition(b"\r\n\r\n")

    assert headprint(header + b"\r\n\r\n") == headprint(header) == read(raw).headprint


def test_a_head_has_the_values_of_the_letter():
    raw = sample("reply-with-attribution-on-two-lines-gmail")

    head, found = read_head(raw), read(raw)

    assert head == head_of(scan(raw))
    assert (head.author, head.parties) == ("ann@acme.test", found.parties)
    assert (head.subject, head.sent_at, head.message_id) == (
        found.subject,
        found.sent_at,
        found.message_id,
    )


def test_no_header_is_unreadable():
    with pytest.raises(UnreadableMessageError):
        headprint(b"")
