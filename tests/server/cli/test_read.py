"""`inlay read`: letters in, what is understood of them out; nothing is opened."""

from __future__ import annotations

import json
from dataclasses import replace

from tests import make
from tests.commands import Inlay
from tests.server.cli.conftest import EVIL

WROTE = "On Fri, Nov 20, 2026 at 10:00 AM Ana <ana@halden.test> wrote:"
KEYS = {
    "message_id",
    "subject",
    "from",
    "to",
    "cc",
    "sent_at",
    "kind",
    "automatic",
    "reason",
    "text",
    "reply_text",
    "attachments",
    "reader",
    "notes",
}


def test_a_letter_is_read_from_a_file_or_from_standard_input(inlay, tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(make.raw(subject="Žluťoučký", message_id="one@x.test"))

    by_file = inlay("read", str(path), "--json")
    by_input = inlay("read", "--json", stdin=path.read_bytes())

    assert by_file.json == by_input.json
    assert set(by_file.json) == KEYS
    assert (by_file.json["subject"], by_file.json["message_id"]) == ("Žluťoučký", "one@x.test")
    assert len(inlay("read", str(path), str(path), "--json").json) == 2


def test_reading_opens_nothing(shared, tmp_path):
    nowhere = replace(shared, data_dir=tmp_path / "none", database_url="", redis_url="")

    ended = Inlay(nowhere, {}).apart("read", "--json", stdin=make.raw())

    assert (ended.code, ended.err) == (0, "")
    assert not (tmp_path / "none").exists()


def test_a_letter_writes_nothing_to_the_terminal(inlay):
    raw = make.raw(sender=f"{EVIL} <a@b.test>", text=EVIL)

    printed = inlay("read", stdin=raw).out

    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed)


def test_lines_are_answered_line_by_line_and_a_bad_one_alone_fails(inlay, tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(make.raw(subject="One"))
    (tmp_path / "text.txt").write_text(f"Yes.\n\n{WROTE}\n> Will you come?\n> Or not?\n")
    questions = [
        {"id": "a", "path": str(path)},
        {"id": "b", "path": "/nowhere"},
        {"id": "c", "path": str(tmp_path / "text.txt"), "input": "text"},
        {"id": "d"},
    ]
    lines = "\n".join([*map(json.dumps, questions), ""]).encode()

    ended = inlay("read", "--jsonl", stdin=lines)

    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.code, [answer["id"] for answer in answers]) == (0, ["a", "b", "c", "d"])
    assert [bool(answer["error"]) for answer in answers] == [False, True, False, True]
    assert answers[0]["subject"] == "One"
    assert answers[2]["reply_text"].strip() == "Yes."


def test_a_line_that_is_no_json_does_not_end_the_others(inlay, tmp_path):
    path = tmp_path / "one.eml"
    path.write_bytes(make.raw(subject="One"))
    odd = [{"path": None}, {"path": 7}, {"path": "a\0b"}]
    lines = b"not json\n[]\n" + "".join(json.dumps(q) + "\n" for q in odd).encode()
    lines += json.dumps({"id": "a", "path": str(path)}).encode() + b"\n"

    ended = inlay("read", "--jsonl", stdin=lines)

    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert [bool(answer["error"]) for answer in answers[:-1]] == [True] * 5
    assert answers[-1]["subject"] == "One"


def test_a_letter_that_cannot_be_read_is_told(inlay):
    ended = inlay("read", "--json", stdin=b"")

    assert ended.code in (0, 1)
    assert ended.json if ended.code == 0 else ended.error
