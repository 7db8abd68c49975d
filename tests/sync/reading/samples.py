"""The letters of tests/letters, and short ones made on the spot."""

from __future__ import annotations

from pathlib import Path

LETTERS = Path(__file__).parents[2] / "letters"


def sample(name: str) -> bytes:
    return (LETTERS / f"{name}.eml").read_bytes()


def letter(*lines: str, body: str = "hello") -> bytes:
    return "\r\n".join([*lines, "", body, ""]).encode("utf-8", "surrogateescape")


def multipart(kind: str, *parts: str, extra: str = "") -> bytes:
    head = (
        f'From: a@acme.test\r\nMIME-Version: 1.0\r\nContent-Type: {kind}; boundary="b"{extra}\r\n'
    )
    body = "".join(f"\r\n--b\r\n{part}" for part in parts)
    return f"{head}{body}\r\n--b--\r\n".encode()
