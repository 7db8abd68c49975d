"""Rows of new messages: whole texts, short beginnings, and the rule for what stands nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select

from crm.base.db import Session
from crm.filing import adding
from crm.mail import inbox, messages, visibility
from crm.mail.letter import Role
from crm.mail.meaning import Details, Meaning
from crm.mail.models import Mailbox, Message, MessageBody, Participant, Shares
from crm.people.models import Contact
from crm.work.models import Activity, ActivityKind, ActivityLink
from crm.workspace.models import User, Workspace
from tests import make
from tests.statements import counted


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def only(session: Session) -> Message:
    return session.scalars(select(Message)).one()


def test_a_message_has_its_texts_and_one_line_that_bears_its_id(
    session: Session, box: Mailbox
) -> None:
    answer = make.raw(text="Good morning\n\n> quoted\n> more", In_Reply_To="<one@halden.test>")
    make.filed(session, box, answer)

    message = only(session)
    body = session.scalars(select(MessageBody)).one()
    activity = session.scalars(select(Activity)).one()
    assert "quoted" in body.text
    assert body.new_text.strip() == "Good morning"
    assert message.snippet == "Good morning"
    assert (activity.id, activity.message_id) == (message.id, message.id)
    assert (activity.kind, activity.at) == (ActivityKind.MESSAGE, message.at)
    assert activity.summary == ""  # The subject is read from the message, as far as seen.


def test_a_snippet_is_one_short_line(session: Session, box: Mailbox) -> None:
    make.filed(session, box, make.raw(text="Ž \r\n\t x" * 500))

    snippet = only(session).snippet
    assert len(snippet) <= 200
    assert "\n" not in snippet
    assert "  " not in snippet


@pytest.mark.parametrize(
    "text",
    [
        "ř" * 100_000,
        " ".join(f"ř{n}" for n in range(60_000)),
        " ".join("💩" * 30_000),
        "x" * 900_000,
        "\x00\ud800" * 100,
    ],
    ids=["one long word", "many words", "four octets each", "almost a megabyte", "no text at all"],
)
def test_no_text_is_too_much_for_the_index(session: Session, box: Mailbox, text: str) -> None:
    letter = make.raw(text="steel " + text.encode("utf-8", "replace").decode())

    make.filed(session, box, letter)

    viewer = visibility.viewer(session, box_owner(session, box))
    assert len(inbox.search(session, viewer, "steel").rows) == 1


def box_owner(session: Session, box: Mailbox) -> User:
    return session.get_one(User, (box.workspace_id, box.user_id))


@pytest.mark.parametrize("words", ["offer.pdf", "dvorakova", "jana@severka.test", "hello"])
def test_names_addresses_and_subjects_are_searched_too(
    session: Session, box: Mailbox, ana: User, words: str
) -> None:
    make.filed(
        session,
        box,
        make.raw("Jana Dvořáková <jana@severka.test>", text="See offer.pdf", subject="Hello"),
    )

    assert inbox.search(session, visibility.viewer(session, ana), words).rows


def test_participants_are_told_whose_they_are(session: Session, box: Mailbox) -> None:
    make.filed(session, box, make.raw("jana@severka.test", "ana@halden.test"))

    jana = session.scalars(select(Contact)).one()
    people = session.scalars(select(Participant).order_by(Participant.position)).all()
    assert [(p.email, p.contact_id) for p in people] == [
        ("jana@severka.test", jana.id),
        ("ana@halden.test", None),
    ]


def test_people_are_called_without_the_quotes_of_outlook(session: Session, box: Mailbox) -> None:
    make.filed(session, box, make.raw("\"'Jana'\" <jana@severka.test>", "'t Hooft <t@wisla.test>"))

    people = session.scalars(select(Participant).order_by(Participant.position)).all()
    assert [p.name for p in people] == ["Jana", "'t Hooft"]
    assert only(session).from_name == "Jana"


@pytest.mark.parametrize(
    ("sender", "to", "headers", "rule"),
    [
        ("jana@severka.test", "ana@halden.test", {}, ""),
        ("jana@severka.test", "list@lists.test", {}, "no_contact_by_policy"),
        ("news@shop.test", "ana@halden.test", {"List_Unsubscribe": "<https://x>"}, "machine"),
        ("ana@halden.test", "bo@halden.test", {}, "colleague_only"),
        ("no-reply@shop.test", "ana@halden.test", {}, "machine"),
    ],
)
def test_what_stands_nowhere_says_why(
    session: Session, box: Mailbox, sender: str, to: str, headers: dict[str, str], rule: str
) -> None:
    make.filed(session, box, make.raw(sender, to, **headers))

    assert only(session).unfiled == rule


@pytest.mark.parametrize("level", Shares)
def test_a_message_shows_as_much_as_its_mailbox_allows(
    session: Session, box: Mailbox, level: Shares
) -> None:
    box.shares = level

    make.filed(session, box, make.raw())

    assert only(session).shares == level


def test_a_letter_without_any_author_or_subject_has_its_row(session: Session, box: Mailbox) -> None:
    make.filed(session, box, b"X-Nothing: at all\r\n\r\n")

    message = only(session)
    assert (message.from_email, message.from_name, message.subject) == ("", "", "")


def test_a_letter_to_five_hundred_has_all_its_participants(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    to = ", ".join(f"u{n}@severka.test" for n in range(499))

    make.filed(session, box, make.raw("ana@halden.test", to))

    assert len(session.scalars(select(Participant)).all()) == 500
    assert len(session.scalars(select(Contact)).all()) == 499


def test_the_writer_behind_a_list_is_kept_and_linked_to_nothing(session, ana):
    mailbox = make.mailbox(session, ana)
    raw = make.raw(
        sender="'Jana Dvořáková' via Crew <crew@lists.severka.test>",
        List_Id="<crew.lists.severka.test>",
        List_Post="<mailto:crew@lists.severka.test>",
        X_Original_From="Jana Dvořáková <jana@severka.test>",
        X_Original_Sender="jana@severka.test",
    )

    (message_id,) = make.filed(session, mailbox, raw).new

    m = session.get_one(Message, (mailbox.workspace_id, message_id))
    assert (m.from_email, m.writer_email) == ("crew@lists.severka.test", "jana@severka.test")
    assert m.via


def test_who_passed_a_letter_on_is_kept(session, ana):
    mailbox = make.mailbox(session, ana)

    raw = make.raw(Resent_From="Bo <bo@kovar.test>", Resent_To="ana@halden.test")
    (message_id,) = make.filed(session, mailbox, raw).new

    m = session.get_one(Message, (mailbox.workspace_id, message_id))
    assert (m.passed_by_email, m.passed_by_name) == ("bo@kovar.test", "Bo")
    assert m.from_email == "jana@severka.test"


def test_a_beginning_is_what_somebody_says_without_signature_and_quote(session, box):
    text = "> Will you come?\nYes, we will.\n> All of you?\nAll.\n\n-- \nJana Dvořáková\nSeverka"
    make.filed(session, box, make.raw(text=text))

    assert only(session).snippet == "Yes, we will. All."


def test_a_letter_that_is_its_signature_begins_with_it(session, box):
    make.filed(session, box, make.raw(text="-- \nJana Dvořáková\nSeverka"))

    assert "Jana" in only(session).snippet


def card(*emails: str, name: str = "Petr Novák") -> Details:
    return Details(name=name, title="Buyer", emails=emails)


@pytest.mark.parametrize(
    ("cards", "wanted"),
    [
        ((card("Petr@Kovar.test", "p@kovar.test"),), [("petr@kovar.test", "Petr Novák")]),
        ((card("petr@kovar.test"), card("petr@kovar.test", name="P")), ["petr@kovar.test"]),
        ((card("office@severka.test", "jana@severka.test"),), []),  # The sender's own.
        ((card("ana@halden.test"),), []),  # Who stands in a header is offered as it is.
        ((card("noreply@kovar.test"),), []),
        ((card(),), []),
        ((card("no address"),), []),
    ],
)
def test_whose_card_a_letter_brings_stands_in_the_message(
    session: Session, box: Mailbox, cards: tuple[Details, ...], wanted: list[object]
) -> None:
    filed = make.filed_arrivals(
        session, box, [make.arrival(make.raw(), meaning=Meaning(cards=cards))]
    )

    query = select(Participant).where(
        Participant.message_id == filed.new[0], Participant.role == Role.INTRODUCED
    )
    found = [(p.email, p.name) for p in session.scalars(query)]
    assert [one if isinstance(one, tuple) else (one, "Petr Novák") for one in wanted] == found


def test_whose_card_a_letter_brings_makes_no_contact_and_takes_no_part(
    session: Session, ana: User, box: Mailbox
) -> None:
    arrival = make.arrival(make.raw(), meaning=Meaning(cards=(card("petr@kovar.test"),)))
    filed = make.filed_arrivals(session, box, [arrival])
    people = session.scalars(select(Contact.name)).all()
    assert people == ["Jana"]

    petr = adding.add_contact(session, "petr@kovar.test", by=ana, at=make.NOW)
    make.filed_arrivals(session, box, [replace(arrival, uid=arrival.uid + 1_000)])

    linked = select(ActivityLink).where(ActivityLink.record_id == petr.id)
    assert session.scalars(linked).all() == []
    session.refresh(petr)
    assert (petr.last_in_at, petr.last_out_at) == (None, None)
    theirs = select(Participant.message_id).where(Participant.contact_id == petr.id)
    assert session.scalars(theirs).all() == filed.new


def test_whose_card_somebody_sends_is_told_to_whoever_may_read_all(
    session: Session, workspace: Workspace, ana: User, box: Mailbox
) -> None:
    box.shares = Shares.HEADERS
    session.flush()
    arrival = make.arrival(make.raw(), meaning=Meaning(cards=(card("petr@kovar.test"),)))
    message_id = make.filed_arrivals(session, box, [arrival]).new[0]

    def seen_by(user: User) -> set[str]:
        viewer = visibility.viewer(session, user)
        return {p.email for p in messages.participants(session, viewer, [message_id])}

    assert "petr@kovar.test" in seen_by(ana)
    assert "petr@kovar.test" not in seen_by(make.user(session, workspace, "sam@halden.test"))


def test_large_texts_go_by_a_few_and_all_of_them_arrive(
    session: Session, box: Mailbox, connection: Connection
) -> None:
    long = "word " * 100_000
    letters = [make.raw(text=f"{n} {long}") for n in range(4)] + [make.raw(text="short")]

    with counted(connection.engine) as seen:
        make.filed(session, box, *letters)

    statements = [one for one in seen if one.startswith('insert into "message_body"')]
    assert len(statements) == 4, "no two of the long ones together, and the short with the last"
    stored = session.scalars(select(MessageBody.text)).all()
    assert sorted(text.split()[0] for text in stored) == ["0", "1", "2", "3", "short"]
    assert {len(text) for text in stored} == {5, 500_001}
