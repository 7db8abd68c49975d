"""A known piece of work, to tell a slow machine, or a busy one, from a slow product.

On shared machines the same work has taken twice its CPU time while neighbours were busy: the
yardstick is laid before each part, and its seconds stand beside the part's figures.
"""

from __future__ import annotations

import email
import time
from email import policy
from typing import Final

_LETTER: Final = (
    b"From: Ann <ann@severka.test>\r\nTo: rep@acme.example\r\nSubject: =?utf-8?q?=C3=A9?=\r\n"
    b"Date: Sun, 01 Nov 2026 11:59:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"\r\n" + b"The quick brown fox =C3=A9 jumps over the lazy dog.\r\n" * 40
)
_TIMES: Final = 2_000


def lay() -> float:
    """Return the CPU milliseconds in which the standard library reads a letter here and now."""
    began = time.thread_time()
    for _ in range(_TIMES):
        message = email.message_from_bytes(_LETTER, policy=policy.compat32)
        message.get_payload(decode=True)
    return round((time.thread_time() - began) * 1000 / _TIMES, 4)
