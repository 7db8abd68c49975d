"""The shapes that scripts rely on: keys as design.md has them, values that JSON can say."""

from __future__ import annotations

import json

import pytest

from crm.mail import copies, messages, visibility
from crm.work import links, timeline
from server import shapes
from sync import reading
from tests import make


def test_a_mailbox(scene):
    shape = shapes.mailbox(scene.mailbox, make.NOW)

    assert list(shape) == [
        "id",
        "address",
        "kind",
        "state",
        "trouble",
        "lag_seconds",
        "last_error",
    ]
    assert (shape["kind"], shape["state"], shape["trouble"]) == ("files", "connecting", "none")
    assert shape["lag_seconds"] is None
    scene.mailbox.synced_at = make.NOW
    assert shapes.mailbox(scene.mailbox, make.NOW)["lag_seconds"] == 0


def test_a_message_with_its_links(scene):
    viewer = visibility.viewer(scene.session, scene.ana)
    seen = messages.get(scene.session, viewer, scene.first.id)

    shape = shapes.message(
        seen,
        messages.copies(scene.session, viewer, scene.first.id),
        links.of_message(scene.session, viewer, scene.first.id),
    )

    assert shape["message_id"] == "first@severka.test"
    assert (shape["direction"], shape["kind"], shape["unfiled"]) == ("in", "person", None)
    assert shape["from"] == {"name": "Jana", "address": "jana@severka.test"}
    assert shape["copies"] == [{"mailbox": "ana@halden.test", "folder": "INBOX"}]
    assert [link["record"] for link in shape["links"]] == ["contact", "company", "deal"]
    assert set(shape["links"][0]) == {"record", "id", "name", "reason", "since"}
    json.dumps(shape)


def test_of_a_message_that_is_hidden_the_subject_is_not_said(scene):
    scene.first.shares = 1
    scene.session.flush()
    bo = make.user(scene.session, scene.workspace, "bo@halden.test")
    viewer = visibility.viewer(scene.session, bo)

    shape = shapes.message(messages.get(scene.session, viewer, scene.first.id), [], [])

    assert shape["subject"] == ""


def test_a_contact_and_the_lines_of_its_timeline(scene):
    viewer = visibility.viewer(scene.session, scene.ana)
    entry = timeline.page(scene.session, viewer, scene.contact.id).entries[0]

    assert list(shapes.contact(scene.contact, None)) == [
        "id",
        "name",
        "addresses",
        "company",
        "lifecycle",
        "owner",
    ]
    assert list(shapes.activity(entry, "why")) == [
        "kind",
        "at",
        "summary",
        "message_id",
        "reason",
    ]


def test_a_ledger_without_a_comparison_does_not_balance(scene):
    accounts = getattr(copies, "ledger", None) or copies.accounts

    shape = shapes.ledger(scene.mailbox, accounts(scene.session, scene.mailbox))

    assert shape["mailbox"] == "ana@halden.test"
    assert set(shape["folders"][0]) == {
        "name",
        "server",
        "stored",
        "skipped",
        "failed",
        "pending",
        "stray",
        "gone",
        "balanced",
    }
    assert shape["as_of"] is None


@pytest.mark.parametrize("raw", [make.raw(), b"", b"Subject: x\r\n\r\n", b"\x00\xff" * 20])
def test_a_letter_whatever_it_holds(raw):
    from sync.errors import UnreadableMessageError

    try:
        shape = shapes.letter(reading.read(raw))
    except UnreadableMessageError:
        return
    assert json.loads(json.dumps(shape)) == shape


def test_a_moment_is_in_utc():
    assert shapes.time(make.NOW) == "2026-11-20T12:00:00Z"
