"""`inlay read`: what Inlay understands of a letter; opens nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from crm.base.i18n import gettext as _
from server import shapes
from server.cli import output
from sync import reading
from sync.errors import UnreadableMessageError


@click.command(name="read")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jsonl", is_flag=True, help="One JSON object a line in, one out.")
@output.json_option
def command(files: tuple[Path, ...], jsonl: bool, as_json: bool) -> None:
    """Show what is understood of letters, from files or standard input."""
    if jsonl:
        _answer_lines()
        return
    letters = [path.read_bytes() for path in files] or [sys.stdin.buffer.read()]
    shown = [shapes.letter(reading.read(raw)) for raw in letters]
    if as_json:
        output.document(shown[0] if len(shown) == 1 else shown)
        return
    for shape in shown:
        _print(shape)


def _answer_lines() -> None:
    for line in sys.stdin:
        if line.strip():
            answer = _answer_line(line)
            output.raw(json.dumps(answer, ensure_ascii=True).encode() + b"\n")


def _answer_line(line: str) -> dict[str, Any]:
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"id": None, "error": str(error)}
    return _answer(question) if isinstance(question, dict) else {"id": None, "error": "no object"}


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    """Answer one question of the scorer's protocol."""
    answer: dict[str, Any] = {"id": question.get("id"), "error": None}
    try:
        raw = Path(question["path"]).read_bytes()
        if question.get("input", "mime") != "mime":
            kind = "html" if question["input"] == "html" else "plain"
            raw = f"Content-Type: text/{kind}; charset=utf-8\n\n".encode() + raw
        answer |= shapes.letter(reading.read(raw))
    except (KeyError, TypeError, ValueError, OSError, UnreadableMessageError) as error:
        answer["error"] = str(error)
    return answer


def _print(shape: dict[str, Any]) -> None:
    sender = shape["from"] or {"name": "", "address": "nobody"}
    output.line(f"{sender['name']} <{sender['address']}>")
    output.line(shape["subject"])
    output.say(_("{kind} {reason}  read by: {reader}"), **shape)
    for part in shape["attachments"]:
        output.line(f"  {part['name'] or part['type']}  {part['size']:,} bytes")
    output.line()
    output.text(shape["reply_text"])
