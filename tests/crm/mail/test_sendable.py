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


def test_who_attaches_too_much_is_told_how_much_may_be():
    words = "The attachments are too large: at most 18 MB together. Nothing was sent."

    assert sendable.too_large() == words
