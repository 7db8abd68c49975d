"""Trial: a letter is read by a process of its own, to see whether it ends whoever reads it."""

from __future__ import annotations

import sys

import pytest

from crm.mail import stretches
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
        (b"\x00\xff\r\n" * 5000, ()),
        (make.raw(), (LeftPart("2", "application/pdf", "a\n.pdf", 10_000_000, "base64"),)),
    ],
)
def test_an_innocent_letter_has_no_fault(raw: bytes, left: tuple[LeftPart, ...]) -> None:
    assert trial.fault_of(RawMessage(PLACE, raw, left=left)) == ""


@pytest.mark.usefixtures("_poisoned")
def test_a_deadly_letter_ends_the_process_that_tries_it_and_no_other() -> None:
    assert trial.fault_of(RawMessage(PLACE, make.raw())) == ""
    assert trial.fault_of(RawMessage(PLACE, make.raw(X_Poison="yes"))) == trial.DEADLY


@pytest.mark.usefixtures("_poisoned")
def test_what_eats_memory_or_comes_to_no_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trial.fault_of(RawMessage(PLACE, make.raw(X_Poison="eats"))) == trial.DEADLY
    monkeypatch.setenv("TRIAL_CPU", "1")
    assert trial.fault_of(RawMessage(PLACE, make.raw(X_Poison="spins"))) == trial.DEADLY


@pytest.mark.usefixtures("_poisoned")
def test_a_letter_that_cannot_be_read_says_why() -> None:
    found = trial.fault_of(RawMessage(PLACE, make.raw(X_Poison="garbled")))

    assert found == "garbled beyond reading"


@pytest.mark.parametrize(
    "command",
    [
        ["/no/such/program"],
        [sys.executable, "-c", "import os; os._exit(137)"],
        [sys.executable, "-c", "import time; time.sleep(60)"],
        ["sh", "-c", "echo begun; kill -TERM $$"],
    ],
)
def test_a_child_that_never_began_or_was_told_to_stop_or_lasts_too_long_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(trial, "COMMAND", command)
    monkeypatch.setattr(trial, "LONGEST", 0.5)

    assert trial.fault_of(RawMessage(PLACE, make.raw())) == ""


def test_a_trial_ends_before_the_lease_does() -> None:
    lease = int(stretches.LEASE.removesuffix(" seconds"))

    assert 0.75 * lease >= trial.LONGEST
