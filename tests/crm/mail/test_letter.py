"""A letter: who wrote it, and whether it was a machine."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.addresses import Address
from crm.mail.letter import Kind, Letter, Party, Role
from sync import reading
from tests import make


def letter() -> Letter:
    return reading.read(make.raw())


def test_the_author_is_who_stands_in_from() -> None:
    jana, bo = Address("jana@severka.test", "Jana"), Address("bo@severka.test")
    parties = (Party(Role.SENDER, bo), Party(Role.FROM, jana), Party(Role.FROM, bo))

    assert replace(letter(), parties=parties).author == jana
    assert replace(letter(), parties=(Party(Role.TO, jana),)).author is None


@pytest.mark.parametrize("kind", Kind)
def test_only_people_and_invitations_are_answered_by_people(kind: Kind) -> None:
    by_hand = kind in (Kind.PERSON, Kind.INVITATION)

    assert replace(letter(), kind=kind).automatic is not by_hand
    assert kind.word == kind.word.lower()
