"""What letters say of people is noted for each mailbox, with its oldest and newest letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.base.errors import ForbiddenError
from crm.filing import suggesting
from crm.mail.letter import Kind
from crm.mail.meaning import Details, Meaning, Suspicion
from crm.people.models import DetailKind, DetailSource, Suggestion
from tests import make
from tests.crm.filing.telling import HEAD, JANA, arrived, told
from tests.statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def mailbox(session, ana):
    return make.mailbox(session, ana)


def noted(session):
    return {(row.email, DetailKind(row.kind), row.value): row for row in _rows(session)}


def _rows(session):
    return session.scalars(select(Suggestion).execution_options(populate_existing=True))


def test_a_signature_is_noted_by_the_address_that_wrote(session, mailbox):
    told(session, mailbox, HEAD)

    assert noted(session).keys() == {
        (JANA, DetailKind.TITLE, "Head of Sales"),
        (JANA, DetailKind.PHONE, "+420777123456"),
        (JANA, DetailKind.LINK, "https://severka.test"),
    }


def heads(session):
    """Return the letters by which Jana is head of sales, by their moments."""
    return {row.at: row.message_id for row in _rows(session) if row.value == "Head of Sales"}


def test_whichever_letter_comes_first_each_is_kept_with_its_day(session, mailbox):
    days = (2, 1, 3)
    new = {n: told(session, mailbox, HEAD, at=make.NOW - n * DAY).new[0] for n in days}

    assert heads(session) == {make.NOW - n * DAY: new[n] for n in days}


@pytest.mark.parametrize("batches", [1, 12])
def test_of_many_letters_the_oldest_and_a_few_of_the_newest_are_kept(session, mailbox, batches):
    days = [5, 1, 9, 12, 3, 2, 8, 4, 11, 6, 10, 7]
    letters = [arrived(HEAD, at=make.NOW - n * DAY) for n in days]

    for first in range(batches):
        make.filed_arrivals(session, mailbox, letters[first::batches])

    assert sorted(heads(session)) == [make.NOW - n * DAY for n in (12, 2, 1)]


def test_letters_of_one_batch_are_noted_by_one_statement(session, mailbox, connection):
    batch = [arrived(HEAD, at=make.NOW - n * DAY) for n in (1, 3, 2)]

    with counted(connection.engine) as seen:
        make.filed_arrivals(session, mailbox, batch)

    assert sum('insert into "suggestion"' in statement for statement in seen) == 1
    assert sum("delete from suggestion" in statement for statement in seen) == 1


def test_letters_that_tell_nothing_cost_no_statement(session, mailbox, connection):
    with counted(connection.engine) as seen:
        make.filed(session, mailbox, make.raw())

    assert not any("suggestion" in statement for statement in seen)


def test_a_letter_whose_answers_go_elsewhere_tells_nothing(session, mailbox):
    raw = make.raw("Jana <jana@gmail.com>", Reply_To="eve@gmail.com")
    make.filed_arrivals(session, mailbox, [make.arrival(raw, meaning=Meaning(details=HEAD))])
    assert noted(session) == {}

    for reply_to in ("jana@evil.test", "office@severka.test"):
        raw = make.raw(subject=reply_to, Reply_To=reply_to)
        letter = make.arrival(raw, meaning=Meaning(details=HEAD))
        make.filed_arrivals(session, mailbox, [letter])

        assert bool(noted(session)) == (reply_to == "office@severka.test")


def test_a_card_of_its_sender_is_noted_by_their_address(session, mailbox):
    own = Details(title="Buyer", emails=("office@severka.test", "Jana@Severka.test"))
    named = Details(name="JANA", phones=("+420222333444",))
    others = (Details(name="Tadeusz", address="Toruń"), Details(links=("https://kovar.test",)))

    cards = Meaning(cards=(own, named, *others))
    make.filed_arrivals(session, mailbox, [arrived(HEAD, meaning=cards)])

    found = noted(session)
    assert found.keys() == {
        (JANA, DetailKind.TITLE, "Buyer"),
        (JANA, DetailKind.NAME, "JANA"),
        (JANA, DetailKind.PHONE, "+420222333444"),
    }
    assert found[JANA, DetailKind.TITLE, "Buyer"].source == DetailSource.VCARD


@pytest.mark.parametrize("email", ["petr@kovar.test", "no address"])
def test_a_card_of_somebody_else_tells_nothing_of_anybody(session, mailbox, email):
    card = Details(name="Petr Novák", emails=(email,), title="Buyer", phones=("+10000000000",))

    make.filed_arrivals(session, mailbox, [arrived(HEAD, meaning=Meaning(cards=(card,)))])

    assert noted(session) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": Kind.NOTIFICATION},
        {"meaning": Meaning(details=HEAD, suspicions=(Suspicion.LOOK_ALIKE,))},
        {"meaning": Meaning(details=Details(title="x" * 301))},
        {"meaning": Meaning(details=Details(title=" \n "))},
    ],
)
def test_machines_impostors_and_what_is_no_detail_tell_nothing(session, mailbox, change):
    letter = arrived(HEAD)

    make.filed_arrivals(
        session, mailbox, [replace(letter, letter=replace(letter.letter, **change))]
    )

    assert noted(session) == {}


def test_one_letter_tells_few_values_of_each_kind(session, mailbox):
    links = tuple(f"https://severka.test/{n}" for n in range(40))
    phones = tuple(f"+4207771234{n:02}" for n in range(40))
    signed = Details(title="Head", phones=phones, links=links)
    cards = tuple(
        Details(title=f"Head {n}", links=links[n:], emails=("jana@severka.test",))
        for n in range(5, 20)
    )

    letter = arrived(HEAD, meaning=Meaning(details=signed, cards=cards))
    make.filed_arrivals(session, mailbox, [letter])

    found = sorted((kind, value) for _email, kind, value in noted(session))
    assert found == [
        *((DetailKind.TITLE, title) for title in ("Head", "Head 5")),
        *((DetailKind.PHONE, phone) for phone in phones[:3]),
        *((DetailKind.LINK, link) for link in (*links[:3], *links[5:8])),
    ]


def test_an_owner_may_not_want_it(session, mailbox):
    mailbox.suggests = False

    told(session, mailbox, HEAD)

    assert noted(session) == {}


def test_what_is_switched_off_is_forgotten_by_its_owner_alone(session, workspace, ana, mailbox):
    told(session, mailbox, HEAD)
    admin = make.user(session, workspace, "boss@halden.test", role="admin")

    with pytest.raises(ForbiddenError):
        suggesting.choose(session, mailbox, wanted=False, by=admin)
    assert noted(session)

    suggesting.choose(session, mailbox, wanted=False, by=ana)
    assert noted(session) == {}


def test_a_letter_in_two_mailboxes_counts_for_both(session, workspace, ana, mailbox):
    bo = make.user(session, workspace, "bo@halden.test")
    other = make.mailbox(session, bo)
    letter = arrived(HEAD)

    [first] = make.filed_arrivals(session, mailbox, [letter]).new
    assert make.filed_arrivals(session, other, [letter]).new == []

    rows = session.execute(select(Suggestion.mailbox_id, Suggestion.message_id)).all()
    assert set(rows) == {(mailbox.id, first), (other.id, first)}
    suggesting.choose(session, mailbox, wanted=False, by=ana)
    assert {row.mailbox_id for row in noted(session).values()} == {other.id}


def test_a_copy_is_noted_where_the_first_mailbox_tells_nothing(session, workspace, mailbox):
    bo = make.user(session, workspace, "bo@halden.test")
    mailbox.suggests = False
    letter = arrived(HEAD)

    make.filed_arrivals(session, mailbox, [letter])
    make.filed_arrivals(session, make.mailbox(session, bo), [letter])

    assert (JANA, DetailKind.TITLE, "Head of Sales") in noted(session)


def test_what_we_write_ourselves_tells_nothing(session, mailbox):
    ours = make.arrival(make.raw(sender="Ana <ana@halden.test>", to=JANA))
    letter = replace(ours.letter, meaning=Meaning(details=HEAD))

    make.filed_arrivals(session, mailbox, [replace(ours, letter=letter)])

    assert noted(session) == {}
