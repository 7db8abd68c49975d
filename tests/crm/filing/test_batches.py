"""Filing: a letter finds its people, its thread and its place on timelines, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm.base import bulk, clock, db, events
from crm.base.db import Session
from crm.base.settings import Settings
from crm.filing import known
from crm.mail import folders, mailboxes, messages, visibility
from crm.mail.letter import Arrival
from crm.mail.models import Copy, Message, Thread
from crm.people import contacts
from crm.people.models import Contact
from crm.work import links, timeline
from crm.work.models import Activity, ActivityLink
from crm.workspace.models import User, Workspace
from sync import reading
from tests import make


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_stranger_who_writes_to_us_becomes_a_contact_with_a_company(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(session, box, make.raw("Jana Dvořáková <jana@severka.test>"))

    jana = contacts.find_by_email(session, ana, "jana@severka.test")
    assert jana is not None
    assert (jana.name, jana.company.name if jana.company else "") == ("Jana Dvořáková", "Severka")
    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert [entry.summary for entry in page.entries] == ["Hello"]


def test_filing_twice_brings_in_nothing_twice(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    arrivals = [make.arrival(make.raw()), make.arrival(make.raw(subject="Again"))]

    make.filed_arrivals(session, box, arrivals)
    again = make.filed_arrivals(session, box, arrivals)

    assert (again.stored, count(session, Message), count(session, Copy)) == (0, 2, 2)


def test_an_answer_that_arrives_before_its_question_is_in_one_thread(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    question = make.raw(message_id="q@severka.test")
    answer = make.raw(
        "ana@halden.test",
        "jana@severka.test",
        "Re: Hello",
        message_id="a@halden.test",
        at=make.NOW + timedelta(hours=1),
        In_Reply_To="<q@severka.test>",
    )

    make.filed(session, box, answer, folder_name="Sent")
    make.filed(session, box, question)

    assert count(session, Thread) == 1
    assert session.scalar(select(Thread.messages)) == 2


def test_the_same_message_in_two_mailboxes_is_one_with_two_copies(
    session: Session, workspace: Workspace, ana: User
) -> None:
    sam = make.user(session, workspace, "sam@halden.test")
    letter = make.raw(to="ana@halden.test, sam@halden.test")

    make.filed(session, make.mailbox(session, ana), letter)
    make.filed(session, make.mailbox(session, sam), letter)

    assert (count(session, Message), count(session, Copy)) == (1, 2)


def test_a_reused_message_id_hides_no_mail(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(
        session,
        box,
        make.raw(subject="First", message_id="same@x.test"),
        make.raw(subject="Other", text="Quite something else", message_id="same@x.test"),
    )

    found = messages.named(session, visibility.viewer(session, ana), "<same@x.test>")
    assert {seen.subject for seen in found} == {"First", "Other"}
    assert [seen.message.same_id_as is None for seen in found].count(False) == 1
    assert count(session, Thread) == 2


def test_a_newsletter_makes_no_contact_and_says_why(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)

    make.filed(session, box, make.raw("news@shop.test", List_Unsubscribe="<https://x.test>"))

    message = session.scalars(select(Message)).one()
    assert (message.unfiled, message.kind_reason) == ("machine", "List-Unsubscribe")
    assert count(session, Contact) == 0


def test_a_contact_that_is_met_later_pulls_in_what_is_already_there(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    bcc = make.raw("jana@severka.test", "somebody@else.test", "Not to us", message_id="1@s.test")
    make.filed(session, box, bcc)
    assert count(session, Contact) == 0

    make.filed(session, box, make.raw("Jana <jana@severka.test>", message_id="2@s.test"))

    jana = contacts.get_named(session, ana, "jana@severka.test")
    page = timeline.page(session, visibility.viewer(session, ana), jana.id)
    assert len(page.entries) == 2
    early = session.scalars(select(Message).where(Message.subject == "Not to us")).one()
    assert early.unfiled == ""
    names = {
        link.name for link in links.of_message(session, visibility.viewer(session, ana), early.id)
    }
    assert names == {"Jana", "Severka"}


def test_the_same_fetch_twice_in_one_batch_is_one_copy(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    arrival = make.arrival(make.raw())

    filed = make.filed_arrivals(session, box, [arrival, arrival])

    assert (filed.stored, len(filed.new)) == (1, 1)
    assert (count(session, Message), count(session, Copy), count(session, Activity)) == (1, 1, 1)


def test_a_renumbered_folder_brings_no_second_activity(session: Session, ana: User) -> None:
    box = make.mailbox(session, ana)
    arrivals = [make.arrival(make.raw(subject=f"{n}")) for n in range(5)]
    make.filed_arrivals(session, box, arrivals)
    before = (count(session, Message), count(session, Activity), count(session, ActivityLink))

    folders.renumber(session, make.folder(session, box), 7)
    again = make.filed_arrivals(session, box, arrivals)

    assert (again.stored, again.new) == (5, [])
    assert (
        count(session, Message),
        count(session, Activity),
        count(session, ActivityLink),
    ) == before


def test_a_letter_without_a_message_id_is_one_message_by_its_content(
    session: Session, ana: User
) -> None:
    box = make.mailbox(session, ana)
    one, other = make.raw(message_id=None, text="One"), make.raw(message_id=None, text="Other")

    make.filed(session, box, one, other)
    make.filed(session, box, one, folder_name="Archive")

    assert (count(session, Message), count(session, Copy)) == (2, 3)
    assert count(session, Thread) == 2


@pytest.mark.parametrize(
    ("date", "own"),
    [
        ("Fri, 20 Nov 2026 12:00:00 +0000", True),
        ("Sat, 21 Nov 2026 11:00:00 +0000", True),
        ("Sun, 22 Nov 2026 13:00:00 +0000", False),
        ("Tue, 20 Nov 2029 12:00:00 +0000", False),
        ("Tue, 01 Jan 1980 00:00:00 +0000", True),
        ("Mon, 31 Dec 1979 23:59:59 +0000", False),
        ("Mon, 01 Jan 0001 00:00:00 +0000", False),
        ("Fri, 31 Dec 9999 23:59:59 +0000", False),
        ("Fri, 20 Nov 2026 12:00:00 -2400", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_a_date_that_cannot_be_true_gives_way_to_the_arrival(
    session: Session, ana: User, date: str, own: bool
) -> None:
    raw = make.raw().replace(b"Date: Fri, 20 Nov 2026 12:00:00 +0000", b"Date: " + date.encode())
    letter = reading.read(raw)

    make.filed_arrivals(session, make.mailbox(session, ana), [Arrival(1, letter, make.NOW)])

    at = session.scalars(select(Message.at)).one()
    assert at == (letter.sent_at if own else make.NOW)
    assert datetime(1980, 1, 1, tzinfo=UTC) <= at <= make.NOW + timedelta(days=1)


def test_a_letter_whose_arrival_nobody_knows_stands_at_its_own_date(
    session: Session, ana: User
) -> None:
    arrival = Arrival(1, reading.read(make.raw()), clock.EPOCH)

    make.filed_arrivals(session, make.mailbox(session, ana), [arrival])

    assert session.scalars(select(Message.at)).one() == make.NOW


def test_a_message_id_of_another_workspace_joins_nothing(session: Session, ana: User) -> None:
    make.filed(session, make.mailbox(session, ana), make.raw(message_id="1@x.test"))
    other = make.user(session, make.workspace(session, "Other"), "eva@other.test")

    answer = make.raw(In_Reply_To="<1@x.test>")
    filed = make.filed(
        session, make.mailbox(session, other), make.raw(message_id="1@x.test"), answer
    )

    assert len(filed.new) == 2
    assert (count(session, Thread), count(session, Contact)) == (1, 0)


def file_the_same(workspace_id: UUID, arrivals: list[Arrival]) -> int:
    """File what another worker files at the same moment; return how many were new, -1 if lost."""
    try:
        with db.transaction(workspace_id) as session:
            box = mailboxes.get_named(session, workspace_id, "ana@halden.test")
            return len(make.filed_arrivals(session, box, arrivals).new)
    except IntegrityError:
        return -1


@pytest.mark.parametrize("locked", [True, False])
def test_two_workers_with_the_same_batch_bring_it_in_once(
    house: Settings, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    with db.transaction() as session:
        ana = make.user(session, make.workspace(session), "ana@halden.test")
        make.folder(session, make.mailbox(session, ana))
    if not locked:  # Only the unique keys stand between them then.
        monkeypatch.setattr(known, "lock", lambda session, workspace_id: None)

    for round_ in range(5):
        arrivals = [make.arrival(make.raw(f"p{round_}{n}@x{n}.test")) for n in range(20)]
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(file_the_same, ana.workspace_id, arrivals) for _ in range(2)]
        new = sorted(job.result() for job in jobs)
        assert new[1] == 20
        assert new[0] in ((0,) if locked else (0, -1))

    with db.transaction(ana.workspace_id) as session:
        assert (count(session, Message), count(session, Copy)) == (100, 100)
        assert (count(session, Contact), count(session, Activity)) == (100, 100)


def test_a_batch_is_one_event_with_its_mailbox_and_threads(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    before = make.mark(session)

    filed = make.filed(session, box, make.raw(), make.raw(subject="Another"))

    (told,) = events.after(session, workspace.id, before).events
    threads = bulk.run(session, "select thread_id from message", ()).scalars()
    assert len(filed.new) == 2
    assert (told.kind, told.mailbox_id) == (events.EventKind.FILED, box.id)
    assert sorted(told.threads) == sorted(threads)


def test_the_event_of_a_batch_names_the_thread_that_went_into_another(
    session: Session, workspace: Workspace, ana: User
) -> None:
    box = make.mailbox(session, ana)
    make.filed(session, box, make.raw(message_id="1@x.test"))
    make.filed(session, box, make.raw(message_id="3@x.test", In_Reply_To="<2@x.test>"))
    both = set(session.scalars(select(Message.thread_id)))
    before = make.mark(session)

    make.filed(session, box, make.raw(message_id="2@x.test", In_Reply_To="<1@x.test>"))

    told = events.after(session, workspace.id, before).events
    assert both in [set(happened.threads) for happened in told]
