"""`inlay read`: letters in, what is understood of them out; nothing is opened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crm.mail.letter import Kind
from crm.mail.meaning import (
    Answer,
    Attendee,
    Bounce,
    Details,
    Forward,
    Meaning,
    Meeting,
    Method,
    Named,
    Suspicion,
    Writer,
)
from server.cli import told
from sync import reading
from sync.reading import readers
from tests import make
from tests.commands import Inlay
from tests.server.cli.conftest import EVIL
from tests.sync.reading.samples import sample

WROTE = "On Fri, Nov 20, 2026 at 10:00 AM Ana <ana@halden.test> wrote:"
CY, DI = Named("Cy", "cy@acme.test"), Named("Di")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LUNCH = Meeting(
    Method.REQUEST, "1", 0, "", "Lunch", "Kitchen", NOON, NOON.replace(hour=13), whole_day=False,
    repeats=True, organizer=CY, attendees=(Attendee(DI, Answer.ACCEPTED),),
)  # fmt: skip
FAIR = Meeting(
    Method.CANCEL, "2", 0, "", "Fair", "", NOON.replace(day=24), None, whole_day=True,
    repeats=False, organizer=None, attendees=(),
)  # fmt: skip
MEANING = Meaning(
    forward=Forward("", CY, (DI,), (Named("", "ed@acme.test"),), "Roses", "yesterday", "Cut them."),
    bounce=Bounce(("bo@acme.test",), "5.1.1", True, "550 no such user", "one@acme.test"),
    meetings=(LUNCH, FAIR),
    returns_on=date(2026, 12, 1),
    details=Details("Cy", "Head of Roses", phones=("+420777123456",), address="1 Long\nStreet"),
    cards=(Details("Di"),),
    suspicions=(Suspicion.LOOK_ALIKE,),
)
KEYS = {
    "passed_on_by",
    "writer",
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
    "signature",
    "quoted_text",
    "forward",
    "bounce",
    "meetings",
    "returns_on",
    "fields",
    "cards",
    "spoof",
    "suspicions",
    "attachments",
    "reader",
    "doubts",
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


def test_of_several_files_the_one_that_cannot_be_read_is_named(inlay, tmp_path):
    good, bad = tmp_path / "good.eml", tmp_path / "bad.eml"
    good.write_bytes(make.raw(subject="Good"))
    bad.write_bytes(b"")

    ended = inlay("read", str(bad), str(good))
    listed = inlay("read", "--json", str(bad), str(good))

    assert ended.code != 0
    assert "Good" in ended.out
    assert "bad.eml" in ended.err
    assert [one["subject"] for one in json.loads(listed.out)] == ["Good"]


def test_who_read_a_letter_and_why_is_told(inlay):
    raw = sample("winmail-dat-alone-outlook")

    explained = inlay("read", "--explain", stdin=raw).out
    plainly = inlay("read", stdin=raw).out

    assert "The letter is packed into Outlook's winmail.dat." in explained
    assert "The first reader was believed." in explained
    assert "reader" not in plainly
    assert inlay("read", "--json", stdin=raw).json["doubts"] == [
        {"reader": "fast", "doubt": "a winmail.dat"},
        {"reader": "second", "doubt": "it found no more than the reader before"},
    ]


def test_a_machine_that_has_no_domain_is_shown_by_its_name(inlay):
    found = inlay("read", "--json", stdin=sample("cron-without-a-domain")).json

    assert found["from"] == {"name": "Cron Daemon", "address": "root"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("encrypted-with-pgp-mime", "It is encrypted: its text can be read only where its key is."),
        ("signed-with-pgp-mime", "It is signed; the signature was not checked."),
    ],
)
def test_what_a_letter_is_wrapped_in_is_told(inlay, name, sentence):
    assert sentence in inlay("read", stdin=sample(name)).out


def test_everything_that_a_letter_means_is_told():
    letter = replace(reading.read(make.raw()), meaning=MEANING, kind=Kind.BOUNCE, kind_reason="X-A")

    assert list(told.lines(letter)) == [
        "A mail server writes about a letter that it could not deliver. (X-A)",
        "The sender's domain mixes alphabets to look like another.",
        "Back on 2026-12-01.",
        "It was given up.",
        "Not delivered to bo@acme.test 5.1.1",
        "  550 no such user",
        "The letter that came back: one@acme.test",
        "Passed on: what Cy <cy@acme.test> wrote",
        "  Roses",
        "  yesterday",
        "  to Di, ed@acme.test",
        "Invitation: Lunch",
        "  2026-11-23 12:00 UTC – 2026-11-23 13:00 UTC and again",
        "  Kitchen",
        "  called by Cy <cy@acme.test>",
        "  Di accepts",
        "Cancelled: Fair",
        "  2026-11-24",
        "By the signature:",
        "  Cy",
        "  Head of Roses",
        "  +420777123456",
        "  1 Long Street",
        "By an attached card:",
        "  Di",
    ]


def test_who_wrote_through_a_list_and_who_sent_it_on_is_told():
    ann, bo = Named("Ann", "ann@acme.test"), Named("", "bo@acme.test")
    meaning = Meaning(
        writer=Writer(ann, "dev", "X-Original-From"),
        passed_on_by=bo,
        details=Details(profiles=("https://linkedin.com/in/ann",)),
    )
    letter = replace(reading.read(make.raw()), meaning=meaning)

    assert list(told.lines(letter))[1:] == [
        "Written by Ann <ann@acme.test>, as the list says in X-Original-From.",
        "Sent on as it was by bo@acme.test.",
        "By the signature:",
        "  https://linkedin.com/in/ann",
    ]


def test_what_a_list_disowns_by_sending_it_on_is_not_told():
    disowned = Meaning(suspicions=(Suspicion.DISOWNED,))
    letter = reading.read(make.raw())

    alone, listed = (
        list(told.lines(replace(letter, meaning=meaning)))
        for meaning in (disowned, replace(disowned, relayed=True))
    )

    assert [line for line in alone if line not in listed] == [told.SUSPICIONS["disowned"]]


def test_there_is_a_sentence_for_every_word():
    assert set(told.KINDS) == set(Kind)
    assert set(told.METHODS) == set(Method)
    assert set(told.ANSWERS) == set(Answer)
    assert set(told.SUSPICIONS) == set(Suspicion)
    assert set(told.READERS) == set(told.REFUSALS) == {one.name for one in readers.READERS}
