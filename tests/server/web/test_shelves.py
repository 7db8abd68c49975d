"""Lists and records: values are changed in their place, many at once, and taken back."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.people import contacts, standard
from crm.people.models import Contact
from crm.workspace import fields, roles, tags
from crm.workspace.changing import How
from crm.workspace.fields import Draft, FieldType
from crm.workspace.permissions import ROLES
from tests import make
from tests.visiting import HTMX, Visitor, said


@pytest.fixture
def jana(scene, session, ana) -> Contact:
    draft = Draft("Shop size", FieldType.CHOICE, ("Small", "Big"))
    admin = make.user(session, scene.workspace, "boss@halden.test", role="admin")
    fields.add(session, "contact", draft, standard=standard.CONTACT, by=admin, at=make.NOW)
    session.commit()
    return scene.contact


def there(jana: Contact, key: str, query: str = "") -> str:
    return f"/contacts/{jana.id}/fields/{key}{query}"


def fresh(session: Session, jana: Contact) -> Contact:
    session.expire_all()
    return session.get_one(Contact, (jana.workspace_id, jana.id))


def test_a_value_is_changed_in_its_row(reader, session, jana):
    here = there(jana, "title", "?column=title")
    opened = reader.get(here, headers=HTMX)
    assert 'name="seen" value=""' in opened.text

    answer = reader.post(here, {"title": "Director", "seen": ""}, headers=HTMX)

    assert answer.status_code == 200
    assert f'id="row-{jana.id}"' in answer.text
    assert fresh(session, jana).title == "Director"


def test_a_custom_field_is_a_column_like_any_other(reader, session, jana):
    page = reader.get("/contacts?column=shop_size&column=title")
    assert "Shop size" in said(page)

    reader.post(there(jana, "shop_size"), {"shop_size": "big", "seen": ""}, headers=HTMX)

    found = said(reader.get("/contacts?column=shop_size&f=shop_size+%3D+big"))
    assert "Jana" in found
    assert "Big" in found
    assert "1 record" in found


def test_a_value_that_does_not_fit_stays_with_what_is_wrong(reader, session, jana):
    here = there(jana, "persona", "?column=persona")
    answer = reader.post(here, {"persona": "x" * 61, "seen": ""}, headers=HTMX)

    assert answer.status_code == 422
    assert "Persona has at most 60 characters." in said(answer)
    assert "x" * 61 in answer.text
    assert fresh(session, jana).persona == ""


def test_who_was_slower_is_told_who_was_there_first(reader, session, jana, workspace):
    bo = make.user(session, workspace, "bo@halden.test", name="Bo Lind")
    contacts.change(session, jana, {"title": ["Buyer"]}, How(bo, make.NOW))
    session.commit()

    here = there(jana, "title", "?column=title")
    answer = reader.post(here, {"title": "Director", "seen": ""}, headers=HTMX)

    assert answer.status_code == 409
    words = said(answer)
    assert "Bo Lind changed this to Buyer while you were typing." in words
    assert "Keep Buyer" in words
    assert "Use Director" in words
    assert fresh(session, jana).title == "Buyer"
    again = reader.post(here, {"title": "Director", "seen": "Buyer"}, headers=HTMX)
    assert again.status_code == 200
    assert fresh(session, jana).title == "Director"


def test_a_fact_is_changed_on_the_records_page(reader, session, jana):
    answer = reader.post(
        there(jana, "country", "?on=record"), {"country": "CZ", "seen": ""}, headers=HTMX
    )

    assert 'id="fact-country"' in answer.text
    assert "Czechia" in said(answer)
    page = said(reader.get(f"/contacts/{jana.id}"))
    assert "Czechia" in page


def test_without_script_a_value_has_a_page_of_its_own(reader, session, jana):
    page = reader.get(there(jana, "company"))
    assert "Company of Jana" in said(page)
    assert 'value="Severka"' in page.text

    answer = reader.post(there(jana, "company"), {"company": "Wood", "seen": ""})

    assert answer.status_code == 409  # What was seen is not what stands there.
    seen = str(jana.company_id)
    answer = reader.post(there(jana, "company"), {"company": "Wood", "seen": seen})
    assert answer.status_code == 303
    assert "Wood" in said(reader.get(f"/contacts/{jana.id}"))


def test_many_are_assigned_at_once_and_given_back(reader, scene, session, jana, ana):
    make.filed(session, scene.mailbox, make.raw("Adam <adam@severka.test>"))
    session.commit()
    before = {one.id: one.owner_id for one in session.scalars(select(Contact))}
    checked = {"id": [str(id_) for id_ in before], "do": "assign", "owner": str(ana.id)}

    answer = reader.post("/contacts/do", checked)
    page = reader.get(answer.headers["Location"])

    assert "2 records are changed." in said(page)
    session.expire_all()
    assert {one.owner_id for one in session.scalars(select(Contact))} == {ana.id}
    [undo] = re.findall(r'action="(/undo/[0-9a-f-]+)"', page.text)
    reader.post(undo, headers={"Referer": f"{reader.base}/contacts?view=mine"})
    session.expire_all()
    assert {one.id: one.owner_id for one in session.scalars(select(Contact))} == before


def test_all_that_are_listed_get_a_tag_and_lose_it(reader, session, jana, workspace):
    for do, worn in (("tag", ["Expo"]), ("untag", [])):
        reader.post("/contacts/do?f=name+%3D+%22jana%22", {"all": "1", "do": do, "tag": "Expo"})
        found = tags.of_records(session, workspace.id, [jana.id])
        assert [tag.name for tag in found.get(jana.id, [])] == worn


def test_a_reader_changes_nothing(app, session, jana, workspace):
    only = make.user(session, workspace, "only@halden.test", role="reader")
    session.commit()
    visitor = Visitor(app).be(only)

    assert visitor.get(there(jana, "title"), headers=HTMX).status_code == 404
    assert visitor.post(there(jana, "title"), {"title": "X"}, headers=HTMX).status_code == 404
    answer = visitor.post("/contacts/do", {"id": str(jana.id), "do": "tag", "tag": "X"})
    assert answer.status_code == 403
    assert "data-cell" not in visitor.get("/contacts").text
    assert fresh(session, jana).title == ""


def test_a_field_that_is_kept_from_a_role_is_nowhere(app, reader, session, jana, workspace):
    boss = make.user(session, workspace, "boss2@halden.test", role="admin")
    rep = make.user(session, workspace, "rep@halden.test", role="rep")
    role = roles.get(session, workspace.id, "rep")
    rights = ROLES[next(r for r in ROLES if r.value == "rep")]
    hidden = type(rights)(rights.powers, rights.scopes, {"contact": frozenset({"shop_size"})})
    roles.change(session, role, hidden, by=boss, at=make.NOW)
    session.commit()
    visitor = Visitor(app).be(rep)

    for page in ("/contacts?column=shop_size", f"/contacts/{jana.id}", "/contacts?add=shop_size"):
        assert "Shop size" not in said(visitor.get(page))
    assert visitor.get(there(jana, "shop_size"), headers=HTMX).status_code == 404


def test_a_condition_is_added_by_its_form_and_taken_off_by_its_chip(reader, jana):
    form = reader.get("/contacts?add=lifecycle", headers={})
    assert "Condition" in said(form)

    added = reader.get("/contacts?view=all&f=&added=lifecycle&op=%3D&value=customer")

    assert added.status_code == 303
    page = reader.get(html.unescape(added.headers["Location"]))
    words = said(page)
    assert "Nothing matches" in words
    assert "Customer" in words
    [without] = re.findall(r'class="f-off" href="([^"]+)"', page.text)
    assert "Jana" in said(reader.get(html.unescape(without)))


@pytest.mark.parametrize("filter_", ["nam = 1", "name =", "\x00", "(" * 200, "'; drop table x"])
def test_a_filter_that_says_nothing_is_told_and_lists_nobody(reader, jana, filter_):
    answer = reader.get("/contacts", query_string={"f": filter_})

    assert answer.status_code == 200
    assert "This filter cannot be worked out" in said(answer)
    assert f"row-{jana.id}" not in answer.text


@pytest.mark.parametrize("query", ["sort=moon", "column=moon", "after=x", "after=[1,2]", "view=x"])
def test_an_address_that_asks_for_nonsense_shows_the_list(reader, jana, query):
    answer = reader.get(f"/contacts?{query}")

    assert answer.status_code == 200
    assert "Jana" in said(answer)


def test_a_field_that_there_is_not_is_not_found(reader, jana):
    for key in ("moon", "lifecycle", "tags", "created"):
        assert reader.get(there(jana, key), headers=HTMX).status_code == 404
