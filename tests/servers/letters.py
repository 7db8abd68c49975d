"""Letters that more than one test needs."""

from __future__ import annotations

import base64
import os


def large(size: int, name: str = "film.bin") -> bytes:
    """Make a letter with two texts, an inline picture, and an attachment of about `size` bytes."""
    line = base64.b64encode(os.urandom(57)) + b"\r\n"
    return b"\r\n".join(
        [
            b"From: ann@example.org",
            b"Subject: Large",
            b"Message-ID: <large@x>",
            b'Content-Type: multipart/mixed; boundary="outer"',
            b"",
            b"Preamble.",
            b"--outer",
            b'Content-Type: multipart/alternative; boundary="inner"',
            b"",
            b"--inner",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            b"P=C5=99=C3=ADloha.",
            b"--inner",
            b"Content-Type: text/html; charset=utf-8",
            b"",
            b"<p>Hello</p>",
            b"--inner--",
            b"--outer",
            b"Content-Type: application/octet-stream",
            b"Content-Transfer-Encoding: base64",
            b'Content-Disposition: attachment; filename="' + name.encode() + b'"',
            b"",
            line * (size // len(line)) + b"--outer",
            b"Content-Type: image/png",
            b"Content-Transfer-Encoding: base64",
            b"Content-ID: <logo@x>",
            b"Content-Disposition: inline; filename*=utf-8''%C5%BElut%C3%BD.png",
            b"",
            base64.b64encode(b"\x89PNG"),
            b"--outer--",
            b"",
        ]
    )
