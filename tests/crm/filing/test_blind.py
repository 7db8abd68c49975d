"""Blind copies: whom one went to stands on the sender's timelines, and on nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from crm.base.db import Session
from crm.filing import adding, by_hand
from crm.mail import messages, visibility
from crm.mail.letter import Arrival, Role
from crm.mail.models import Direction, Mailbox, MailboxKind, Message, Shares
from crm.people import contacts
from crm.people.models import Contact
from crm.work import links, timeline
from crm.work.models import ActivityLink, LinkRule, Record
from crm.workspace.models import User, Workspace
from sync import reading
from tests import make

SECRET = "Secret <secret@zinc.test>"
OPENLY = "Jana <jana@severka.test>"


@dataclass
class Office:
    """Ana writes, Ben gets a copy openly, Eva has nothing of it; all is open among colleagues."""

    session: Session
    ana: User
    ben: User
    eva: User
    box: Mailbox
    bens: Mailbox

    def sees(self, user: User, record_id: UUID) -> list[tuple[str, LinkRule]]:
        """Return what somebody sees on a record's timeline, and by which rule."""
        viewer = visibility.viewer(self.session, user)
        page = timeline.page(self.session, viewer, record_id)
        assert timeline.count(self.session, viewer, record_id) == len(page.entries)
        return [(e.summary, e.rule) for e in page.entries]

    def contact(self, email: str = "secret@zinc.test") -> Contact:
        """Return whose an address is."""
        return contacts.get_named(self.session, self.ana, email)

    def letter(self, *, message_id: str = "", **headers: str) -> bytes:
        """Write what Ana sends: openly to Jana and Ben."""
        return make.raw(
            "ana@halden.test",
            OPENLY,
            "Offer",
            message_id=message_id,
            at=make.NOW,
            Cc="ben@halden.test",
            **headers,
        )

    def everyone_else_sees_nothing(self, record_id: UUID) -> bool:
        """Tell whether a record's timeline is empty for Ben and for Eva."""
        return self.sees(self.ben, record_id) == [] == self.sees(self.eva, record_id)


@pytest.fixture
def office(session: Session, workspace: Workspace, ana: User) -> Office:
    ben = make.user(session, workspace, "ben@halden.test")
    eva = make.user(session, workspace, "eva@halden.test")
    box = make.mailbox(session, ana, shares=Shares.EVERYTHING)
    bens = make.mailbox(session, ben, shares=Shares.EVERYTHING)
    return Office(session, ana, ben, eva, box, bens)


@pytest.fixture
def sent(office: Office) -> Message:
    """Have Ana's letter in her Sent folder and, as servers deliver it, in Ben's inbox."""
    number = "offer@halden.test"
    mine = office.letter(message_id=number, Bcc=SECRET)
    make.filed(office.session, office.box, mine, folder_name="Sent")
    make.filed(office.session, office.bens, office.letter(message_id=number))
    return office.session.scalars(select(Message)).one()


SHOWN = [("Offer", LinkRule.BLIND)]


@pytest.mark.usefixtures("sent")
def test_a_blind_copy_stands_on_its_contact_and_company_for_the_sender_alone(
    office: Office,
) -> None:
    secret = office.contact()
    assert secret.company_id is not None

    for record_id in (secret.id, secret.company_id):
        assert office.sees(office.ana, record_id) == SHOWN
        assert office.everyone_else_sees_nothing(record_id)
    jana = office.contact("jana@severka.test").id
    for user in (office.ana, office.ben, office.eva):
        assert office.sees(user, jana) == [("Offer", LinkRule.ADDRESS)]


def test_the_sender_is_told_why(office: Office, sent: Message) -> None:
    def told(user: User) -> dict[str, str]:
        viewer = visibility.viewer(office.session, user)
        found = links.of_message(office.session, viewer, sent.id)
        return {link.name: link.reason for link in found}

    openly = {"Jana": "The address is theirs", "Severka": "Through its contact"}
    blindly = "A blind copy went there"
    assert told(office.ana) == {**openly, "Secret": blindly, "Zinc": blindly}
    assert told(office.ben) == told(office.eva) == openly


def test_who_stands_openly_too_is_no_secret(office: Office) -> None:
    make.filed(
        office.session, office.box, office.letter(Bcc="Jana <jana@severka.test>, eve@severka.test")
    )

    jana = office.contact("jana@severka.test")
    assert jana.company_id is not None
    assert office.sees(office.eva, jana.id) == [("Offer", LinkRule.ADDRESS)]
    assert office.sees(office.eva, jana.company_id) == [("Offer", LinkRule.COMPANY)]
    assert office.sees(office.eva, office.contact("eve@severka.test").id) == []


def test_choosing_who_sees_a_thread_does_not_open_its_blind_copies(
    office: Office, sent: Message
) -> None:
    secret = office.contact().id
    viewer = visibility.viewer(office.session, office.ana)

    for choice in (Shares.NOTHING, Shares.EVERYTHING, None):
        by_hand.choose_shares(office.session, viewer, sent.thread_id, choice, at=make.NOW)
        assert office.sees(office.ana, secret) == SHOWN
        assert office.everyone_else_sees_nothing(secret)


@pytest.mark.parametrize("email", ["", "ana@halden.test"])
def test_what_was_taken_off_comes_back_to_the_sender_alone(
    office: Office, sent: Message, email: str
) -> None:
    secret = office.contact()
    assert secret.company_id is not None
    way = (office.session, sent.id, Record.CONTACT, secret.id)

    by_hand.take_off(*way, by=office.ana, at=make.NOW, email=email)
    assert office.sees(office.ana, secret.id) == office.sees(office.ana, secret.company_id) == []
    by_hand.put_back(*way, by=office.ana, at=make.NOW, email=email)

    for record_id in (secret.id, secret.company_id):
        assert office.sees(office.ana, record_id) == SHOWN
        assert office.everyone_else_sees_nothing(record_id)


def test_that_a_blind_copy_was_taken_off_is_told_to_the_sender_alone(
    office: Office, sent: Message
) -> None:
    secret = office.contact()
    assert secret.company_id is not None
    for record, record_id in ((Record.CONTACT, secret.id), (Record.COMPANY, secret.company_id)):
        by_hand.take_off(office.session, sent.id, record, record_id, by=office.ana, at=make.NOW)

    def told(user: User) -> list[str]:
        viewer = visibility.viewer(office.session, user)
        return [one.name for one in links.beside(office.session, viewer, sent.id).taken_off]

    assert told(office.ana) == ["Secret", "Zinc"]
    assert told(office.ben) == told(office.eva) == []


def test_a_contact_that_is_met_later_pulls_its_blind_copies_in_for_the_sender(
    office: Office,
) -> None:
    office.box.meets = "nobody"
    make.filed(office.session, office.box, office.letter(Bcc=SECRET), folder_name="Sent")

    made = adding.add_contact(office.session, "secret@zinc.test", by=office.ben, at=make.NOW)

    assert office.sees(office.ana, made.id) == SHOWN
    assert office.everyone_else_sees_nothing(made.id)


def test_another_address_that_stands_openly_brings_the_line_to_everyone(office: Office) -> None:
    cc = "other@zinc.test"
    raw = make.raw("ana@halden.test", OPENLY, "Offer", Cc=cc, Bcc=SECRET)
    make.filed(office.session, office.box, raw, folder_name="Sent")
    both = office.contact(cc).company_id
    assert both is not None

    assert office.sees(office.eva, both) == [("Offer", LinkRule.COMPANY)]
    assert office.sees(office.eva, office.contact().id) == []


def test_the_rows_agree_with_the_question_who_sent_it(office: Office, sent: Message) -> None:
    audiences = office.session.scalars(
        select(ActivityLink.audience).where(ActivityLink.rule == LinkRule.BLIND).distinct()
    )

    assert list(audiences) == [office.box.id]
    for user, whether in ((office.ana, True), (office.ben, False), (office.eva, False)):
        viewer = visibility.viewer(office.session, user)
        asked = select(Message.id).where(Message.id == sent.id, visibility.has_sent())
        found = office.session.scalars(asked, visibility.values(viewer)).all()
        assert bool(found) is whether


@pytest.mark.parametrize(
    ("author", "labels", "seen"),
    [
        ("ana@halden.test", ("SENT",), True),
        ("ana@brand.test", ("SENT",), True),
        ("ana@brand.test", ("INBOX", "SENT"), True),
        ("ana@halden.test", ("INBOX",), False),
        ("ana@brand.test", ("INBOX",), False),
    ],
)
def test_at_gmail_a_label_says_who_sent_a_blind_copy_and_no_name_in_from(
    office: Office,
    author: str,
    labels: tuple[str, ...],
    seen: bool,
) -> None:
    office.box.kind = MailboxKind.GMAIL
    raw = make.raw(author, OPENLY, "Offer", at=make.NOW, Bcc=SECRET)
    arrival = Arrival(1, reading.read(raw), make.NOW, labels=labels)
    make.filed_arrivals(office.session, office.box, [arrival], "All Mail")
    message = office.session.scalars(select(Message)).one()
    viewer = visibility.viewer(office.session, office.ana)

    found = messages.get(office.session, viewer, message.id)
    roles = {p.role for p in messages.participants_of(office.session, viewer, found)}

    assert (Role.BCC in roles) is seen
    assert message.direction == (Direction.OUT if seen else Direction.IN)
    assert office.session.scalars(select(ActivityLink.rule)).all().count(LinkRule.BLIND) == (
        2 if seen else 0
    )
