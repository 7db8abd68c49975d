"""Links: by a rule that is kept and shown, taken off once or for ever, shared as chosen."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm.base import ids
from crm.base.db import Session
from crm.base.money import Money
from crm.filing import by_hand, linking
from crm.mail import inbox, visibility
from crm.mail.models import Mailbox, Message, Shares
from crm.people import contacts
from crm.people.models import Contact
from crm.sales import deals
from crm.work import links
from crm.work.models import ActivityLink, LinkRule, Record
from crm.workspace.models import User, Workspace
from tests import make


@pytest.fixture
def box(session: Session, ana: User) -> Mailbox:
    return make.mailbox(session, ana)


def lines(session: Session, record_id: UUID) -> list[str]:
    """Return the subjects on a record's timeline, whoever may see them, the oldest first."""
    return list(
        session.scalars(
            select(Message.subject)
            .join(ActivityLink, ActivityLink.activity_id == Message.id)
            .where(ActivityLink.record_id == record_id, ActivityLink.audience != ids.NOBODY)
            .distinct()
            .order_by(Message.subject)
        )
    )


def contact(session: Session, ana: User, email: str = "jana@severka.test") -> Contact:
    return contacts.get_named(session, ana, email)


def test_a_message_stands_on_everyone_in_it_and_on_their_companies(
    session: Session, box: Mailbox, ana: User
) -> None:
    make.filed(
        session, box, make.raw("ana@halden.test", "jana@severka.test", Cc="Bo <bo@zinc.test>")
    )

    [message] = session.scalars(select(Message))
    found = links.of_message(session, visibility.viewer(session, ana), message.id)
    assert {(link.record, link.name, link.rule) for link in found} == {
        (Record.CONTACT, "jana", LinkRule.ADDRESS),
        (Record.CONTACT, "Bo", LinkRule.ADDRESS),
        (Record.COMPANY, "Severka", LinkRule.COMPANY),
        (Record.COMPANY, "Zinc", LinkRule.COMPANY),
    }
    assert {link.since for link in found} == {make.NOW}


def test_an_automatic_message_stands_on_its_author_alone(
    session: Session, box: Mailbox, ana: User
) -> None:
    for email in ("jana@severka.test", "bo@zinc.test"):
        make.filed(session, box, make.raw(email))

    away = make.raw(
        "jana@severka.test", subject="Away", Cc="bo@zinc.test", Auto_Submitted="auto-replied"
    )
    make.filed(session, box, away)

    assert "Away" in lines(session, contact(session, ana).id)
    assert "Away" not in lines(session, contact(session, ana, "bo@zinc.test").id)


def test_linking_again_changes_nothing(
    session: Session, workspace: Workspace, box: Mailbox
) -> None:
    make.filed(session, box, *[make.raw() for _ in range(3)])
    before = rows(session)

    message_ids = list(session.scalars(select(Message.id)))
    linking.link(session, workspace.id, message_ids, since=make.NOW + timedelta(days=1))
    linking.link(session, workspace.id, [], since=make.NOW)

    assert rows(session) == before


def off(
    session: Session, message_id: UUID, record: Record, id_: UUID, ana: User, email: str = ""
) -> None:
    by_hand.take_off(session, message_id, record, id_, by=ana, at=make.NOW, email=email)


def rows(session: Session) -> set[tuple[object, ...]]:
    session.expire_all()
    columns = ActivityLink.__table__.columns
    return {tuple(row) for row in session.execute(select(*columns))}


def test_a_thread_that_is_linked_to_a_deal_brings_its_mail_there_and_keeps_doing_so(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(subject="1", message_id="1@x.test"))
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    thread_id = session.scalars(select(Message.thread_id)).one()

    deals.link_thread(session, deal, thread_id, by=ana, at=make.NOW)
    linking.link_threads(session, workspace.id, [thread_id], since=make.NOW)
    make.filed(session, box, make.raw(subject="2", In_Reply_To="<1@x.test>"))

    assert lines(session, deal.id) == ["1", "2"]
    rules = session.scalars(
        select(ActivityLink.rule).where(
            ActivityLink.record_id == deal.id, ActivityLink.rule != LinkRule.MANUAL
        )
    )
    assert set(rules) == {LinkRule.THREAD}


def test_what_comes_on_a_linked_thread_says_of_no_rule_that_it_stands_nowhere(
    session: Session, box: Mailbox, ana: User
) -> None:
    nobody = "undisclosed@lists.test"
    make.filed(session, box, make.raw(to=nobody, subject="1", message_id="1@x.test"))
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    thread_id = session.scalars(select(Message.thread_id)).one()
    by_hand.link_thread(session, deal, thread_id, by=ana, at=make.NOW)

    make.filed(session, box, make.raw(to=nobody, subject="2", In_Reply_To="<1@x.test>"))

    assert lines(session, deal.id) == ["1", "2"]
    session.expire_all()
    assert session.scalars(select(Message.unfiled)).all() == ["", ""]


def test_a_merge_brings_the_mail_of_both_threads_to_the_deal(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(subject="1", message_id="1@x.test"))
    deal = deals.make(session, "Steel", Money(100, "EUR"), by=ana, at=make.NOW)
    thread_id = session.scalars(select(Message.thread_id)).one()
    deals.link_thread(session, deal, thread_id, by=ana, at=make.NOW)
    make.filed(session, box, make.raw(subject="3", message_id="3@x.test", In_Reply_To="<2@x.test>"))

    make.filed(session, box, make.raw(subject="2", message_id="2@x.test", In_Reply_To="<1@x.test>"))

    assert lines(session, deal.id) == ["1", "2", "3"]
    assert [d.id for d in deals.of_thread(session, ana, thread_of(session))] == [deal.id]


def thread_of(session: Session) -> UUID:
    session.expire_all()
    return session.scalars(select(Message.thread_id).distinct()).one()


def test_no_thread_at_all_is_linked_without_a_word(session: Session, workspace: Workspace) -> None:
    linking.link_threads(session, workspace.id, set(), since=make.NOW)
    linking.share(session, workspace.id, [])
    linking.unfile(session, workspace.id, [])

    assert rows(session) == set()


def test_what_was_taken_off_once_stays_off_alone(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(subject="1"), make.raw(subject="2"))
    jana = contact(session, ana)
    one = session.scalars(select(Message.id).where(Message.subject == "1")).one()

    off(session, one, Record.CONTACT, jana.id, ana)
    linking.link(session, workspace.id, list(session.scalars(select(Message.id))), since=make.NOW)
    make.filed(session, box, make.raw(subject="3"))

    assert lines(session, jana.id) == ["2", "3"]


@pytest.mark.parametrize("record", [Record.CONTACT, Record.COMPANY])
def test_what_was_taken_off_for_an_address_stays_off_for_ever(
    session: Session, workspace: Workspace, box: Mailbox, ana: User, record: Record
) -> None:
    make.filed(session, box, make.raw("jana@severka.test", subject="1"))
    jana = contact(session, ana)
    record_id = jana.id if record is Record.CONTACT else jana.company_id
    assert record_id is not None
    bo = make.raw("bo@zinc.test", subject="2", Cc="jana@severka.test")
    make.filed(session, box, bo)
    two = session.scalars(select(Message.id).where(Message.subject == "2")).one()

    off(session, two, record, record_id, ana, "bo@zinc.test")
    make.filed(session, box, make.raw("bo@zinc.test", subject="3", Cc="jana@severka.test"))

    assert lines(session, record_id) == ["1"]


def test_what_was_taken_off_for_an_address_leaves_what_we_wrote_to_it(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw("jana@severka.test", subject="1"))
    jana = contact(session, ana)
    one = session.scalars(select(Message.id)).one()
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test", "2"))

    off(session, one, Record.CONTACT, jana.id, ana, "jana@severka.test")
    make.filed(session, box, make.raw("jana@severka.test", subject="3"))
    make.filed(session, box, make.raw("ana@halden.test", "jana@severka.test", "4"))

    assert lines(session, jana.id) == ["2", "4"]


def test_what_stands_nowhere_names_its_rule_and_what_stands_somewhere_none(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw(subject="1"), make.raw(subject="2"))
    jana = contact(session, ana)
    assert jana.company_id is not None
    one = session.scalars(select(Message.id).where(Message.subject == "1")).one()
    for record, record_id in ((Record.CONTACT, jana.id), (Record.COMPANY, jana.company_id)):
        off(session, one, record, record_id, ana)

    message_ids = list(session.scalars(select(Message.id)))
    linking.unfile(session, workspace.id, message_ids)

    session.expire_all()
    said = dict(session.execute(select(Message.subject, Message.unfiled)).all())
    assert said == {"1": "taken_off", "2": ""}


def test_a_letter_that_is_refused_when_it_comes_says_that_it_was_taken_off(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw("jana@gmail.com", subject="1"))
    jana = contact(session, ana, "jana@gmail.com")
    one = session.scalars(select(Message.id)).one()
    off(session, one, Record.CONTACT, jana.id, ana, "jana@gmail.com")

    make.filed(session, box, make.raw("jana@gmail.com", subject="2"))

    said = session.scalars(select(Message.unfiled).where(Message.subject == "2")).one()
    assert said == "taken_off"


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from([None, *Shares])), min_size=1, max_size=6)
)
def test_after_any_toggling_lines_are_as_if_the_last_choice_had_been_the_first(
    session: Session, toggles: list[tuple[int, Shares | None]]
) -> None:
    lived = toggled(session, toggles)
    last = dict(toggles)
    straight = toggled(session, list(last.items()))

    assert lived == straight


def toggled(
    session: Session, toggles: list[tuple[int, Shares | None]]
) -> set[tuple[str, str, int, object]]:
    """Have a letter in two mailboxes, toggle, and return the lines by names instead of ids."""
    workspace = make.workspace(session)
    users = [make.user(session, workspace, f"{n}@halden.test") for n in range(2)]
    boxes = [make.mailbox(session, user) for user in users]
    letter = make.raw("Jana <jana@severka.test>", to="0@halden.test, 1@halden.test")
    for box in boxes:
        make.filed(session, box, letter)
    thread_id = session.scalars(
        select(Message.thread_id).where(Message.workspace_id == workspace.id)
    ).one()
    for who, choice in toggles:
        viewer = visibility.viewer(session, users[who])
        found = inbox.choose_shares(session, viewer, thread_id, choice)
        linking.share(session, workspace.id, found)
    names = {ids.EVERYONE: "everyone"} | {box.id: box.address for box in boxes}
    found_rows = session.execute(
        select(
            ActivityLink.audience, ActivityLink.record, ActivityLink.rule, ActivityLink.since
        ).where(ActivityLink.workspace_id == workspace.id)
    )
    level = session.scalars(
        select(Message.shares).where(Message.workspace_id == workspace.id)
    ).one()
    return {(names[a], str(record), rule, (since, level)) for a, record, rule, since in found_rows}


def test_a_line_keeps_its_rule_and_its_since_when_it_is_shared_anew(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw())
    before = {row[5:] for row in rows(session)}
    thread_id = session.scalars(select(Message.thread_id)).one()

    for choice in (Shares.NOTHING, Shares.EVERYTHING):
        viewer = visibility.viewer(session, ana)
        found = inbox.choose_shares(session, viewer, thread_id, choice)
        linking.share(session, workspace.id, found)
        assert {row[5:] for row in rows(session)} == before


def test_taking_off_leaves_other_records_and_other_letters(
    session: Session, workspace: Workspace, box: Mailbox, ana: User
) -> None:
    make.filed(session, box, make.raw("eva@severka.test", subject="0"))
    make.filed(session, box, make.raw(subject="1", Cc="eva@severka.test"), make.raw(subject="2"))
    jana = contact(session, ana)
    assert jana.company_id is not None
    one = session.scalars(select(Message.id).where(Message.subject == "1")).one()

    off(session, one, Record.CONTACT, jana.id, ana)

    assert lines(session, jana.id) == ["2"]
    assert lines(session, jana.company_id) == ["0", "1", "2"]
