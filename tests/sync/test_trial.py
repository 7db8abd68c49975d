"""Trial: a letter is read by a process of its own, to see whether it ends whoever reads it."""

from __future__ import annotations

import sys

import pytest

from crm.mail.letter import LeftPart
from sync import trial
from sync.source import Place, RawMessage
from tests import make

PLACE = Place("INBOX", 1, 7, 100, None)


@pytest.fixture
def _poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "tests.sync.deadly", "X-Poison"]
    monkeypatch.setattr(trial, "COMMAND", command)


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (make.raw(subject="Žluťoučký"), ()),
        (b"", ()),
        (b"\x00\xff\r\n" * 5000, ()),
        (make.raw(), (LeftPart("2", "application/pdf", "a\n.pdf", 10_000_000, "base64"),)),
    ],
)
def test_an_innocent_letter_is_survived(raw: bytes, left: tuple[LeftPart, ...]) -> None:
    assert trial.survived(RawMessage(PLACE, raw, left=left))


@pytest.mark.usefixtures("_poisoned")
def test_a_deadly_letter_ends_the_process_that_tries_it_and_no_other() -> None:
    assert trial.survived(RawMessage(PLACE, make.raw()))
    assert not trial.survived(RawMessage(PLACE, make.raw(X_Poison="yes")))


@pytest.mark.usefixtures("_poisoned")
def test_what_eats_memory_or_comes_to_no_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not trial.survived(RawMessage(PLACE, make.raw(X_Poison="eats")))
    monkeypatch.setattr(trial, "LONGEST", 2)
    assert not trial.survived(RawMessage(PLACE, make.raw(X_Poison="spins")))
