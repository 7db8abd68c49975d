"""Two workspaces with the same people and the same mail never meet: in no page, card or count."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask

from crm.base import db
from crm.base.vault import Vault
from crm.filing import linking
from crm.mail.models import Message
from server.app import create_app
from tests import make
from tests.addon.beside import Beside, html
from tests.rows import changed, checksums
from tests.story import Scene, tell
from tests.visiting import HTMX, Visitor, said

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")


@dataclass
class Side:
    """One of the two: its story, its mark, and a browser in it."""

    scene: Scene
    mark: str
    visitor: Visitor

    @property
    def workspace_id(self) -> UUID:
        """Return which workspace this is."""
        return self.scene.workspace.id


@pytest.fixture
def app(connection, shared) -> Flask:
    """Make one web app for both."""
    return create_app(shared, Vault(shared.vault_keys))


@pytest.fixture
def sides(connection, app):
    """Tell the same story twice; each side has one letter and one deal name of its own."""
    told = []
    for mark in ("Alder", "Birch"):
        with db.sessions(info={"workspace": None}) as session:
            workspace = make.workspace(session, mark)
            ana = make.user(session, workspace, "ana@halden.test", role="admin", name="Ana Kovač")
            scene = tell(session, workspace, ana)
            scene.deal.name = f"{mark} rollout"
            raw = make.raw(
                subject=f"{mark} matter",
                text=f"{mark}secret",
                message_id=f"{mark}@severka.test",
                In_Reply_To="<later@severka.test>",
            )
            (own,) = make.filed(session, scene.mailbox, raw).new
            thread = session.get_one(Message, (workspace.id, own)).thread_id
            linking.link_threads(session, workspace.id, [thread], since=make.NOW)
            session.commit()
            session.expunge_all()
        told.append(Side(scene, mark, Visitor(app).be(scene.ana)))
    return told


def ids_of(side: Side) -> set[str]:
    """Return every id that is the side's own."""
    scene = side.scene
    things = [scene.workspace, scene.ana, scene.mailbox, scene.contact, scene.deal, scene.task]
    found = {thing.id for thing in [*things, *scene.messages, scene.stranger, scene.among]}
    found |= {scene.first.thread_id, scene.contact.company_id, *scene.stages}
    return {text for id_ in found for text in (str(id_), id_.hex)}


def looked_at(side: Side) -> dict[str, str]:
    """Open every page and card of a side."""
    first, visitor = side.scene.first, side.visitor
    urls = ["/inbox", "/inbox?view=waiting", "/inbox?view=all", "/inbox?q=printers"]
    urls += [f"/inbox/{first.thread_id}", f"/inbox/{first.thread_id}?message={first.id}"]
    shown = {url: visitor.get(url).text for url in urls}
    for function in ("message", "homepage", "deal", "note/new", "task/new", "deal/new"):
        do = {"function": function, "parameters": {"deal": str(side.scene.deal.id)}}
        posted = {"do": json.dumps(do)}
        shown[function] = visitor.post(f"/panel/{first.id}", posted, headers=HTMX).text
    return shown


def test_no_page_and_no_card_shows_a_word_or_an_id_of_the_other(sides):
    for side, other in (sides, sides[::-1]):
        theirs = ids_of(other)
        for name, page in looked_at(side).items():
            assert other.mark not in page, (side.mark, name)
            assert not set(_ID.findall(page)) & theirs, (side.mark, name)


def test_the_same_mail_counts_for_each_side_alone(sides):
    for side in sides:
        tabs = re.search(r'(?s)<nav class="tabs".*?</nav>', side.visitor.get("/inbox").text)[0]
        numbers = re.findall(r'class="num">(\d+)<', tabs)

        assert numbers == ["2", "0"], side.mark


def test_search_finds_what_is_here_and_nothing_of_there(sides):
    for side, other in (sides, sides[::-1]):
        for words, count in (
            ("printers", 1),
            (f"{side.mark} matter", 1),
            (f"{side.mark}secret", 1),
            (f"{other.mark} matter", 0),
            (f"{other.mark}secret", 0),
        ):
            answer = side.visitor.get("/inbox", query_string={"q": words})
            assert f"{count} thread" in said(answer), (side.mark, words)


def test_what_is_done_here_changes_no_row_there(sides):
    here, there = sides
    buttons = {
        "note/save": {"text:text": "Here alone"},
        "task/save": {"text:title": "Here alone"},
        "deal/save": {"text:name": "Here alone", "text:amount": "5", "text:currency": "EUR"},
        "thread/private": {},
        "link/off": {},
    }
    with db.sessions(info={"workspace": here.workspace_id}) as session:
        before = checksums(session, there.workspace_id)

    for function, fields in buttons.items():
        parameters = {"record": "1", "id": str(here.scene.contact.id)}
        do = json.dumps({"function": function, "parameters": parameters})
        answer = here.visitor.post(
            f"/panel/{here.scene.first.id}", {"do": do, **fields}, headers=HTMX
        )
        assert answer.status_code == 200

    with db.sessions(info={"workspace": here.workspace_id}) as session:
        assert changed(before, checksums(session, there.workspace_id)) == []
    for page in looked_at(there).values():
        assert "Here alone" not in page


def test_the_same_letter_is_a_message_of_each_side(sides):
    here, there = sides

    assert here.scene.first.rfc_id == there.scene.first.rfc_id
    assert not ids_of(here) & ids_of(there)


def test_one_session_that_goes_from_one_to_the_other_takes_nothing_along(sides):
    here, there = sides
    with db.sessions(info={"workspace": None}) as session:
        for side, other in ((here, there), (there, here)):
            db.enter(session, side.workspace_id)
            card = html(Beside(session, side.scene.ana).ask("message", side.scene.first))

            assert f"{side.mark} rollout" in card
            assert other.mark not in card


def test_somebody_of_both_signs_in_to_one(app, sides):
    here, there = sides
    with db.transaction(here.workspace_id) as session:
        from crm.workspace import users

        users.add(
            session,
            here.workspace_id,
            "eva@halden.test",
            role="rep",
            password="of here alone",
            at=make.NOW,
        )
    with db.transaction(there.workspace_id) as session:
        users.add(
            session,
            there.workspace_id,
            "eva@halden.test",
            role="rep",
            password="of there alone",
            at=make.NOW,
        )
    visitor = Visitor(app)

    visitor.sign_in("eva@halden.test", "of there alone")

    assert visitor.get(f"/inbox/{there.scene.first.thread_id}").status_code == 200
    assert visitor.get(f"/inbox/{here.scene.first.thread_id}").status_code == 404
