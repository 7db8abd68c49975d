"""What a command prints: one JSON document for a machine, or lines for a person."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn, TextIO

import click

from crm.base.i18n import gettext as _

#: What joins and parts letters in names of people: no-break spaces, ZWNJ, ZWJ.
_JOINING = frozenset("\u00a0\u202f\u200c\u200d")

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class AmbiguousError(Exception):
    """More than one thing fits, or none, and the command was not told which."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def document(value: Any) -> None:
    """Print one JSON document, and nothing else."""
    _print(json.dumps(value, ensure_ascii=False, indent=2))


def line(text: str = "") -> None:
    """Print a line for a person. It stays one, whatever the text holds."""
    _print(plain(text))


def text(body: str) -> None:
    """Print a text of many lines for a person."""
    for part in body.split("\n"):
        line(part)


def raw(content: bytes) -> None:
    """Print bytes as they are."""
    _print(content, nl=False)


def say(sentence: str, **values: Any) -> None:
    """Print a translated sentence with its places filled."""
    line(sentence.format(**values))


def table(head: list[str], rows: list[list[str]]) -> None:
    """Print rows under their heads; numbers stand at the end of their column."""
    cells = [head, *[[plain(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    numeric = [
        bool(rows) and all(row[i].replace(",", "").isdecimal() for row in rows if row[i])
        for i in range(len(head))
    ]
    for row in cells:
        parts = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numeric, strict=True)
        ]
        _print("  ".join(parts).rstrip())


def plain(text: str) -> str:
    """Show control characters as what they are: none reaches the terminal, or ends a line."""
    return "".join(c if c.isprintable() or c in _JOINING else f"\\x{ord(c):02x}" for c in text)


def to_a_machine() -> bool:
    """Tell whether JSON was asked for, even where the command did not come so far as to know."""
    return "--json" in sys.argv


def fail(kind: str, message: str, hint: str, *, code: int) -> NoReturn:
    """Say on standard error what happened, and end."""
    if to_a_machine():
        error = {"error": {"kind": kind, "message": message, "hint": hint}}
        words = json.dumps(error, ensure_ascii=False)
    else:
        # A server's last words are several lines.
        told = [*message.split("\n"), *([hint] if hint else [])]
        words = "\n".join(plain(part) for part in told)
    try:
        click.echo(words, err=True)
    except OSError:  # Nobody can be told; the code still says it.
        forget(sys.stderr)
    sys.exit(code)


def forget(stream: TextIO) -> None:
    """Let go of what could not be written, so that Python does not try once more at its end."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _print(content: str | bytes, *, nl: bool = True) -> None:
    try:
        click.echo(content, nl=nl)
    except BrokenPipeError:
        raise  # Whoever read has seen enough: click ends without a word.
    except OSError as error:
        raise OSError(error.errno, error.strerror, _("standard output")) from error
