"""Companies: a list, a page with people and past, a new one."""

from __future__ import annotations

from sqlalchemy import select

from crm.people.models import Company
from tests.visiting import said


def test_a_company_shows_its_people_and_what_was(reader, scene):
    page = said(reader.get(f"/companies/{scene.contact.company_id}"))

    for expected in ("Severka", "severka.test", "Jana", "Re: Label printers", "Industry"):
        assert expected in page, expected


def test_the_list_leads_to_each(reader, scene):
    page = reader.get("/companies")

    assert f'href="/companies/{scene.contact.company_id}"' in page.text
    assert "New company" in said(page)


def test_a_company_is_made_and_its_domain_once(reader, scene, session):
    answer = reader.post("/companies/new", {"name": "Wood", "domain": "wood.test"})
    assert answer.status_code == 303
    assert "Wood" in said(reader.get(answer.headers["Location"]))

    again = reader.post("/companies/new", {"name": "Other", "domain": "wood.test"})

    assert again.status_code == 422
    assert "belongs to Wood already" in said(again)
    assert 'value="Other"' in again.text
    names = set(session.scalars(select(Company.name)))
    assert "Other" not in names


def test_a_company_is_changed_in_its_place(reader, scene, session):
    there = f"/companies/{scene.contact.company_id}/fields/industry"

    reader.post(there, {"industry": "Steel", "seen": ""}, headers={"HX-Request": "true"})

    session.expire_all()
    company = session.get_one(Company, (scene.workspace.id, scene.contact.company_id))
    assert company.industry == "Steel"


def test_a_company_of_another_workspace_is_unknown(reader, elsewhere):
    assert reader.get(f"/companies/{elsewhere.contact.company_id}").status_code == 404
