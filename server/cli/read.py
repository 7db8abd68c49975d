"""`inlay read`: what Inlay understands of a letter; opens nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crm.base import addresses
from crm.base.i18n import gettext as _
from server import shapes
from server.cli import output
from sync import reading
from sync.errors import UnreadableMessageError
from sync.reading import details

if TYPE_CHECKING:
    from crm.base.addresses import Address


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
        kind = question.get("input", "mime")
        if kind == "signature_lines":
            told = details.of_lines(raw.decode("utf-8", "replace"), _sender(question))
            answer["fields"] = shapes.details(told)
            return answer
        if kind != "mime":
            raw = _head(question, "html" if kind == "html" else "plain") + raw
        answer |= shapes.letter(reading.read(raw))
    except (KeyError, TypeError, ValueError, OSError, UnreadableMessageError) as error:
        answer["error"] = str(error)
    return answer


def _sender(question: dict[str, Any]) -> Address | None:
    return addresses.parse_named(str(question.get("sender") or ""))


def _head(question: dict[str, Any], kind: str) -> bytes:
    """Return the header of a letter of which a body alone is given."""
    known = {"From": question.get("sender"), "Subject": question.get("subject")}
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in known.items() if value]
    return "\n".join([*lines, f"Content-Type: text/{kind}; charset=utf-8", "", ""]).encode()


def _print(shape: dict[str, Any]) -> None:
    sender = shape["from"] or {"name": "", "address": "nobody"}
    output.line(f"{sender['name']} <{sender['address']}>")
    output.line(shape["subject"])
    output.say(_("{kind} {reason}  read by: {reader}"), **shape)
    for part in shape["attachments"]:
        output.line(f"  {part['name'] or part['type']}  {part['size']:,} bytes")
    output.line()
    output.text(shape["reply_text"])
