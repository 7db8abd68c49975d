"""A contact's page: how they are reached, and one more address with its mail."""

from __future__ import annotations

import pytest

from tests import make
from tests.visiting import Visitor, said


def test_an_address_is_added_with_its_mail_and_taken_away(reader, scene, session):
    scene.mailbox.meets = "written"
    letter = make.raw("Jana Home <jana.home@seznam.test>", subject="From home")
    make.filed(session, scene.mailbox, letter)
    session.commit()
    there = f"/contacts/{scene.contact.id}"
    assert "From home" not in said(reader.get(there))

    answer = reader.post(f"{there}/addresses", {"email": "Jana.Home@seznam.test"})

    page = said(reader.get(answer.headers["Location"]))
    assert "jana.home@seznam.test is added, and 1 message with it." in page
    assert "From home" in page
    reader.post(f"{there}/addresses", {"gone": "jana.home@seznam.test"})
    assert "What came from it stays." in said(reader.get(there))


@pytest.mark.parametrize(
    ("email", "problem"),
    [("nowhere", "is not an address"), ("sam@halden.test", "colleague"), ("", "is not an address")],
)
def test_an_address_that_cannot_be_theirs_stays_typed_with_its_reason(
    reader, scene, email, problem
):
    answer = reader.post(f"/contacts/{scene.contact.id}/addresses", {"email": email})

    assert answer.status_code == 422
    assert problem in said(answer)
    assert f'value="{email}"' in answer.text


def test_a_contact_is_made_by_hand(reader, scene):
    answer = reader.post(
        "/contacts/new", {"email": "eva@wood.test", "name": "Eva Malá", "company": "Wood"}
    )

    page = said(reader.get(answer.headers["Location"]))
    assert "Eva Malá" in page
    assert "Wood" in page
    again = reader.post("/contacts/new", {"email": "eva"})
    assert again.status_code == 422


def test_an_address_writes_to_nobody_but_itself(reader, scene):
    sly = "jan@firm.test?bcc=spy@evil.test"
    there = f"/contacts/{scene.contact.id}"
    reader.post(f"{there}/addresses", {"email": sly})

    page = reader.get(there)

    assert f'href="mailto:{sly}"' not in page.text
    assert 'href="mailto:jan@firm.test%3Fbcc%3Dspy@evil.test"' in page.text


def test_a_reader_is_offered_nothing_to_change(app, session, workspace, scene):
    only = make.user(session, workspace, "only@halden.test", role="reader")
    session.commit()

    page = Visitor(app).be(only).get(f"/contacts/{scene.contact.id}")

    assert "data-cell" not in page.text
    assert "/addresses" not in page.text
