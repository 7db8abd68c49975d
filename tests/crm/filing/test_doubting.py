"""Who may not be who they seem: no contact by themselves, and nothing of theirs is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from crm.base import db
from crm.base.db import Session
from crm.filing import adding
from crm.mail import inbox, visibility
from crm.mail.letter import Arrival
from crm.mail.meaning import Details, Meaning, Suspicion
from crm.mail.models import Direction, Mailbox, Message
from crm.people import contacts
from crm.people.models import Company, Contact, Suggestion
from crm.work import timeline
from crm.workspace.models import User, Workspace
from tests import make
from tests.statements import counted

HOUR = timedelta(hours=1)
EVE = "Eve <eve@evil.test>"
JANA = "Jana <jana@severka.test>"


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def came(
    session: Session,
    box: Mailbox,
    sender: str,
    *suspicions: Suspicion,
    hours: int = 0,
    words: str = "Good morning",
) -> Message:
    """File a letter to Ana, and return its message."""
    at = make.NOW + hours * HOUR
    raw = make.raw(sender, at=at, text=words)
    arrival = make.arrival(raw, at=at, meaning=Meaning(suspicions=suspicions))
    message_id = make.filed_arrivals(session, box, [arrival]).new[0]
    return session.get_one(Message, (box.workspace_id, message_id))


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(Contact.name)))


@pytest.mark.parametrize("suspicion", Suspicion)
def test_a_doubted_stranger_is_no_contact_and_no_company_and_is_found(
    session: Session, ana: User, box: Mailbox, suspicion: Suspicion
) -> None:
    message = came(session, box, EVE, suspicion, words="Buy gift cards")

    assert names(session) == []
    assert session.scalars(select(Company)).all() == []
    assert message.unfiled == "in_doubt"
    viewer = visibility.viewer(session, ana)
    assert [row.message.id for row in inbox.page(session, viewer).rows] == [message.id]
    assert [row.message.id for row in inbox.search(session, viewer, "gift").rows] == [message.id]


def test_the_same_letter_in_another_mailbox_makes_none_either(
    session: Session, ana: User, box: Mailbox
) -> None:
    raw, doubted = make.raw(EVE), Meaning(suspicions=(Suspicion.DISOWNED,))
    other = make.mailbox(session, ana, "sales@halden.test")

    for one in (box, other, other):
        make.filed_arrivals(session, one, [make.arrival(raw, meaning=doubted)])

    assert names(session) == []


def test_a_person_may_choose_them_and_then_all_of_theirs_is_there(
    session: Session, ana: User, box: Mailbox
) -> None:
    message = came(session, box, EVE, Suspicion.DISOWNED)

    eve = adding.add_contact(session, "eve@evil.test", name="Eve", by=ana, at=make.NOW)

    session.refresh(message)
    assert message.unfiled == ""
    viewer = visibility.viewer(session, ana)
    [entry] = timeline.page(session, viewer, eve.id).entries
    assert (entry.message_id, entry.in_doubt) == (message.id, True)


def test_the_first_letter_that_is_not_doubted_makes_the_contact(
    session: Session, ana: User, box: Mailbox
) -> None:
    forged = came(session, box, "The Boss <jana@severka.test>", Suspicion.DISOWNED, hours=2)

    true = came(session, box, JANA, hours=1)

    jana = contacts.get_named(session, ana, "jana@severka.test")
    assert jana.name == "Jana"
    assert jana.last_in_at == make.NOW + HOUR, "what may be forged is nothing that she wrote"
    viewer = visibility.viewer(session, ana)
    entries = timeline.page(session, viewer, jana.id).entries
    assert [(e.message_id, e.in_doubt) for e in entries] == [(forged.id, True), (true.id, False)]


def test_a_contact_takes_neither_name_nor_sign_of_life_from_a_doubted_letter(
    session: Session, ana: User, box: Mailbox
) -> None:
    came(session, box, "jana@severka.test")

    came(session, box, "The Boss <jana@severka.test>", Suspicion.DISOWNED, hours=5)

    jana = contacts.get_named(session, ana, "jana@severka.test")
    assert (jana.name, jana.last_in_at) == ("jana", make.NOW)


def test_whoever_answers_them_has_chosen_them(session: Session, ana: User, box: Mailbox) -> None:
    came(session, box, EVE, Suspicion.DISOWNED)

    make.filed(session, box, make.raw("Ana <ana@halden.test>", EVE))

    assert names(session) == ["Eve"]


def written_to(session: Session, box: Mailbox, whom: str) -> None:
    """Let somebody of ours have written to somebody, at a moment before all else."""
    raw = make.raw("Ana <ana@halden.test>", whom, at=make.NOW - HOUR)
    make.filed(session, box, raw)


@pytest.mark.parametrize(
    ("known", "sender"),
    [
        ("Jana <jana@wisla.test>", "Jana <jana@wis1a.test>"),
        ("Jana <jana@wisla.test>", "Billing <pay@mail.wis1a.test>"),
        ("Jana <jana@northgate.test>", "Jana <jana@nortghate.test>"),
        ("Jana Malá <jana@wisla.test>", "Jana Malá <jana@wisl.test>"),
        ("Jana Malá <jana.mala@gmail.com>", "Jana Malá <jana.ma1a@gmail.com>"),
        ("Jana Malá <jana.mala@gmail.com>", "\"'Jana Malá'\" <jana.ma1a@gmail.com>"),
        ("Jana Malá <jana.mala@gmail.com>", "Jana Malá <jana.mala@gmial.com>"),
        ("Jana Malá <jana@wisla.test>", "MALÁ JANA <jana@wisl.test>"),
        ("Jana Malá <jana@wisla.test>", '"malá, jana" <jana@wisl.test>'),
        ("Malá Jana <jana@wisla.test>", "Jana Malá <jana@wisl.test>"),
        ("Jana <jana@wisla.test>", "Jana <jana@wisla.test.evil.test>"),
        ("Jana <jana@wisla.test>", "Jana <jana@mail.wisla.test.login.evil.test>"),
        ("Jana <jana@wisla.com>", "Jana <jana@wisla.com.duckdns.org>"),
        ("Anna de Vries <anna@wisla.test>", "ANNA DE VRIES <anna@wisl.test>"),
        ("Petr <petr@elsewhere.test>", "Support <help@gmail.com.evil.test>"),
        ("Petr <petr@elsewhere.test>", "Sam Okafor <sam@ha1den.test>"),  # Almost of ours.
        ("Petr <petr@elsewhere.test>", "Petr <petr@gmai1.com>"),
        ("Petr <petr@elsewhere.test>", "Ana Kovač <ana@haldden.test>"),  # A colleague's name.
    ],
)
def test_almost_the_address_of_somebody_we_write_to_is_doubted(
    session: Session, ana: User, box: Mailbox, known: str, sender: str
) -> None:
    written_to(session, box, known)

    message = came(session, box, sender)

    assert message.suspicions == "resembles"
    assert names(session) == [known.partition(" <")[0]]
    assert message.unfiled == "in_doubt"


@pytest.mark.parametrize(
    ("known", "sender"),
    [
        ("Jana <jana@wisla.test>", "Jana <jana@wisla.test>"),
        ("Jana <jana@wisla.test>", "Eva <eva@wisla.test>"),
        ("Jana Malá <jana@wisla.cz>", "Jana Malá <jana@wisla.sk>"),
        ("Jana <jana@northgate1.test>", "Eva <eva@northgate2.test>"),
        ("Jana <jana@wisla.test>", "Jana <jana@wisl.test>"),  # Half the world is called so.
        ("Jana Malá <jana@wisla.test>", "Eva Malá <eva@wisl.test>"),
        ("Jana Malá <jana.mala@gmail.com>", "Jana Malá <janamala1@gmail.com>"),
        ("Jana Malá <jana.mala@gmail.com>", "Jana Malá <jana@wisla.test>"),
        ("Jana <jana@andersen.test>", "Eva <eva@anderson.test>"),
        ("Jana <jana@wisla.test>", "Eva <eva@mail.wisla.test>"),
        ("Jana <jana@wisla.test>", "Eva <eva@wisla.evil.test>"),  # A label is no domain.
        ("Jana <jana@wisla.test>", "Eva <eva@gmail.com>"),
        ("Jana <jana@wisla.com>", "Eva <eva@wisla.com.au>"),
        ("Jana <jana@wisla.test>", '"," <x@wisl.test>'),
        ("Jana <jana@wisla.test>", "Jana <jana@mail.wisl.test>"),
    ],
)
def test_ordinary_neighbours_are_not(
    session: Session, ana: User, box: Mailbox, known: str, sender: str
) -> None:
    written_to(session, box, known)

    message = came(session, box, sender)

    assert (message.suspicions, message.unfiled) == ("", "")


def test_whom_nobody_has_written_to_is_resembled_by_nobody(
    session: Session, ana: User, box: Mailbox
) -> None:
    came(session, box, "Mallory <m@wis1a.test>")

    true = came(session, box, "Jana <jana@wisla.test>", hours=1)

    assert true.suspicions == ""
    assert names(session) == ["Jana", "Mallory"]


def test_who_is_chosen_in_spite_of_it_is_doubted_no_more(
    session: Session, ana: User, box: Mailbox
) -> None:
    written_to(session, box, "Jana <jana@wisla.test>")
    before = came(session, box, "Jan <jan@wis1a.test>")

    jan = adding.add_contact(session, "jan@wis1a.test", by=ana, at=make.NOW)

    session.refresh(before)
    assert (before.suspicions, before.unfiled, jan.last_in_at) == ("", "", before.at)
    assert came(session, box, "Jan <jan@wis1a.test>", hours=1).suspicions == ""
    assert came(session, box, "Eva <eva@wis1a.test>", hours=2).suspicions == "resembles"
    written_to(session, box, "Jan <jan@wis1a.test>")
    assert came(session, box, "Eva <eva@wis1a.test>", hours=3).suspicions == ""


def test_who_is_chosen_is_not_believed_by_servers_for_that_nor_is_anybody_else(
    session: Session, ana: User, box: Mailbox
) -> None:
    written_to(session, box, "Jana <jana@wisla.test>")
    forged = came(session, box, "Jan <jan@wis1a.test>", Suspicion.DISOWNED)
    another = came(session, box, "Eva <eva@wis1a.test>")
    assert (forged.suspicions, another.suspicions) == ("disowned resembles", "resembles")

    adding.add_contact(session, "jan@wis1a.test", by=ana, at=make.NOW)

    session.refresh(forged)
    session.refresh(another)
    assert (forged.suspicions, another.suspicions) == ("disowned", "resembles")


def test_whom_a_later_letter_or_an_answer_makes_a_contact_clears_nothing(
    session: Session, ana: User, box: Mailbox
) -> None:
    written_to(session, box, "Jana Malá <jana@wisla.test>")
    posed = came(session, box, "Jana Malá <jana@wisl.test>")

    came(session, box, "J. M. <jana@wisl.test>", hours=1)
    written_to(session, box, "J. M. <jana@wisl.test>")

    session.refresh(posed)
    assert contacts.find_by_email(session, ana, "jana@wisl.test") is not None
    assert posed.suspicions == "resembles"

    adding.add_contact(session, "jana@wisl.test", by=ana, at=make.NOW)
    session.refresh(posed)
    assert posed.suspicions == ""


def test_a_header_that_makes_it_a_newsletter_takes_no_doubt_away(
    session: Session, ana: User, box: Mailbox
) -> None:
    written_to(session, box, "Jana <jana@wisla.test>")
    letter = make.raw("Jana <jana@wis1a.test>", List_Unsubscribe="<https://wis1a.test/u>")

    make.filed(session, box, letter)

    found = session.scalars(select(Message).where(Message.direction == Direction.IN)).one()
    assert (found.suspicions, found.unfiled) == ("resembles", "machine")


def test_colleagues_are_not_asked_about_nor_whom_everybody_knows(
    session: Session, ana: User, box: Mailbox, connection: Connection
) -> None:
    written_to(session, box, "Jana <jana@wisla.test>")
    letters = [
        make.raw("Sam <sam@halden.test>"),
        make.raw("Jana <jana@wisla.test>"),
    ]

    with counted(connection.engine) as seen:
        make.filed(session, box, *letters)

    assert not any("from company c where" in statement for statement in seen)
    assert set(session.scalars(select(Message.suspicions))) == {""}


def test_a_batch_asks_once(
    session: Session, ana: User, box: Mailbox, connection: Connection
) -> None:
    letters = [make.raw(f"Eva Malá <eva@new{n}.test>") for n in range(20)]

    with counted(connection.engine) as seen:
        make.filed(session, box, *letters)

    assert sum("from company c where" in statement for statement in seen) == 1


RELAYED = Meaning(suspicions=(Suspicion.DISOWNED, Suspicion.LOOK_ALIKE), relayed=True)


def listed(sender: str, meaning: Meaning = RELAYED) -> Arrival:
    raw = make.raw(sender, "printers@lists.test", List_Id="<printers.lists.test>")
    return make.arrival(raw, meaning=meaning)


@pytest.mark.parametrize(
    ("arrival", "suspicions"),
    [
        (listed(JANA), "look_alike"),
        (listed(JANA, replace(RELAYED, relayed=False)), "disowned look_alike"),
        (listed("Sam <sam@halden.test>"), "disowned look_alike"),
        (listed(JANA, replace(RELAYED, meetings=(make.meeting(),))), "disowned look_alike"),
    ],
)
def test_what_a_list_disowns_by_sending_it_on_is_not_held_against_its_author(
    session: Session, ana: User, box: Mailbox, arrival: Arrival, suspicions: str
) -> None:
    make.filed_arrivals(session, box, [arrival])

    [message] = session.scalars(select(Message))
    assert message.suspicions == suspicions
    assert message.direction == Direction.IN


def test_in_the_name_of_somebody_we_know_a_list_is_not_believed(
    session: Session, ana: User, box: Mailbox
) -> None:
    forged = "mx.halden.test; dkim=pass header.d=lists.test; dmarc=fail (p=REJECT)"
    said = {"List_Id": "<printers.lists.test>", "Authentication_Results": forged}
    written_to(session, box, JANA)

    for n, sender in enumerate([JANA, "Petr <petr@severka.test>", EVE]):
        make.filed(session, box, make.raw(sender, at=make.NOW + n * HOUR, **said))

    found = session.scalars(
        select(Message).where(Message.direction == Direction.IN).order_by(Message.at)
    )
    assert [message.suspicions for message in found] == ["disowned", "disowned", ""]


def test_whom_we_know_is_nobody_else_however_near_our_own_name_it_is(
    session: Session, ana: User, box: Mailbox
) -> None:
    written_to(session, box, "Jan <jan@ha1den.test>")

    message = came(session, box, "Jan <jan@ha1den.test>")
    colleague = came(session, box, "Eva <eva@ha1den.test>", hours=1)

    assert (message.suspicions, colleague.suspicions) == ("", "")


def test_whom_the_same_batch_writes_to_is_known(session: Session, ana: User, box: Mailbox) -> None:
    ours = make.arrival(make.raw("Ana <ana@halden.test>", "Jana <jana@wisla.test>"))

    make.filed_arrivals(session, box, [ours, make.arrival(make.raw("Jana <jana@wis1a.test>"))])

    found = session.scalars(select(Message).where(Message.direction == Direction.IN)).one()
    assert found.suspicions == "resembles"


def test_a_letter_that_a_list_sends_on_makes_no_contact_and_suggests_nothing(
    session: Session, ana: User, box: Mailbox
) -> None:
    card = Details(title="Buyer", emails=("jana@severka.test",))
    meaning = Meaning(suspicions=(Suspicion.DISOWNED,), relayed=True, cards=(card,))

    make.filed_arrivals(session, box, [listed(JANA, meaning)])

    assert names(session) == []
    assert session.scalars(select(Suggestion)).all() == []


def test_whom_another_workspace_writes_to_is_resembled_by_nobody_here(
    session: Session, workspace: Workspace, ana: User, box: Mailbox
) -> None:
    elsewhere = make.workspace(session, "Elsewhere")
    written_to(
        session,
        make.mailbox(session, make.user(session, elsewhere, "ana@halden.test", role="admin")),
        "Jana Malá <jana@wisla.test>",
    )
    session.flush()
    db.enter(session, workspace.id)

    assert came(session, box, "Jana Malá <jana@wis1a.test>").suspicions == ""
