"""Who the recipients of a draft are, out of nothing but their addresses."""

from __future__ import annotations

import pytest

from addon import event, recipients
from crm.base.addresses import Address
from crm.people.models import ContactAddress
from tests.addon.test_facts import context_of


def draft(to=(), cc=(), bcc=()):
    gmail = {"toRecipients": list(to), "ccRecipients": list(cc), "bccRecipients": list(bcc)}
    return event.parse({"commonEventObject": {}, "gmail": gmail})


def test_each_address_stands_once_in_the_order_of_to_cc_and_bcc():
    written = draft(["B@x.test"], ["Ann <a@x.test>"], ["b@X.test", "c@x.test"])

    found = recipients.parse(written)

    assert [(a.email, a.name) for a in found] == [
        ("b@x.test", ""),
        ("a@x.test", "Ann"),
        ("c@x.test", ""),
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "@", "a@", "nobody", "<>", "a@b@", "\u202e@x", "a b@c.d"]
)
def test_what_is_no_address_is_passed_over(text):
    assert recipients.parse(draft([text, "a@x.test"])) == [Address("a@x.test")]


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("alice@example.org<bob@x.test>", "bob@x.test"),
        ('"alice@example.org" <bob@x.test>', "bob@x.test"),
        ("<alice@example.org> <bob@x.test>", "bob@x.test"),
    ],
)
def test_an_address_in_a_name_is_a_name(text, email):
    assert [one.email for one in recipients.parse(draft([text]))] == [email]


def test_two_addresses_that_come_as_one_are_none():
    assert recipients.parse(draft(['"a@b.test, c@d.test"', "a@b.test, c@d.test"])) == []


def test_a_mark_names_one_recipient_and_tells_nothing():
    ann, bo = Address("ann@x.test"), Address("bo@x.test")

    assert recipients.find(draft(["bo@x.test", "ann@x.test"]), recipients.mark(ann)) == ann
    assert recipients.find(draft(["bo@x.test"]), recipients.mark(ann)) is None
    assert recipients.find(draft(), "") is None
    assert recipients.mark(ann) != recipients.mark(bo)
    assert "ann" not in recipients.mark(ann)


def test_two_addresses_of_one_contact_are_one_recipient(scene):
    own = {"workspace_id": scene.workspace.id, "contact_id": scene.contact.id}
    scene.session.add(ContactAddress(email="jana@home.test", **own))
    scene.session.flush()

    found = recipients.gather(context_of(scene), draft(["jana@home.test", "jana@severka.test"]))

    assert [one.email for one in found.contacts] == ["jana@home.test"]
    assert (found.count, found.unshown) == (1, 0)


def test_another_workspaces_contact_is_a_stranger(scene, elsewhere):
    elsewhere.contact.name = "Secret"
    mine = recipients.gather(context_of(scene), draft(["jana@severka.test", "eva@nova.test"]))

    assert [one.contact_id for one in mine.contacts] == [scene.contact.id]
    assert [one.email for one in mine.strangers] == ["eva@nova.test"]
