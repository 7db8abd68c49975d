"""`inlay message`."""

from __future__ import annotations

import base64

import pytest

from tests import make
from tests.server.cli.conftest import EVIL


@pytest.mark.parametrize("name", ["first@severka.test", "<first@severka.test>"])
def test_a_message_is_shown_with_where_it_is_and_why(stored, name):
    shown = stored("message", "show", name, "--json").json

    assert set(shown) == {
        "id",
        "message_id",
        "thread",
        "direction",
        "kind",
        "subject",
        "from",
        "copies",
        "links",
        "unfiled",
    }
    assert (shown["direction"], shown["kind"], shown["unfiled"]) == ("in", "person", None)
    assert shown["copies"][0]["mailbox"] == "ana@halden.test"
    assert [link["record"] for link in shown["links"]] == ["contact", "company"]
    assert set(shown["links"][0]) == {"record", "id", "name", "reason", "since"}
    assert stored("message", "show", shown["id"], "--json").json == shown
    assert stored("message", "why", name, "--json").json == shown


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("news@kovar.test", "machine", "Not logged: newsletter (List-Unsubscribe)"),
        ("lunch@halden.test", "colleague_only", "Not logged: among colleagues only"),
    ],
)
def test_why_a_message_is_not_logged(stored, name, rule, words):
    assert stored("message", "why", name, "--json").json["unfiled"] == rule
    assert words in stored("message", "why", name).out


def test_two_with_one_message_id_are_told_apart(stored, mail):
    for n in range(2):
        raw = make.raw(subject=f"Twice {n}", text=f"Text {n}", message_id="twice@severka.test")
        (mail / f"twice{n}.eml").write_bytes(raw)
    stored("sync")

    ended = stored("message", "show", "twice@severka.test", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "conflict")
    ids = ended.error["message"].partition("By id: ")[2].split(", ")
    assert len(ids) == 2
    assert stored("message", "show", ids[0], "--json").code == 0


def test_a_subject_writes_nothing_to_the_terminal(stored, mail):
    subject = f"=?utf-8?B?{base64.b64encode(EVIL.encode()).decode()}?="
    raw = make.raw(sender=f"{subject} <eva@kovar.test>", subject=subject, message_id="evil@x.test")
    (mail / "evil.eml").write_bytes(raw)
    stored("sync")

    for words in (
        ("message", "show", "evil@x.test"),
        ("contact", "show", "eva@kovar.test"),
        ("contact", "list"),
    ):
        printed = stored(*words).out
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed), words


def test_a_message_that_is_not_there_is_not_found(stored):
    for name in (
        "none@severka.test",
        "01a20080-9a40-7000-a711-9d53410cb721",
        "",
        "\x00",
        "x" * 9000,
    ):
        ended = stored("message", "show", name, "--json")

        assert (ended.code, ended.error["kind"]) == (1, "not_found")
