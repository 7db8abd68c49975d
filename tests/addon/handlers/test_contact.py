"""A stranger in a message becomes a contact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.people import contacts
from crm.people.models import Company, Origin
from tests import make
from tests.addon.beside import HOSTS, Beside, buttons, html, words
from tests.rows import changed, checksums


@pytest.mark.parametrize("host", HOSTS)
def test_a_contact_stands_in_the_database_with_the_mail_that_was_there(scene, host):
    raw = make.raw(sender="petr@kovar.test", to="undisclosed@lists.test", subject="Again")
    make.filed(scene.session, scene.mailbox, raw)
    beside = Beside(scene.session, scene.ana, host)
    create = buttons(beside.ask("message", scene.stranger))["Create contact"]
    form = beside.ask(create.function, scene.stranger, {}, **create.parameters)
    assert 'value="Petr Novák"' in html(form)
    assert 'value="Kovar"' in html(form)

    save = buttons(form)["Save"]
    typed = {"name": "Petr Novák", "company": "Kovář a syn"}
    answer = beside.ask(save.function, scene.stranger, typed, **save.parameters)

    made = contacts.find_by_email(scene.session, scene.ana, "petr@kovar.test")
    assert (made.name, made.company.name, made.origin) == (
        "Petr Novák",
        "Kovář a syn",
        Origin.MANUAL,
    )
    assert made.owner_id == scene.ana.id
    assert answer.notice == "\u2068Petr Novák\u2069 is a contact now."
    said = words(answer)
    assert said.startswith("Petr Novák\nKovář a syn")
    assert "Again\n" in said
    assert "The address is theirs" in said
    scene.session.refresh(scene.stranger)
    assert scene.stranger.unfiled == ""


def test_saving_twice_makes_one_contact(scene):
    beside = Beside(scene.session, scene.ana)
    beside.ask("contact/save", scene.stranger, {"name": "Petr"}, person="0")
    before = checksums(scene.session, scene.workspace.id)

    beside.ask("contact/save", scene.stranger, {"name": "Somebody else"}, person="0")

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []


def test_the_second_of_a_company_joins_the_first_and_renames_nothing(scene):
    beside = Beside(scene.session, scene.ana)
    beside.ask("contact/save", scene.stranger, {"name": "Petr", "company": "Kovář"}, person="0")
    raw = make.raw(sender="eva@kovar.test", to="undisclosed@lists.test")
    (eva,) = make.filed(scene.session, scene.mailbox, raw).new

    typed = {"name": "Eva", "company": "Another"}
    later = make.NOW + timedelta(minutes=1)
    beside.ask("contact/save", None, typed, at=later, message=str(eva), person="0")

    companies = scene.session.query(Company).filter(Company.domain == "kovar.test").all()
    assert [company.name for company in companies] == ["Kovář"]


@pytest.mark.parametrize("function", ["contact/new", "contact/save"])
def test_nobody_chosen_is_nobody_made(scene, function):
    answer = Beside(scene.session, scene.ana).ask(function, scene.among, {"name": "x"})

    assert "out of date" in answer.notice


def test_a_colleague_does_not_become_a_contact(scene):
    before = checksums(scene.session, scene.workspace.id)

    Beside(scene.session, scene.ana).ask("contact/save", scene.first, {"name": "Ana"}, person="1")

    assert changed(before, checksums(scene.session, scene.workspace.id)) == []
