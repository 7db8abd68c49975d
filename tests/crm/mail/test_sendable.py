"""A draft is sent only as somebody could get it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.base.addresses import Address
from crm.base.errors import InvalidError
from crm.mail import sendable
from crm.mail.draft import File
from tests.sync.sending import draft


@pytest.mark.parametrize(
    "change",
    [
        {"to": ()},
        {"to": tuple(Address(f"{n}@x.test") for n in range(101))},
        {"to": (Address("jana@severka.test\r\nDATA"),)},
        {"to": (Address("jana@sev>erka.test"),)},
        {"text": "x" * 1_000_001},
        {"subject": "x" * 1_001},
        {"files": (File("a", "b/c", b"x" * 18_000_001),)},
        {"files": (File("a", "b/c", b""),) * 51},
    ],
)
def test_what_nobody_could_send_is_refused(change):
    with pytest.raises(InvalidError):
        sendable.check(replace(draft(), **change))


@pytest.mark.parametrize("role", ["to", "cc", "bcc"])
def test_whoever_cannot_be_reached_is_named_with_their_role(role):
    wrong = {role: (Address("jana@sev>erka.test"),)}

    with pytest.raises(sendable.RecipientError, match=r"jana@sev>erka\.test") as refused:
        sendable.check(replace(draft(), **wrong))

    assert refused.value.role == role


def test_who_attaches_too_much_is_told_how_much_may_be():
    words = "The attachments are too large: at most 18 MB together. Nothing was sent."

    assert sendable.too_large() == words
