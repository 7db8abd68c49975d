"""Who wrote a letter that a list sends in its own name, and who has passed one on."""

from __future__ import annotations

import pytest

from crm.mail.letter import Kind, Letter
from crm.mail.meaning import Named, Writer
from sync import reading
from tests.sync.reading.samples import letter, sample

OWN = ("List-Id: Field Crew <crew.lists.test>",)
ANN = Named("Ann Novak", "ann@acme.test")


def read(value: str, *more: str) -> Letter:
    return reading.read(letter(f"From: {value}", "To: crew@lists.test", *more))


def test_the_person_behind_a_google_group_is_its_writer() -> None:
    found = reading.read(sample("from-of-a-google-group"))

    assert found.meaning.writer == Writer(ANN, "Field Crew", "X-Original-From")
    assert found.kind is Kind.LIST
    assert found.author is not None
    assert found.author.email == "crew@groups.halden.test"


@pytest.mark.parametrize(
    ("value", "more", "who", "list_name", "reason"),
    [
        (
            "Ann Novak via crew <crew@lists.test>",
            (*OWN, "Reply-To: Ann Novak <ann@acme.test>"),
            ANN,
            "crew",
            "Reply-To",
        ),
        (  # Mailman, where answers go to the list and to nobody else
            "Ann Novak via crew <crew@lists.test>",
            (*OWN, "Reply-To: crew@lists.test", "Cc: bo@x.test, ann novak <ann@acme.test>"),
            Named("ann novak", "ann@acme.test"),
            "crew",
            "Cc",
        ),
        (  # Sympa
            '"Ann Novak (via crew Mailing List)" <crew@lists.test>',
            (*OWN, "Reply-To: Ann Novak <ann@acme.test>, crew@lists.test"),
            ANN,
            "crew",
            "Reply-To",
        ),
        (  # Mailman in German
            "=?utf-8?Q?Ann_Novak_=C3=BCber_crew?= <crew@lists.test>",
            (*OWN, "Reply-To: Ann Novak <ann@acme.test>"),
            ANN,
            "crew",
            "Reply-To",
        ),
        (  # Groups.io
            "Ann Novak via groups.example.test <ann=acme.test@groups.test>",
            ("List-Id: <crew.groups.test>",),
            ANN,
            "groups.example.test",
            "From",
        ),
        (  # LISTSERV
            "Ann Novak <0000012ab-dmarc-request@lists.test>",
            (*OWN, "Reply-To: Ann Novak <ann@acme.test>"),
            ANN,
            "Field Crew",
            "Reply-To",
        ),
        (
            "crew@lists.test",
            (*OWN, "X-Original-Sender: ann@acme.test"),
            Named("", "ann@acme.test"),
            "Field Crew",
            "X-Original-Sender",
        ),
        (
            "crew@lists.test",
            ("List-Post: <mailto:crew@lists.test?subject=x>", "Reply-To: ann@acme.test"),
            Named("", "ann@acme.test"),
            "",
            "Reply-To",
        ),
    ],
)
def test_lists_leave_the_person_whom_they_take_out_of_from(
    value: str, more: tuple[str, ...], who: Named, list_name: str, reason: str
) -> None:
    assert read(value, *more).meaning.writer == Writer(who, list_name, reason)


@pytest.mark.parametrize(
    ("value", "more"),
    [
        # No list is named: anybody may write these headers.
        ("crew@lists.test", ("X-Original-From: Ann <ann@acme.test>",)),
        # The list that is named is another one's.
        ("x@elsewhere.test", (*OWN, "X-Original-From: Ann <ann@acme.test>")),
        ("crew@lists.test.x.test", (*OWN, "X-Original-From: Ann <ann@acme.test>")),
        ("ann=acme.test@elsewhere.test", OWN),
        # A person who writes from the list's host.
        ("bo@lists.test", (*OWN, "Reply-To: Ann <ann@acme.test>")),
        # Nobody is left, or nobody alone.
        ("crew@lists.test", OWN),
        ("crew@lists.test", (*OWN, "Reply-To: crew@lists.test")),
        ("crew@lists.test", (*OWN, "Reply-To: ann@acme.test, bo@acme.test")),
        ("Ann via crew <crew@lists.test>", (*OWN, "Cc: Bo <bo@acme.test>")),
        ("a@b@c", (*OWN, "X-Original-From: Ann <ann@acme.test>")),
    ],
)
def test_nobody_else_is_made_a_writer(value: str, more: tuple[str, ...]) -> None:
    assert read(value, *more).meaning.writer is None


def test_a_writer_is_no_party_of_the_letter() -> None:
    found = read("crew@lists.test", *OWN, "X-Original-From: Ann <ann@acme.test>")

    assert found.meaning.writer is not None
    assert "ann@acme.test" not in {p.address.email for p in found.parties}


def test_the_last_to_pass_a_letter_on_is_told() -> None:
    found = read("ann@acme.test", "Resent-From: Bo <bo@x.test>", "Resent-From: eva@x.test")

    assert found.meaning.passed_on_by == Named("Bo", "bo@x.test")


@pytest.mark.parametrize(
    "more",
    [
        ("Resent-From: crew@lists.test", *OWN),  # Debian's lists
        ("Resent-From: Ann <ann@acme.test>",),
        ("Resent-From: crew@lists.test", "List-Post: <mailto:crew@lists.test>"),
        ("Resent-From: nobody",),
    ],
)
def test_a_list_or_the_author_passes_nothing_on(more: tuple[str, ...]) -> None:
    assert read("ann@acme.test", *more).meaning.passed_on_by is None
