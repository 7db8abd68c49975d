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
from server.cli import output, told
from sync import reading
from sync.errors import UnreadableMessageError
from sync.reading import details

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm.base.addresses import Address
    from crm.mail.letter import Letter


@click.command(name="read")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jsonl", is_flag=True, help="One JSON object a line in, one out.")
@click.option("--explain", is_flag=True, help="Say which reader opened each letter, and why.")
@output.json_option
def command(files: tuple[Path, ...], jsonl: bool, explain: bool, as_json: bool) -> None:
    """Show what is understood of letters, from files or standard input."""
    if jsonl:
        _answer_lines()
        return
    letters, unread = _opened(files) if files else ([reading.read(sys.stdin.buffer.read())], [])
    if as_json and letters:
        shown = [shapes.letter(letter) for letter in letters]
        output.document(shown[0] if len(files) <= 1 else shown)
    elif not as_json:
        for letter in letters:
            _print(letter, explain=explain)
    if unread:
        raise UnreadableMessageError("; ".join(unread))


def _opened(files: Sequence[Path]) -> tuple[list[Letter], list[str]]:
    """Read every file that can be read, and say of each of the others why not."""
    letters, unread = [], []
    for path in files:
        try:
            letters.append(reading.read(path.read_bytes()))
        except UnreadableMessageError as error:
            unread.append(f"{path}: {error}")
    return letters, unread


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
            found = details.of_lines(raw.decode("utf-8", "replace"), _sender(question))
            answer["fields"] = shapes.details(found)
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


def _print(letter: Letter, *, explain: bool) -> None:
    shape = shapes.letter(letter)
    sender = shape["from"] or {"name": "", "address": _("nobody")}
    output.line(f"{sender['name']} <{sender['address']}>".strip())
    output.line(letter.subject)
    for said in told.lines(letter):
        output.line(said)
    for part in letter.parts:
        name = part.filename or part.content_type
        output.say(_("  {name}  {size:,} bytes"), name=name, size=part.size)
    if explain:
        for reason in told.reasons(letter):
            output.line(reason)
    output.line()
    output.text(letter.new_text)
