"""Who a message is from, in words."""

from __future__ import annotations

import pytest

from addon import authorship
from addon.widgets import isolate
from crm.mail.letter import Kind, Role
from crm.mail.meaning import Named
from crm.mail.models import Message, Participant

ANN = Named("Ann Novak", "ann@acme.test")
BO = Named("Bo Lind", "bo@acme.test")
NOBODY = Named()


def message(
    author: Named = NOBODY, writer: Named = NOBODY, via: str = "", by: Named = NOBODY
) -> Message:
    return Message(
        from_name=author.name,
        from_email=author.email,
        writer_name=writer.name,
        writer_email=writer.email,
        via=via,
        passed_by_name=by.name,
        passed_by_email=by.email,
    )


def people(*found: tuple[Role, Named]) -> list[Participant]:
    return [Participant(role=role, email=who.email, name=who.name) for role, who in found]


def test_an_author_alone_is_their_name_or_else_their_address() -> None:
    assert authorship.words(message(ANN)) == "Ann Novak"
    assert authorship.words(message(Named("", "ann@acme.test"))) == "ann@acme.test"
    assert authorship.words(message()) == ""


def test_who_sends_for_another_stands_first() -> None:
    said = authorship.words(message(ANN), BO)

    assert said == f"{isolate('Bo Lind')} on behalf of {isolate('Ann Novak')}"


def test_one_person_at_two_addresses_is_told_apart_by_the_address() -> None:
    said = authorship.words(message(ANN), Named("Ann Novak", "ann@gmail.com"))

    assert said == f"{isolate('ann@gmail.com')} on behalf of {isolate('Ann Novak')}"


def test_the_writer_behind_a_list_stands_before_it() -> None:
    own = Named("'Ann Novak' via Crew", "crew@lists.test")

    said = authorship.words(message(own, ANN, "Crew"), BO)

    assert said == f"{isolate('Ann Novak')} via {isolate('Crew')}"


@pytest.mark.parametrize("name", ["", "chief@halden.test", "Chief <chief@halden.test>"])
def test_a_name_that_shows_another_address_is_not_said(name: str) -> None:
    posing = Named(name, "x@elsewhere.test")

    assert authorship.called(posing) == "x@elsewhere.test"
    assert "chief" not in authorship.words(message(ANN), posing)
    assert "chief" not in authorship.words(message(ANN, posing, "Crew"))


@pytest.mark.parametrize(
    ("kind", "found", "by"),
    [
        (Kind.PERSON, people((Role.FROM, ANN), (Role.SENDER, BO)), BO),
        (Kind.INVITATION, people((Role.FROM, ANN), (Role.SENDER, BO), (Role.TO, ANN)), BO),
        (Kind.PERSON, people((Role.FROM, ANN), (Role.SENDER, ANN)), None),
        (Kind.PERSON, people((Role.FROM, ANN), (Role.FROM, BO), (Role.SENDER, BO)), None),
        (Kind.PERSON, people((Role.FROM, ANN), (Role.TO, BO)), None),
        (Kind.PERSON, people((Role.SENDER, BO)), None),
        (Kind.LIST, people((Role.FROM, ANN), (Role.SENDER, BO)), None),
        (Kind.BULK, people((Role.FROM, ANN), (Role.SENDER, BO)), None),
        (
            Kind.PERSON,
            people((Role.FROM, ANN), (Role.SENDER, Named("", "crew-bounces@lists.test"))),
            None,
        ),
        (Kind.PERSON, [], None),
    ],
)
def test_only_a_person_sends_for_another(
    kind: Kind, found: list[Participant], by: Named | None
) -> None:
    assert authorship.sent_by(kind, found) == by


def test_who_passed_a_message_on_is_said() -> None:
    assert authorship.passed_on(message(ANN, by=BO)) == f"Passed on by {isolate('Bo Lind')}"
