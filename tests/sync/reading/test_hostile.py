"""No letter of a stranger may stop a worker: half a second is the most that one may cost."""

import time

import pytest

from sync.errors import UnreadableMessageError
from sync.reading import read
from tests.sync.reading import hostile

#: The promise is half a second of the processor; a busy machine gets four times that.
MOST_SECONDS = 4 * 0.5


@pytest.mark.parametrize("made", hostile.ALL, ids=lambda made: made.__name__)
def test_it_is_read_in_time(made):
    raw = made()

    begun = time.process_time()
    try:
        found = read(raw)
    except UnreadableMessageError:
        found = None
    spent = time.process_time() - begun

    assert spent <= MOST_SECONDS
    assert found is not None
    assert len(found.parts) <= 1000
    assert len(found.parties) <= 500
    assert len(found.text.encode()) <= 1_000_000
    assert len(found.html.encode()) <= 1_000_000


def test_what_is_beyond_the_caps_is_counted():
    parts = read(hostile.ten_thousand_parts())
    people = read(hostile.thousand_recipient_fields())

    assert (len(parts.parts), parts.more_parts) == (1000, 9000)
    assert len(people.parties) + people.more_parties >= 19_900
