"""Which "From " lines separate letters, and which are sentences."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sync.sources.files.separators import begins_a_letter, moment, separates

FIELD = b"Subject: Hello\n"
AT = datetime(2026, 1, 6, 10, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        b"From ann@example.org Tue Jan  6 10:00:05 2026",  # RFC 4155, appendix A
        b"From - Tue Jan 06 10:00:05 2026",  # Thunderbird
        b"From 1234567890@xxx Tue Jan 06 10:00:05 +0000 2026",  # Google Takeout
        b"From MAILER-DAEMON Tue Jan  6 10:00:05 2026 +0000",
        b"From ???@??? Tue Jan 06 10:00:05 2026",  # Eudora
    ],
)
def test_asctime_separates_wherever_it_stands(line: bytes) -> None:
    assert separates(line + b"\n", b"And so on.", b"No header.\n")
    assert moment(line + b"\r\n") == AT


@pytest.mark.parametrize(
    "line",
    [
        b"From a@b.test 2026-01-06 10:00:05",
        b"From a@b.test 2026-01-06T10:00:05Z",
        b"From a@b.test  2026-01-06 12:00:05+02:00",
        b"From a@b.test Tue, 06 Jan 2026 12:00:05 +0200",
        b"From - 6 Jan 2026 10:00:05",
        b"From a@b.test Tue Jan  6 10:00:05 26",
        b"From a@b.test Tue Jan  6 10:00:05 2026 remote from mill",
        b"From MAILER-DAEMON Tue Jan  6 10:00:05 UTC 2026 UTC",
    ],
)
@pytest.mark.parametrize("before", [b"", b"\r", b"Hello."])
def test_another_date_separates_in_front_of_a_field(line: bytes, before: bytes) -> None:
    assert separates(line + b"\n", before, FIELD)
    assert not separates(line + b"\n", before, b"No header.\n")
    assert not separates(line + b" onwards\n", before, FIELD)
    assert moment(line + b"\n") == AT


@pytest.mark.parametrize("before", [b"To: x", b"\tfolded", b"From - Tue Jan 06 10:00:05 2026"])
def test_another_date_among_fields_cuts_no_header(before: bytes) -> None:
    assert not separates(b"From a@b.test 2026-01-06 10:00:05\n", before, FIELD)


@pytest.mark.parametrize(
    "line",
    [
        b"From Monday 12:30 until 2025 we are closed.",
        b"From Monday 2026-01-05 10:00",
        b"From ann@example.org I hear that at 12:30",
        b"From 2026-01-06 10:00:05",
        b"From then on",
    ],
)
def test_a_sentence_separates_nowhere(line: bytes) -> None:
    assert not separates(line + b"\n", b"", FIELD)
    assert moment(line) is None


def test_the_bare_word_separates_behind_an_empty_line() -> None:
    assert separates(b"From \n", b"", b"")
    assert separates(b"From ann@example.org\n", b"\r", b"")
    assert not separates(b"From \n", b"Hello.", FIELD)


@pytest.mark.parametrize("sender", [b"@" * 900, b"a@" * 450, b"a" * 900, b"a@b " * 220])
def test_a_hostile_line_takes_no_time(sender: bytes) -> None:
    began = time.thread_time()

    for _ in range(100):
        assert not separates(b"From " + sender + b" 2026-01-06 10:00:05 x\n", b"", FIELD)

    assert time.thread_time() - began < 1


@pytest.mark.parametrize(
    "block", [b"Subject: x", b"\n\nTo : x", b"\xef\xbb\xbfTo: x", b"From ages ago\nTo: x"]
)
def test_a_letter_begins_with_a_field(block: bytes) -> None:
    assert begins_a_letter(block)


@pytest.mark.parametrize("block", [b"", b"\x7fELF\x02", b"Dear Ann,\nTo: x", b'{"a": 1}'])
def test_what_begins_otherwise_is_no_letter(block: bytes) -> None:
    assert not begins_a_letter(block)
