"""Undo: what one did oneself is taken back, and one is where one was."""

from __future__ import annotations

import pytest

from crm.people import contacts
from crm.workspace.changing import How
from tests import make
from tests.visiting import Visitor, said


@pytest.fixture
def act(scene, session, ana):
    made = contacts.change(session, scene.contact, {"title": ["Director"]}, How(ana, make.NOW))
    session.commit()
    return made.id


def test_one_goes_back_to_where_the_button_stood(reader, scene, session, act):
    answer = reader.post(f"/undo/{act}", headers={"Referer": f"{reader.base}/contacts?view=mine"})

    assert answer.headers["Location"] == "/contacts?view=mine"
    assert "1 record is as it was." in said(reader.get("/contacts?view=mine"))
    session.expire_all()
    assert scene.contact.title == ""


@pytest.mark.parametrize("referrer", ["https://evil.test/x", "//evil.test", "javascript:1", ""])
def test_nobody_is_led_to_another_server(reader, act, referrer):
    answer = reader.post(f"/undo/{act}", headers={"Referer": referrer})

    assert answer.headers["Location"] == "/inbox"


def test_what_was_changed_since_then_is_told(reader, scene, session, ana, act):
    contacts.change(session, scene.contact, {"title": ["Owner"]}, How(ana, make.NOW))
    session.commit()

    answer = reader.post(f"/undo/{act}")

    assert answer.status_code == 409
    assert "Nothing was taken back" in said(answer)


def test_what_another_did_is_not_found(app, scene, session, workspace, act):
    bo = make.user(session, workspace, "bo@halden.test")
    session.commit()

    assert Visitor(app).be(bo).post(f"/undo/{act}").status_code == 404
