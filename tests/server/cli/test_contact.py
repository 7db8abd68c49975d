"""`inlay contact`."""

from __future__ import annotations

import pytest

SHOWN = {"id", "name", "addresses", "company", "lifecycle", "owner"}


def test_contacts_are_listed_by_name(stored):
    found = stored("contact", "list", "--json").json

    assert set(found) == {"contacts", "next"}
    assert [c["name"] for c in found["contacts"]] == ["Eva", "Jana"]
    assert found["next"] is None
    assert set(found["contacts"][0]) == SHOWN
    assert found["contacts"][1]["addresses"] == ["jana@severka.test"]
    assert found["contacts"][1]["company"] == "Severka"
    assert "jana@severka.test" in stored("contact", "list").out


def test_pages_go_by_marks_without_gap_or_repeat(stored):
    first = stored("contact", "list", "--limit", "1", "--json").json
    second = stored("contact", "list", "--limit", "1", "--after", first["next"], "--json").json

    assert [c["name"] for c in first["contacts"] + second["contacts"]] == ["Eva", "Jana"]
    assert second["next"] is None


def test_the_next_page_is_asked_for_as_the_first_was(stored):
    words = ("contact", "list", "--limit", "1", "--as", "ana@halden.test", "-w", "Halden")

    more = stored(*words).out.splitlines()[-1].removeprefix("More: inlay ")

    assert tuple(more.split()[:-2]) == words
    assert "Jana" in stored(*more.split()).out


@pytest.mark.parametrize("mark", ["x", "01a20080-9a40-7000-a711-9d53410cb721"])
def test_a_mark_that_is_none_is_refused(stored, mark):
    assert stored("contact", "list", "--after", mark, "--json").code == 1


def test_a_contact_is_shown_with_its_timeline_and_why(stored):
    (jana,) = (
        c for c in stored("contact", "list", "--json").json["contacts"] if c["name"] == "Jana"
    )

    shown = stored("contact", "show", "JANA@severka.test", "--json").json

    assert {key: shown[key] for key in SHOWN} == jana
    assert set(shown) == SHOWN | {"activities"}
    assert [set(a) for a in shown["activities"]] == [
        {"kind", "at", "summary", "message_id", "reason"}
    ] * 2
    assert {a["message_id"] for a in shown["activities"]} == {
        "first@severka.test",
        "answer@halden.test",
    }
    assert {a["reason"] for a in shown["activities"]} == {"The address is theirs"}
    assert stored("contact", "why", jana["id"], "--json").json == shown
    assert "The address is theirs" in stored("contact", "why", "jana@severka.test").out


def test_a_contact_that_is_not_there_is_not_found(stored):
    ended = stored("contact", "show", "nobody@severka.test", "--json")

    assert (ended.code, ended.error["kind"]) == (1, "not_found")
