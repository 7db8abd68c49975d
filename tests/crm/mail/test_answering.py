"""An answer goes to who asked, is called Re once, and names what it answers."""

from __future__ import annotations

import pytest

from crm.mail import answering
from crm.mail.letter import Role
from crm.mail.models import Participant

OURS = {"ana@halden.test", "support@halden.test"}


def people(*several: tuple[Role, str]) -> list[Participant]:
    return [Participant(role=role, email=email, name="") for role, email in several]


def emails(found):
    return [[one.email for one in several] for several in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Label printers", "Re: Label printers"),
        ("RE: Re: AW: Label printers", "Re: Label printers"),
        ("Odp: Re[2]: Oferta", "Re: Oferta"),
        ("پاسخ: قیمت", "Re: قیمت"),
        ("", "Re:"),
    ],
)
def test_the_subject_says_re_once(before, after):
    assert answering.subject(before) == after


@pytest.mark.parametrize(
    ("stand", "one", "everybody"),
    [
        (
            [(Role.FROM, "jana@x.test"), (Role.TO, "ana@halden.test"), (Role.CC, "petr@x.test")],
            [["jana@x.test"], []],
            [["jana@x.test"], ["petr@x.test"]],
        ),
        (
            [(Role.FROM, "jana@x.test"), (Role.REPLY_TO, "desk@x.test"), (Role.TO, "bo@y.test")],
            [["desk@x.test"], []],
            [["desk@x.test"], ["bo@y.test"]],
        ),
        (
            [(Role.FROM, "ana@halden.test"), (Role.TO, "jana@x.test"), (Role.CC, "petr@x.test")],
            [["jana@x.test"], []],
            [["jana@x.test"], ["petr@x.test"]],
        ),
        (
            [(Role.FROM, "ana@halden.test"), (Role.TO, "ana@halden.test")],
            [["ana@halden.test"], []],
            [["ana@halden.test"], []],
        ),
        ([(Role.TO, "ana@halden.test")], [[], []], [[], []]),
    ],
)
def test_it_goes_to_who_asked_and_never_to_ourselves(stand, one, everybody):
    assert emails(answering.recipients(people(*stand), OURS, everybody=False)) == one
    assert emails(answering.recipients(people(*stand), OURS, everybody=True)) == everybody


def test_whom_a_blind_copy_went_to_gets_no_answer():
    stand = people((Role.FROM, "ana@halden.test"), (Role.TO, "a@x.test"), (Role.BCC, "b@x.test"))

    assert emails(answering.recipients(stand, OURS, everybody=True)) == [["a@x.test"], []]


def test_references_end_with_what_is_answered_and_stay_few():
    before = [f"{n}@x.test" for n in range(300)]

    found = answering.references([*before, "own@x.test", "own@x.test"], "own@x.test")

    assert (len(found), found[0], found[-1]) == (100, "0@x.test", "own@x.test")
    assert answering.references(["a@x.test"], "") == ["a@x.test"]


def test_a_quote_is_marked_line_by_line():
    assert answering.quote("One\n> two\n\nThree", "She wrote:") == (
        "She wrote:\n> One\n>> two\n>\n> Three"
    )
