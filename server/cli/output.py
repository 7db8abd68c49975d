"""What a command prints: one JSON document for a machine, or lines for a person."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class AmbiguousError(Exception):
    """More than one thing fits, or none, and the command was not told which."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def document(value: Any) -> None:
    """Print one JSON document, and nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def line(text: str = "") -> None:
    """Print a line for a person."""
    click.echo(plain(text))


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
        click.echo("  ".join(parts).rstrip())


def plain(text: str) -> str:
    """Show control characters of mail as what they are, so that none reaches the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def to_a_machine() -> bool:
    """Tell whether JSON was asked for, even where the command did not come so far as to know."""
    return "--json" in sys.argv


def fail(kind: str, message: str, hint: str, *, code: int) -> NoReturn:
    """Say on standard error what happened, and end."""
    if to_a_machine():
        error = {"error": {"kind": kind, "message": message, "hint": hint}}
        click.echo(json.dumps(error, ensure_ascii=False), err=True)
    else:
        click.echo(plain(message), err=True)
        if hint:
            click.echo(plain(hint), err=True)
    sys.exit(code)
