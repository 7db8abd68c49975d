"""Each kind of detail has one place in a contact, and values are compared as people read them."""

from __future__ import annotations

import pytest

from crm.filing import fields
from crm.people import contacts
from crm.people.models import DetailKind
from tests import make
from tests.crm.filing.telling import JANA


@pytest.fixture
def jana(session, ana):
    make.filed(session, make.mailbox(session, ana), make.raw(to=f"ana@halden.test, {JANA}"))
    return contacts.get_named(session, ana, JANA)


@pytest.mark.parametrize(
    "kind", [DetailKind.NAME, DetailKind.TITLE, DetailKind.PHONE, DetailKind.COMPANY]
)
def test_what_is_written_stands_there_now(jana, kind):
    fields.write(jana, kind, "Something else")

    assert fields.now(jana, kind) == "Something else"


@pytest.mark.parametrize("kind", [DetailKind.LINK, DetailKind.ADDRESS])
def test_what_has_no_field_is_written_into_none(jana, kind):
    fields.write(jana, kind, "Something else")

    assert fields.now(jana, kind) == ""
    assert "Something else" not in (jana.name, jana.title, jana.phone, jana.company.name)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (DetailKind.PHONE, "+420 777 123 456", "00420777123456"),
        (DetailKind.LINK, "https://www.severka.test/", "severka.test"),
        (DetailKind.TITLE, "Head of Sales", "head of sales"),
    ],
)
def test_two_ways_to_write_one_thing_are_the_same(kind, one, other):
    assert fields.plain(kind, one) == fields.plain(kind, other)


def test_a_name_that_somebody_chose_is_not_questioned(jana):
    assert not fields.fits(jana, DetailKind.NAME)
    jana.name = "jana"
    assert fields.fits(jana, DetailKind.NAME)
