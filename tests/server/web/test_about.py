"""Beside a record's past: its fields with where they come from, its tags, what is related."""

from __future__ import annotations

from crm.base import ids
from crm.people import contacts
from crm.work import relations
from crm.workspace import tags
from crm.workspace.changing import How
from crm.workspace.models import Source
from tests import make
from tests.visiting import said


def test_a_value_says_where_it_comes_from(reader, scene, session, ana):
    contacts.change(session, scene.contact, {"title": ["Director"]}, How(ana, make.NOW))
    how = How(ana, make.NOW, Source.SIGNATURE, ids.new())
    contacts.change(session, scene.contact, {"persona": ["Buyer"]}, how)
    session.commit()

    words = " ".join(said(reader.get(f"/contacts/{scene.contact.id}")).split())

    assert f"Director {ana.name}, " in words
    assert "Buyer From a signature, " in words


def test_tags_and_related_records_are_shown_from_both_sides(reader, scene, session, ana):
    tags.put(session, "contact", [scene.contact.id], "Expo", by=ana, at=make.NOW)
    relations.relate(session, scene.contact.id, scene.press.id, "owns", by=ana, at=make.NOW)
    session.commit()

    there = reader.get(f"/contacts/{scene.contact.id}")
    back = reader.get(f"/o/machine/{scene.press.id}")

    assert "Expo" in said(there)
    assert f'href="/o/machine/{scene.press.id}"' in there.text
    assert "owns" in said(there)
    assert f'href="/contacts/{scene.contact.id}"' in back.text


def test_where_nothing_is_related_it_is_said(reader, scene):
    assert "Nothing is related." in said(reader.get(f"/contacts/{scene.contact.id}"))
